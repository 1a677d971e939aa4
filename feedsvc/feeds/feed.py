"""What every format is written from: one feed, its articles and its addresses."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from feedsvc.model import Article, Tombstone

ID_NAMESPACE = uuid.UUID("6f1c1ba7-7a4e-5d0b-9f0e-1d8f5f3c2a61")
"""Names the ids of feeds, which stay when titles, hosts and ports change."""
_PATH_SAFE = "/+,-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An ordered window on articles, or one page of its archive, ready to be written in any format."""

    path: str
    """The list's page, such as "/topics/社区"; a suffix makes it a feed."""
    title: str
    subtitle: str
    updated: datetime
    articles: tuple[Article, ...]
    language: str
    ttl: int
    """Seconds after which a poll may bring something new."""
    tombstones: tuple[Tombstone, ...] = ()
    page: int | None = None
    """The number of the archive page that this is; None for the feed that people subscribe to."""
    older: int | None = None
    """The number of the archive page that holds what came before."""
    query: str = ""
    """What its address has after the path, such as "?limit=5"."""
    pushed: bool = True
    """False for what few ask for: no hub is told when it changes."""
    search: str = ""
    """What is looked for, where this is the feed of a search: unlike `limit`, that makes it another feed."""

    @property
    def document(self) -> str:
        """The path of this document without its suffix."""
        return self.path if self.page is None else archive_path(self.path, self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the entries of a feed."""

    head: bytes
    tail: bytes
    between: bytes = b""
    """Stands between two entries."""

    def around(self, entries: Iterable[bytes]) -> bytes:
        """Return the whole feed."""
        return b"".join((self.head, self.between.join(entries), self.tail))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a feed (RFC 4287 4.2.7), in its header or its body."""

    rel: str
    href: str
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes: the one place that links come from."""

    title: str
    base_url: str
    """Without a trailing slash."""
    id: str
    hubs: tuple[str, ...] = ()
    """WebSub hubs that tell subscribers at once."""

    def link(self, path: str) -> str:
        """Return the absolute URL of a path of ours, percent-encoded (RFC 3986)."""
        return self.base_url + encoded(path)

    def article_link(self, article: Article) -> str:
        """Return where an article is read: at its own URL, else on its page here."""
        return article.url or self.link(article_path(article))

    def document_link(self, feed: Feed, suffix: str) -> str:
        """Return the URL of a feed's own document in a format."""
        return self.link(f"{feed.document}.{suffix}") + feed.query

    def page_link(self, feed: Feed) -> str:
        """Return the URL of the page that shows what a feed holds."""
        return self.link(feed.path) + (f"?q={quote(feed.search, safe='')}" if feed.search else "")

    def feed_id(self, feed: Feed) -> str:
        """Return the feed's id, which depends on nothing that moves and which its archive pages share."""
        search = f"\0{feed.search}" if feed.search else ""
        return uuid.uuid5(ID_NAMESPACE, f"{self.id}\0{feed.path}{search}").urn

    def hubs_of(self, feed: Feed) -> tuple[str, ...]:
        """Return the hubs where a feed can be subscribed to; archive pages do not change."""
        return self.hubs if feed.page is None and feed.pushed else ()

    def neighbours(self, feed: Feed, suffix: str) -> Iterator[Link]:
        """Yield the links between a feed and its archive in the same format (RFC 5005 section 4)."""
        if feed.page is not None:
            yield Link(rel="current", href=self.link(f"{feed.path}.{suffix}"))
            # Written before there is such a page: a page must not change when the next one is full.
            newer = archive_path(feed.path, feed.page + 1)
            yield Link(rel="next-archive", href=self.link(f"{newer}.{suffix}"))
        if feed.older is not None:
            older = archive_path(feed.path, feed.older)
            yield Link(rel="prev-archive", href=self.link(f"{older}.{suffix}"))


def archive_path(path: str, number: int) -> str:
    """Return the path of an archive page of a list, without suffix."""
    return f"{path}/archive/{number}"


def encoded(path: str) -> str:
    """Return a path of ours percent-encoded (RFC 3986)."""
    return quote(path, safe=_PATH_SAFE)


def article_path(article: Article) -> str:
    """Return the path of an article's page here."""
    return f"/articles/{article.id.removeprefix('urn:uuid:')}"


def to_second(moment: datetime) -> datetime:
    """Return a moment as exactly as every format can say it."""
    return moment.replace(microsecond=0)


def rfc3339(moment: datetime) -> str:
    """Return an aware UTC moment as RFC 3339 section 5.6, to the second."""
    return to_second(moment).isoformat().replace("+00:00", "Z")
