"""One connection to the file of a journal: opened when it is used, again when another file lies there.

A file that cannot be read, or that a newer feedsvc wrote, is renamed aside and never deleted.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from feedsvc.errors import JournalError, UnfitError, UnreadableError
from feedsvc.store.index_rows import INDEX_TABLES

APPLICATION_ID = 0x66656564
"""Marks a file as ours ("feed"); another program's database is never touched."""
BUSY = 5.0
"""Seconds to wait while another process commits; a claim lasts longer."""
WAL_BYTES = 64 * 1024 * 1024
"""What is left of the write-ahead log after a large commit."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SHORT_READ = sqlite3.SQLITE_IOERR_SHORT_READ
_SIDES = ("-wal", "-shm", "")  # the log first: a new file must never meet the old one's

_ROWS = (
    "(kind TEXT, name TEXT, generation INTEGER NOT NULL, value BLOB, sum INTEGER, PRIMARY KEY (kind, name))"
)
_CLAIM = (
    "(source TEXT PRIMARY KEY, owner TEXT NOT NULL, token INTEGER NOT NULL, until REAL NOT NULL, boot TEXT)"
)
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE journal (origin TEXT NOT NULL, generation INTEGER NOT NULL, forgotten INTEGER)",
        "INSERT INTO journal VALUES (lower(hex(randomblob(16))), 0, 0)",
        f"CREATE TABLE record {_ROWS}",
        f"CREATE TABLE body {_ROWS}",
        "CREATE INDEX record_since ON record (generation)",
        "CREATE INDEX body_since ON body (generation)",
        "CREATE INDEX record_deleted ON record (generation) WHERE value IS NULL",
        "CREATE INDEX body_deleted ON body (generation) WHERE value IS NULL",
        f"CREATE TABLE claim {_CLAIM}",
    ),
    INDEX_TABLES,
)
"""The statements that lead from each version to the next; a file's `user_version` counts those it has had."""

_Identity = tuple[int, int]


class Database:
    """A connection for one thread at a time. `path` None keeps everything in memory."""

    def __init__(self, path: Path | None, *, durable: bool = True) -> None:
        self._path = path
        self._synchronous = "FULL" if durable else "NORMAL"
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._opened: _Identity | None = None
        self._frozen = False
        self._as_read: tuple[int, int] | None = None
        self._hindrance = ""
        self._closed = False

    @contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection; what goes wrong with it is a JournalError.

        UnreadableError says that the file was damaged; then it lies aside, and the next use begins anew.
        """
        with self._lock:
            if self._closed:
                raise JournalError("the journal is closed")
            try:
                yield self._current()
            except UnreadableError as error:
                raise self._put_aside(str(error)) from error
            except sqlite3.Error as error:
                if _is_damage(error):
                    raise self._put_aside(str(error)) from error
                kind = UnfitError if _is_unfit(error, self._path) else JournalError
                raise kind(f"{self._name}: {self._hindrance or error}") from error

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection within a transaction that nobody else writes beside."""
        with self.use() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection for good."""
        with self._lock:
            self._closed = True
            self._drop()

    @property
    def _name(self) -> str:
        return str(self._path or ":memory:")

    def _current(self) -> sqlite3.Connection:
        """Return the connection to what lies at the path now."""
        if self._connection is not None and self._is_stale():
            self._drop()
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _is_stale(self) -> bool:
        """Tell whether another file lies at the path, or one that can be written or was by now."""
        if self._path is None:
            return False
        if _identity(self._path) != self._opened or (self._frozen and _is_writable(self._path)):
            return True
        return self._as_read is not None and (_has_log(self._path) or _written(self._path) != self._as_read)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._path is None:
            return _prepared(_connected(":memory:"), self._synchronous)
        with _folder_lock(self._path.parent):  # it is begun and renamed by one process at a time
            try:
                return self._opened_at(self._path)
            finally:
                self._opened = _identity(self._path)

    def _opened_at(self, path: Path) -> sqlite3.Connection:
        address = f"file:{quote(str(path.absolute()))}"
        self._frozen, self._as_read, self._hindrance = path.exists() and not _is_writable(path), None, ""
        if not self._frozen:
            try:
                return _prepared(_connected(address), self._synchronous)
            except sqlite3.Error as error:
                if not _is_want_of_room(error) or _has_log(path) or not _written(path)[1]:
                    raise
                self._frozen, self._hindrance = True, str(error)  # until the next use, which tries again
        if _has_log(path):  # part of the journal stands there, or another mount of the same disk writes it
            return _understood(_connected(f"{address}?mode=ro"))
        self._as_read = _written(path)  # SQLite itself would never look again
        return _understood(_connected(f"{address}?immutable=1"))

    def _put_aside(self, reason: str) -> JournalError:
        """Rename the file that was opened, unless another process has done so; return what to say."""
        if self._path is None:
            return UnreadableError(f"{self._name}: {reason}")
        self._drop()
        if self._frozen:  # it may be sound to those who can write to it
            return UnfitError(f"{self._name}: {reason}; it can only be read, so it stays where it is")
        aside = f"{self._path.name}.aside-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
        try:
            with _folder_lock(self._path.parent):
                if _identity(self._path) == self._opened:
                    for side in _SIDES:
                        with suppress(FileNotFoundError):
                            Path(f"{self._path}{side}").rename(self._path.with_name(f"{aside}{side}"))
        except OSError as error:
            return JournalError(f"{self._name}: {reason}; it cannot be put aside: {error.strerror}")
        return UnreadableError(f"{self._name}: {reason}; kept as {aside}, and a new journal is begun")


def _connected(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, BUSY, isolation_level=None, check_same_thread=False, uri=True)


def _prepared(connection: sqlite3.Connection, synchronous: str) -> sqlite3.Connection:
    """Return a connection that waits, logs ahead and has the newest schema."""
    with _closed_on_failure(connection):
        _refuse_foreign(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        if version_of(connection) < len(MIGRATIONS):
            migrate(connection)
    return _understood(connection)


def _understood(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a connection to a file of this version; raise UnreadableError for any other."""
    with _closed_on_failure(connection):
        version = version_of(connection)
        if version != len(MIGRATIONS):
            age = "a newer" if version > len(MIGRATIONS) else "an older"
            raise UnreadableError(f"{age} feedsvc wrote it: version {version}, here {len(MIGRATIONS)}")
    return connection


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if mark != APPLICATION_ID and tables:
        raise UnfitError("this is the database of another program; set state.path to another file")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to the newest version in one transaction; whoever comes second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    for version in range(version_of(connection), len(MIGRATIONS)):
        for statement in MIGRATIONS[version]:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many migrations a database has had."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the file is broken, not that it cannot be had just now."""
    code = getattr(error, "sqlite_errorcode", None)
    # As when the file was cut to nothing, or a text in it overwritten; these have no code of their own.
    lost = str(error).startswith(("no such table", "Could not decode"))
    return lost or (code is not None and (code == _SHORT_READ or code & 0xFF in _DAMAGED))


def _is_want_of_room(error: sqlite3.Error) -> bool:
    """Tell whether SQLite found no room for the files beside a journal, which it needs even to read."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def _is_unfit(error: sqlite3.Error, path: Path | None) -> bool:
    """Tell whether there is no journal and none can be begun."""
    cannot = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CANTOPEN
    return cannot and path is not None and not path.exists()


def _identity(path: Path) -> _Identity | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _written(path: Path) -> tuple[int, int]:
    """Return what differs after the file was written to."""
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_size


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder; where that cannot be had, do without."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
