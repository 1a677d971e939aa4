"""What rules look at: an article folded once, and where a word of it begins and ends.

Latin, Cyrillic and the like set spaces between words, so a term of theirs is found as a word only; a Chinese
one is found anywhere. A term is bounded where its own first and last character are letters of such a script.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from feedsvc import text
from feedsvc.model import Article
from feedsvc.topics.folding import Folded, fold
from feedsvc.topics.patterns import found
from feedsvc.topics.rules import Pattern, Term

# Scripts that set no space between words, or (Korean) endings right behind them: a word is found inside a run
# of letters. In all others a word ends at anything but a letter, digit or mark.
UNSPACED = (
    range(0x0E00, 0x1000),  # Thai, Lao, Tibetan
    range(0x1000, 0x10A0),  # Myanmar
    range(0x1100, 0x1200),  # Hangul Jamo
    range(0x1780, 0x1800),  # Khmer
    range(0x2E80, 0xA4D0),  # CJK radicals, kana, Bopomofo, ideographs, Yi
    range(0xAC00, 0xD800),  # Hangul
    range(0xF900, 0xFB00),  # compatibility ideographs
    range(0xFE00, 0xFE10),  # they choose variants of emoji and ideographs
    range(0x1B000, 0x1B170),  # kana supplements
    range(0x20000, 0x40000),  # ideograph extensions
    range(0xE0100, 0xE01F0),  # variants of ideographs
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An article as rules see it, every field folded; paragraphs are lines."""

    lines: str
    """The title, then the body."""
    body: int
    """Where in `lines` the body begins."""
    authors: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    """Slugs of the topics that were assigned before the rules."""

    @classmethod
    def of(cls, article: Article, tags: frozenset[str] = frozenset(), folded: Folded | None = None) -> Self:
        """Fold an article, but for what is folded already."""
        folded = folded or Folded.of(article.title, article.text)
        return cls(
            lines=f"{folded.title}\n{folded.body}",
            body=len(folded.title) + 1,
            authors="\n".join(map(fold, article.authors)),
            source=text.slug(article.source),
            url=fold(article.url or ""),
            language=fold(article.language or ""),
            tags=tags,
        )

    def holds(self, term: Term | Pattern) -> bool:
        """Tell whether a term stands in its field."""
        if isinstance(term, Pattern):
            return found(term.text, self._field(term.field))
        match term.field:
            case "#":
                return text.slug(term.text) in self.tags
            case "source:":
                return text.slug(term.text) == self.source
            case "lang:":
                return f"{self.language}-".startswith(f"{fold(term.text)}-")
            case "inurl:":
                return fold(term.text) in self.url
        return next(_bounded(_needle(term.text), self._field(term.field)), None) is not None

    def _field(self, name: str) -> str:
        if name == "intitle:":
            return self.lines[: self.body - 1]
        if name == "intext:":
            return self.lines[self.body :]
        others = {
            "author:": self.authors,
            "source:": self.source,
            "inurl:": self.url,
            "lang:": self.language,
        }
        return others.get(name, self.lines)


@lru_cache(maxsize=100_000)
def joins(char: str) -> bool:
    """Tell whether a character is part of a word of a script that sets spaces between words."""
    if char.isascii():
        return char.isalnum()
    spaced = unicodedata.category(char)[0] in "LNM"
    return spaced and not any(ord(char) in script for script in UNSPACED)


def is_word(line: str, start: int, end: int) -> bool:
    """Tell whether what stands between two positions goes on neither before nor behind."""
    return not (
        (start > 0 and joins(line[start]) and joins(line[start - 1]))
        or (end < len(line) and joins(line[end - 1]) and joins(line[end]))
    )


def _bounded(needle: str, line: str) -> Iterator[int]:
    """Yield where a needle stands as a word."""
    start = line.find(needle)
    while start >= 0:
        if not needle or is_word(line, start, start + len(needle)):
            yield start
        start = line.find(needle, start + 1)


_needle = lru_cache(maxsize=100_000)(fold)
