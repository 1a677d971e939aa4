"""Prepared responses: rendered once per change of a feed, looked up by every request after that."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Lock, Timer

from feedsvc.feeds import Writer
from feedsvc.feeds.lru import LeastUsed
from feedsvc.store import Edition, Store
from feedsvc.web.addresses import readable
from feedsvc.web.background import Background, Task
from feedsvc.web.catalogue import Absence, Catalogue
from feedsvc.web.conditional import Prepared
from feedsvc.web.drafts import Draft, Elsewhere, draft
from feedsvc.web.representation import Representation, squeezed

logger = logging.getLogger(__name__)

AD_HOC_BYTES = 32_000_000
"""What all kept archive pages and representations with a `limit` may weigh."""

Found = Prepared | Absence | Elsewhere
AdHoc = tuple[str | int | None, ...]
"""A path, a limit, and what is looked for."""
Later = Callable[[float, Callable[[], object]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A prepared response, and what it was made from."""

    prepared: Prepared
    origin: object
    """None while its date is still to come: more may be published under it."""
    plain: bool = True
    """Whether its compressed variants are still to come."""

    @property
    def weight(self) -> int:
        return sum(len(variant.body) for variant in self.prepared.variants.values())


def _is_same(origin: object, other: object) -> bool:
    """Tell whether two responses were made from the same: a list by identity, a moment by its value."""
    return origin is other or (isinstance(origin, datetime) and origin == other)


