"""Measure 1,000 boolean rules on documents of 3 KB, against a loop over the rules in the same run.

    python tests/bench/rules.py [--floor]

Prints documents a second on one core. With --floor it fails below 5,000 a second or 20 times the loop. No
test: a machine's load is no property of the code.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from feedsvc.model import Article
from feedsvc.topics.folding import simplified
from feedsvc.topics.index import RuleIndex
from feedsvc.topics.looks import Look
from feedsvc.topics.matching import matched
from feedsvc.topics.parse import parse
from feedsvc.topics.rules import Rule

RULES, DOCUMENTS, BYTES = 1_000, 1_000, 3_000
FLOOR, TIMES = 5_000, 20
_HAN = [char for char in map(chr, range(0x4E00, 0x4E00 + 2_000)) if simplified(char) == char]
_LETTERS = "etaoinshrdlucmfwypvbgk"
_SEED = 7
_COMMON = 2_000  # nobody asks for the most frequent words of a language


def words(random_: random.Random, count: int) -> tuple[list[str], list[str]]:
    """Return invented Chinese and English words."""
    chinese = ["".join(random_.choices(_HAN, k=random_.choice((2, 2, 3, 4)))) for _ in range(count)]
    english = ["".join(random_.choices(_LETTERS, k=random_.randint(3, 10))) for _ in range(count)]
    return chinese, english


def documents(random_: random.Random, chinese: Sequence[str], english: Sequence[str]) -> list[Article]:
    """Return documents of 3 KB, every other one Chinese; frequent words are frequent, as in any language."""
    ranks = [1 / (rank + 10) for rank in range(len(chinese))]
    made = []
    for number in range(DOCUMENTS):
        pool, joint, per_word = (chinese, "", 8) if number % 2 else (english, " ", 7)
        drawn = random_.choices(pool, ranks, k=BYTES // per_word)
        paragraphs = [joint.join(drawn[start : start + 80]) for start in range(0, len(drawn), 80)]
        made.append(_article(paragraphs[0][:40], "\n\n".join(paragraphs)))
    return made


def rules(random_: random.Random, vocabulary: Sequence[str]) -> list[Rule]:
    """Return rules as people write them: 40 % OR, 40 % AND of ORs, 20 % AND NOT."""

    def either(count: int) -> str:
        return "(" + " OR ".join(f'"{word}"' for word in random_.sample(vocabulary, count)) + ")"

    made = []
    for number in range(RULES):
        if number % 5 < 2:
            made.append(either(4))
        elif number % 5 < 4:
            made.append(f"{either(3)} {either(2)}")
        else:
            made.append(f"{either(2)} intitle:{either(1).strip('()')} !{either(1)}")
    return [parse(rule) for rule in made]


def rate(work: Callable[[Article], object], articles: Sequence[Article]) -> float:
    """Return how many articles a second of one core a function takes; the best of three runs."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for article in articles:
            work(article)
        best = max(best, len(articles) / (time.process_time() - start))
    return best


def main() -> int:
    """Measure and print; return 1 below a floor that was asked for."""
    random_ = random.Random(_SEED)  # noqa: S311 - the same documents in every run
    chinese, english = words(random_, 6_000)
    articles = documents(random_, chinese, english)
    written = rules(random_, [*chinese[_COMMON:], *english[_COMMON:]])
    index = RuleIndex(written)

    def loop(article: Article) -> list[int]:
        look = Look.of(article)
        return [number for number, rule in enumerate(written) if matched(rule, look.holds) is not None]

    def indexed(article: Article) -> list[int]:
        return [number for number, _ in index.matches(Look.of(article))]

    sample = articles[:: len(articles) // 20]
    if [indexed(each) for each in sample] != [loop(each) for each in sample]:
        print("the index and the loop disagree")
        return 1
    size = sum(len(each.text.encode()) for each in articles) / len(articles)
    fast, slow = rate(indexed, articles), rate(loop, sample)
    hits = sum(len(indexed(each)) for each in articles) / len(articles)
    print(f"{len(written)} rules, documents of {size:,.0f} bytes, {hits:.1f} rules match each")
    print(f"index {fast:,.0f} documents/s, loop {slow:,.0f} documents/s, {fast / slow:.0f} times")
    return int("--floor" in sys.argv and (fast < FLOOR or fast < TIMES * slow))


def _article(title: str, body: str) -> Article:
    when = datetime(2024, 1, 1, tzinfo=UTC)
    return Article(
        id="urn:uuid:0",
        source="bench",
        key="a",
        title=title,
        text=body,
        html="",
        summary="",
        published=when,
        published_from="metadata",
        updated=when,
    )


if __name__ == "__main__":
    sys.exit(main())
