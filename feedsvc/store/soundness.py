"""What the rows of a sound journal say of one another; touches nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from feedsvc.model import Article
from feedsvc.store.edition import LATEST, list_keys
from feedsvc.store.rows import BODIES, CHUNK, LEDGER, Chunk, Ledger, ListKey, list_key, list_name, slots_key


@dataclass(slots=True, kw_only=True)
class Contents:
    """The rows of a journal, read one by one."""

    generation: int = 0
    rows: int = 0
    ledger_generation: int = 0
    """The one that last wrote the ledger, which all of them do."""
    _kinds: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    _slots: defaultdict[ListKey, dict[int, Chunk]] = field(default_factory=lambda: defaultdict(dict))

    def put(self, kind: str, name: str, value: object, generation: int) -> None:
        """Take a decoded row; raise ValueError for slots of no list. Bodies are only counted."""
        if kind == "slots":
            key, number = slots_key(name)
            self._slots[key][number] = value  # type: ignore[assignment]  # its decoder's type
        else:
            self._kinds[kind][name] = True if kind in BODIES else value
        if (kind, name) == LEDGER:
            self.ledger_generation = generation

    def of(self, kind: str) -> Mapping[str, Any]:
        """Return the rows of a kind by name."""
        return self._kinds[kind]

    @property
    def ledger(self) -> Ledger:
        """What is remembered of the whole."""
        found: Ledger = self.of("ledger").get(LEDGER[1], Ledger())
        return found

    @property
    def chunks(self) -> Mapping[ListKey, Mapping[int, Chunk]]:
        """The slots of lists, by number of the chunk."""
        return self._slots

    def places(self, key: ListKey) -> Chunk:
        """Return a list's slots in order."""
        chunks = self._slots.get(key, {})
        return tuple(id_ for number in sorted(chunks) for id_ in chunks[number])


def faults(contents: Contents) -> Iterator[str]:
    """Yield what cannot be, one line each."""
    yield from _generations(contents)
    yield from _pairs(contents)
    yield from _references(contents)
    yield from _sequence(contents)
    yield from _lists(contents)


def _generations(contents: Contents) -> Iterator[str]:
    written, newest = contents.ledger_generation, contents.generation
    if written != newest:
        yield f"the ledger is of generation {written}, but the journal at {newest}"


def _pairs(contents: Contents) -> Iterator[str]:
    """Yield what lacks its other half, or has one that it cannot have."""
    for kind, other in (("article", "body"), ("original", "original body")):
        records, bodies = contents.of(kind), contents.of(other)
        yield from (f"the {kind} {id_} has no body" for id_ in records.keys() - bodies.keys())
        yield from (f"the {other} {id_} has no article" for id_ in bodies.keys() - records.keys())
    articles = contents.of("article").keys()
    yield from (f"the original {id_} has no article" for id_ in contents.of("original").keys() - articles)
    yield from (f"the article {id_} is told to be gone" for id_ in contents.of("gone").keys() & articles)


def _references(contents: Contents) -> Iterator[str]:
    for id_, article in contents.of("article").items():
        if article.id != id_:
            yield f"the article {id_} says that it is {article.id}"
        if article.source not in contents.of("health"):
            yield f"the article {id_} is of the source {article.source!r}, which nobody read"
        for assignment in article.topics:
            if assignment.slug not in contents.of("topic"):
                yield f"the article {id_} is filed under {assignment.slug!r}, which is no topic"


def _sequence(contents: Contents) -> Iterator[str]:
    """Yield articles that are not where their number says: the latest list has a slot for every number."""
    places, last = contents.places(LATEST), contents.ledger.sequence
    if len(places) != last:
        yield f"{last} numbers were given, but there are {len(places)} slots in the latest list"
    in_order: list[Article] = sorted(
        contents.of("article").values(), key=lambda each: (each.sequence, each.id)
    )
    counts = Counter(article.sequence for article in in_order)
    for article in in_order:
        number = article.sequence
        if counts[number] > 1:
            yield f"the article {article.id} has the number {number} of another one"
        elif not 0 < number <= len(places) or places[number - 1] != article.id:
            yield f"the article {article.id} has the number {number}, but another slot in the latest list"
    for before, after in pairwise(in_order):
        if before.acknowledged is None or after.acknowledged is None:
            yield f"the article {before.id} or {after.id} was never acknowledged"
        elif before.acknowledged > after.acknowledged:
            yield f"the article {after.id} was acknowledged before the one numbered before it, {before.id}"


def _lists(contents: Contents) -> Iterator[str]:
    articles = contents.of("article")
    wanted: defaultdict[ListKey, set[str]] = defaultdict(set)
    for id_, article in articles.items():
        for key in list_keys(article):
            wanted[key].add(id_)
    named = {list_key(name) for name in contents.of("list")}
    for key in sorted(wanted.keys() | contents.chunks.keys() | named):
        yield from _list(contents, key, wanted[key])


def _list(contents: Contents, key: ListKey, wanted: set[str]) -> Iterator[str]:
    """Yield what is wrong with one list."""
    name, chunks, places = list_name(key), contents.chunks.get(key, {}), contents.places(key)
    state = contents.of("list").get(name)
    if sorted(chunks) != list(range(len(chunks))):
        yield f"the list {name} lacks a chunk of its slots: it has {sorted(chunks)}"
    elif any(len(chunks[number]) != CHUNK for number in range(len(chunks) - 1)):
        yield f"the list {name} has a chunk that is not full before its last one"
    if state is None:
        yield f"the list {name} has no dates"
    elif len(state.pages) != len(places) // CHUNK:
        yield f"the list {name} has {len(state.pages)} dated pages for {len(places)} slots"
    counts = Counter(id_ for id_ in places if id_ is not None)
    yield from (f"the list {name} shows {id_} {count} times" for id_, count in counts.items() if count > 1)
    yield from (f"the list {name} lacks the article {id_}" for id_ in sorted(wanted - counts.keys()))
    for id_ in sorted(counts.keys() - wanted):
        what = "is in other lists" if id_ in contents.of("article") else "does not exist"
        yield f"the list {name} shows {id_}, which {what}"
