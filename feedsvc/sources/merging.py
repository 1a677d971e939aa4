"""The same article in several sources: found by indexes, never pairwise, and never within one source.

The first of a group that came stands for it: whoever adds articles in the same order finds the same groups.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, islice
from typing import Any

from feedsvc.sources.traces import Trace, beginning, likeness

_Bucket = dict[str, None]
"""Ids, in order of arrival."""
_DAY = timedelta(days=1)
"""A date without a time may stand for any moment of a day, in any zone."""
_NEAR = 0.8
"""Of two texts' runs of words in common: an agency's report with another site's first paragraph."""
_LEAST = 4
"""Numbers of a sketch by which candidates are found; of texts 80 % alike 998 in 1,000 share one."""
_CANDIDATES = 20
"""Articles of one address or text that are asked; what more share is a notice."""
_NEIGHBOURS = 3
"""The same, of one number of a sketch."""


class Index:
    """Groups of articles that are the same, for adding one at a time. Of one thread."""

    def __init__(self) -> None:
        self._groups: dict[str, list[Trace]] = {}
        self._leaders: dict[str, str] = {}
        self._by_address: dict[str, _Bucket] = defaultdict(dict)
        self._by_text: dict[bytes, _Bucket] = defaultdict(dict)
        self._by_number: dict[int, _Bucket] = defaultdict(dict)

    def add(self, new: Trace) -> tuple[str, ...]:
        """Take an article into the group it belongs to, or as the first of one; return those nearly alike.

        One that is known already is taken out first, with what it says now.
        """
        before = self._leaders.get(new.id, "")
        self.remove(new.id)
        leader = self._leader(new, before)
        self._leaders[new.id] = leader
        self._groups.setdefault(leader, []).append(new)
        for buckets, key in self._places(new):
            buckets[key][new.id] = None
        return () if leader != new.id else self._near(new)

    def remove(self, id_: str) -> tuple[Trace, ...]:
        """Forget an article; return those it stood for, out of the index now: add them again in order."""
        leader = self._leaders.get(id_)
        if leader is None:
            return ()
        gone = self._groups[leader] if leader == id_ else [self._member(id_)]
        for each in gone:
            del self._leaders[each.id]
            for buckets, key in self._places(each):
                del buckets[key][each.id]
                if not buckets[key]:
                    del buckets[key]
        if leader == id_:
            del self._groups[leader]
            return tuple(each for each in gone if each.id != id_)
        self._groups[leader].remove(gone[0])
        return ()

    def __contains__(self, id_: str) -> bool:
        return id_ in self._leaders

    def __iter__(self) -> Iterator[str]:
        return iter(self._leaders)

    def __len__(self) -> int:
        return len(self._leaders)

    def leader(self, id_: str) -> str:
        """Return the article that stands for one, which may be itself."""
        return self._leaders[id_]

    def _leader(self, new: Trace, before: str) -> str:
        """Return which article of other sources stands for a new one, by its address, else by its text.

        The one that stood for it `before` still does where it still stands at its address.
        """
        at = self._by_address.get(new.canonical, {}) if new.canonical else {}
        if before in at:
            at = {before: None}
        elif not self._tells_apart(at, new):
            at = {}
        saying = self._by_text.get(new.said, {}) if new.said else {}
        alike = (id_ for id_ in saying if _same_day(self._member(id_), new))
        leaders = (self._leaders[id_] for id_ in chain(at, alike))
        return next(
            (leader for leader in islice(leaders, _CANDIDATES) if self._may_join(leader, new)), new.id
        )

    def _tells_apart(self, at: _Bucket, new: Trace) -> bool:
        """Tell whether each source has one article at an address: what several share is a page about them."""
        sources = [new.source, *(self._member(id_).source for id_ in islice(at, _CANDIDATES))]
        return len(set(sources)) == len(sources)

    def _may_join(self, leader: str, new: Trace) -> bool:
        return all(member.source != new.source for member in self._groups[leader])

    def _near(self, new: Trace) -> tuple[str, ...]:
        candidates = dict.fromkeys(
            self._leaders[id_]
            for number in beginning(new.sketch, _LEAST)
            for id_ in islice(self._by_number.get(number, ()), _NEIGHBOURS)
        )
        others = (self._member(id_) for id_ in candidates)
        return tuple(
            other.id
            for other in others
            if other.source != new.source and likeness(other.sketch, new.sketch) >= _NEAR
        )

    def _member(self, id_: str) -> Trace:
        return next(each for each in self._groups[self._leaders[id_]] if each.id == id_)

    def _places(self, each: Trace) -> Iterator[tuple[dict[Any, _Bucket], object]]:
        """Yield where an article is found: some buckets, and the key of its own among them."""
        if each.canonical:
            yield self._by_address, each.canonical
        if each.said:
            yield self._by_text, each.said
        for number in beginning(each.sketch, _LEAST):
            yield self._by_number, number


def _same_day(one: Trace, other: Trace) -> bool:
    """Tell whether two dates may be one; what a document does not say differs from nothing."""
    return one.published is None or other.published is None or abs(one.published - other.published) < _DAY
