"""Titles: one line, without the site's name, never empty."""

from pathlib import PurePosixPath

from feedsvc import text

_LENGTH = 500
_SEPARATORS = ("_", " | ", "｜", " - ", " – ", " — ", " :: ", " » ")
_SHORTEST = 8  # columns; what is left must still be a title
_WORDS = 60  # columns of a title made from the body


def tidy(title: str) -> str:
    """Return a title as one clean line of at most 500 characters, "" where there is nothing to see in it."""
    tidied = text.one_line(title)[:_LENGTH].rstrip()
    return tidied if text.width(tidied) else ""


def without_site(title: str) -> str:
    """Return a page's title without the site's name: what follows a separator, if it is the shorter part."""
    for separator in _SEPARATORS:
        kept, found, site = title.rpartition(separator)
        if found and text.width(kept) >= max(_SHORTEST, text.width(site)):
            return without_site(kept.rstrip())
    return title


def fallback(body: str, location: str) -> str:
    """Return a title for an article without one: the first words of its body, else its file's name."""
    first = body.lstrip().partition("\n")[0]
    return tidy(text.summarise(first, _WORDS)) or tidy(PurePosixPath(location.rstrip("/")).stem) or "Untitled"
