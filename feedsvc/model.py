"""The nouns on the way of a document, each one frozen record.

Those that a page has dozens of, or a source thousands, are msgspec's: made, read, packed and compared several
times as fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from msgspec import Struct

DateRung = Literal[
    "front matter", "upstream", "metadata", "byline", "url", "file time", "first seen"
]  # the ladder of dates, best first (DESIGN promise 7)
TopicOrigin = Literal["explicit", "rules", "subjects", "entities"]

WEAK_RUNGS: frozenset[DateRung] = frozenset({"file time", "first seen"})
"""Rungs that say when we met the document, not what it says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes as a source gave them, not yet understood."""

    source: str
    key: str
    """What the source calls the document; the article's id derives from it."""
    media_type: str
    content: bytes
    location: str
    """The path or URL that people know the document by."""
    url: str | None = None
    """Where the document lives on the web, if it does."""
    charset: str | None = None
    """As declared in transport; None leaves it to the content."""
    modified: datetime | None = None
    beside: tuple[str, ...] = ()
    """Pictures near it that it may refer to, as paths from its directory, joined by `/`."""
    entry: bytes = b""
    """What the list that led to it says of it (`listed.encoded`)."""
    upstream: "Upstream | None" = None
    """The feed it was read from; where there is none, `entry` counts less than the document."""
    instead: str = ""
    """Why its page could not be had, where it is only what a feed says of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A document that gave no article, and why."""

    key: str
    reason: str
    retry: bool = False
    """True where the next tick should look again although nothing changed (half written, vanished)."""
    expected: bool = False
    """True for what is left out by design (an unsupported kind, a draft): no failure."""
    version: str = ""
    """What its source wants to know of it the next time; "" for nothing."""
    gone: bool = False
    """True where the document is proven to be gone for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a source's documents beforehand: the configuration, and the lines they share."""

    source: str
    site_id: str = "feedsvc"
    timezone: str = "UTC"
    """An IANA name; the zone of dates that name none."""
    language: str | None = None
    repeated: frozenset[str] = frozenset()
    """Lines that the source's flattened pages share; known from a scan of five and more."""

    @property
    def basis(self) -> str:
        """What an article owes to the configuration beside its document; another may read it otherwise."""
        return f"{self.site_id!r} {self.timezone} {self.language or '-'}"


class Headline(Struct, frozen=True, kw_only=True, gc=False):
    """A title (and link) listed on a page as related."""

    title: str
    url: str | None = None


class Label(Struct, frozen=True, kw_only=True, gc=False):
    """A topic a document names itself, in its own words, not yet filed."""

    name: str
    origin: str
    """Where it stood, such as "front matter"."""


class Assignment(Struct, frozen=True, kw_only=True, gc=False):
    """One topic of one article: where it came from and what matched."""

    slug: str
    name: str
    source: TopicOrigin
    matched: str
    code: str | None = None
    """An IPTC Media Topic code, `medtop:` and eight digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an article, such as a recording (RSS enclosure, JSON Feed attachment)."""

    url: str
    media_type: str
    length: int = 0
    """Bytes; 0 where nobody says."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The feed that an article was read from (RFC 4287 4.2.11)."""

    id: str
    title: str
    url: str
    """Of the feed itself."""
    updated: datetime


class Provenance(Struct, frozen=True, kw_only=True, gc=False):
    """Where one field of an article came from."""

    field: str
    """As the `extract` line names it; "body" stands for `text` and `html`."""
    origin: str
    """In words, such as "JSON-LD headline" or "byline line 4"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a document says, and what the store remembers of it."""

    id: str
    """`urn:uuid:…`, derived from site, source and key; never changes."""
    source: str
    key: str
    title: str
    text: str
    """Paragraphs with a blank line between."""
    html: str
    """The body as sanitised HTML."""
    summary: str
    published: datetime
    published_from: DateRung
    updated: datetime
    """Equals `published` until the document changes."""
    authors: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47, such as "zh-Hans" or "en"."""
    labels: tuple[Label, ...] = ()
    topics: tuple[Assignment, ...] = ()
    """What it is in the feeds of; before the store has seen it, all that was found."""
    held: tuple[Assignment, ...] = ()
    """What was found, too, and has no feed: too few documents share it, or its feed was deleted."""
    related: tuple[Headline, ...] = ()
    images: tuple[str, ...] = ()
    """The first one leads the article; one of `files` is a path here, as in `html`."""
    files: tuple[str, ...] = ()
    """Pictures beside its document that it shows, as paths from the document's directory."""
    enclosures: tuple[Enclosure, ...] = ()
    upstream: Upstream | None = None
    via: tuple[str, ...] = ()
    """Where else it was published."""
    url: str | None = None
    problems: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    """One a field that has a value, in the order of `extract.reading.FIELDS`."""
    sequence: int = 0
    """Position in the order of acknowledgement, from 1; 0 before the store has seen it."""
    acknowledged: datetime | None = None
    """When the store first took it."""
    revised: datetime | None = None
    """When the store took it as it is now."""
    weight: int = 0
    """Bytes it takes in a feed, at most (`weight`); 0 where nobody worked that out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What remains of an article that left its source on purpose (RFC 6721)."""

    id: str
    at: datetime


class Known(Struct, frozen=True, kw_only=True, gc=False):
    """What a source remembers of one document, to tell changed from unchanged."""

    version: str
    """Cheap to ask for: a file's stat, a page's validators."""
    digest: str
    """A hash of the content; "" where it was never read to the end."""
    article: str | None = None
    """The id of the article it gave, or None."""
    tries: int = 0
    """How often its extraction was cut short, by a deadline or the end of its process."""
    url: str = ""
    """Where it stands since it moved for good; "" where it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something wrong with a source, opened once and closed once."""

    source: str
    reason: str
    opened: datetime
    closed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source fares."""

    source: str
    kind: str
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    next_check: datetime | None = None
    failures: int = 0
    documents: int = 0
    missing: int = 0
    """Of these, how many the last scan did not find; they stay until another confirms it."""
    basis: str = ""
    """What the configuration said when they were read (`Hints.basis`); under another, all are read anew."""
    place: str = ""
    """Tells the place that they were in from another one at the same path, such as an empty mount point."""
    skipped: tuple[Skipped, ...] = ()
    incident: Incident | None = None
    """The open one, or None."""
    stale: datetime | None = None
    """From when on what it gave counts as stale, unless it is read again."""
    moved: str = ""
    """The address that it moved to for good."""
    ended: str = ""
    """The address that says it has ended, and is not asked any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one tick changes of one source."""

    health: Health
    articles: tuple[Article, ...] = ()
    """New and changed ones; sequence and acknowledgement are the store's to set."""
    withdrawn: tuple[str, ...] = ()
    """Ids of articles that left their source on purpose."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """By key; documents met or met anew in this tick."""
    missing: Mapping[str, datetime] = field(default_factory=dict)
    """By key: known documents that scans do not find, and since when."""
    forgotten: tuple[str, ...] = ()
    """Keys that are gone for good."""
    sample: Mapping[str, frozenset[str]] | None = None
    """By key, oldest first: the lines of some of the source's flattened pages; None where they stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A source's change, acknowledged as a whole."""

    at: datetime
    change: Change
    token: int | None = None
    """Of the claim on the source; None where nobody else can have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One run of the clock."""

    started: datetime
    seconds: float
    failure: str | None = None
    """The bug that ended it, or None."""
