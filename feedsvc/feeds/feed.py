"""What every format is written from: one feed, its articles and its addresses."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from feedsvc.model import Article

ID_NAMESPACE = uuid.UUID("6f1c1ba7-7a4e-5d0b-9f0e-1d8f5f3c2a61")
"""Names the ids of feeds, which stay when titles, hosts and ports change."""
_PATH_SAFE = "/+,-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An ordered window on articles, ready to be written in any format."""

    path: str
    """The list's page, such as "/topics/社区"; a suffix makes it a feed."""
    title: str
    subtitle: str
    updated: datetime
    articles: tuple[Article, ...]
    language: str
    ttl: int
    """Seconds after which a poll may bring something new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes: the one place that links come from."""

    title: str
    base_url: str
    """Without a trailing slash."""
    id: str

    def link(self, path: str) -> str:
        """Return the absolute URL of a path of ours, percent-encoded (RFC 3986)."""
        return self.base_url + encoded(path)

    def article_link(self, article: Article) -> str:
        """Return where an article is read: at its own URL, else on its page here."""
        return article.url or self.link(article_path(article))

    def feed_id(self, feed: Feed) -> str:
        """Return the feed's id, which depends on nothing that moves."""
        return uuid.uuid5(ID_NAMESPACE, f"{self.id}\0{feed.path}").urn


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
