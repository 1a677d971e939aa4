"""Lines that a source's pages share: menus, notices and buttons, whatever they say."""

from collections import Counter
from collections.abc import Iterable

from feedsvc.extract import charset, lines
from feedsvc.model import Document

ENOUGH = 5
"""Documents; what fewer share may be what they are about."""
_SHARE = 3  # of so many pages one carries such a line
_LEAST = 3  # pages
_LONGEST = 200  # characters; what is longer and repeated is a text of its own, such as a notice in full
_MOST = 500  # lines of a source; more only cost time


def lines_of(documents: Iterable[Document]) -> frozenset[str]:
    """Return the lines that a third of these flattened pages carry; none for fewer than five pages.

    Order does not matter, so that two scans of the same documents agree.
    """
    pages = [_distinct(document) for document in documents if document.media_type.startswith("text/plain")]
    if len(pages) < ENOUGH:
        return frozenset()
    counted = Counter(line for page in pages for line in page)
    least = max(_LEAST, -(-len(pages) // _SHARE))
    found = sorted((-count, line) for line, count in counted.items() if count >= least)
    return frozenset(line for _, line in found[:_MOST])


def _distinct(document: Document) -> frozenset[str]:
    decoded = charset.decode(document.content, document.charset)
    page = lines.written(decoded.text) if decoded else []
    return frozenset(line for line in page if len(line) <= _LONGEST and any(map(str.isalnum, line)))
