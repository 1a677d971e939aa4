"""Lines that a source's pages share: menus, notices and buttons, whatever they say."""

from collections import Counter
from collections.abc import Collection, Iterable

from feedsvc.extract import bylines, charset, lines
from feedsvc.model import Document

ENOUGH = 5
"""Documents; what fewer share may be what they are about."""
_SHARE = 3  # of so many pages one carries such a line
_LEAST = 3  # pages
_LONGEST = 200  # characters; what is longer and repeated is a text of its own, such as a notice in full
_MOST = 500  # lines of a source; more only cost time


def is_flattened(document: Document) -> bool:
    """Tell whether a document is a page saved as text."""
    return document.media_type.startswith("text/plain")


def page_lines(document: Document) -> frozenset[str]:
    """Return the lines of a flattened page that its source may repeat."""
    decoded = charset.decode(document.content, document.charset)
    page = lines.written(decoded.text) if decoded else []
    return frozenset(line for line in page if len(line) <= _LONGEST and any(map(str.isalnum, line)))


def shared(pages: Iterable[Collection[str]]) -> frozenset[str]:
    """Return the lines that a third of these pages carry; none for fewer than five pages.

    Copies of a page are one page. What says who wrote it or when is the article's own, however many of a
    source's articles one person writes or one day brings. No order matters.
    """
    different = set(map(frozenset, pages))
    if len(different) < ENOUGH:
        return frozenset()
    counted = Counter(line for page in different for line in page)
    least = max(_LEAST, -(-len(different) // _SHARE))
    found = sorted((-count, line) for line, count in counted.items() if count >= least)
    return frozenset(line for _, line in found[:_MOST] if not bylines.read(line))
