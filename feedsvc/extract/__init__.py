"""What a document says: bytes in, an article out, or the reason why there is none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from feedsvc.extract import article, charset, entry, flattened, ladder, markdown, page
from feedsvc.extract.identity import article_id
from feedsvc.extract.reading import Reading
from feedsvc.listed import ENTRY, ENTRY_ALONE
from feedsvc.model import Article, Document, Hints, Skipped
from feedsvc.text import clean

__all__ = ["MEDIA_TYPES", "article_id", "extract"]

MEDIA_TYPES: Mapping[str, str] = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
}
"""File suffix to media type, for all that can be extracted."""


def _markdown(
    written: str, document: Document, now: datetime, _repeated: frozenset[str]
) -> Reading | Skipped:
    """Read Markdown, which people write without the lines that a site repeats."""
    return markdown.read(written, document, now)


_READERS: Mapping[str, Callable[[str, Document, datetime, frozenset[str]], Reading | Skipped]] = {
    "text/plain": flattened.read,
    "text/markdown": _markdown,
    "text/html": page.read,
    "application/xhtml+xml": page.read,
    ENTRY: entry.read,
}


_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\u2028]")
"""What Python takes for an end of line and people do not; Word writes a break within a paragraph as 0x0B."""
_ODD = re.compile("[^\t\n\r -~\xa0-\u2027\u2029-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
"""Those and what `clean` mends, looked for at once: most documents hold none."""


def extract(document: Document, hints: Hints, now: datetime) -> Article | Skipped:
    """Return the article of a document, or why there is none.

    Where a feed led to a page that gives none, what the feed says of it has to do. What it raises is a bug or
    a limit of memory; who calls it keeps that to the one document.
    """
    found = _extracted(document, hints, now)
    if isinstance(found, Article):
        alone = (f"{ENTRY_ALONE}{document.instead}",) if document.instead else ()
        return replace(found, problems=(*found.problems, *alone)) if alone else found
    if document.entry and document.upstream:
        said = extract(_entry_of(document, found.reason), hints, now)
        return found if isinstance(said, Skipped) else said
    return found


def _entry_of(document: Document, reason: str) -> Document:
    """Return what the feed that led to a page says of it, as a document in its place."""
    return replace(
        document, media_type=ENTRY, content=document.entry, charset="utf-8", entry=b"", instead=reason
    )


def _extracted(document: Document, hints: Hints, now: datetime) -> Article | Skipped:
    reader = _READERS.get(document.media_type.partition(";")[0].strip().lower())
    if reader is None:
        return Skipped(
            key=document.key, reason=f"unsupported media type {document.media_type}", expected=True
        )
    if not document.content.strip():
        return Skipped(key=document.key, reason="empty")
    decoded = charset.decode(document.content, document.charset)
    if decoded is None:
        return Skipped(key=document.key, reason="binary, not text")
    odd = _ODD.search(decoded.text)
    written = clean(_BREAKS.sub(" ", decoded.text)) if odd else decoded.text
    here = now.astimezone(ladder.zone_named(hints.timezone))  # where "yesterday" is meant
    reading = reader(written, document, here, hints.repeated)
    if isinstance(reading, Skipped):
        return reading
    if document.entry:
        reading = entry.told(reading, document)
    return article.compose(reading, document, hints, decoded, now)
