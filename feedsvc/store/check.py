"""Looking for damage in a journal: in its file, in its rows, in what they say of one another."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from feedsvc.errors import UnreadableError
from feedsvc.store.index_check import index_faults
from feedsvc.store.peek import peek
from feedsvc.store.rows import BODIES, decode
from feedsvc.store.soundness import Contents, faults
from feedsvc.store.sqlite import TABLES, row_sum, state


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a look for damage found."""

    generation: int = 0
    rows: int = 0
    articles: int = 0
    findings: tuple[str, ...] = ()
    """One line each; none where all is sound."""


def check_journal(path: Path) -> Checked:
    """Return what is wrong with a journal; raise JournalError for a file that is none."""
    findings: list[str] = []
    contents = Contents()
    with peek(path) as connection:
        try:
            findings += _damage(connection)
            _, contents.generation, forgotten = state(connection)
            if forgotten > contents.generation:
                findings.append(
                    f"generation {forgotten} is forgotten, but the newest is {contents.generation}"
                )
            for table in TABLES:
                findings += _read(connection, table, contents)
        except (sqlite3.Error, UnreadableError) as error:  # what was read so far says too little of the rest
            return Checked(findings=(*findings, f"the file cannot be read to the end: {error}"))
        findings += index_faults(connection, contents.of("article"))
    findings += faults(contents)
    return Checked(
        generation=contents.generation,
        rows=contents.rows,
        articles=len(contents.of("article")),
        findings=tuple(findings),
    )


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"the file is damaged: {line}"


def _read(connection: sqlite3.Connection, table: str, contents: Contents) -> Iterator[str]:
    """Put a table's rows among the contents, and yield what is wrong with single ones."""
    ahead: defaultdict[int, int] = defaultdict(int)
    found = connection.execute(f"SELECT kind, name, generation, value, sum FROM {table}")  # noqa: S608 (ours)
    for kind, name, generation, value, total in found:
        contents.rows += 1
        if total != row_sum(kind, name, generation, value):
            yield f"the row {kind} {name!r} is damaged"
            continue
        if generation > contents.generation:
            ahead[generation] += 1
        if (table == "body") != (kind in BODIES):
            yield f"the row {kind} {name!r} stands in the table {table}"
        elif value is not None:
            try:
                contents.put(kind, name, decode((kind, name), value), generation)
            except (UnreadableError, ValueError) as error:
                yield str(error)
    for generation, count in ahead.items():
        yield f"{count} rows of generation {generation} are newer than the journal's {contents.generation}"
