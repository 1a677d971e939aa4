"""What stands in the index: folded texts cut into tokens, and what a term of a search asks for there.

A word of a script with spaces is a token; what is written without (Chinese, Thai) becomes overlapping pairs
of characters, and the last one of a run alone, so that a prefix finds a single character anywhere.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby

from feedsvc.model import Article
from feedsvc.store.index import Entry, Preparation
from feedsvc.topics.folding import fold, fold_paragraphs
from feedsvc.topics.looks import UNSPACED

VERSION = 1
"""To be raised when anything here, or how texts are folded, gives other tokens."""
_WORD, _RUN = "word", "run"
_EDGES = tuple(chain.from_iterable((script.start, script.stop) for script in UNSPACED))
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What FTS5 is asked for in place of a term."""

    expression: str
    """Without columns."""
    exact: bool
    """Whether it is found just where the term is; otherwise also where other signs stand between."""


def preparation() -> Preparation:
    """Return how articles become entries of the index."""
    return Preparation(version=VERSION, prepare=prepared)


def prepared(article: Article) -> Entry:
    """Return an article as it is indexed."""
    texts = fold(article.title), fold_paragraphs(article.text), "\n".join(map(fold, article.authors))
    title, body, authors = (" ".join(tokens(text)) for text in texts)
    return title, body, authors


def tokens(folded: str) -> Iterator[str]:
    """Yield the tokens of a folded text."""
    for match in _found(folded):
        if match.lastgroup == _WORD:
            yield match[0]
        else:
            yield from _pairs(match[0])
            yield match[0][-1]


def phrase(term: str) -> Phrase | None:
    """Return what to ask for in place of a term; None for one of signs alone, or of one common character."""
    needle = fold(term)
    matches = list(_found(needle))
    if not matches:
        return None
    last = matches[-1]
    wanted = list(tokens(needle[: last.start()]))
    prefix = ""
    if last.lastgroup == _WORD:
        wanted.append(last[0])
    elif last.end() < len(needle):  # a sign follows: the run ends in the text, too
        wanted += [*_pairs(last[0]), last[0][-1]]
    elif len(last[0]) > 1:
        wanted += _pairs(last[0])
    else:
        wanted.append(last[0])
        prefix = "*"
    return Phrase(expression=f'"{" ".join(wanted)}"{prefix}', exact=last[0] == needle)


def is_character(term: str) -> bool:
    """Tell whether a term is one character of a script without spaces: frequent ones stand everywhere."""
    needle = fold(term)
    return len(needle) == 1 and _kind(ord(needle)) == _RUN


def _pairs(run: str) -> Iterator[str]:
    return map(str.__add__, run, run[1:])


def _found(folded: str) -> Iterator[re.Match[str]]:
    """Yield the words and runs of a folded text."""
    return (_wide if _BEYOND.search(folded) else _narrow)().finditer(folded)


@cache
def _narrow() -> re.Pattern[str]:
    """Return what finds words and runs among the characters of the basic plane: ten times faster than all."""
    return _pattern(range(0x10000))


@cache
def _wide() -> re.Pattern[str]:
    return _pattern([*range(0x32000), *range(0xE0100, 0xE01F0)])  # beyond, Unicode has no letters


def _pattern(codes: Iterable[int]) -> re.Pattern[str]:
    classes = {_WORD: "", _RUN: ""}
    for kind, group in groupby(codes, _kind):
        run = list(group)
        if kind:
            classes[kind] += f"\\U{run[0]:08x}-\\U{run[-1]:08x}"
    return re.compile("|".join(f"(?P<{kind}>[{chars}]+)" for kind, chars in classes.items()))


def _kind(code: int) -> str:
    """Tell what a character belongs to, if anything: as `looks.joins` has it, but made for all at once."""
    if unicodedata.category(chr(code))[0] not in "LNM":
        return ""
    return _RUN if bisect_right(_EDGES, code) % 2 else _WORD
