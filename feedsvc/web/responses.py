"""Prepared responses: rendered once per change of a feed, looked up by every request after that."""

import hashlib
import logging
import time
from collections.abc import Callable
from email.utils import formatdate
from threading import Lock

from feedsvc.feeds import FORMATS, Feed, write
from feedsvc.store import ArticleList, Edition, ListKey, Store
from feedsvc.web.catalogue import Absence, Catalogue
from feedsvc.web.conditional import Headers, Prepared

logger = logging.getLogger(__name__)

_ON_304 = {"Cache-Control", "ETag", "Last-Modified", "Link", "Vary"}
FEED_POLICY = "default-src 'none'; sandbox"


class Responses:
    """Answers by path, in the form WSGI hands paths over: percent-decoded as Latin-1."""

    def __init__(self, store: Store, catalogue: Catalogue, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._prepared: dict[str, Prepared] = {}
        self._lock = Lock()

    def peek(self, path: str) -> Prepared | None:
        """Return what is prepared for a path; None says nothing about whether the feed exists."""
        return self._prepared.get(path)

    def find(self, path: str) -> Prepared | Absence:
        """Return the answer for a path, made now if need be, or why there is none."""
        if prepared := self._prepared.get(path):
            return prepared
        with self._lock:  # single flight: whoever comes second finds it prepared
            if path not in self._prepared:
                made = self._make(path, self._store.edition)
                if isinstance(made, Absence):
                    return made
                self._prepared[path] = made
            return self._prepared[path]

    def refresh(self) -> None:
        """After a commit: render the feeds in use that changed, and swap all of them at once."""
        with self._lock:
            edition = self._store.edition
            self._prepared = {path: self._renewed(path, old, edition) for path, old in self._prepared.items()}

    def _renewed(self, path: str, old: Prepared, edition: Edition) -> Prepared:
        try:
            made = self._make(path, edition, old)
        except Exception:  # a feed that cannot be rendered keeps its last good bytes (promise 5)
            logger.exception("cannot render %s", path)
            return old
        return old if isinstance(made, Absence) else made

    def _make(self, path: str, edition: Edition, old: Prepared | None = None) -> Prepared | Absence:
        """Return the answer for a path; `old` itself where its list did not change."""
        place = self._catalogue.split(path.encode("latin-1").decode("utf-8", "replace"))
        if place is None:
            return Absence.UNKNOWN
        key, suffix = place
        articles = self._catalogue.find(edition, key)
        if isinstance(articles, Absence):
            return articles
        if old and old.modified == int(articles.modified.timestamp()):
            return old
        return self._render(key, suffix, articles, self._catalogue.feed(edition, key, articles))

    def _render(self, key: ListKey, suffix: str, articles: ArticleList, feed: Feed) -> Prepared:
        body = write(suffix, feed, self._catalogue.site)
        modified = int(articles.modified.timestamp())
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = self._headers(key, suffix)
        headers += [
            ("Content-Length", str(len(body))),
            ("ETag", etag),
            # Never later than Date (RFC 9110 8.8.2.1): two changes of one second make the second one later.
            ("Last-Modified", formatdate(min(modified, int(self._clock())), usegmt=True)),
        ]
        return Prepared(
            body=body,
            etag=etag,
            modified=modified,
            headers=headers,
            headers_304=[header for header in headers if header[0] in _ON_304],
        )

    def _headers(self, key: ListKey, suffix: str) -> Headers:
        site, path = self._catalogue.site, self._catalogue.path(key)
        return [
            ("Content-Type", FORMATS[suffix].content_type),
            ("Cache-Control", f"max-age={self._catalogue.max_age(key)}"),
            ("Link", f'<{site.link(f"{path}.{suffix}")}>; rel="self"'),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", FEED_POLICY),
        ]
