"""Searching an edition: exact as of its generation, whatever the index has yet to take in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from time import thread_time
from typing import Literal

from feedsvc.errors import JournalError, SearchError
from feedsvc.model import Article
from feedsvc.search.candidates import Candidates, Finder, narrowing
from feedsvc.search.query import Query
from feedsvc.search.shelf import Shelf
from feedsvc.store import Edition, Store
from feedsvc.store.index import Index, Snapshot
from feedsvc.topics.matching import matched
from feedsvc.topics.rules import Rule

Order = Literal["relevance", "date", "arrival"]
SCAN = 2_000
"""Articles that are read one by one at most, where the index lacks them: about 0.1 ms each."""
SECONDS = 2.0
"""How long a search may take: to ask the index, and of one core's time to read articles."""
RANKED = 2_000
"""Of more that match, only so many are ranked by relevance, those that came last."""
COUNTED = 100
"""Articles read at most to count what the index cannot tell."""
INTERRUPTED = "interrupted"
"""What SQLite says of a query that was."""
BUILDING = 5
"""Seconds after which to ask again while the index is built."""
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found in one edition."""

    edition: Edition
    articles: tuple[Article, ...]
    """The first of them, in the order asked for."""
    count: int
    """How many there are."""
    at_least: bool = False
    """Whether there may be more than `count`: nobody read all of them."""


class Search:
    """Answers searches from a store and the index of its journal; None for a store without."""

    def __init__(self, store: Store, index: Index | None) -> None:
        self._store = store
        self._index = index
        self._last = Shelf(edition=store.edition)

    def find(self, query: Query, order: Order, most: int) -> Found:
        """Return the first `most` articles that match; raise SearchError."""
        for _ in range(_TRIES if self._index else 0):
            edition = self._store.edition
            try:
                found, generation = self._asked(edition, query, order, most)
            except JournalError as error:
                if str(error).endswith(INTERRUPTED):
                    raise SearchError("this took too long: ask for less, or later", wait=BUILDING) from error
                break
            if found:
                return found
            if generation < 0:
                break
            if generation > edition.generation:
                self._store.catch_up()  # another process has committed
        return _scanned(self._shelf(self._store.edition), query, order, most)

    def _shelf(self, edition: Edition) -> Shelf:
        """Return an edition's shelf; two threads that ask for a new one at once do the same work."""
        last = self._last
        if last.edition is not edition:
            last = self._last = Shelf(edition=edition)
        return last

    def _asked(self, edition: Edition, query: Query, order: Order, most: int) -> tuple[Found | None, int]:
        """Return what the index gives, and its generation if that is another; -1 where it lacks too much."""
        assert self._index is not None  # noqa: S101 - asked by the caller
        with self._index.snapshot(SCAN, SECONDS) as snapshot:
            if snapshot is None:
                return None, -1
            if snapshot.generation != edition.generation:
                return None, snapshot.generation
            finding = _Finding.of(self._shelf(edition), query, snapshot)
            return finding.found(order, most), snapshot.generation


def _scanned(shelf: Shelf, query: Query, order: Order, most: int) -> Found:
    """Return what matches of a few articles, all of them read."""
    if len(shelf.edition.articles) > SCAN:
        raise SearchError("the search index is being built", wait=BUILDING)
    return _Finding.of(shelf, query, None).found(order, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One search in one edition."""

    shelf: Shelf
    rule: Rule
    finder: Finder | None
    until: float
    sure: frozenset[int]
    """What the index lacks and is known to match, since it was read."""
    left_out: frozenset[int]
    """What the index lacks."""
    maybe: Candidates
    """What may match; numbers of what is not shown may be among it."""
    snapshot: Snapshot | None

    @classmethod
    def of(cls, shelf: Shelf, query: Query, snapshot: Snapshot | None) -> "_Finding":
        """Look up what may match, and read what the index lacks."""
        rule, articles = shelf.meant(query.rule), shelf.edition.articles
        lacking = articles if snapshot is None else snapshot.unindexed & articles.keys()
        unread = [articles[id_] for id_ in lacking]
        finder = Finder.of(shelf, snapshot) if snapshot else None
        return cls(
            shelf=shelf,
            rule=rule,
            finder=finder,
            until=thread_time() + SECONDS,
            sure=frozenset(each.sequence for each in unread if _matches(rule, shelf, each)),
            left_out=frozenset(each.sequence for each in unread),
            maybe=finder.candidates(rule) if finder else Candidates(numbers=frozenset(), exact=True),
            snapshot=snapshot,
        )

    def found(self, order: Order, most: int) -> Found:
        """Return the first articles and how many there are."""
        pool, known = self._pool()
        ordered = self._ordered(order, pool)
        shown = tuple(islice(ordered if known else filter(self._holds, ordered), most))
        edition = self.shelf.edition
        if known and pool is not None:
            return Found(edition=edition, articles=shown, count=len(pool))
        return Found(edition=edition, articles=shown, count=len(shown), at_least=len(shown) == most)

    def _pool(self) -> tuple[frozenset[int] | None, bool]:
        """Return the numbers of what may match, None for everything, and whether all of it does."""
        numbers = self.maybe.numbers
        if numbers is None:
            if len(self.shelf.edition.articles) > COUNTED:
                return None, False
            numbers = self.shelf.numbers
        pool = numbers & self.shelf.numbers
        if self.left_out:
            pool = (pool - self.left_out) | self.sure
        if self.maybe.exact or len(pool) > COUNTED:
            return pool, self.maybe.exact
        return frozenset(each.sequence for each in self.shelf.articles(pool) if self._holds(each)), True

    def _ordered(self, order: Order, pool: frozenset[int] | None) -> Iterator[Article]:
        if order == "arrival":
            return self.shelf.latest(pool)
        if order == "relevance" and pool is not None and (scores := self._scores()):
            return self._by_relevance(pool, scores)
        return self.shelf.newest(pool)

    def _scores(self) -> dict[int, float]:
        """Return the relevance of what came last; none where no words were asked for."""
        asked = narrowing(self.rule)
        if not (asked and self.finder and self.snapshot) or self.finder.is_frequent(self.rule):
            return {}
        numbers = self.finder.matching(asked.text)
        since = numbers[-RANKED] if len(numbers) > RANKED else 0
        return dict(self.snapshot.ranked(asked.text, since))

    def _by_relevance(self, pool: frozenset[int], scores: dict[int, float]) -> Iterator[Article]:
        """Yield what the index has yet to weigh, then the most relevant, then the rest by date."""
        weight = scores.__getitem__
        ranked = sorted(pool.intersection(scores) - self.sure, key=weight)
        yield from self.shelf.newest(self.sure)
        for _, alike in groupby(ranked, key=weight):
            yield from self.shelf.newest(list(alike))
        yield from self.shelf.newest(pool - self.sure.union(ranked))

    def _holds(self, article: Article) -> bool:
        if article.sequence in self.left_out:
            return article.sequence in self.sure
        if thread_time() > self.until:
            raise SearchError("this takes too long: add a word that few articles have")
        return _matches(self.rule, self.shelf, article)


def _matches(rule: Rule, shelf: Shelf, article: Article) -> bool:
    return matched(rule, shelf.look(article).holds) is not None
