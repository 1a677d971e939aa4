"""Prepared responses: rendered once per change of a feed, looked up by every request after that."""

import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock, Timer

from feedsvc.store import Edition, Store
from feedsvc.web.catalogue import Absence, Catalogue
from feedsvc.web.conditional import Prepared
from feedsvc.web.drafts import Draft, Elsewhere, draft
from feedsvc.web.lru import LeastUsed

logger = logging.getLogger(__name__)

AD_HOC_BYTES = 32_000_000
"""What all kept archive pages and representations with a `limit` may weigh."""

Found = Prepared | Absence | Elsewhere
Later = Callable[[float, Callable[[], object]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A prepared response, and what it was made from."""

    prepared: Prepared
    origin: object

    @property
    def weight(self) -> int:
        return sum(len(variant.body) for variant in self.prepared.variants.values())


def _is_same(origin: object, other: object) -> bool:
    """Tell whether two responses were made from the same: a list by identity, a moment by its value."""
    return origin is other or (isinstance(origin, datetime) and origin == other)


def _call_later(seconds: float, function: Callable[[], object]) -> None:
    timer = Timer(seconds, function)
    timer.daemon = True
    timer.start()


class Responses:
    """Answers by path, in the form WSGI hands paths over: percent-decoded as Latin-1."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        clock: Callable[[], float] = time.time,
        later: Later = _call_later,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._later = later
        self._kept: dict[str, _Kept] = {}
        self._ad_hoc = LeastUsed[_Kept](AD_HOC_BYTES, lambda kept: kept.weight)
        self._making, self._publishing, self._searching = Lock(), Lock(), Lock()
        self._alarmed = False

    def peek(self, path: str) -> Prepared | None:
        """Return what is prepared for a path; None says nothing about whether the feed exists."""
        kept = self._kept.get(path)
        return kept.prepared if kept else None

    def find(self, path: str, limit: int | None = None) -> Found:
        """Return the answer for a path, made now if need be, or why there is none.

        With a `limit` it has another number of articles than the window.
        """
        with self._making:  # single flight: whoever comes second finds it prepared
            if limit is None and (kept := self._kept.get(path)):
                return kept.prepared
            before: Prepared | None = None
            while True:
                edition = self._store.edition
                drafted = self._draft(path, edition, limit)
                if not isinstance(drafted, Draft):
                    return drafted
                if drafted.ad_hoc:
                    return self._found_ad_hoc((path, limit), drafted)
                made = self._made(drafted, before)
                self._kept[path] = made
                if edition is self._store.edition:  # or a refresh may have missed it
                    return made.prepared
                before = made.prepared

    def searched(self, key: Hashable, drafted: Draft) -> Prepared:
        """Return the answer of a search; nobody who asks for another kind of feed waits for it."""
        with self._searching:
            return self._found_ad_hoc(key, drafted)

    def refresh(self) -> None:
        """After a commit: render the feeds in use that changed, and swap all of them at once.

        A feed that was published within this second waits for the next one, so that validators with the
        exactness of a second tell its versions apart (RFC 9110 8.8.2.2).
        """
        with self._publishing:
            edition = self._store.edition
            delays: set[float] = set()
            renewed = {
                path: self._renewed(path, old, edition, delays) for path, old in self._kept.copy().items()
            }
            self._kept.update(renewed)  # in place: others may be adding feeds that nobody asked for before
            if delays and not self._alarmed:
                self._alarmed = True
                self._later(max(delays), self._refresh_late)

    def _refresh_late(self) -> None:
        self._alarmed = False
        self.refresh()

    def _found_ad_hoc(self, key: Hashable, drafted: Draft) -> Prepared:
        """Return what few ask for; it is kept for a while, but not before its second is over."""
        kept = self._ad_hoc.get(key)
        if kept is None or not _is_same(kept.origin, drafted.origin):
            now = self._clock()
            kept = _Kept(prepared=drafted.compose().prepared(now), origin=drafted.origin)
            if kept.prepared.modified < int(now):
                self._ad_hoc.put(key, kept)
        return kept.prepared

    def _renewed(self, path: str, old: _Kept, edition: Edition, delays: set[float]) -> _Kept:
        """Return what to keep for a path; what has to wait adds for how long."""
        try:
            drafted = self._draft(path, edition)
            if not isinstance(drafted, Draft) or _is_same(drafted.origin, old.origin):
                return old
            if delay := self._delay(old.prepared):
                delays.add(delay)
                return old
            return self._made(drafted, old.prepared)
        except Exception:  # a feed that cannot be rendered keeps its last good bytes (promise 5)
            logger.exception("cannot render %s", path)
            return old

    def _draft(self, path: str, edition: Edition, limit: int | None = None) -> Draft | Absence | Elsewhere:
        spelled = path.encode("latin-1").decode("utf-8", "replace")
        return draft(spelled, limit, edition, self._catalogue)

    def _delay(self, published: Prepared) -> float:
        """Return for how long a published feed must stay; the clock was set back on one from the future."""
        delay = published.modified + 1 - self._clock()
        return delay if 0 < delay <= 1 else 0

    def _made(self, drafted: Draft, before: Prepared | None = None) -> _Kept:
        """Return a feed as it is published now; its date is never one that is still to come."""
        now = self._clock()
        composed = drafted.compose()
        if before and composed.body == before.identity.body:
            return _Kept(prepared=before, origin=drafted.origin)
        # Committed in one second, published in two: who asks by date must see the second one, too.
        modified = max(min(composed.modified, int(now)), before.modified + 1 if before else 0)
        return _Kept(prepared=replace(composed, modified=modified).prepared(now), origin=drafted.origin)
