"""Giving back the room in a journal's file that nothing needs any more."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from feedsvc.errors import JournalError
from feedsvc.store.index_rows import forget, is_damage, version
from feedsvc.store.peek import require_ours
from feedsvc.store.sqlite import forget_deletions, state

WAIT = 5.0
"""Seconds to wait for another process to let go of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """What came of it; sizes in bytes, with the write-ahead log."""

    before: int
    after: int
    forgotten: int
    """Deletions that were remembered for processes that follow."""


def compact_journal(path: Path, wait: float = WAIT) -> Compaction:
    """Drop remembered deletions and rewrite the file without gaps; raise JournalError and change nothing.

    A process that follows and was away for longer reads everything anew; as nobody has the file open,
    nobody follows. Who opens it meanwhile reads on and waits to commit: SQLite sees to that.
    """
    before = _size(path)
    try:
        _require_alone(path, wait)
        with closing(_opened(path, wait)) as connection:
            forgotten = _forget(connection)
            _merge_index(connection)
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise JournalError(
                f"{path} is in use: stop every feedsvc that has it open, then compact"
            ) from error
        raise JournalError(f"{path}: {error}") from error
    except sqlite3.Error as error:
        raise JournalError(f"{path}: {error}; see `feedsvc journal check`") from error
    except JournalError as error:
        raise JournalError(f"{path}: {error}") from error
    return Compaction(before=before, after=_size(path), forgotten=forgotten)


def _opened(path: Path, wait: float) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(address, wait, isolation_level=None, uri=True)


def _require_alone(path: Path, wait: float) -> None:
    """Raise while another process has the file open: a lock that it holds all the time is asked for."""
    with closing(_opened(path, wait)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        require_ours(connection)


def _forget(connection: sqlite3.Connection) -> int:
    connection.execute("BEGIN IMMEDIATE")
    _, generation, _ = state(connection)
    before = connection.total_changes
    until = forget_deletions(connection, generation)
    forgotten = connection.total_changes - before
    connection.execute("UPDATE journal SET forgotten = ?", (until,))
    connection.execute("COMMIT")
    return forgotten


def _merge_index(connection: sqlite3.Connection) -> None:
    """Drop what the index holds of words that are gone; one that is damaged is built anew later."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version(connection):
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        forget(connection)
    connection.execute("COMMIT")


def _size(path: Path) -> int:
    log = path.with_name(f"{path.name}-wal")
    return sum(each.stat().st_size for each in (path, log) if each.exists())
