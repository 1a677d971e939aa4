"""The composition root: everything is wired here, started in order and stopped in reverse."""

import logging
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from flask import Flask

from feedsvc import foretelling, sections
from feedsvc.clock import Clock, NoClock
from feedsvc.errors import ConfigurationError, JournalError
from feedsvc.feeds import Site
from feedsvc.fetch import Client, Fetcher
from feedsvc.fetch import build as fetcher
from feedsvc.ingest import History, Ingest, Intake, TickLog, Underway
from feedsvc.opening import configured, open_journal, open_store
from feedsvc.plan import Plan
from feedsvc.search import Indexing, Search, preparation
from feedsvc.sections import now
from feedsvc.settings import Settings, duration
from feedsvc.sources import Watch
from feedsvc.store import MEMORY, Follower, Store
from feedsvc.store.edition import Edition, first_edition
from feedsvc.store.index import index_of
from feedsvc.store.peek import remembered
from feedsvc.topics import Topics
from feedsvc.web import Catalogue, Pages, Responses, Ticks, create_site
from feedsvc.websub import ClaimedTurn, Publisher

logger = logging.getLogger(__name__)

STOP_SECONDS = 2
"""How long a tick may take to end; its processes must have started up before they can be told to."""

_A_FILE = "is a file; name its folder"

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
    topics, sources = sections.topics(settings), sections.intakes(settings, web)
    store = open_store(settings, topics)
    watch = Watch(sections.folders(sources) if role != "serve" else ())
    ingest = _reading(
        settings,
        [_watched(each, watch) for each in sources],
        topics,
        store,
        lambda: clock.hurry(),  # noqa: PLW0108 - the clock is made below
    )
    if role != "ingest":
        foretelling.warn(settings, store, sections.folders(sources))
        with suppress(JournalError):  # which the store shows; it stays as it was
            store.settle(foretelling.fingerprint(settings), now())
    site = Site(
        title=settings.site.title,
        base_url=settings.site.base_url,
        id=settings.site.id,
        hubs=settings.websub.hubs,
    )
    intervals = {source.name: sections.interval_of(settings, source) for source in settings.source}
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
    pictures = {folder.name: folder for folder in sections.folders(sources)}
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
    require_folders(settings)
    sections.topics(settings)
    sections.intakes(settings)


def require_sources(settings: Settings) -> None:
    """Raise ConfigurationError when there is nothing to read."""
    if not settings.source:
        raise ConfigurationError("nothing to read: name a folder or a URL, as in `feedsvc serve FOLDER`")


def require_folders(settings: Settings) -> None:
    """Raise ConfigurationError for a folder that is none, unless one was read under its name before.

    That one is away, as before a disk is mounted, and stops no other: its first look opens an incident.
    """
    for index, source in enumerate(settings.source):
        # Whether an address answers is for the first look to tell.
        fault = "" if source.url else _fault(Path(source.path))
        if not fault:
            continue
        error = ConfigurationError(
            f"{source.path}: {fault}", where=settings.where.get(f"source[{index}].path", "")
        )
        if fault == _A_FILE or foretelling.remembered_kinds(settings).get(source.name) != "folder":
            raise error
        logger.warning("%s; its articles stay, and it is read once it is back", error)


def _fault(folder: Path) -> str:
    """Say why a folder cannot be read, "" where it can."""
    try:
        return "" if stat.S_ISDIR(folder.stat().st_mode) else _A_FILE
    except FileNotFoundError:
        return "no such folder"
    except OSError as error:
        return str(error.strerror)


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
    topics = sections.topics(settings)
    store = Store(*configured(settings, topics), open_journal(settings))
    return store, _reading(settings, sections.intakes(settings), topics, store)


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
    return foretelling.plan(settings, sections.topics(settings), sections.folders(sections.intakes(settings)))


def remembered_edition(settings: Settings) -> Edition:
    """Return what the journal holds under a configuration; before its first article where there is none."""
    first, path = first_edition(*configured(settings, sections.topics(settings))), settings.state.path
    return first if path == MEMORY or not Path(path).exists() else remembered(Path(path), first)[0]


def open_existing(settings: Settings) -> Store:
    """Return a store on the journal that there is, to change something in it. Raises JournalError."""
    path = settings.state.path
    if not settings.state.shared and (path == MEMORY or not Path(path).is_file()):
        raise JournalError(f"there is no journal at {path}")
    return Store(*configured(settings, sections.topics(settings)), open_journal(settings))
