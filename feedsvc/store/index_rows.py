"""The tables of the search index in a journal, and what a commit writes there: which articles it changed.

The words themselves stand in a table of SQLite's FTS5 without content, under the sequence numbers of their
articles. To take an entry out, FTS5 must be told what went in: until an article is indexed anew, its old
record and body are kept in `unindexed`, the only rows of a journal that stand in it twice.
"""

import sqlite3
from collections.abc import Iterable
from sqlite3 import Connection

from feedsvc.store.journal import Delta

INDEX_TABLES = (
    "CREATE TABLE unindexed (name TEXT PRIMARY KEY, record BLOB, body BLOB)",
    # Empty until the index is begun: the migration needs neither FTS5 nor long.
    "CREATE TABLE indexing (version INTEGER NOT NULL)",
)
"""`unindexed`: articles whose entry is not of today, with what it was made from; NULL where there is none,
and for a body that did not change since. `indexing`: how the entries were prepared; no row where the index
is to be begun."""
WORDS = "CREATE VIRTUAL TABLE words USING fts5(title, body, authors, content='', tokenize='ascii')"
"""Tokens are made by us, with spaces between: "ascii" leaves them alone, "unicode61" has its own letters."""
TITLE_WEIGHT, BODY_WEIGHT, AUTHORS_WEIGHT = 8.0, 1.0, 2.0


def note(connection: Connection, delta: Delta) -> None:
    """Note which articles a delta changes; to be called before its rows are written."""
    if delta.whole:  # other articles may have the same numbers
        forget(connection)
        return
    changed = {name for kind, name in delta.rows if kind in {"article", "body"}}
    connection.executemany(
        "INSERT OR IGNORE INTO unindexed SELECT ?1, "
        "(SELECT value FROM record WHERE kind = 'article' AND name = ?1), NULL",
        _named(sorted(changed)),
    )
    connection.executemany(
        "UPDATE unindexed SET body = (SELECT value FROM body WHERE kind = 'body' AND name = ?1) "
        "WHERE name = ?1 AND body IS NULL AND record IS NOT NULL",
        _named(sorted(name for kind, name in delta.rows if kind == "body")),
    )


def forget(connection: Connection) -> None:
    """Have the index begun anew; what was noted is worth nothing then."""
    connection.execute("DELETE FROM indexing")
    connection.execute("DELETE FROM unindexed")


def version(connection: Connection) -> int:
    """Return how the entries were prepared; 0 where the index is to be begun."""
    found = connection.execute("SELECT version FROM indexing").fetchone()
    return found[0] if found and isinstance(found[0], int) else 0


def begin(connection: Connection, number: int) -> None:
    """Begin the index: no entries yet, and every article is to be indexed."""
    forget(connection)
    _drop(connection)
    connection.execute(WORDS)
    connection.execute(
        "INSERT INTO unindexed "
        "SELECT name, NULL, NULL FROM record WHERE kind = 'article' AND value IS NOT NULL"
    )
    connection.execute("INSERT INTO indexing VALUES (?)", (number,))


def _drop(connection: Connection) -> None:
    try:
        connection.execute("DROP TABLE IF EXISTS words")
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        # Even to drop it, FTS5 reads these: let it find an index without entries.
        connection.execute("DELETE FROM words_data")
        connection.executemany("INSERT INTO words_data VALUES (?, ?)", [(1, b""), (10, bytes(7))])
        connection.execute("DROP TABLE words")


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error says that the index cannot be read, though the rest of the journal may."""
    corrupt = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
    return corrupt or str(error).startswith("no such table: words")


def _named(names: Iterable[str]) -> list[tuple[str]]:
    return [(name,) for name in names]
