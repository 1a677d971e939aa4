"""Marks that give lines of a flattened page away: words of notices, and what parts entries side by side."""

import re
from typing import NamedTuple

from feedsvc.extract import vocabulary

_SEPARATORS = ("|", "｜", " · ", " > ")
_SEPARATED = re.compile("[|｜·>]")
_EAST_ASIAN = re.compile("[\u3040-\u9fff]")
_NOTICE = re.compile("|".join(map(re.escape, vocabulary.NOTICES)))
"""Any of them: among ideographs one search costs a fifth of what asking for each of 40 words does."""


class Marks(NamedTuple):
    """What a text may hold that gives its lines away."""

    notices: tuple[str, ...]
    """Case folded."""
    separators: tuple[str, ...]


_NONE = Marks((), ())


def held_by(text: str) -> Marks:
    """Return the marks that a text, a line or many, may hold; what is not among them it does not hold."""
    notices = _notices(text)
    parted = _SEPARATED.search(text) is not None
    return Marks(notices, _SEPARATORS if parted else ()) if notices or parted else _NONE


def _notices(text: str) -> tuple[str, ...]:
    folded = text.casefold()
    known = vocabulary.NOTICES_LATIN
    if not text.isascii() and _EAST_ASIAN.search(text):
        known = vocabulary.NOTICES if _NOTICE.search(folded) else ()
    return tuple([words for words in known if words in folded]) if known else ()
