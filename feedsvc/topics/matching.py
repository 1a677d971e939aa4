"""Find a rule's terms in a title and a body, both folded alike.

Word borders are written into the text and into the terms, so that a term is found by one search for a string.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self

from feedsvc import text
from feedsvc.topics.rules import AllOf, Not, Rule, Term

# Scripts that set no space between words, or (Korean) endings right behind them: a word is found inside a run
# of letters. In all others a word ends at anything but a letter, digit or mark.
_UNSPACED = (
    "\u0e00-\u0fff"  # Thai, Lao, Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1100-\u11ff"  # Hangul Jamo
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\ua4cf"  # CJK radicals, kana, Bopomofo, ideographs, Yi
    "\uac00-\ud7ff"  # Hangul
    "\uf900-\ufaff"  # compatibility ideographs
    "\U0001b000-\U0001b16f"  # kana supplements
    "\U00020000-\U0003ffff"  # ideograph extensions
)
_MARKS = range(0x300, 0xFE00)  # from there on they choose variants of emoji and ideographs
_BORDER = "\0"  # no text holds it once it is cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What rules look at, one folded line per title and paragraph, so that no phrase spans two."""

    lines: str

    @classmethod
    def of(cls, title: str, body: str) -> Self:
        """Fold a title and the paragraphs of a body."""
        return cls(lines="\n".join(bordered(part) for part in (title, *body.split("\n\n"))))

    def holds(self, term: str) -> bool:
        """Tell whether a term stands here as a word, or among letters of a script without spaces."""
        return _needle(term) in self.lines


def bordered(line: str) -> str:
    """Return a line folded, with a sign at both ends of every word of a script that spaces words."""
    return _words().sub(rf"{_BORDER}\g<0>{_BORDER}", text.fold(line))


def matched(rule: Rule, folded: Folded) -> tuple[str, ...] | None:
    """Return the terms that a rule found, as written, each once; None when the rule does not match."""
    found = _found(rule, folded)
    return None if found is None else tuple(dict.fromkeys(found))


def _found(rule: Rule, folded: Folded) -> tuple[str, ...] | None:
    match rule:
        case Term(text=term):
            return (term,) if folded.holds(term) else None
        case Not(part=part):
            return () if _found(part, folded) is None else None
        case AllOf(parts=parts):
            results = [_found(part, folded) for part in parts]
            return None if None in results else _merged(results)
    results = [_found(part, folded) for part in rule.parts]
    return _merged(results) if any(result is not None for result in results) else None


def _merged(results: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return tuple(term for result in results for term in result or ())


_needle = lru_cache(maxsize=10_000)(bordered)


@cache
def _words() -> re.Pattern[str]:
    """Compile a pattern of words with their marks, which regular expressions do not count among letters."""
    marks = "".join(char for char in map(chr, _MARKS) if unicodedata.category(char).startswith("M"))
    marks = re.sub(f"[{_UNSPACED}]", "", marks)
    return re.compile(rf"(?:[^\W_{_UNSPACED}]+|[{marks}]+)+")
