"""Fold texts and rules alike: NFKC, case folded, simplified characters, single spaces."""

import re
import unicodedata
from functools import cache

from feedsvc.topics.tables import lines


def fold(line: str) -> str:
    """Return a line as it is matched."""
    if line.isascii():
        return " ".join(line.lower().split())
    return " ".join(simplified(unicodedata.normalize("NFKC", line).casefold()).split())


def fold_paragraphs(body: str) -> str:
    """Return a body with every paragraph folded to a line, so that no phrase spans two."""
    return "\n".join(map(fold, body.split("\n\n")))


def simplified(line: str) -> str:
    """Return a line with traditional Chinese characters as simplified ones, character by character.

    A table of single characters is enough to compare: both sides go through it, and nothing of it is shown.
    """
    table, traditional = _table()
    return line.translate(table) if traditional.search(line) else line


def simplified_pattern(pattern: str) -> str:
    """Return a regular expression with its letters folded but for case, which its engine ignores."""
    letters = (unicodedata.normalize("NFKC", char) if char.isalnum() else char for char in pattern)
    return simplified("".join(letters))


@cache
def _table() -> tuple[dict[int, int], re.Pattern[str]]:
    """Read the pairs of characters that ship with us."""
    pairs = [pair for line in lines("hans.txt") for pair in line.split()]
    characters = "".join(pair[0] for pair in pairs)
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}, re.compile(f"[{characters}]")
