"""The search index of a journal: entries made in small batches after commits, read beside them.

A look at it says as of which generation it is, and which articles it lacks; together with these it is exact.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection
from threading import Lock
from threading import local as per_thread

from feedsvc.errors import JournalError
from feedsvc.kept import kept
from feedsvc.model import Article
from feedsvc.store.database import Database
from feedsvc.store.index_rows import (
    AUTHORS_WEIGHT,
    BODY_WEIGHT,
    TITLE_WEIGHT,
    begin,
    is_damage,
    version,
)
from feedsvc.store.journal import Journal
from feedsvc.store.rows import decode
from feedsvc.store.sqlite import SqliteJournal, state

BATCH = 100
"""Articles looked at in one transaction at most; it ends after `BATCH_SECONDS`, as others wait to commit."""
BATCH_SECONDS = 0.05
_STEPS = 1_000  # of SQLite's machine between two looks at the clock
_RANK = f"bm25(words, {TITLE_WEIGHT}, {BODY_WEIGHT}, {AUTHORS_WEIGHT})"
_Row = tuple[str, bytes | None, bytes | None, bytes | None, bytes | None]

Entry = tuple[str, str, str]
"""Title, body and authors of an article, as tokens separated by spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """How articles become entries."""

    version: int
    """Greater than that of any other way there was: the index is built anew after a change."""
    prepare: Callable[[Article], Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The index as of one generation; for one thread, and only while it is open."""

    generation: int
    unindexed: frozenset[str]
    """Ids of articles whose entries are not of today."""
    _connection: Connection

    def matching(self, expression: str) -> list[int]:
        """Return the numbers of the articles that an FTS5 expression matches."""
        found = self._connection.execute(
            "SELECT json_group_array(rowid) FROM words WHERE words MATCH ?", (expression,)
        ).fetchone()
        numbers: list[int] = json.loads(found[0])  # one long row is read in half the time of many short ones
        return numbers

    def ranked(self, expression: str, since: int) -> list[tuple[int, float]]:
        """Return the numbers, from one on, with their relevance: the lower, the better."""
        return self._connection.execute(
            f"SELECT rowid, {_RANK} FROM words WHERE words MATCH ? AND rowid >= ?",  # noqa: S608 (ours)
            (expression, since),
        ).fetchall()


class Index:
    """Reads the index of a journal on a connection a thread, and writes it on one of its own."""

    def __init__(self, journal: SqliteJournal, preparation: Preparation) -> None:
        self._preparation = preparation
        self._path = journal.path
        self._writing = Database(journal.path) if journal.path else journal.database
        self._here = per_thread()
        self._open = [self._writing]
        self._lock = Lock()
        self._broken = False

    @contextmanager
    def snapshot(self, unindexed: int, seconds: float) -> Iterator[Snapshot | None]:
        """Yield the index, None where it lacks more than `unindexed` articles or was not begun.

        What takes longer than `seconds` is interrupted. Raises JournalError.
        """
        until = time.monotonic() + seconds
        with self._reading().use() as connection:
            connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            try:
                connection.execute("BEGIN")
                yield self._snapshot(connection, unindexed)
            except sqlite3.Error as error:
                self._broken |= is_damage(error)
                raise JournalError(f"the search index: {error}") from error
            finally:
                connection.set_progress_handler(None, 0)
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def work(self) -> int:
        """Index some articles and return how many are left to look at. Raises JournalError.

        One that is damaged is begun anew by the next call: the bodies stand in the journal.
        """
        with self._writing.use() as connection:
            if not self._broken and not self._is_wanted(connection):
                return 0
        with self._writing.change() as connection:
            try:
                return self._batch(connection)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                self._broken = True
                raise JournalError(f"it is damaged and will be built anew: {error}") from error

    def close(self) -> None:
        """Close what is open."""
        for database in self._open:
            database.close()

    def _reading(self) -> Database:
        if self._path is None:
            return self._writing
        database: Database | None = getattr(self._here, "database", None)
        if database is None:
            database = self._here.database = Database(self._path)
            with self._lock:
                self._open.append(database)
        return database

    def _snapshot(self, connection: Connection, most: int) -> Snapshot | None:
        _, generation, _ = state(connection)
        if version(connection) != self._preparation.version or self._broken:
            return None
        rows = connection.execute("SELECT name FROM unindexed LIMIT ?", (most + 1,)).fetchall()
        if len(rows) > most:
            return None
        names = frozenset(name for (name,) in rows)
        return Snapshot(generation=generation, unindexed=names, _connection=connection)

    def _is_wanted(self, connection: Connection) -> bool:
        """Tell whether there is work; a newer feedsvc's index is left to that one."""
        number = version(connection)
        if number != self._preparation.version:
            return number < self._preparation.version
        return connection.execute("SELECT 1 FROM unindexed LIMIT 1").fetchone() is not None

    def _batch(self, connection: Connection) -> int:
        if self._broken or version(connection) < self._preparation.version:
            begin(connection, self._preparation.version)
            self._broken = False
        until = time.monotonic() + BATCH_SECONDS
        for row in _first(connection):
            self._renew(connection, row)
            connection.execute("DELETE FROM unindexed WHERE name = ?", (row[0],))
            if time.monotonic() > until:
                break
        (left,) = connection.execute("SELECT count(*) FROM unindexed").fetchone()
        return int(left)

    def _renew(self, connection: Connection, row: _Row) -> None:
        """Replace an article's entry, unless it stays the same."""
        _, old_record, old_body, record, body = row
        old = self._entry(old_record, old_body or body)
        new = self._entry(record, body)
        if old == new:
            return
        if old:
            connection.execute(
                "INSERT INTO words (words, rowid, title, body, authors) VALUES ('delete', ?, ?, ?, ?)", old
            )
        if new:
            connection.execute("INSERT INTO words (rowid, title, body, authors) VALUES (?, ?, ?, ?)", new)

    def _entry(self, record: bytes | None, body: bytes | None) -> tuple[int, str, str, str] | None:
        if record is None or body is None:
            return None
        article = kept(decode(("article", ""), record), decode(("body", ""), body))
        return (article.sequence, *self._preparation.prepare(article))


def index_of(journal: Journal, preparation: Preparation) -> Index:
    """Return the index of a journal, or of the one on this machine where it is shared."""
    local = getattr(journal, "local", journal)  # what shares is an extra, not to be imported
    assert isinstance(local, SqliteJournal), "no other journal has one"  # noqa: S101
    return Index(local, preparation)


def _first(connection: Connection) -> Sequence[_Row]:
    """Return what was noted first: what an entry was made from, and what it is to be made from."""
    return connection.execute(
        "SELECT unindexed.name, unindexed.record, unindexed.body, record.value, body.value FROM unindexed "
        "LEFT JOIN record ON record.kind = 'article' AND record.name = unindexed.name "
        "LEFT JOIN body ON body.kind = 'body' AND body.name = unindexed.name "
        "ORDER BY unindexed.rowid LIMIT ?",
        (BATCH,),
    ).fetchall()
