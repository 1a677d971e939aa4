"""The listing source: a page of links, each of which is fetched once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from feedsvc.errors import SourceError
from feedsvc.listed import Listed
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources.asking import List, Web, ask, called
from feedsvc.sources.base import Found, Scan
from feedsvc.sources.queue import fetched, queue

Links = Callable[[bytes, str, str | None], Listed]
"""Reads the items of a page: its content, its address and the charset that its head declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The documents that a page on the web leads to."""

    name: str
    url: str
    web: Web
    links: Links
    now: Callable[[], datetime]
    items: str = ""
    """A CSS selector that names the items; "" for the links that look like articles."""
    kind: ClassVar[str] = "listing"

    @property
    def location(self) -> str:
        """Return the page's address."""
        return self.url

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        """Ask whether the page changed, and find what it leads to that was never read.

        That an item leaves the page says nothing; a page that shows none any more is not believed.
        """
        what = List(source=self.name, url=self.url, mark=self.items)
        asked = ask(self.web, what, known)
        listed = Listed()
        if asked.content is not None:
            listed = self.links(asked.content, asked.url, asked.charset)
            if not listed.items:
                raise SourceError(self.name, f"{self.url}: {listed.problem or 'no items'}")
        items = [replace(each, url=called(each.url, self.url, asked, known)) for each in listed.items]
        found, waiting = queue(items, known, now)
        return Scan(
            found=found,
            notes={**waiting, what.note: asked.note},
            fresh_for=asked.fresh_for,
            moved=asked.moved,
        )

    def read(self, found: Found) -> Document | Skipped:
        """Return a document that the page leads to."""
        return found.document or fetched(self.web, self.name, found, self.now)
