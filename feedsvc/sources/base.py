"""What every source can do: say what changed, then hand over one document at a time."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from feedsvc.model import Document, Known, Skipped

NOTE = " "
"""What the names of notes begin with that stand beside documents; no document's key on the web does."""
NEVER_MET = Known(version="", digest="")
"""What is known of a document, or a list, before its first look; no document has that version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document worth reading: new, or with another version than the known one."""

    key: str
    version: str
    """Cheap to ask for, and different whenever the content may be."""
    address: str
    """Where `read` finds it: a path below the root as the file system spells it, or a URL."""
    modified: datetime | None = None
    memo: str = ""
    """What the source remembers of it besides, in its own words."""
    document: Document | Skipped | None = None
    """What `read` gives, where that is known already."""
    listed: Document | None = None
    """What a list says of it, where `read` asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one look at a source found out, in order of keys."""

    found: tuple[Found, ...] = ()
    missing: frozenset[str] = frozenset()
    """Known keys that are proven to be gone; what could not be looked at is not among them."""
    unwanted: frozenset[str] = frozenset()
    """Those among them that the configuration leaves out, whether they are there or not."""
    skipped: tuple[Skipped, ...] = ()
    pending: bool = False
    """True when something was skipped only because it was still being written."""
    whole: bool = True
    """False after a look at some documents only; nothing can be missing then."""
    place: str = field(default="", compare=False)
    """What tells the place looked at from another one at the same path; "" where that cannot happen."""
    notes: Mapping[str, Known] = field(default_factory=dict)
    """What to remember until the next scan that is no document: lists, and documents still to be read."""
    fresh_for: timedelta | None = None
    """How long the source promises to stay as it is."""
    moved: str = ""
    """The address that it moved to for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file beside a document as it is now."""

    content: bytes
    modified: datetime
    """When it last changed, or was put in the place of another."""


class Source(Protocol):
    """One place that documents come from; all five members are safe to use from any thread."""

    @property
    def name(self) -> str:
        """Return the slug that people and ids know the source by."""
        ...

    @property
    def kind(self) -> str:
        """Return the word the configuration uses for sources of this kind."""
        ...

    @property
    def location(self) -> str:
        """Return the path or URL as people write it."""
        ...

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        """Look what changed against what is known; raise SourceError when the whole cannot be read."""
        ...

    def read(self, found: Found) -> Document | Skipped:
        """Return one document, or why it cannot be had."""
        ...


MANY = 1_000
"""Finished documents of a source from which on a scan of it is cheaper than looking at each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What is known to be finished in a source since somebody last asked."""

    names: frozenset[str] = frozenset()
    """Where `look` finds the documents: paths below the root as the file system spells them."""
    scan: bool = False
    """True where names do not say it all, and a scan does."""

    def then(self, later: "Arrivals") -> "Arrivals":
        """Return what is finished after another answer, too."""
        names = self.names | later.names
        if self.scan or later.scan or len(names) > MANY:
            return Arrivals(scan=True)
        return Arrivals(names=names)


@runtime_checkable
class Watchable(Protocol):
    """A source that can look at some documents only, since something tells which are finished."""

    def look(self, names: Iterable[str], known: Mapping[str, Known]) -> Scan:
        """Compare these documents with what is known; SourceError as in `scan`."""
        ...


def digest(content: bytes, beside: Iterable[str] = ()) -> str:
    """Return what tells touched from changed: equal for equal bytes and names beside them, 64 hex digits."""
    names = "".join(f"\0{name}" for name in beside)
    return hashlib.sha256(content + names.encode()).hexdigest()
