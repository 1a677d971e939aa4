"""The page source: one page that is one article, followed for changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from feedsvc.errors import AbsentError
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources.asking import List, Web, ask
from feedsvc.sources.base import Found, Scan
from feedsvc.sources.queue import of_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page at an address."""

    name: str
    url: str
    """Normalised: also the key of its one document."""
    web: Web
    kind: ClassVar[str] = "page"

    @property
    def location(self) -> str:
        """Return the page's address."""
        return self.url

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:  # noqa: ARG002 (of every source)
        """Ask whether the page changed; one that is gone is missing until a second check finds it so."""
        what, met = List(source=self.name, url=self.url), known.get(self.url)
        try:
            asked = ask(self.web, what, known, anew=met is None or not met.version)
        except AbsentError:
            if met is None:
                raise
            return Scan(missing=frozenset({self.url}))
        notes = {what.note: asked.note}
        if asked.content is None:
            return Scan(notes=notes, fresh_for=asked.fresh_for, moved=asked.moved)
        document = of_answer(self.name, self.url, asked.content, asked.media_type, asked.charset)
        found = Found(
            key=self.url,
            version=asked.note.digest,
            address=self.url,
            document=replace(document, url=asked.url),
        )
        return Scan(found=(found,), notes=notes, fresh_for=asked.fresh_for, moved=asked.moved)

    def read(self, found: Found) -> Document | Skipped:
        """Return the page, which came with the scan."""
        return found.document or Skipped(key=found.key, reason="never asked for", retry=True)
