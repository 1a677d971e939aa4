"""Reads the shared log from Redis: its head, what changed, or everything there is.

Lengths are asked for before what is long is read, so a planted gigabyte never gets here.
"""

from collections.abc import Callable, Iterator
from typing import NoReturn

from feedsvc.errors import JournalError, UnreadableError
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.rows import MARK
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import (
    BATCH,
    FIELDS,
    FRAME,
    INLINE,
    INLINE_ROWS,
    NAME,
    VALUE,
    Entry,
    Head,
    entry_of,
    head_of,
    refuse,
    row_key,
    sound,
    unpack_rows,
    unpack_value,
)

BUCKETS = 256
_ENTRY = INLINE + INLINE_ROWS * NAME
_LONGEST = VALUE + BATCH + FRAME

Rows = dict[RowKey, bytes | None]


class Log:
    """What all machines agree on; reads only."""

    def __init__(self, server: Server, readable: Callable[[RowKey, bytes], object]) -> None:
        """`readable` raises UnreadableError for a row that must not get into a journal."""
        self._server = server
        self._readable = readable

    def head(self) -> Head:
        """Return where the log stands."""
        word, rest = self._server.run("look", FRAME, *FIELDS)
        if word != "ok":
            refuse("head", f"{rest[0].decode()} is too long")
        return head_of(rest[0], rest[1:])

    def changes(self, head: Head, since: int) -> Delta | None:
        """Return what leads from a generation to the head; None where the log does not reach back so far."""
        rows: Rows = {}
        at = since
        while at < head.generation:
            word, found = self._server.run("entries", at, BATCH, _ENTRY)
            if word != "ok":
                refuse("log", f"entry {found[0].decode()} is too long")
            if not found:
                return None
            for generation, entry in (entry_of(*each) for each in found):
                changed = self._rows(entry) if entry.base == at else None
                if changed is None:
                    return None
                rows.update(changed)
                at = generation
                if at >= head.generation:
                    break
        return Delta(generation=at, rows=self._checked(rows))

    def everything(self, head: Head) -> tuple[Delta, Head]:
        """Return all rows there are, and the head they lead to: commits may come in while this reads."""
        rows: Rows = {}
        for number in range(BUCKETS if head.rows else 0):
            rows.update(self._bucket(f"rows:{head.rows}:{number:02x}"))
        after = self.head()
        delta = self.changes(after, head.folded) if after.rows == head.rows else None
        if delta is None or not after.is_open:
            raise JournalError("Redis was filled anew while it was read")
        rows.update(delta.rows)
        rows = {key: value for key, value in rows.items() if value is not None}
        if not after.unfolded and len(rows) != after.count:
            self._doubt(after, len(rows))
        return Delta(generation=delta.generation, rows=self._checked(rows), whole=True), after

    def piece(self, parts: str, number: int) -> Rows | None:
        """Return the rows of one part of a large generation; None where they are gone."""
        (packed,) = self._take(f"parts:{parts}", [str(number).encode()])
        return None if packed is None else unpack_rows(packed)

    def _rows(self, entry: Entry) -> Rows | None:
        if entry.whole:
            return None
        rows = unpack_rows(entry.rows) if entry.rows else {}
        for number in range(entry.count):
            piece = self.piece(entry.parts, number)
            if piece is None:
                return None
            rows.update(piece)
        return rows

    def _bucket(self, key: str) -> Iterator[tuple[RowKey, bytes]]:
        word, found = self._server.run("names", key, NAME)
        if word != "ok":
            refuse("rows", f"{key} has a field with too long a name")
        for names in _pages(key, zip(found[::2], found[1::2], strict=True)):
            for name, packed in zip(names, self._take(key, names), strict=True):
                if packed is not None:  # deleted since; the log tells
                    kind_and_name = row_key(name)
                    yield kind_and_name, sound(kind_and_name, unpack_value(packed))

    def _take(self, key: str, names: list[bytes]) -> list[bytes | None]:
        word, rest = self._server.run("take", key, _LONGEST, *names)
        if word != "ok":
            refuse(key, "a value is too long")
        values: list[bytes | None] = rest[0]
        return values

    def _checked(self, rows: Rows) -> Rows:
        try:
            for key, value in rows.items():
                if key[0] == MARK[0]:
                    refuse("rows", f"a row {key}")
                if value is not None:
                    self._readable(key, value)
        except UnreadableError as error:
            refuse("rows", error)
        return rows

    def _doubt(self, head: Head, found: int) -> NoReturn:
        self._server.run("doubt", head.generation)
        raise JournalError(
            f"Redis holds {found} of {head.count} rows: it must evict none (maxmemory-policy noeviction)"
        )


def _pages(key: str, fields: Iterator[tuple[bytes, int]]) -> Iterator[list[bytes]]:
    """Yield names whose values are not too much to ask for at once."""
    page: list[bytes] = []
    total = 0
    for name, length in fields:
        if length > VALUE + FRAME:
            refuse(key, f"a value of {length} bytes")
        if page and (total + length > BATCH or len(page) == INLINE_ROWS):
            yield page
            page, total = [], 0
        page.append(name)
        total += length
    if page:
        yield page