def _coming(delay: float) -> float:
    """Return a delay, 0 for none; one of more than a second is no delay but a clock that was set back."""
    return delay if 0 < delay <= 1 else 0


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
        aside: Callable[[Task], object] | None = None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._writer = Writer(catalogue.site)
        self._clock = clock
        self._later = later
        self._aside = aside or Background()
        self._kept: dict[str, _Kept] = {}
        self._ad_hoc = LeastUsed[_Kept](AD_HOC_BYTES, lambda kept: kept.weight)
        self._making, self._publishing, self._swapping = Lock(), Lock(), Lock()
        self._searching = Lock()
        self._to_squeeze: set[str | AdHoc] = set()
        self._alarmed = False
        self.rendered = 0
        """How many feeds were written so far."""

    @property
    def kept(self) -> int:
        """How many feeds are ready to be sent."""
        return len(self._kept)

    @property
    def weights(self) -> dict[str, int]:
        """Bytes of what is kept within a budget."""
        return {"entries": self._writer.weight, "ad hoc": self._ad_hoc.weight}

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
            made: _Kept | None = None
            while True:
                edition = self._store.edition
                drafted = self._draft(path, edition, limit)
                if not isinstance(drafted, Draft):
                    if made:  # it went while it was made
                        self._kept.pop(path, None)
                    return drafted
                if drafted.ad_hoc:
                    return self._found_ad_hoc((path, limit), drafted)
                made = self._made(drafted, made)
                self._kept[path] = made
                if edition is self._store.edition:  # or a refresh may have missed it
                    self._put_off(self._early(made))
                    self._squeeze_soon(path)
                    return self._kept.get(path, made).prepared

    def searched(self, key: AdHoc, drafting: Callable[[Writer], Draft]) -> Prepared:
        """Return the answer of a search; nobody who asks for another kind of feed waits for it."""
        with self._searching:
            return self._found_ad_hoc(key, drafting(self._writer))

    def refresh(self) -> None:
        """After a commit: render the feeds in use that changed, and swap all of them at once.

        A feed that was published within this second waits for the next one, so that validators with the
        exactness of a second tell its versions apart (RFC 9110 8.8.2.2).
        """
        with self._publishing:
            edition = self._store.edition
            delays: set[float] = set()
            renewed = {
                path: new
                for path, old in self._kept.copy().items()
                if (new := self._renewed(path, old, edition, delays)) is not old
            }
            published = {path: new for path, new in renewed.items() if new}
            with self._swapping:
                self._kept.update(published)  # in place: others may be adding feeds meanwhile
                for path in renewed.keys() - published.keys():
                    self._kept.pop(path, None)
            for path in published:
                self._squeeze_soon(path)
            self._put_off(max(delays, default=0))

    def _put_off(self, seconds: float) -> None:
        """Refresh again after so many seconds, if any."""
        if seconds and not self._alarmed:
            self._alarmed = True
            self._later(seconds, self._refresh_late)

    def _refresh_late(self) -> None:
        self._alarmed = False
        self.refresh()

    def _squeeze_soon(self, key: str | AdHoc) -> None:
        """Have the compressed variants of what is kept follow; until then everybody gets it as it is."""
        if key not in self._to_squeeze:
            self._to_squeeze.add(key)
            self._aside(partial(self._squeeze, key))

    def _squeeze(self, key: str | AdHoc) -> None:
        """Compress what is kept by now, unless that was done, and keep it unless it changed meanwhile."""
        self._to_squeeze.discard(key)
        old = self._known(key)
        if old is None or not old.plain:
            return
        new = replace(old, prepared=squeezed(old.prepared), plain=False)
        with self._swapping:
            if self._known(key) is not old:
                return
            if isinstance(key, str):
                self._kept[key] = new
            else:
                self._ad_hoc.put(key, new)

    def _known(self, key: str | AdHoc) -> _Kept | None:
        return self._kept.get(key) if isinstance(key, str) else self._ad_hoc.get(key)

    def _found_ad_hoc(self, key: AdHoc, drafted: Draft) -> Prepared:
        """Return what few ask for; it is kept for a while, but not before its second is over."""
        kept = self._ad_hoc.get(key)
        if kept is None or not _is_same(kept.origin, drafted.origin):
            now = self._clock()
            kept = _Kept(prepared=self._composed(drafted).prepared(now), origin=drafted.origin)
            if kept.prepared.modified < int(now):
                with self._swapping:
                    self._ad_hoc.put(key, kept)
                self._squeeze_soon(key)
                kept = self._ad_hoc.get(key) or kept
        return kept.prepared

    def _renewed(self, path: str, old: _Kept, edition: Edition, delays: set[float]) -> _Kept | None:
        """Return what to keep for a path, None where nothing stands any more; waiting adds for how long."""
        try:
            drafted = self._draft(path, edition)
            if not isinstance(drafted, Draft):
                return old if drafted is Absence.NOT_READY else None
            if _is_same(drafted.origin, old.origin):
                return old
            if delay := self._delay(old):
                delays.add(delay)
                return old
            made = self._made(drafted, old)
        except Exception:  # a feed that cannot be rendered keeps its last good bytes (promise 5)
            logger.exception("cannot render %s", path)
            return old
        delays.add(self._early(made))
        return made

    def _draft(self, path: str, edition: Edition, limit: int | None = None) -> Draft | Absence | Elsewhere:
        return draft(readable(path), limit, edition, self._catalogue, self._writer)

    def _delay(self, published: _Kept) -> float:
        """Return for how long a published feed must stay."""
        if published.origin is None:
            return 0
        return _coming(published.prepared.modified + 1 - self._clock())

    def _early(self, made: _Kept) -> float:
        """Return how long it is until a feed's date has come and it is made for good."""
        return 0 if made.origin is not None else _coming(made.prepared.modified - self._clock())

    def _made(self, drafted: Draft, old: _Kept | None = None) -> _Kept:
        """Return a feed as it is published now.

        Under a date that is still to come another process may publish more, so that it is compared as it is
        (who asks by date gets the feed) and made again when it has come.
        """
        now = self._clock()
        composed = self._composed(drafted)
        before = old.prepared if old and old.origin is not None else None
        if old and before and composed.body == before.identity.body:
            return replace(old, origin=drafted.origin)
        came = old is not None and old.origin is None and old.prepared.modified <= now
        newest = int(now) if came else int(now) + 1  # dates of all feeds together run ahead of the clock
        # Committed in one second, published in two: who asks by date must see the second one, too.
        modified = max(min(composed.modified, newest), before.modified + 1 if before else 0)
        prepared = replace(composed, modified=modified).prepared(now)
        return _Kept(prepared=prepared, origin=None if modified > now else drafted.origin)

    def _composed(self, drafted: Draft) -> Representation:
        self.rendered += 1
        return drafted.compose()
