"""Looking into a journal's file without touching it: nothing is created, migrated or put aside."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from feedsvc.errors import JournalError
from feedsvc.heap import no_collection
from feedsvc.store.apply import apply
from feedsvc.store.database import APPLICATION_ID, BUSY, MIGRATIONS, migrate, version_of
from feedsvc.store.edition import Edition
from feedsvc.store.journal import Delta
from feedsvc.store.memory import Memory, remember
from feedsvc.store.rows import decode
from feedsvc.store.sqlite import rows_since, state


@contextmanager
def peek(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield one snapshot of a journal; raise JournalError for what is none, or not of this version."""
    with _snapshot(path) as connection:
        require_ours(connection)
        yield connection


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield one snapshot of a database; what goes wrong with it is a JournalError."""
    log = path.with_name(f"{path.name}-wal")
    alone = not log.exists()  # nobody has it open: without this, SQLite would leave two files beside it
    address = f"file:{quote(str(path.absolute()))}?{'immutable=1' if alone else 'mode=ro'}"
    try:
        with closing(sqlite3.connect(address, BUSY, isolation_level=None, uri=True)) as connection:
            connection.execute("BEGIN")
            yield connection
    except sqlite3.Error as error:
        raise JournalError(f"{path}: {error}") from error
    except JournalError as error:
        raise JournalError(f"{path}: {error}") from error
    if alone and log.exists():
        raise JournalError(f"{path}: a service started while it was read; try again")


def remembered(path: Path, first: Edition) -> tuple[Edition, Memory]:
    """Return what a journal holds, upon the edition of a configuration; raise JournalError."""
    with _converted(path) as connection:
        origin, generation, _ = state(connection)
        rows = {key: value for key, value in rows_since(connection, 0) if value is not None}
        delta = Delta(generation=generation, rows=rows, whole=True, origin=origin)
        with no_collection():
            return apply(first, delta), remember(Memory(), delta)


def kinds(path: Path) -> dict[str, str]:
    """Return what each source was when it was read last, by name; raise JournalError."""
    with _converted(path) as connection:
        found = connection.execute("SELECT name, value FROM record WHERE kind = 'health'")
        healths = [decode(("health", name), value) for name, value in found if value is not None]
    return {health.source: health.kind for health in healths if health.last_success}


@contextmanager
def _converted(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield one snapshot of a journal; one that an older feedsvc wrote is converted in memory.

    An upgrade is to be told before it is done. Raises JournalError as `peek` does for all others.
    """
    with _snapshot(path) as connection:
        if not 0 < version_of(connection) < len(MIGRATIONS):
            require_ours(connection)
            yield connection
            return
        _require_mark(connection)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            connection.backup(copy)
            migrate(copy)
            yield copy


def require_ours(connection: sqlite3.Connection) -> None:
    """Raise JournalError for a database that this feedsvc does not understand."""
    _require_mark(connection)
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise JournalError(f"a newer feedsvc wrote it: version {version}, here {len(MIGRATIONS)}")
    if version < len(MIGRATIONS):
        raise JournalError(f"an older feedsvc wrote it, version {version}: `feedsvc serve` will convert it")


def _require_mark(connection: sqlite3.Connection) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        raise JournalError("this is no journal")
