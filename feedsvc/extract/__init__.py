"""What a document says: bytes in, an article out, or the reason why there is none."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from feedsvc.extract import article, charset, flattened, ladder, markdown, page
from feedsvc.extract.identity import article_id
from feedsvc.extract.reading import Reading
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

_READERS: Mapping[str, Callable[[str, Document, datetime], Reading | Skipped]] = {
    "text/plain": flattened.read,
    "text/markdown": markdown.read,
    "text/html": page.read,
    "application/xhtml+xml": page.read,
}


_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\u2028]")
"""What Python takes for an end of line and people do not; Word writes a break within a paragraph as 0x0B."""


def extract(document: Document, hints: Hints, now: datetime) -> Article | Skipped:
    """Return the article of a document, or why there is none.

    What it raises is a bug or a limit of memory; who calls it keeps that to the one document.
    """
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
    page = clean(_BREAKS.sub(" ", decoded.text))
    here = now.astimezone(ladder.zone_named(hints.timezone))  # where "yesterday" is meant
    reading: Reading | Skipped
    if reader is flattened.read:
        reading = flattened.read(page, document, here, hints.repeated)
    else:
        reading = reader(page, document, here)
    return (
        reading if isinstance(reading, Skipped) else article.compose(reading, document, hints, decoded, now)
    )
