"""Which path names what: the one place that knows how lists, feeds and archive pages are addressed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedsvc.feeds import FORMATS, archive_path
from feedsvc.store import LATEST, ListKey

STATUS: ListKey = ("status", "")
SEARCH: ListKey = ("search", "")
"""What a search finds; the query says what, and no edition holds a list of it."""
OPML_PATH = "/feeds.opml"
_PREFIXES = {"topic": "/topics/", "source": "/sources/"}
_SINGLE = {LATEST: "/latest", STATUS: "/status", SEARCH: "/search"}
_UNARCHIVED = frozenset({STATUS, SEARCH})
PAGE_NUMBER = "[1-9][0-9]{0,6}"
"""How the number of a page is spelled; one spelling, so that each page has one address."""
_ARCHIVE = re.compile(rf"(.+)/archive/({PAGE_NUMBER})", re.DOTALL)

GUESSED: Mapping[str, str] = {
    "/feed": "/latest.rss",
    "/rss": "/latest.rss",
    "/atom": "/latest.atom",
    "/feed.xml": "/latest.rss",
    "/rss.xml": "/latest.rss",
    "/atom.xml": "/latest.atom",
    "/index.xml": "/latest.rss",
    "/feed.json": "/latest.json",
}
"""Paths that readers and people try, and what they look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A feed, or one page of its archive, in a format."""

    key: ListKey
    suffix: str
    page: int | None = None

    @property
    def path(self) -> str:
        """The canonical path."""
        return f"{document_path(self.key, self.page)}.{self.suffix}"


def readable(path: str) -> str:
    """Return a path as people spell it: WSGI hands bytes over as Latin-1 (PEP 3333)."""
    return path.encode("latin-1").decode("utf-8", "replace")


def list_key(path: str) -> ListKey | None:
    """Return the list that stands at a path without suffix, whether it exists or not."""
    for key, single in _SINGLE.items():
        if path == single:
            return key
    for kind, prefix in _PREFIXES.items():
        if path.startswith(prefix) and "/" not in path[len(prefix) :]:
            return (kind, path[len(prefix) :])
    return None


def list_path(key: ListKey) -> str:
    """Return where a list stands."""
    return _SINGLE.get(key) or _PREFIXES[key[0]] + key[1]


def document_path(key: ListKey, page: int | None) -> str:
    """Return where a feed or an archive page stands, without suffix."""
    return list_path(key) if page is None else archive_path(list_path(key), page)


def feed_address(path: str) -> Address | None:
    """Return what a feed's path names, or None."""
    stem, _, suffix = path.rpartition(".")
    archive = _ARCHIVE.fullmatch(stem)
    key = list_key(archive[1] if archive else stem)
    if key is None or suffix not in FORMATS or (archive and key in _UNARCHIVED):
        return None
    return Address(key=key, suffix=suffix, page=int(archive[2]) if archive else None)
