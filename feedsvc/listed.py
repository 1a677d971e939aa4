"""What lists on the web name: items of a page, entries of a sitemap or a feed, feeds of an outline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from feedsvc.model import Enclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document that a listing page or a sitemap leads to."""

    url: str
    """Normalised (`weburl.key`): what the source calls the document."""
    title: str = ""
    published: datetime | None = None
    """Naive where no zone was written; the source's zone is then meant."""
    modified: datetime | None = None
    """A sitemap's `lastmod`, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list names, or why it names nothing."""

    items: tuple[Item, ...] = ()
    """In the order of the list, each address once."""
    problem: str = ""
    """Why the list, or the rest of it, could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap(Listed):
    """What a sitemap lists: documents, or, as an index, other sitemaps with `modified`."""

    sitemaps: tuple[Item, ...] = ()


ENTRY_ALONE = "its page gave no article: "
"""How the problem of an article begins that is only what a feed says of a page."""
ENTRY_ORIGIN = "upstream"
"""Where a field of an article came from that an entry of a feed says."""
UPDATED = "upstream updated"
"""The origin of a date of publication that a feed only gives as that of a change."""
ENTRY = "application/vnd.feedsvc.entry+json"
"""The media type of a document that is one entry of a feed (`encoded`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed that we read, as its feed says it: nothing sanitised, addresses absolute."""

    key: str
    """The upstream id, else the link normalised: what the source calls the document."""
    title: str = ""
    link: str | None = None
    html: str = ""
    """The content, else the summary, as mark-up; "" where it is `text` or there is none."""
    text: str = ""
    base: str | None = None
    """What relative references in `html` are read from (xml:base)."""
    summary: str = ""
    """Mark-up, where there is a content besides."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    """Both naive where no zone was written."""
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedListed:
    """What an upstream feed says of itself and holds."""

    entries: tuple[Entry, ...] = ()
    """In the order of the feed, each key once."""
    id: str = ""
    title: str = ""
    link: str | None = None
    """The page that the feed is of."""
    next: str | None = None
    """Where a paged feed goes on (RFC 5005 section 3)."""
    updated: datetime | None = None
    problem: str = ""
    broken: bool = False
    """Whether the answer broke off before its end."""


def encoded(entry: Entry) -> bytes:
    """Return an entry as the content of a document: equal entries give equal bytes."""
    return msgspec.json.encode(entry)


def decoded(content: bytes | str) -> Entry:
    """Return the entry that a document is; raise ValueError where it is none."""
    return msgspec.json.decode(content, type=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed that an outline names."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()
    """The outlines that it stands in, outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """The feeds of an outline (OPML), each address once."""

    feeds: tuple[Subscription, ...] = ()
    title: str = ""
    problem: str = ""


Kind = Literal["feed", "sitemap", "opml", "listing", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What kind of source an answer of the web looks like."""

    kind: Kind
    why: str
    """In words, for people."""
    feeds: tuple[Subscription, ...] = ()
    """Feeds that a page names as its own, best first."""
