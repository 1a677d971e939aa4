"""The list of a combination of topics: worked out when somebody asks, from the lists of its parts."""

from threading import Lock

from feedsvc.feeds.lru import LeastUsed
from feedsvc.store import NEVER, ArticleList, Edition, ListKey
from feedsvc.store.lists import Lately, Places, shown_list
from feedsvc.store.rows import ListState
from feedsvc.store.slots import Slots
from feedsvc.topics import Combination

KEPT = 64
"""Combinations that are remembered; each holds on to the lists that it was made from."""
TOMBSTONES = 200
"""Withdrawals that a combination tells of at most."""
Parts = tuple[ArticleList, ...]


class Combinations:
    """Remembers the lists of combinations for as long as the lists of their parts are the same objects."""

    def __init__(self) -> None:
        self._kept = LeastUsed[tuple[Parts, ArticleList]](KEPT, lambda _: 1)
        self._lock = Lock()

    def find(self, edition: Edition, combination: Combination) -> ArticleList:
        """Return the articles of a combination as a list; it has no archive."""
        with self._lock:
            parts = parts_of(edition, combination)
            kept = self._kept.get(str(combination))
            if kept is None or not same_parts(kept[0], parts):
                kept = parts, _combined(edition, combination)
                self._kept.put(str(combination), kept)
            return kept[1]


def is_combination(key: ListKey) -> bool:
    """Tell whether a canonical key names several topics; no slug holds these signs."""
    return key[0] == "topic" and not {"+", ","}.isdisjoint(key[1])


def parts_of(edition: Edition, combination: Combination) -> Parts:
    """Return the lists that a combination is made from."""
    return tuple(edition.lists["topic", slug] for slug in (*combination.wanted, *combination.unwanted))


def same_parts(some: Parts, others: Parts) -> bool:
    """Tell whether two combinations were made from the same: lists that nothing touched are one object."""
    return len(some) == len(others) and all(map(_is, some, others))


def _combined(edition: Edition, combination: Combination) -> ArticleList:
    lists = {slug: edition.lists["topic", slug] for slug in (*combination.wanted, *combination.unwanted)}
    there = combination.articles(lambda slug: frozenset(lists[slug].ids))
    articles = {id_: edition.articles[id_] for id_ in there}
    ids = tuple(sorted(articles, key=lambda id_: articles[id_].sequence))
    told = {each.id: each for one in lists.values() for each in one.tombstones}
    mourned = combination.articles(lambda slug: frozenset(each.id for each in lists[slug].tombstones))
    tombstones = sorted((told[id_] for id_ in mourned), key=lambda each: (each.at, each.id), reverse=True)
    stamps = [*(each.updated for each in articles.values()), *(each.at for each in tombstones)]
    state = ListState(
        newest=max((each.revised or NEVER for each in articles.values()), default=NEVER),
        updated=max(stamps, default=NEVER),
        tombstones=tuple(tombstones[:TOMBSTONES]),
        sources=frozenset().union(*(each.sources for each in lists.values())),
    )
    slots = Slots.of(ids)
    places = Places(all=slots, shown=slots, lately=Lately(ids=ids), archived=False)
    return shown_list(state, places, articles, edition.limits)


def _is(one: ArticleList, other: ArticleList) -> bool:
    return one is other
