"""The composition root: everything is wired here, started in order and stopped in reverse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from feedsvc.client import Client
from feedsvc.clock import Clock
from feedsvc.errors import ConfigurationError
from feedsvc.extract import MEDIA_TYPES
from feedsvc.feeds import Site
from feedsvc.ingest import Ingest, Intake, TickLog
from feedsvc.model import Health, Hints
from feedsvc.settings import FeedsSection, Settings, SourceSection, TopicSection, duration
from feedsvc.sources import Folder, Source
from feedsvc.store import Limits, Store
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.web import Catalogue, Pages, Responses, create_site
from feedsvc.websub import Publisher

STOP_SECONDS = 2
"""How long a tick may take to end; its processes must have started up before they can be told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A whole feedsvc in one process."""

    web: Flask
    clock: Clock
    ingest: Ingest
    store: Store
    publisher: Publisher

    def start(self) -> None:
        """Start the clock; its first tick begins at once."""
        self.publisher.start()
        self.clock.start()

    def stop(self) -> None:
        """Start no further tick and end the one that runs; return when it has ended."""
        self.clock.stop()
        self.ingest.stop()
        self.clock.wait(STOP_SECONDS)
        self.publisher.stop()


def build(settings: Settings) -> Service:
    """Wire the rooms together; nothing runs yet. Raises ConfigurationError."""
    store, ingest = build_ingest(settings)
    site = Site(
        title=settings.site.title,
        base_url=settings.site.base_url,
        id=settings.site.id,
        hubs=settings.websub.hubs,
    )
    intervals = {source.name: _interval(settings, source) for source in settings.source}
    seconds = {name: int(interval.total_seconds()) for name, interval in intervals.items()}
    catalogue = Catalogue(site=site, language=settings.site.language, intervals=seconds)
    responses = Responses(store, catalogue)
    store.subscribe(responses.refresh)
    publisher = Publisher(
        settings.websub.hubs,
        feeds=lambda: catalogue.published(store.edition),
        post=Client(site.base_url).post_form,
        now=now,
    )
    store.subscribe(publisher.wake)
    log = TickLog()

    def tick() -> None:
        log.write(ingest.tick(now))

    clock = Clock(tick, min(intervals.values(), default=duration(settings.ingest.interval)))
    zone = ZoneInfo(settings.site.timezone)
    pages = Pages(store=store, catalogue=catalogue, clock=clock, zone=zone)
    folders = {each.source.name: each.source for each in intakes(settings) if isinstance(each.source, Folder)}
    return Service(
        web=create_site(responses, pages, folders),
        clock=clock,
        ingest=ingest,
        store=store,
        publisher=publisher,
    )


def check(settings: Settings) -> None:
    """Raise ConfigurationError for what can be known to fail before anything starts."""
    require_sources(settings)
    for index, source in enumerate(settings.source):
        path, where = Path(source.path), settings.where.get(f"source[{index}].path", "")
        if not path.is_dir():
            what = "is a file; name its folder" if path.exists() else "no such folder"
            raise ConfigurationError(f"{source.path}: {what}", where=where)
    build_ingest(settings)


def require_sources(settings: Settings) -> None:
    """Raise ConfigurationError when there is nothing to read."""
    if not settings.source:
        raise ConfigurationError("nothing to read: name a folder, as in `feedsvc serve FOLDER`")


def build_ingest(settings: Settings) -> tuple[Store, Ingest]:
    """Wire what one pass needs, without clock and web."""
    topics = build_topics(settings)
    health = [Health(source=source.name, kind=source.kind) for source in settings.source]
    store = Store(topics.configured, health, _limits(settings.feeds))
    return store, Ingest(intakes(settings), topics, store)


def intakes(settings: Settings) -> list[Intake]:
    """Return the configured sources."""
    return [_intake(settings, source) for source in settings.source]


def build_topics(settings: Settings) -> Topics:
    """Return the topics of the configuration; a rule that does not parse says where it stands."""
    rules = tuple(_rule(settings, index, topic) for index, topic in enumerate(settings.topic))
    return Topics(rules=rules, origins=frozenset(settings.topics.sources))


def now() -> datetime:
    """Return the moment, aware and in UTC."""
    return datetime.now(UTC)


def _rule(settings: Settings, index: int, topic: TopicSection) -> TopicRule:
    where = settings.where.get(f"topic[{index}].match", "")
    match = parse(topic.match, where=where) if topic.match else None
    return TopicRule(
        slug=slug(topic.slug or topic.name),
        name=topic.name or topic.slug,
        match=match,
        aliases=tuple(map(slug, topic.aliases)),
    )


def _limits(feeds: FeedsSection) -> Limits:
    return Limits(
        count=feeds.window,
        time=duration(feeds.window_time),
        size=feeds.max_bytes,
        per_source=feeds.max_per_source,
    )


def _intake(settings: Settings, source: SourceSection) -> Intake:
    hints = Hints(
        source=source.name,
        site_id=settings.site.id,
        timezone=source.timezone or settings.site.timezone,
        language=source.language,
    )
    return Intake(
        source=OPENERS[source.kind](settings, source),
        hints=hints,
        interval=_interval(settings, source),
        topics=source.topics,
    )


def _folder(settings: Settings, source: SourceSection) -> Folder:
    """Return a folder source; a wrong pattern is told with its line."""
    path = Path(source.path)
    try:
        return Folder(
            name=source.name,
            path=path,
            media_types=MEDIA_TYPES,
            include=source.include,
            exclude=source.exclude,
        )
    except ConfigurationError as error:
        index = settings.source.index(source)
        keys = [f"source[{index}].{key}" for key in ("include", "exclude")]
        where = next((settings.where[key] for key in keys if key in settings.where), "")
        raise ConfigurationError(str(error), where=where) from error


OPENERS: Mapping[str, Callable[[Settings, SourceSection], Source]] = {"folder": _folder}
"""What makes a source of each kind from its section of the configuration."""


def _interval(settings: Settings, source: SourceSection) -> timedelta:
    return duration(source.interval or settings.ingest.interval)
