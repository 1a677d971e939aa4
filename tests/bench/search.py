"""Measure full-text search over 100,000 articles, and compare what it finds with reading all of them.

    python tests/bench/search.py [ARTICLES] [JOURNAL.db] [--floor]

Prints the time of one core that indexing takes an article and searches take, and how the index grows. A
journal that is named is kept, and one that is there is searched as it stands, without building it anew. With
--floor it fails where a search misses an article or finds a wrong one, or where one of 20 takes over 30 ms.
No test: a machine's load is no property of the code.
"""

import gc
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from feedsvc.model import Article, Change, Commit, Health
from feedsvc.search import Query, Search, excerpt, preparation, read_query
from feedsvc.search.shelf import Shelf
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.store.index import Index
from feedsvc.topics import Topics
from feedsvc.topics.folding import simplified
from feedsvc.topics.matching import matched

ARTICLES, QUERIES, BUDGET = 100_000, 200, 30.0
_BATCH, _CHANGED, _MOST = 1_000, 200, 500
_SINGLE = 0.2
_CHINESE, _ENGLISH = 480, 430  # words of an article: 3 KB of either
_HAN = [char for char in map(chr, range(0x4E00, 0x4E00 + 3_000)) if simplified(char) == char]
_LETTERS = "etaoinshrdlucmfwypvbgk"
_START = datetime(2024, 1, 1, tzinfo=UTC)
_HEALTH = Health(source="town", kind="folder", last_success=_START)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Invented words, frequent ones as frequent as in any language."""

    name: str
    words: Sequence[str]
    weights: Sequence[float]
    joint: str
    length: int

    def text(self, random_: random.Random, count: int) -> str:
        """Return words in paragraphs with punctuation."""
        drawn = random_.choices(self.words, cum_weights=self.weights, k=count)
        stop, comma = ("。", "，") if self.name == "zh-Hans" else (".", ", ")
        lines = [self.joint.join(drawn[start : start + 12]) for start in range(0, count, 12)]
        paragraphs = [comma.join(lines[start : start + 5]) + stop for start in range(0, len(lines), 5)]
        return "\n\n".join(paragraphs)

    def word(self, random_: random.Random) -> str:
        """Return a word that somebody may look for: not of the most frequent, one character at times."""
        while True:
            word = self.words[int(30 * (len(self.words) / 30) ** random_.random()) % len(self.words)]
            if len(word) > 1 or random_.random() < _SINGLE:
                return word


def languages(random_: random.Random) -> tuple[Language, Language]:
    """Return Chinese and English."""
    weights = list(accumulate(1 / (rank + 10) for rank in range(30_000)))
    often = list(accumulate(1 / (rank + 20) for rank in range(len(_HAN))))
    han = [
        "".join(random_.choices(_HAN, cum_weights=often, k=random_.choice((1, 2, 2, 2, 3)))) for _ in weights
    ]
    latin = ["".join(random_.choices(_LETTERS, k=random_.randint(3, 9))) for _ in weights]
    return (
        Language(name="zh-Hans", words=han, weights=weights, joint="", length=_CHINESE),
        Language(name="en", words=latin, weights=weights, joint=" ", length=_ENGLISH),
    )


def article(number: int, language: Language, random_: random.Random) -> Article:
    """Return an article of about 3 KB."""
    moment = _START + timedelta(minutes=number + random_.randint(-3_000, 3_000))
    body = language.text(random_, language.length)
    return Article(
        id=f"urn:uuid:00000000-0000-5000-8000-{number:012d}",
        source="town",
        key=f"{number}.txt",
        title=language.text(random_, 7).rstrip(".。"),
        text=body,
        html="",
        summary=body[:100],
        published=moment,
        published_from="metadata",
        updated=moment,
        language=language.name,
    )


def queries(random_: random.Random, spoken: Sequence[Language]) -> Iterator[Query]:
    """Yield searches as people write them, half of them in each language."""
    for number in range(QUERIES):
        language = spoken[number % 2]
        one, two, three = (language.word(random_) for _ in range(3))
        shapes = (
            one,
            f"{one} {two}",
            f'"{language.joint.join((one, two))}"',
            f"{one} OR {two}",
            f"{one} -{two}",
            f"intitle:{one}",
            f"({one} OR {two}) {three}",
            f"{one} lang:{language.name}",
            language.text(random_, 2).rstrip(".。") if language.joint == "" else one.upper(),
            f'intext:"{one}" !intitle:{two}',
        )
        yield read_query(shapes[number // 2 % len(shapes)])


def spent(function: Callable[..., object], *arguments: object) -> tuple[float, object]:
    """Return milliseconds of processor time and what a function returned."""
    began = time.process_time()
    returned = function(*arguments)
    return (time.process_time() - began) * 1000, returned


def commit(store: Store, articles: Sequence[Article]) -> None:
    """Acknowledge articles."""
    store.commit(Commit(at=_START, change=Change(health=_HEALTH, articles=tuple(articles))))


def size(path: Path) -> int:
    """Return the bytes of the index in a journal's file."""
    with sqlite3.connect(path) as connection:
        (total,) = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'words%'").fetchone()
    return int(total or 0)


