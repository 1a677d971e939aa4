"""Pictures beside documents, for the articles that show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from time import time
from typing import Protocol
from uuid import UUID

from werkzeug.exceptions import NotFound

from feedsvc import beside
from feedsvc.sources import Picture
from feedsvc.store import Store
from feedsvc.web.coding import IDENTITY
from feedsvc.web.conditional import Headers, Prepared, Variant
from feedsvc.web.pages import article_of
from feedsvc.web.representation import FEED_POLICY

MAX_AGE = 3600
_ON_304 = frozenset({"Cache-Control", "ETag", "Last-Modified"})


class Pictures(Protocol):
    """A source that has pictures beside its documents."""

    def picture(self, key: str, name: str) -> Picture | None:
        """Return a picture by its path from the directory of the document `key`; None where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Answers for an article's pictures: those it shows, and only while they are pictures."""

    store: Store
    pictures: Mapping[str, Pictures]
    """By the name of their source."""

    def find(self, uuid: UUID, name: str) -> Prepared:
        """Return a picture as a response; raise NotFound, Gone or ServiceUnavailable where there is none."""
        article = article_of(self.store.edition, uuid)
        shown = {beside.served(path): path for path in article.files}
        source = self.pictures.get(article.source)
        picture = source.picture(article.key, shown[name]) if source and name in shown else None
        media_type = beside.sniffed(picture.content) if picture else None
        if picture is None or media_type is None:
            raise NotFound
        return _prepared(picture, media_type)


def _prepared(picture: Picture, media_type: str) -> Prepared:
    """Return a picture as a response without codings, which do not make it smaller."""
    modified = int(picture.modified.timestamp())
    etag = f'"{sha256(picture.content).hexdigest()[:32]}"'
    headers: Headers = [
        ("Content-Type", media_type),
        ("Cache-Control", f"max-age={MAX_AGE}"),
        # Never later than Date (RFC 9110 8.8.2.1): clocks of file servers run ahead.
        ("Last-Modified", formatdate(min(modified, int(time())), usegmt=True)),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", FEED_POLICY),
        ("Content-Length", str(len(picture.content))),
        ("ETag", etag),
    ]
    kept = [header for header in headers if header[0] in _ON_304]
    variant = Variant(body=picture.content, etag=etag, headers=headers, headers_304=kept)
    return Prepared(variants={IDENTITY: variant}, offered=(IDENTITY,), modified=modified)
