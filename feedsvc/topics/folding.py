"""Fold texts and rules alike: NFKC, case folded, simplified characters, single spaces."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Self

from feedsvc.topics.tables import lines

# What NFKC makes of the signs of every Chinese text: it is faster to look for each than to meet them.
_PUNCTUATION = tuple(
    (sign, unicodedata.normalize("NFKC", sign)) for sign in "，：；！？（）％＋－．／～＂…\u3000\xa0"
)
# All but ASCII, ideographs and common punctuation, which NFKC leaves alone and nothing behind them changes.
_ODD = re.compile("[^\x00-\x7f‘’“”—、。〈-】\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A title and a body as they are matched."""

    title: str
    body: str
    """Its paragraphs are lines."""

    @classmethod
    def of(cls, title: str, body: str) -> Self:
        """Fold both at one go: the title as the first paragraph."""
        line = title.replace("\n", " ")
        first, _, others = fold_paragraphs(f"{line}\n\n{body}").partition("\n")
        return cls(title=first, body=others)


def fold(line: str) -> str:
    """Return a line as it is matched."""
    return " ".join(_folded(line).split())


def fold_paragraphs(body: str) -> str:
    """Return a body with every paragraph folded to a line, so that no phrase spans two."""
    return "\n".join([" ".join(paragraph.split()) for paragraph in _folded(body).split("\n\n")])


def simplified(line: str) -> str:
    """Return a line with traditional Chinese characters as simplified ones, character by character.

    A table of single characters is enough to compare: both sides go through it, and nothing of it is shown.
    """
    table, traditional = _table()
    return line if line.isascii() else traditional.sub(lambda match: table[match[0]], line)


def simplified_pattern(pattern: str) -> str:
    """Return a regular expression with its letters folded but for case, which its engine ignores."""
    letters = (unicodedata.normalize("NFKC", char) if char.isalnum() else char for char in pattern)
    return simplified("".join(letters))


def _folded(text: str) -> str:
    """Return a text folded but for its white space."""
    if text.isascii():
        return text.lower()
    for wide, narrow in _PUNCTUATION:
        text = text.replace(wide, narrow)
    return simplified(_normal(text).casefold())


def _normal(text: str) -> str:
    """Return a text in NFKC, only what is not so already made so: the whole takes ten times longer."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    if not unicodedata.is_normalized("NFC", text):  # then what stands before a mark changes with it
        return unicodedata.normalize("NFKC", text)
    return _ODD.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    """Read the pairs of characters that ship with us."""
    pairs = [pair for line in lines("hans.txt") for pair in line.split()]
    characters = "".join(pair[0] for pair in pairs)
    return {pair[0]: pair[1] for pair in pairs}, re.compile(f"[{characters}]")
