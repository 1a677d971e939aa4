"""What the rows of a journal mean: their kinds, keys and values. Values are msgpack, never pickle.

A change of anything here that old values do not fit needs a migration (`sqlite.MIGRATIONS`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from feedsvc.errors import UnreadableError
from feedsvc.kept import RECORD, taken_over, written
from feedsvc.model import Article, Health, Incident, Known, Tombstone
from feedsvc.store.journal import RowKey
from feedsvc.topics import Entry

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""What a feed says of its last change before its first article."""
CHUNK = 50
"""Slots in one row: as many as stand on an archive page."""

ListKey = tuple[str, str]
"""A kind ("latest", "topic", "source") and a name within it; names a list of articles."""
Chunk = tuple[str | None, ...]
"""Slots of a list that follow each other: see `slots.Slots`."""
Packed = bytes
"""The long fields of an article: see `kept.pack`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """What is remembered of a list beside its slots; windows follow from it."""

    newest: datetime = NEVER
    """The commit that last changed it."""
    updated: datetime = NEVER
    """The newest change among its articles and tombstones; never goes back."""
    modified: datetime = NEVER
    """Its Last-Modified; grows with every publication (RFC 9110 8.8.2.2)."""
    tombstones: tuple[Tombstone, ...] = ()
    """Of what left its source within the last 30 days, the newest first."""
    sources: frozenset[str] = frozenset()
    """All that ever gave it an article, by name."""
    pages: tuple[datetime, ...] = ()
    """Last-Modified of its full archive pages, the oldest page first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is remembered of the edition as a whole."""

    sequence: int = 0
    """The highest sequence number given."""
    acknowledged: datetime = NEVER
    """The moment of the last commit; never goes back, whatever the clock does."""
    committed: datetime = NEVER
    """Last-Modified of all feeds together: grows with every commit that changes what one of them shows."""
    ticked: datetime = NEVER
    """The same for pages, which also show how sources fare: grows with every commit."""
    finished: bool = False
    """True once a first tick finished."""
    incidents_modified: datetime = NEVER
    fingerprint: str = ""
    """Of the configuration that wrote the lists; another one writes other bytes."""
    rulesets: tuple[str, ...] = ()
    """Digests of what decided on topics since all were last assigned anew, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How much of a log that several machines share a journal holds."""

    lineage: str
    """Names the log."""
    epochs: tuple[tuple[str, int], ...]
    """Its stretches up to here: a name, and the generation on which each went on."""
    generation: int
    """Where the journal stood then; at any other one, somebody wrote to it alone."""


KINDS: Mapping[str, Any] = {
    "article": RECORD,
    "body": Packed,
    "original": RECORD,
    "original body": Packed,
    "gone": Tombstone,
    "list": ListState,
    "slots": Chunk,
    "topic": Entry,
    "health": Health,
    "known": Known,
    "missing": datetime,
    "sample": tuple[tuple[str, tuple[str, ...]], ...],
    "incidents": tuple[Incident, ...],
    "ledger": Ledger,
    "shared": Mark,
}
"""By kind of row: the type of its value."""
BODIES = frozenset({"body", "original body"})
"""Kinds whose values are long."""
SHOWN = frozenset({*BODIES, "article", "original", "gone", "list", "slots", "topic"})
"""Kinds that feeds are written from."""
LEDGER: RowKey = ("ledger", "")
OVER: RowKey = ("incidents", "")
MARK: RowKey = ("shared", "")
"""Stays on its machine: see `shared`."""

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODERS = {kind: msgspec.msgpack.Decoder(type_) for kind, type_ in KINDS.items() if kind not in BODIES}


def encode(value: object) -> bytes:
    """Return the bytes of a row's value."""
    return _ENCODER.encode(value)


def decode(key: RowKey, value: bytes) -> Any:  # noqa: ANN401 (its type is KINDS[kind])
    """Return the value of a row; raise UnreadableError for bytes that do not fit its kind.

    Bodies stay packed: see `kept`.
    """
    if key[0] in BODIES:
        return taken_over(value)
    try:
        return _DECODERS[key[0]].decode(value)
    except (KeyError, msgspec.DecodeError) as error:
        raise UnreadableError(f"the row {key} cannot be read: {error}") from error


def list_name(key: ListKey) -> str:
    """Return the name of a list's row."""
    return "/".join(key)


def list_key(name: str) -> ListKey:
    """Return the list that a row is named for."""
    kind, _, rest = name.partition("/")
    return kind, rest


def slots_name(key: ListKey, number: int) -> str:
    """Return the name of the row with a chunk of a list's slots; chunks count from 0."""
    return f"{list_name(key)}/{number}"


def slots_key(name: str) -> tuple[ListKey, int]:
    """Return the list and the chunk that a row of slots is named for."""
    rest, _, number = name.rpartition("/")
    return list_key(rest), int(number)


def document_name(source: str, key: str) -> str:
    """Return the name of the rows about a document; a source's name has no slash."""
    return f"{source}/{key}"


def document_key(name: str) -> tuple[str, str]:
    """Return the source and the key that a row is named for."""
    source, _, key = name.partition("/")
    return source, key


def article_rows(article: Article, *, kind: str = "article") -> Iterator[tuple[RowKey, bytes]]:
    """Yield the rows of an article: its record and its body. `kind` is "article" or "original"."""
    record, body = written(article)
    yield (kind, article.id), record
    yield ("body" if kind == "article" else f"{kind} body", article.id), body
