"""What a document says of itself, as the reader of its media type found it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import Self

from feedsvc import text
from feedsvc.model import DateRung, Enclosure, Headline, Label

FIELDS = ("title", "authors", "published", "language", "body", "summary", "url")
"""What an article says the provenance of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One date a document gives for its publication, and where it stood."""

    rung: DateRung
    when: datetime
    """Naive where no zone was written; the source's zone is then meant."""
    origin: str = ""
    """Where exactly, such as "byline line 4" or "JSON-LD datePublished"; the rung's name where empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An article's body in both its forms."""

    html: str = ""
    text: str = ""
    images: tuple[str, ...] = ()
    """Here and in the HTML, pictures near the document stand below `urls.BESIDE`."""

    @classmethod
    def plain(cls, paragraphs: Sequence[str]) -> Self:
        """Return a body of paragraphs without mark-up."""
        html = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
        return cls(html=html, text="\n\n".join(paragraphs))

    def cleaned(self) -> Self:
        """Return a body without what XML refuses: character references may stand for anything."""
        return replace(self, html=text.clean(self.html), text=text.clean(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Findings of a reader: but for the body not yet cleaned, weighed against each other or completed."""

    title: str = ""
    body: Body = Body()
    authors: tuple[str, ...] = ()
    published: tuple[Claim, ...] = ()
    updated: tuple[datetime, ...] = ()
    language: str | None = None
    id: str | None = None
    url: str | None = None
    summary: str = ""
    labels: tuple[Label, ...] = ()
    related: tuple[Headline, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    problems: tuple[str, ...] = ()
    origin: str = "document"
    """Where the fields were found of which `origins` does not say more, such as "front matter"."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """By name of `FIELDS` (dates say it in their claims): where a field was found, such as "h1"."""
