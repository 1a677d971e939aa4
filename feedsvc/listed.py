"""What lists on the web name: items of a page, entries of a sitemap or a feed, feeds of an outline."""

from dataclasses import dataclass
from datetime import datetime


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
