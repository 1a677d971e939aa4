"""Find a rule's terms in a title and a body, both folded alike."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from feedsvc import text
from feedsvc.topics.rules import AllOf, Not, Rule, Term

# Scripts that set no space between words, or (Korean) endings right behind them: a word is found inside a run
# of letters. In all others a word ends at anything but a letter, digit or mark.
_UNSPACED = (
    ("\u0e00", "\u0fff"),  # Thai, Lao, Tibetan
    ("\u1000", "\u109f"),  # Myanmar
    ("\u1100", "\u11ff"),  # Hangul Jamo
    ("\u1780", "\u17ff"),  # Khmer
    ("\u2e80", "\ua4cf"),  # CJK radicals, kana, Bopomofo, ideographs, Yi
    ("\uac00", "\ud7ff"),  # Hangul
    ("\uf900", "\ufaff"),  # compatibility ideographs
    ("\U0001b000", "\U0001b16f"),  # kana supplements
    ("\U00020000", "\U0003ffff"),  # ideograph extensions
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What rules look at, one folded line per title and paragraph, so that no phrase spans two."""

    lines: str

    @classmethod
    def of(cls, title: str, body: str) -> Self:
        """Fold a title and the paragraphs of a body."""
        return cls(lines="\n".join(text.fold(part) for part in (title, *body.split("\n\n"))))

    def holds(self, term: str) -> bool:
        """Tell whether a term stands here as a word, or among letters of a script without spaces."""
        needle = text.fold(term)
        start = self.lines.find(needle)
        while start >= 0:
            if self._stands_alone(start, start + len(needle)):
                return True
            start = self.lines.find(needle, start + 1)
        return False

    def _stands_alone(self, start: int, end: int) -> bool:
        return not (self._is_inside_word(start) or self._is_inside_word(end))

    def _is_inside_word(self, border: int) -> bool:
        before, after = self.lines[max(border - 1, 0) : border], self.lines[border : border + 1]
        return _is_spaced(before) and _is_spaced(after)


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


def _is_spaced(char: str) -> bool:
    """Tell whether a character is part of a word in a script that spaces words; "" is not."""
    return (
        bool(char)
        and unicodedata.category(char)[0] in "LNM"
        and not any(low <= char <= high for low, high in _UNSPACED)
    )
