"""The composition root: everything is wired here, started in order and stopped in reverse."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from flask import Flask

from feedsvc import foretelling
from feedsvc.clock import Clock, NoClock
from feedsvc.errors import ConfigurationError, JournalError
from feedsvc.extract import MEDIA_TYPES, feed, listing, sitemap
from feedsvc.feeds import Site
from feedsvc.fetch import Client, Fetcher
from feedsvc.fetch import build as fetcher
from feedsvc.ingest import History, Ingest, Intake, TickLog, Underway
from feedsvc.model import Hints
from feedsvc.opening import configured, open_journal, open_store
from feedsvc.plan import Plan
from feedsvc.search import Indexing, Search, preparation
from feedsvc.settings import Settings, SourceSection, TopicSection, duration
from feedsvc.sources import Feed, Folder, Listing, Page, Sitemap, Source, Watch, Web
from feedsvc.store import MEMORY, Follower, Store
from feedsvc.store.edition import Edition, first_edition
from feedsvc.store.index import index_of
from feedsvc.store.peek import remembered
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.web import Catalogue, Pages, Responses, Ticks, create_site
from feedsvc.websub import ClaimedTurn, Publisher

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
    fetcher: Fetcher

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
        self.fetcher.stop()
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
    web = fetcher(settings)
    topics, sources = build_topics(settings), intakes(settings, web)
    store = open_store(settings, topics)
    watch = Watch(folders(sources) if role != "serve" else ())
    ingest = _reading(
        settings,
        [_watched(each, watch) for each in sources],
        topics,
        store,
        lambda: clock.hurry(),  # noqa: PLW0108 - the clock is made below
    )
    if role != "ingest":
        foretelling.warn(settings, store, folders(sources))
        with suppress(JournalError):  # which the store shows; it stays as it was
            store.settle(foretelling.fingerprint(settings), now())
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
    log, history, underway = TickLog(), History(), Underway()

    def tick() -> datetime | None:
        began, started = now(), time.monotonic()
        try:
            report = ingest.tick(now, underway.hear)
        finally:
            underway.end()
        log.write(report)
        history.note(report, began, time.monotonic() - started)
        watch.renew()
        return ingest.next_check(now())

    period = min(intervals.values(), default=duration(settings.ingest.interval))
    ticks = Ticks()
    clock = NoClock() if role == "serve" else Clock(ticks.timed(tick), period)
    store.subscribe(Recovery(store, clock.hurry).look)
    zone = ZoneInfo(settings.site.timezone)
    pages = Pages(
        store=store,
        catalogue=catalogue,
        clock=clock,
        zone=zone,
        ticks=history.ticks,
        underway=underway.step,
        for_browsers=settings.server.pages_for_browsers,
    )
    store.subscribe(pages.refresh)
    index = index_of(store.journal, preparation())
    indexing = Indexing(index)
    store.subscribe(indexing.wake)
    pictures = {folder.name: folder for folder in folders(sources)}
    return Service(
        web=create_site(responses, pages, pictures, ticks, Search(store, index)),
        clock=clock,
        ingest=ingest,
        store=store,
        follower=Follower(store),
        indexing=indexing,
        watch=watch,
        publisher=publisher,
        fetcher=web,
    )


def check(settings: Settings, role: Role = "both") -> None:
    """Raise ConfigurationError for what can be known to fail before anything starts."""
    require_sources(settings)
    require_journal(settings, role)
    for index, source in enumerate(settings.source):
        if source.url:
            continue  # whether it answers is for the first look to tell
        path, where = Path(source.path), settings.where.get(f"source[{index}].path", "")
        if not path.is_dir():
            what = "is a file; name its folder" if path.exists() else "no such folder"
            raise ConfigurationError(f"{source.path}: {what}", where=where)
    build_topics(settings)
    intakes(settings)


def require_sources(settings: Settings) -> None:
    """Raise ConfigurationError when there is nothing to read."""
    if not settings.source:
        raise ConfigurationError("nothing to read: name a folder or a URL, as in `feedsvc serve FOLDER`")


def require_journal(settings: Settings, role: Role) -> None:
    """Raise ConfigurationError where no journal can be, or none that processes of other roles see."""
    path, where = settings.state.path, settings.where.get("state.path", "")
    if Path(path).is_dir():
        raise ConfigurationError(f"state.path: {path} is a folder; name a file in it", where=where)
    if role != "both" and path == MEMORY and not settings.state.shared:
        why = "no other process sees it; name the file that all of them share"
        raise ConfigurationError(f"state.path: {path} is no journal to share: {why}", where=where)


def build_ingest(settings: Settings) -> tuple[Store, Ingest]:
    """Wire what one pass needs, without clock and web. Raises JournalError: memory would be for nothing."""
    topics = build_topics(settings)
    store = Store(*configured(settings, topics), open_journal(settings))
    return store, _reading(settings, intakes(settings), topics, store)


def _reading(
    settings: Settings,
    sources: Sequence[Intake],
    topics: Topics,
    store: Store,
    back: Callable[[], object] | None = None,
) -> Ingest:
    # Only who serves settles: who reads may have another environment, and the two would take turns.
    store.begin_under(foretelling.fingerprint(settings))
    return Ingest(sources, topics, store, back=back)


def _watched(intake: Intake, watch: Watch) -> Intake:
    """Return a source that is told which of its documents are finished."""
    return replace(intake, arrivals=partial(watch.taken, intake.source.name))


def plan(settings: Settings) -> Plan | None:
    """Return what a configuration would do to what its journal holds; None where there is no journal.

    Raises JournalError.
    """
    return foretelling.plan(settings, build_topics(settings), folders(intakes(settings)))


def remembered_edition(settings: Settings) -> Edition:
    """Return what the journal holds under a configuration; before its first article where there is none."""
    first, path = first_edition(*configured(settings, build_topics(settings))), settings.state.path
    return first if path == MEMORY or not Path(path).exists() else remembered(Path(path), first)[0]


def open_existing(settings: Settings) -> Store:
    """Return a store on the journal that there is, to change something in it. Raises JournalError."""
    path = settings.state.path
    if not settings.state.shared and (path == MEMORY or not Path(path).is_file()):
        raise JournalError(f"there is no journal at {path}")
    return Store(*configured(settings, build_topics(settings)), open_journal(settings))


def intakes(settings: Settings, web: Web | None = None) -> list[Intake]:
    """Return the configured sources; those on the web ask through `web`."""
    asks = web or fetcher(settings)
    return [intake(settings, source, asks) for source in settings.source]


def folders(intakes: Iterable[Intake]) -> list[Folder]:
    """Return the sources that are folders."""
    return [each.source for each in intakes if isinstance(each.source, Folder)]


def build_topics(settings: Settings) -> Topics:
    """Return the topics of the configuration; a rule that does not parse says where it stands."""
    rules = tuple(_rule(settings, index, topic) for index, topic in enumerate(settings.topic))
    return Topics(
        rules=rules,
        origins=frozenset(settings.topics.sources),
        language=settings.site.language,
        min_docs=settings.topics.min_docs,
    )


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


def intake(settings: Settings, source: SourceSection, web: Web) -> Intake:
    """Return one source with what the configuration says of it."""
    hints = Hints(
        source=source.name,
        site_id=settings.site.id,
        timezone=source.timezone or settings.site.timezone,
        language=source.language,
    )
    return Intake(
        source=OPENERS[source.known_kind](settings, source, web),
        hints=hints,
        interval=_interval(settings, source),
        topics=source.topics,
        remote=bool(source.url),
    )


def _folder(settings: Settings, source: SourceSection, _web: Web) -> Folder:
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


def _page(_settings: Settings, source: SourceSection, web: Web) -> Page:
    return Page(name=source.name, url=source.url, web=web)


def _listing(settings: Settings, source: SourceSection, web: Web) -> Listing:
    """Return a listing source; a selector that is none is told with its line."""
    if source.items and (problem := listing.selector_problem(source.items)):
        where = settings.where.get(f"source[{settings.source.index(source)}].items", "")
        raise ConfigurationError(f"items = {source.items!r}: {problem}", where=where)
    links = partial(listing.links, items=source.items)
    return Listing(name=source.name, url=source.url, web=web, links=links, now=now, items=source.items)


def _sitemap(_settings: Settings, source: SourceSection, web: Web) -> Sitemap:
    return Sitemap(name=source.name, url=source.url, web=web, maps=sitemap.read, now=now)


def _feed(_settings: Settings, source: SourceSection, web: Web) -> Feed:
    return Feed(
        name=source.name, url=source.url, web=web, entries=feed.read, now=now, full_text=source.full_text
    )


OPENERS: Mapping[str, Callable[[Settings, SourceSection, Web], Source]] = {
    "folder": _folder,
    "page": _page,
    "listing": _listing,
    "sitemap": _sitemap,
    "feed": _feed,
}
"""What makes a source of each kind from its section of the configuration."""


def _interval(settings: Settings, source: SourceSection) -> timedelta:
    return duration(source.interval or settings.ingest.interval)
