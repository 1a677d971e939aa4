"""What stands in Redis: names, values, entries of the log; and how much of it is believed.

Values are msgpack of fixed types, so that nothing read can run. Whatever does not fit is a JournalError.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

import msgspec

from feedsvc.errors import JournalError, UnreadableError
from feedsvc.kept import taken_over, unpack
from feedsvc.store.journal import RowKey
from feedsvc.store.rows import BODIES

SCHEMA = 1
"""Of all that stands in Redis; a newer one is left alone."""
NAME = 8 * 1024
"""Most bytes of a row's kind and name; a path has 4,096 at most."""
VALUE = 64 * 1024 * 1024
"""Most bytes of a row: a document of 10 MiB, as text and as HTML with every character escaped."""
BATCH = 1024 * 1024
"""Bytes sent or asked for at once, where one row is not larger."""
INLINE = 256 * 1024
"""Bytes of the rows that a commit carries in one script; more are staged before it."""
INLINE_ROWS = 2_000
FRAME = 64 * 1024
"""What may come on top of a value: names, numbers, msgpack."""

Row = tuple[RowKey, bytes | None]
_Value = TypeVar("_Value", bytes, bytes | None)


class Epoch(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of the log in which Redis forgot nothing."""

    name: str
    parent: int
    """The generation on which it goes on; what the epoch before has beyond that is no part of the log."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where the log stands; of an emptied Redis, every field's default."""

    schema: int = 0
    lineage: str = ""
    """Names the log through all its epochs."""
    epochs: tuple[Epoch, ...] = ()
    generation: int = 0
    folded: int = 0
    """The generation whose rows all stand in the buckets."""
    unfolded: int = 0
    """The one whose parts do not yet; 0 for none."""
    parts: str = ""
    pieces: int = 0
    part: int = 0
    """The next part to fold."""
    rows: str = ""
    """Names the buckets; "" until there are rows."""
    count: int = 0
    """Rows in all buckets: fewer mean that Redis evicted some."""
    life: str = ""
    """Of the server when the epoch began."""
    damaged: bool = False
    server: str = ""
    """The life of the server that answered."""

    @property
    def epoch(self) -> str:
        """The name of the epoch that lasts."""
        return self.epochs[-1].name if self.epochs else ""

    @property
    def is_open(self) -> bool:
        """Whether commits are taken."""
        return bool(self.schema) and self.life == self.server and not self.damaged


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One generation in the log."""

    size: int
    base: int
    epoch: str
    rows: bytes = b""
    parts: str = ""
    count: int = 0
    whole: str = ""


FIELDS = tuple(name for name in Head.__struct_fields__ if name != "server")
_ROWS = msgspec.msgpack.Decoder(list[tuple[str, str, bytes | None]])
_VALUE = msgspec.msgpack.Decoder(tuple[int, bytes])
_EPOCHS = msgspec.json.Decoder(tuple[Epoch, ...])
_PACK = msgspec.msgpack.Encoder().encode


def refuse(where: str, problem: object) -> NoReturn:
    """Raise for what makes no sense, and say how to get rid of it."""
    raise JournalError(
        f"what Redis holds makes no sense ({where}: {problem}); it is left alone. "
        "Delete its keys to have the newest journal fill it again"
    )


def head_of(server: bytes, values: Iterable[bytes | None]) -> Head:
    """Return the head from the fields of its hash."""
    found: dict[str, Any] = {
        name: value.decode("ascii", "replace") for name, value in zip(FIELDS, values, strict=True) if value
    }
    schema = found.get("schema", "0")
    if schema.isdecimal() and int(schema) > SCHEMA:
        raise JournalError(
            f"a newer feedsvc writes to this Redis (schema {schema}, here {SCHEMA}): update this one"
        )
    try:
        if "epochs" in found:
            found["epochs"] = _EPOCHS.decode(found["epochs"])
        found["damaged"] = "damaged" in found
        return msgspec.convert(found | {"server": server.decode()}, Head, strict=False)
    except (msgspec.DecodeError, ValueError) as error:
        refuse("head", error)


def entry_of(number: bytes, fields: list[bytes]) -> tuple[int, Entry]:
    """Return a generation and its entry from what the stream holds."""
    try:
        found: dict[str, Any] = {
            name.decode(): value if name == b"rows" else value.decode()
            for name, value in zip(fields[::2], fields[1::2], strict=True)
        }
        generation, _, tail = number.decode().partition("-")
        if tail != "0":
            refuse("log", f"entry {number!r}")
        return int(generation), msgspec.convert(found, Entry, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        refuse("log", error)


def epochs_text(epochs: Iterable[Epoch]) -> bytes:
    """Return epochs as the head holds them."""
    return msgspec.json.encode(tuple(epochs))


def field_name(key: RowKey) -> bytes:
    """Return the name of a row's field."""
    return "\0".join(key).encode()


def row_key(name: bytes) -> RowKey:
    """Return the row that a field is named for."""
    try:
        kind, between, rest = name.decode().partition("\0")
    except UnicodeDecodeError as error:
        refuse("rows", error)
    if not between:
        refuse("rows", f"a field named {name[:80]!r}")
    return kind, rest


def bucket(name: bytes) -> str:
    """Return which of 256 hashes a row stands in: a hash is listed whole, so none may get long."""
    return f"{zlib.crc32(name) & 0xFF:02x}"


def pack_value(generation: int, value: bytes) -> bytes:
    """Return a row's value as a bucket holds it."""
    return _PACK((generation, value))


def unpack_value(packed: bytes) -> bytes:
    """Return the value of a row from its bucket."""
    try:
        return _VALUE.decode(packed)[1]
    except msgspec.DecodeError as error:
        refuse("rows", error)


def pack_rows(rows: Iterable[Row]) -> bytes:
    """Return rows as an entry or a part holds them."""
    return _PACK([(*key, value) for key, value in rows])


def unpack_rows(packed: bytes) -> dict[RowKey, bytes | None]:
    """Return the rows of an entry or a part."""
    try:
        return {(kind, name): sound((kind, name), value) for kind, name, value in _ROWS.decode(packed)}
    except msgspec.DecodeError as error:
        refuse("log", error)


def sound(key: RowKey, value: _Value) -> _Value:
    """Return a row's value; bodies, which are unpacked only when somebody reads them, are tried before."""
    if value is not None and key[0] in BODIES:
        try:
            unpack(taken_over(value))
        except UnreadableError as error:
            refuse("rows", error)
    return value


def batches(rows: Mapping[RowKey, bytes | None]) -> Iterator[list[Row]]:
    """Yield rows in pieces that are sent at once; raise JournalError for one that is too large."""
    batch: list[Row] = []
    total = 0
    for key, value in rows.items():
        size = _size(key, value)
        if batch and (total + size > BATCH or len(batch) == INLINE_ROWS):
            yield batch
            batch, total = [], 0
        batch.append((key, value))
        total += size
    if batch:
        yield batch


def is_small(rows: Mapping[RowKey, bytes | None]) -> bool:
    """Tell whether a commit can carry the rows itself."""
    return len(rows) <= INLINE_ROWS and sum(_size(key, value) for key, value in rows.items()) <= INLINE


def _size(key: RowKey, value: bytes | None) -> int:
    size, name = len(value or b""), len(field_name(key))
    if size > VALUE or name > NAME:
        raise JournalError(f"the row {key[0]} {key[1][:80]!r} is too large to be shared")
    return size + name
