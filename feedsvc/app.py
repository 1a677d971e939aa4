"""The composition root: everything is wired here, started in order and stopped in reverse."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from flask import Flask

from feedsvc.client import Client
from feedsvc.clock import Clock, NoClock
from feedsvc.errors import ConfigurationError, JournalError, SourceError
from feedsvc.extract import MEDIA_TYPES
from feedsvc.feeds import Site
from feedsvc.ingest import Ingest, Intake, TickLog
from feedsvc.model import Health, Hints, Topic
from feedsvc.plan import Past, Plan, decide, said_by, spell
from feedsvc.search import Indexing, Search, preparation
from feedsvc.settings import FeedsSection, Settings, SourceSection, TopicSection, duration
from feedsvc.sources import Arrivals, Folder, Source, Watch
from feedsvc.store import MEMORY, Follower, Journal, Limits, SqliteJournal, Store
from feedsvc.store.edition import first_edition
from feedsvc.store.index import index_of
from feedsvc.store.peek import remembered
from feedsvc.store.shared import share
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.web import Catalogue, Pages, Responses, create_site
from feedsvc.websub import ClaimedTurn, Publisher

logger = logging.getLogger(__name__)

STOP_SECONDS = 2
"""How long a tick may take to end; its processes must have started up before they can be told to."""


Role = Literal["both", "serve", "ingest"]
"""What a process does: all share one journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A whole feedsvc in one process, or the part of it that its role says."""

    web: Flask
    clock: Clock | NoClock
    ingest: Ingest
    store: Store
    follower: Follower
    indexing: Indexing
    watch: Watch
    publisher: Publisher

    def start(self) -> None:
        """Start to follow, to watch and to tick; the first tick begins at once."""
        self.follower.start()
        self.indexing.start()
        self.publisher.start()
        self.watch.start(self.clock.tick_now)
        self.clock.start()

    def stop(self) -> None:
        """Start no further tick and end the one that runs; return when it has ended."""
        self.watch.stop()
        self.clock.stop()
        self.ingest.stop()
        self.clock.wait(STOP_SECONDS)
        self.publisher.stop()
        self.follower.stop()
        self.indexing.stop()
        self.store.close()


class Recovery:
    """Has the clock tick at once when a trouble with the journal is over: what was due waits since."""

    def __init__(self, store: Store, hurry: Callable[[], None]) -> None:
        self._store = store
        self._hurry = hurry
        self._troubles = len(store.edition.troubles)

    def look(self) -> None:
        """Compare with the last look."""
        before, self._troubles = self._troubles, len(self._store.edition.troubles)
        if self._troubles < before:
            self._hurry()


def build(settings: Settings, role: Role = "both") -> Service:
    """Wire the rooms together; nothing runs yet. Raises ConfigurationError."""
    topics = build_topics(settings)
    store = open_store(settings, topics)
    watch = Watch(folders(settings) if role != "serve" else ())
    ingest = _reading(settings, topics, store, watch)
    if role != "ingest":
        _warn(settings, store)
        with suppress(JournalError):  # which the store shows; it stays as it was
            store.settle(fingerprint(settings), now())
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
        () if role == "serve" else settings.websub.hubs,  # whoever reads tells
        feeds=lambda: catalogue.published(store.edition),
        post=Client(site.base_url).post_form,
        now=now,
        turn=ClaimedTurn(store),
    )
    store.subscribe(publisher.wake)
    log = TickLog()

    def tick() -> datetime | None:
        log.write(ingest.tick(now))
        watch.renew()
        return ingest.next_check(now())

    period = min(intervals.values(), default=duration(settings.ingest.interval))
    clock = NoClock() if role == "serve" else Clock(tick, period)
    store.subscribe(Recovery(store, clock.hurry).look)
    zone = ZoneInfo(settings.site.timezone)
    pages = Pages(store=store, catalogue=catalogue, clock=clock, zone=zone)
    index = index_of(store.journal, preparation())
    indexing = Indexing(index)
    store.subscribe(indexing.wake)
    pictures = {folder.name: folder for folder in folders(settings)}
    return Service(
        web=create_site(responses, pages, pictures, Search(store, index)),
        clock=clock,
        ingest=ingest,
        store=store,
        follower=Follower(store),
        indexing=indexing,
        watch=watch,
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
    if Path(settings.state.path).is_dir():
        message = f"state.path: {settings.state.path} is a folder; name a file in it"
        raise ConfigurationError(message, where=settings.where.get("state.path", ""))
    build_topics(settings)
    intakes(settings)


def require_sources(settings: Settings) -> None:
    """Raise ConfigurationError when there is nothing to read."""
    if not settings.source:
        raise ConfigurationError("nothing to read: name a folder, as in `feedsvc serve FOLDER`")


def build_ingest(settings: Settings) -> tuple[Store, Ingest]:
    """Wire what one pass needs, without clock and web. Raises JournalError: memory would be for nothing."""
    topics, path = build_topics(settings), settings.state.path
    journal = open_journal(settings, None if path == MEMORY else Path(path))
    store = Store(*_configured(settings, topics), journal)
    return store, _reading(settings, topics, store)


def _reading(settings: Settings, topics: Topics, store: Store, watch: Watch | None = None) -> Ingest:
    # Only who serves settles: who reads may have another environment, and the two would take turns.
    store.begin_under(fingerprint(settings))
    return Ingest(intakes(settings, watch), topics, store)


def open_store(settings: Settings, topics: Topics) -> Store:
    """Return the store with what its journal holds; one that never can be is replaced by memory."""
    configured, path = _configured(settings, topics), settings.state.path
    journal = open_journal(settings, None if path == MEMORY else Path(path))
    try:
        return Store(*configured, journal)
    except JournalError as error:
        journal.close()
        store = Store(*configured, open_journal(settings, None))
        store.note(f"{error}. Going on in memory: a restart will begin anew", now())
        return store


def open_journal(settings: Settings, path: Path | None) -> Journal:
    """Return this machine's journal, shared with others if there is where; `path` None forgets at the end."""
    journal, url = SqliteJournal(path), settings.state.shared
    try:
        return share(journal, path, url, settings.site.id) if url else journal
    except ConfigurationError as error:
        raise ConfigurationError(str(error), where=settings.where.get("state.shared", "")) from error


