"""Searching an edition: exact as of its generation, whatever the index has yet to take in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from time import thread_time
from typing import Literal

from feedsvc.errors import JournalError, SearchError
from feedsvc.model import Article
from feedsvc.search.candidates import ALL, Candidates, Finder, Sample, narrowing
from feedsvc.search.query import Query
from feedsvc.search.shelf import Shelf, by_arrival, by_date
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
        self._sample = Sample()

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
        return _scanned(self._store.edition, query, order, most)

    def _asked(self, edition: Edition, query: Query, order: Order, most: int) -> tuple[Found | None, int]:
        """Return what the index gives, and its generation if that is another; -1 where it lacks too much."""
        assert self._index is not None  # noqa: S101 - asked by the caller
        with self._index.snapshot(SCAN, SECONDS) as snapshot:
            if snapshot is None:
                return None, -1
            if snapshot.generation != edition.generation:
                return None, snapshot.generation
            finder = Finder.of(Shelf(edition=edition), snapshot, self._sample)
            finding = _Finding.of(edition, query, finder, snapshot)
            return finding.found(order, most), snapshot.generation


def _scanned(edition: Edition, query: Query, order: Order, most: int) -> Found:
    """Return what matches of a few articles, all of them read."""
    if len(edition.articles) > SCAN:
        raise SearchError("the search index is being built", wait=BUILDING)
    return _Finding.of(edition, query, None, None).found(order, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One search in one edition."""

    shelf: Shelf
    rule: Rule
    finder: Finder | None
    until: float
    sure: tuple[Article, ...]
    """What the index lacks and is known to match, since it was read."""
    maybe: Candidates
    left_out: frozenset[int]
    """The numbers of what the index lacks."""
    snapshot: Snapshot | None

    @classmethod
    def of(
        cls, edition: Edition, query: Query, finder: Finder | None, snapshot: Snapshot | None
    ) -> "_Finding":
        """Look up what may match, and read what the index lacks."""
        shelf = Shelf(edition=edition)
        rule = shelf.meant(query.rule)
        lacking = edition.articles if snapshot is None else snapshot.unindexed & edition.articles.keys()
        unread = [edition.articles[id_] for id_ in lacking]
        return cls(
            shelf=shelf,
            rule=rule,
            finder=finder,
            until=thread_time() + SECONDS,
            sure=tuple(each for each in unread if _matches(rule, shelf, each)),
            maybe=finder.candidates(rule) if finder else ALL,
            left_out=frozenset(each.sequence for each in unread),
            snapshot=snapshot,
        )

    def found(self, order: Order, most: int) -> Found:
        """Return the first articles and how many there are."""
        numbers = self.shelf.numbers if self.maybe.numbers is None else self.maybe.numbers
        pool = list(self.shelf.articles(numbers - self.left_out))
        if not self.maybe.exact and len(pool) <= COUNTED:
            pool = [each for each in pool if self._holds(each)]
            known = True
        else:
            known = self.maybe.exact
        ordered = self._ordered(order, pool, most)
        shown = _first(most, ordered if known else filter(self._holds, ordered))
        count = len(pool) + len(self.sure) if known else len(shown)
        return Found(
            edition=self.shelf.edition, articles=shown, count=count, at_least=not known and len(shown) == most
        )

    def _ordered(self, order: Order, pool: list[Article], most: int) -> Iterator[Article]:
        if order == "arrival":
            return by_arrival(chain(self.sure, pool))
        if order == "relevance":
            scores = self._scores()
            if scores:
                return self._by_relevance(pool, scores, most)
        return by_date(chain(self.sure, pool), most)

    def _scores(self) -> dict[int, float]:
        """Return the relevance of what came last; none where no words were asked for."""
        asked = narrowing(self.rule)
        if not (asked and self.finder and self.snapshot) or self.finder.is_frequent(self.rule):
            return {}
        numbers = self.finder.matching(asked.text)
        since = numbers[-RANKED] if len(numbers) > RANKED else 0
        return dict(self.snapshot.ranked(asked.text, since))

    def _by_relevance(
        self, pool: Iterable[Article], scores: dict[int, float], most: int
    ) -> Iterator[Article]:
        """Yield what the index has yet to weigh, then the most relevant, then the rest by date."""
        ranked: list[Article] = []
        others: list[Article] = []
        for each in pool:
            (ranked if each.sequence in scores else others).append(each)
        yield from by_date(self.sure, most)
        yield from sorted(by_date(ranked, len(ranked)), key=lambda each: scores[each.sequence])
        yield from by_date(others, most)

    def _holds(self, article: Article) -> bool:
        if article.sequence in self.left_out:
            return True  # one of `sure`
        if thread_time() > self.until:
            raise SearchError("this takes too long: add a word that few articles have")
        return _matches(self.rule, self.shelf, article)


def _matches(rule: Rule, shelf: Shelf, article: Article) -> bool:
    return matched(rule, shelf.look(article).holds) is not None


def _first(most: int, articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(islice(articles, most))
