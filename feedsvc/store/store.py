"""The in-memory store: one edition at a time, replaced by commits."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock

from feedsvc.model import Change, Commit, Health, Known, Topic
from feedsvc.store.edition import Edition, first_edition, next_edition
from feedsvc.store.window import Limits


class Store:
    """Holds the current edition, and per source what ingest needs to tell changed from unchanged.

    All change comes as `Commit` values, so that a journal can write them down before they are applied
    and replay them at the next start.
    """

    def __init__(self, topics: Iterable[Topic], sources: Iterable[Health], limits: Limits) -> None:
        self._edition = first_edition(topics, sources, limits)
        self._known: dict[str, dict[str, Known]] = {name: {} for name in self._edition.health}
        self._missing: dict[str, Mapping[str, datetime]] = {name: {} for name in self._edition.health}
        self._samples: dict[str, Mapping[str, frozenset[str]]] = {}
        self._subscribers: list[Callable[[], object]] = []
        self._lock = Lock()

    @property
    def edition(self) -> Edition:
        """The newest edition; take it once per request and read everything from it."""
        return self._edition

    def known(self, source: str) -> Mapping[str, Known]:
        """Return what was met in a source before, by key. For the one thread that ingests."""
        return self._known[source]

    def missing(self, source: str) -> Mapping[str, datetime]:
        """Return the known keys that the last scan of a source did not find, and since when."""
        return self._missing[source]

    def sample(self, source: str) -> Mapping[str, frozenset[str]]:
        """Return the lines of some of a source's flattened pages, by key."""
        return self._samples.get(source, {})

    def commit(self, *commits: Commit, complete: bool = True) -> Edition:
        """Acknowledge what was found, all at once, and return the edition that shows it."""
        with self._lock:
            edition = next_edition(self._edition, commits, complete=complete)
            for commit in commits:
                self._remember(commit.change)
            self._edition = edition
        for published in self._subscribers:
            published()
        return edition

    def subscribe(self, published: Callable[[], object]) -> None:
        """Have a function called after every commit, in the thread that commits."""
        self._subscribers.append(published)

    def _remember(self, change: Change) -> None:
        known = self._known[change.health.source]
        known.update(change.known)
        for key in change.forgotten:
            known.pop(key, None)
        self._missing[change.health.source] = change.missing
        if change.sample is not None:
            self._samples[change.health.source] = change.sample
