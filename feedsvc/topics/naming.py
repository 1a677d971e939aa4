"""When two names mean one topic, and what a topic is called in a URL when its slug is taken."""

import hashlib
import unicodedata
from collections.abc import Container
from functools import lru_cache

from feedsvc import text
from feedsvc.topics.folding import fold

SLUG_LENGTH = 64
_TOLD_APART = frozenset("#&@%*§")  # signs that names differ by, beside symbols such as +: C, C++ and C#
_HASH = 6  # hex digits


@lru_cache(maxsize=100_000)
def identity(name: str) -> str:
    """Return what names of one topic have in common: folded, spaces and punctuation as single spaces.

    Case, width, script (博山區) and punctuation ("Open-Data!") are spelling; symbols are not. "" for a name
    without a letter or digit, which is no topic's.
    """
    if not text.slug(name):
        return ""
    kept = (char if _counts(char) else " " for char in fold(text.clean(name)))
    return " ".join("".join(kept).split())


def slug_beside(name: str, taken: Container[str]) -> str:
    """Return the slug of a name; where that is taken, with `-` and the first digits of a hash of the name."""
    slug = text.slug(name)
    digest = hashlib.sha256(identity(name).encode()).hexdigest()
    digits = _HASH
    while slug in taken:  # a second round means that somebody named a topic so on purpose
        slug, digits = _hashed(text.slug(name), digest[:digits]), digits + 1
    return slug


def _hashed(plain: str, digits: str) -> str:
    return f"{plain[: SLUG_LENGTH - 1 - len(digits)].rstrip('-')}-{digits}"


def _counts(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNMS" or char in _TOLD_APART
