"""The journal in SQLite: a file that several processes of one machine share, or memory."""

import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from sqlite3 import Connection

from feedsvc.errors import BehindError, StaleClaimError, UnreadableError
from feedsvc.store.database import Database
from feedsvc.store.index_rows import note
from feedsvc.store.journal import Claim, Delta, RowKey
from feedsvc.store.rows import BODIES

KEPT = 10_000
"""Generations for which a deletion is remembered; who was away for longer reads everything anew."""
MEMORY = ":memory:"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TABLES = ("record", "body")
WRONG = -2
"""A sum that no row has."""


class SqliteJournal:
    """Rows in two tables (bodies are long), each with a sum that tells a damaged value."""

    def __init__(
        self, path: Path | None, *, clock: Callable[[], float] = time.monotonic, kept: int = KEPT
    ) -> None:
        """`path` None remembers in memory; `clock` is what all processes of the machine agree on."""
        self.path = path
        self._writing = Database(path)
        # In a file, who reads or claims waits for no commit; a claim need not outlive the machine.
        self._reading = Database(path) if path else self._writing
        self._claiming = Database(path, durable=False) if path else self._writing
        self._clock = clock
        self._kept = kept
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else ""

    @property
    def database(self) -> Database:
        """The connection that commits; where the journal is in memory, there is no other."""
        return self._writing

    def read(self, since: int) -> Delta:
        """Return what changed after a generation; costs one look at one row where nothing did."""
        with self._reading.use() as connection:
            origin, generation, _ = state(connection)
            if generation <= since:
                return Delta(generation=generation, origin=origin)
            connection.execute("BEGIN")  # one snapshot
            try:
                origin, generation, forgotten = state(connection)
                whole = since == 0 or since < forgotten
                rows = dict(rows_since(connection, 0 if whole else since))
            finally:
                connection.execute("ROLLBACK")
        if whole:
            rows = {key: value for key, value in rows.items() if value is not None}
        return Delta(generation=generation, rows=rows, whole=whole, origin=origin)

    def write(self, delta: Delta, base: int, claims: Mapping[str, int]) -> None:
        """Acknowledge a delta in one transaction."""
        with self._writing.change() as connection:
            origin, generation, forgotten = state(connection)
            if generation != base or (delta.origin and delta.origin != origin):
                raise BehindError(base, generation)
            for source, token in claims.items():
                _require(connection, source, token)
            note(connection, delta)
            for table in TABLES:
                connection.executemany(
                    f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?)",  # noqa: S608 (a name of ours)
                    _values(delta, table),
                )
            if delta.whole:
                forgotten = _forget_others(connection, delta.generation)
            elif delta.generation - forgotten > 2 * self._kept:
                forgotten = forget_deletions(connection, delta.generation - self._kept)
            connection.execute(
                "UPDATE journal SET generation = ?, forgotten = ?", (delta.generation, forgotten)
            )

    def claim(self, source: str, owner: str, seconds: float) -> Claim | None:
        """Return a claim on a source, new or renewed, or None while another owner's lasts."""
        with self._claiming.change() as connection:
            now = self._clock()
            holder, token, until, boot = _holding(connection, source)
            if holder not in {"", owner} and boot == self._boot and now < until:
                return None
            token += holder != owner
            connection.execute(
                "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?)",
                (source, owner, token, now + seconds, self._boot),
            )
        return Claim(source=source, owner=owner, token=token)

    def release(self, claim: Claim) -> None:
        """Give a claim back; its token is stale from now on."""
        with self._claiming.change() as connection:
            connection.execute(
                "UPDATE claim SET owner = '' WHERE source = ? AND token = ?", (claim.source, claim.token)
            )

    def close(self) -> None:
        """Close the file."""
        for database in (self._claiming, self._reading, self._writing):
            database.close()


def state(connection: Connection) -> tuple[str, int, int]:
    """Return origin, generation and the generation up to which deletions are forgotten."""
    found = connection.execute("SELECT origin, generation, forgotten FROM journal").fetchone()
    if found is None:
        raise UnreadableError("it has lost its generation")
    origin, generation, forgotten = found
    if not (isinstance(origin, str) and isinstance(generation, int) and isinstance(forgotten, int)):
        raise UnreadableError(f"its generation makes no sense: {found}")
    return origin, generation, forgotten


def _holding(connection: Connection, source: str) -> tuple[str, int, float, str]:
    found = connection.execute(
        "SELECT owner, token, until, boot FROM claim WHERE source = ?", (source,)
    ).fetchone()
    if found is None:
        return "", secrets.randbits(30), 0.0, ""  # a journal begun anew repeats no token
    owner, token, until, boot = found
    if not (isinstance(owner, str) and isinstance(token, int) and isinstance(until, float)):
        raise UnreadableError(f"the claim on {source!r} makes no sense")
    return owner, token, until, boot


def _require(connection: Connection, source: str, token: int) -> None:
    """Raise StaleClaimError unless a token is the newest and held; an expired one nobody took will do."""
    holder, newest, _, _ = _holding(connection, source)
    if token != newest or not holder:
        raise StaleClaimError(source)


def rows_since(connection: Connection, since: int) -> Iterator[tuple[RowKey, bytes | None]]:
    """Yield rows that changed after a generation; raise UnreadableError for one that is damaged."""
    for table in TABLES:
        found = connection.execute(
            f"SELECT kind, name, generation, value, sum FROM {table} WHERE generation > ?",  # noqa: S608
            (since,),
        )
        for kind, name, generation, value, total in found:
            if total != row_sum(kind, name, generation, value):
                raise UnreadableError(f"the row {kind} {name!r} is damaged")
            yield (kind, name), value


def _values(delta: Delta, table: str) -> Iterator[tuple[str, str, int, bytes | None, int]]:
    generation, rows = delta.generation, delta.rows
    # In the order of the index: a hundred thousand new articles, by their random ids, take a fifth more.
    for key in sorted([key for key in rows if (table == "body") == (key[0] in BODIES)]):
        value = rows[key]
        yield *key, generation, value, row_sum(*key, generation, value)


def row_sum(kind: str, name: str, generation: int, value: bytes | None) -> int:
    """Return what tells a damaged row: SQLite itself trusts what it reads."""
    try:
        start = zlib.crc32(f"{kind}/{name}".encode(), generation & 0xFFFFFFFF)
        return -1 if value is None else zlib.crc32(value, start)
    except TypeError:  # SQLite keeps any type in any column
        return WRONG


def _forget_others(connection: Connection, generation: int) -> int:
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE generation != ?", (generation,))  # noqa: S608
    return generation


def forget_deletions(connection: Connection, until: int) -> int:
    """Drop deletions up to a generation and return it: who knows less than that reads everything anew."""
    for table in TABLES:
        connection.execute(
            f"DELETE FROM {table} WHERE value IS NULL AND generation <= ?",  # noqa: S608
            (until,),
        )
    return until