def index_all(index: Index) -> None:
    """Index what there is."""
    while index.work():
        pass


def page(search: Search, query: Query) -> None:
    """Do what a page of results does."""
    for each in search.find(query, "relevance", 20).articles:
        excerpt(query.rule, each)


def build(store: Store, index: Index, path: Path, count: int) -> None:
    """Fill a journal and its index, and print what that costs."""
    random_ = random.Random(9)  # noqa: S311 - the same articles every time
    spoken = languages(random_)
    committing = 0.0
    for start in range(0, count, _BATCH):
        articles = [article(number, spoken[number % 2], random_) for number in range(start, start + _BATCH)]
        committing += spent(commit, store, articles)[0]
    print(f"commit    {committing / count * 1000:7.0f} us an article, by {_BATCH}")
    indexing, _ = spent(index_all, index)
    whole = size(path)
    print(f"index     {indexing / count * 1000:7.0f} us an article, {whole / count:.0f} bytes an article")
    commit(store, [article(number, spoken[number % 2], random_) for number in range(_CHANGED)])
    indexing, _ = spent(index_all, index)
    print(
        f"change    {indexing / _CHANGED * 1000:7.0f} us an article, "
        f"{(size(path) - whole) / _CHANGED:.0f} bytes an article"
    )


def is_slow(name: str, act: Callable[[Query], object], asked: Sequence[Query]) -> bool:
    """Print the times of searches, and tell whether one of 20 takes too long."""
    times = sorted((spent(act, query)[0], query.spelling) for query in asked)
    p50, p95 = (times[int(len(times) * share)][0] for share in (0.5, 0.95))
    print(f"{name}      p50 {p50:.1f} ms, p95 {p95:.1f} ms, most {times[-1][0]:.1f} ms")
    print("  ", *(f"{ms:.0f} ms {spelling}" for ms, spelling in times[-10:]), sep="  ")
    return p95 > BUDGET


def main() -> None:
    """Measure, print, judge."""
    count = next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), ARTICLES)
    kept = next((Path(argument) for argument in sys.argv[1:] if argument.endswith(".db")), None)
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "feedsvc.db"
        is_there = path.exists()
        journal = SqliteJournal(path)
        store = Store(Topics(origins=frozenset()), [_HEALTH], Limits(), journal)
        index = Index(journal, preparation())
        if not is_there:
            build(store, index, path, count)
        search = Search(store, index)
        random_ = random.Random(9)  # noqa: S311 - the same words as in the articles
        asked = list(queries(random_, languages(random_)))
        gc.freeze()  # as the server does: no collection goes through all articles
        page(search, asked[0])
        commit(store, [article(0, languages(random_)[0], random_)])
        first, _ = spent(page, search, asked[0])
        print(f"first     {first:.1f} ms after a commit")
        index_all(index)
        page(search, asked[0])
        slow = [
            is_slow("page", lambda query: page(search, query), asked),
            is_slow("feed", lambda query: search.find(query, "arrival", 50), asked),
        ]
        failed = compare(store, search, asked) > 0 or any(slow)
        sys.exit(failed and "--floor" in sys.argv)


def compare(store: Store, search: Search, asked: Sequence[Query]) -> int:
    """Print what searches miss and find wrongly, and return how much that is."""
    shelf = Shelf(edition=store.edition)
    rules = [shelf.meant(query.rule) for query in asked]
    there: list[list[str]] = [[] for _ in rules]
    for each in shelf.latest():
        look = shelf.look(each)
        for number, rule in enumerate(rules):
            if matched(rule, look.holds) is not None:
                there[number].append(each.id)
    missing = wrong = total = 0
    for query, ids in zip(asked, there, strict=True):
        found = search.find(query, "arrival", _MOST)
        mine = [each.id for each in found.articles]
        missing += len(set(ids[:_MOST]) - set(mine))
        wrong += len(set(mine) - set(ids))
        wrong += not found.at_least and found.count != len(ids)
        total += len(ids)
    print(f"recall    {total} matches of {len(asked)} searches: {missing} missing, {wrong} wrong")
    return missing + wrong


if __name__ == "__main__":
    main()
