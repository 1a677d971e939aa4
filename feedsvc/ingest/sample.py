"""The lines that a source repeats, learnt from some of its flattened pages before any of them is extracted.

A hash of the keys says which are read for it, so that neither the order of files nor their names decide: a
scan of the same documents learns the same. They are held until it is their turn, so nothing is read twice.
"""

from collections.abc import Iterable, Mapping, Sequence

from feedsvc.extract import repeated
from feedsvc.model import Document, Skipped
from feedsvc.sources import Found, Source, digest

PAGES = 50
"""Flattened pages of a sample: a line on a third of a source's pages is on many of these."""
DOCUMENTS = 500
"""Read ahead at most to find them; a source of other documents has few or none."""
BYTES = 16 * 1024 * 1024
"""Held at once, and the last document read."""

Sample = Mapping[str, frozenset[str]]
"""The lines of flattened pages by their documents' keys, oldest first."""


def read_ahead(source: Source, found: Sequence[Found]) -> dict[str, Document | Skipped]:
    """Read documents until there are enough flattened pages, or enough of all; return them by key."""
    ahead: dict[str, Document | Skipped] = {}
    pages = size = 0
    for each in sorted(found, key=lambda each: digest(each.key.encode()))[:DOCUMENTS]:
        if pages == PAGES or size >= BYTES:
            break
        ahead[each.key] = document = source.read(each)
        if isinstance(document, Document):
            pages += repeated.is_flattened(document)
            size += len(document.content)
    return ahead


def newest(before: Sample, documents: Iterable[Document | Skipped]) -> Sample:
    """Return a sample with these documents in it; the oldest give way, as sites change their look."""
    met = {
        document.key: repeated.page_lines(document)
        for document in documents
        if isinstance(document, Document) and repeated.is_flattened(document)
    }
    kept = {key: lines for key, lines in before.items() if key not in met}
    return dict([*kept.items(), *met.items()][-PAGES:])


def learnt(sample: Sample) -> frozenset[str]:
    """Return the lines that the pages of a sample share."""
    return repeated.shared(sample.values())


def repeated_in(source: Source, found: Sequence[Found]) -> frozenset[str]:
    """Return the lines that a first look at a source learns."""
    return learnt(newest({}, read_ahead(source, found).values()))