def fingerprint(settings: Settings) -> str:
    """Return what differs whenever feeds of the same articles may; `plan` reads it again."""
    return spell(said_by(settings))


def plan(settings: Settings) -> Plan | None:
    """Return what a configuration would do to what its journal holds; None where there is no journal.

    Touches neither journal nor sources. Raises JournalError.
    """
    path = settings.state.path
    if path == MEMORY or not Path(path).exists():
        return None
    edition, memory = remembered(Path(path), first_edition(*_configured(settings, build_topics(settings))))
    return decide(Past(edition=edition, known=memory.known), settings, _places(settings))


def _warn(settings: Settings, store: Store) -> None:
    """Say what the configuration changes for readers, now that it is about to."""
    known = {source.name: store.known(source.name) for source in settings.source}
    foretold = decide(Past(edition=store.edition, known=known), settings, _places(settings))
    for consequence in foretold.consequences:
        logger.warning("changed configuration: %s", consequence)


def _places(settings: Settings) -> dict[str, str]:
    """Return the place that each source reads, as far as it can be seen."""
    places: dict[str, str] = {}
    for folder in folders(settings):
        with suppress(SourceError):
            places[folder.name] = folder.place()
    return places


def intakes(settings: Settings, watch: Watch | None = None) -> list[Intake]:
    """Return the configured sources, told by `watch` which of their documents are finished."""
    return [_intake(settings, source, watch) for source in settings.source]


def folders(settings: Settings) -> list[Folder]:
    """Return the configured sources that are folders."""
    return [each.source for each in intakes(settings) if isinstance(each.source, Folder)]


def build_topics(settings: Settings) -> Topics:
    """Return the topics of the configuration; a rule that does not parse says where it stands."""
    rules = tuple(_rule(settings, index, topic) for index, topic in enumerate(settings.topic))
    # Subjects, places and bodies wait for a journal that keeps candidates.
    origins = frozenset(settings.topics.sources) & {"explicit", "rules"}
    return Topics(rules=rules, origins=origins, language=settings.site.language)


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
        hide=topic.hide,
        merge_into=topic.merge_into,
    )


def _configured(settings: Settings, topics: Topics) -> tuple[tuple[Topic, ...], list[Health], Limits]:
    """Return what an edition owes to the configuration."""
    health = [Health(source=source.name, kind=source.kind) for source in settings.source]
    return topics.configured, health, _limits(settings.feeds)


def _limits(feeds: FeedsSection) -> Limits:
    return Limits(
        count=feeds.window,
        time=duration(feeds.window_time),
        size=feeds.max_bytes,
        per_source=feeds.max_per_source,
    )


def _intake(settings: Settings, source: SourceSection, watch: Watch | None) -> Intake:
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
        arrivals=partial(watch.taken, source.name) if watch else Arrivals,
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
