"""Looking after a journal's file: damage is found, room is given back, and looking changes nothing."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from feedsvc.errors import JournalError
from feedsvc.model import Change, Commit, Health
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.store.check import check_journal
from feedsvc.store.compact import compact_journal
from feedsvc.store.database import MIGRATIONS
from feedsvc.store.peek import peek
from feedsvc.store.rows import LEDGER, decode, encode
from feedsvc.store.sqlite import row_sum
from feedsvc.topics import TopicRule
from tests.builders import PLAIN, START, article, topic

Value = Any


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the journal of a service that published, changed and withdrew articles, and stopped."""
    found = tmp_path / "feedsvc.db"
    with closing(opened(found)) as store:
        fill(store)
    return found


def opened(path: Path) -> Store:
    health = [Health(source="town", kind="folder")]
    return Store(
        replace(PLAIN, rules=(TopicRule(slug="tax", name="Tax"),)), health, Limits(), SqliteJournal(path)
    )


def fill(store: Store) -> None:
    """Commit 120 articles, change one, and withdraw every tenth."""
    articles = [article(number, topics=(topic("Tax", "tax"),)) for number in range(1, 121)]
    commit(store, articles=tuple(articles))
    commit(store, articles=(replace(articles[4], title="Changed", text="Now."),))
    commit(store, withdrawn=tuple(each.id for each in articles[::10]))


def commit(store: Store, **changes: Value) -> None:
    at = START + timedelta(minutes=store.edition.generation)
    health = Health(source="town", kind="folder", last_attempt=at, last_success=at)
    store.commit(Commit(at=at, change=Change(health=health, **changes)))


def execute(path: Path, statement: str, *values: Value) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement, values)


def rows(path: Path, kind: str) -> dict[str, bytes]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name, value FROM record WHERE kind = ? AND value IS NOT NULL ORDER BY name", (kind,)
        )
        return dict(found.fetchall())


def put(path: Path, kind: str, name: str, value: bytes | None, table: str = "record") -> None:
    """Write a row as the newest generation would have."""
    total = row_sum(kind, name, 3, value)
    execute(path, f"INSERT OR REPLACE INTO {table} VALUES (?, ?, 3, ?, ?)", kind, name, value, total)  # noqa: S608


def drop(path: Path, kind: str, name: str, table: str = "record") -> None:
    execute(path, f"DELETE FROM {table} WHERE kind = ? AND name = ?", kind, name)  # noqa: S608


def id_of(number: int) -> str:
    return article(number).id


def changed(path: Path, number: int, **changes: Value) -> None:
    """Write the record of an article with other fields."""
    record = rows(path, "article")[id_of(number)]
    put(path, "article", id_of(number), encode(structs.replace(decode(("article", ""), record), **changes)))


def findings(path: Path) -> tuple[str, ...]:
    return check_journal(path).findings


def content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_sound_journal_has_no_findings_and_stays_as_it_is(path: Path) -> None:
    before = content(path.parent)
    report = check_journal(path)
    assert (report.findings, report.generation, report.articles) == ((), 3, 108)
    assert content(path.parent) == before


def test_a_new_journal_is_sound(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "new.db")):
        pass
    assert check_journal(tmp_path / "new.db").findings == ()


def test_a_journal_is_sound_beside_a_service_that_writes_and_read_as_of_now(path: Path) -> None:
    with closing(opened(path)) as store:
        commit(store, articles=(article(500),))
        report = check_journal(path)
        assert (report.findings, report.generation, report.articles) == ((), 4, 109)


def test_articles_of_a_source_that_is_not_configured_are_no_damage(path: Path) -> None:
    elsewhere = [Health(source="away", kind="folder")]
    with closing(Store(PLAIN, elsewhere, Limits(), SqliteJournal(path))) as store:
        store.settle("another", START)
        health = Health(source="away", kind="folder", last_success=START)
        new = (article(900, source="away", topics=(topic("Tax", "tax"),)),)
        store.commit(Commit(at=START + timedelta(days=1), change=Change(health=health, articles=new)))
    assert findings(path) == ()


def test_an_article_that_comes_back_is_no_damage(path: Path) -> None:
    with closing(opened(path)) as store:
        commit(store, articles=(article(1),))
    assert findings(path) == ()


def unindexed(path: Path) -> None:
    """Let an index disagree with its table: SQLite is told of another one, changes, and is told back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'record_since'").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        partial = f"{sql} WHERE kind != 'health'"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'record_since'", (partial,))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM record WHERE kind = 'health'")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'record_since'", (sql,))


FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "an article without body": (
        lambda path: drop(path, "body", id_of(2), "body"),
        [f"the article {id_of(2)} has no body"],
    ),
    "a body without article": (
        lambda path: put(path, "original body", "lost", encode({"text": "", "html": ""}), "body"),
        ["the original body lost has no article"],
    ),
    "an original without article": (
        lambda path: put(path, "original", "lost", rows(path, "article")[id_of(2)]),
        ["the original lost has no article"],
    ),
    "an article that is gone": (
        lambda path: put(path, "gone", id_of(2), encode({"id": id_of(2), "at": START})),
        [f"the article {id_of(2)} is told to be gone"],
    ),
    "a source that nobody read": (
        lambda path: changed(path, 2, source="moon"),
        [
            f"the article {id_of(2)} is of the source 'moon', which nobody read",
            "the list source/moon has no dates",
            f"the list source/moon lacks the article {id_of(2)}",
            f"the list source/town shows {id_of(2)}, which is in other lists",
        ],
    ),
    "no topic": (
        lambda path: drop(path, "topic", "tax"),
        [f"the article {id_of(2)} is filed under 'tax', which is no topic"],
    ),
    "another article's record": (
        lambda path: put(path, "article", id_of(2), rows(path, "article")[id_of(3)]),
        [
            f"the article {id_of(2)} says that it is {id_of(3)}",
            f"the article {id_of(3)} has the number 3 of another one",
        ],
    ),
    "a number given twice": (
        lambda path: changed(path, 2, sequence=3),
        [
            f"the article {id_of(2)} has the number 3 of another one",
            f"the article {id_of(3)} has the number 3 of another one",
        ],
    ),
    "a number that nobody gave": (
        lambda path: changed(path, 120, sequence=500),
        [f"the article {id_of(120)} has the number 500, but another slot in the latest list"],
    ),
    "acknowledged out of order": (
        lambda path: changed(path, 7, acknowledged=START + timedelta(days=9)),
        [f"the article {id_of(8)} was acknowledged before the one numbered before it, {id_of(7)}"],
    ),
    "never acknowledged": (
        lambda path: changed(path, 120, acknowledged=None),
        [f"the article {id_of(119)} or {id_of(120)} was never acknowledged"],
    ),
    "a lost chunk in the middle": (
        lambda path: drop(path, "slots", "latest//1"),
        [
            "120 numbers were given, but there are 70 slots in the latest list",
            "the list latest/ lacks a chunk of its slots: it has [0, 2]",
            f"the list latest/ lacks the article {id_of(52)}",
        ],
    ),
    "a chunk that is not full": (
        lambda path: put(path, "slots", "topic/tax/0", encode((id_of(2),))),
        [
            "the list topic/tax has a chunk that is not full before its last one",
            "the list topic/tax has 2 dated pages for 71 slots",
        ],
    ),
    "slots without dates": (
        lambda path: drop(path, "list", "topic/tax"),
        ["the list topic/tax has no dates"],
    ),
    "a slot that names nothing": (
        lambda path: put(path, "slots", "topic/tax/2", encode((*[None] * 19, "urn:uuid:nothing"))),
        ["the list topic/tax shows urn:uuid:nothing, which does not exist"],
    ),
    "an article shown twice": (
        lambda path: put(path, "slots", "topic/tax/2", encode((id_of(2), *[None] * 19))),
        [f"the list topic/tax shows {id_of(2)} 2 times"],
    ),
    "slots of no list": (
        lambda path: put(path, "slots", "latest//x", encode(())),
        ["invalid literal for int() with base 10: 'x'"],
    ),
    "a row ahead of the journal": (
        lambda path: execute(path, "UPDATE journal SET generation = 2"),
        [
            "38 rows of generation 3 are newer than the journal's 2",
            "the ledger is of generation 3, but the journal at 2",
        ],
    ),
    "a generation that wrote no ledger": (
        lambda path: execute(path, "UPDATE journal SET generation = 4"),
        ["the ledger is of generation 3, but the journal at 4"],
    ),
    "forgotten before it was": (
        lambda path: execute(path, "UPDATE journal SET forgotten = 9"),
        ["generation 9 is forgotten, but the newest is 3"],
    ),
    "no ledger": (
        lambda path: drop(path, *LEDGER),
        ["the ledger is of generation 0, but the journal at 3"],
    ),
    "a flipped value": (
        lambda path: execute(path, "UPDATE record SET value = x'80' WHERE kind = 'health'"),
        ["the row health 'town' is damaged"],
    ),
    "a value of another type": (
        lambda path: put(path, "health", "town", encode([1, 2])),
        ["the row ('health', 'town') cannot be read: Expected `object`, got `array`"],
    ),
    "a kind of tomorrow": (
        lambda path: put(path, "weather", "town", encode(1)),
        ["the row ('weather', 'town') cannot be read: 'weather'"],
    ),
    "a body among the records": (
        lambda path: put(path, "body", "stray", encode(1)),
        ["the row body 'stray' stands in the table record"],
    ),
    "a generation lost": (
        lambda path: execute(path, "DELETE FROM journal"),
        ["the file cannot be read to the end: it has lost its generation"],
    ),
    "a table lost": (
        lambda path: execute(path, "DROP TABLE body"),
        ["the file cannot be read to the end: no such table: body"],
    ),
    "an index that misses rows": (
        unindexed,
        ["the file is damaged: wrong # of entries in index record_since"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_damage_is_found(fault: str, path: Path) -> None:
    spoil, expected = FAULTS[fault]
    assert findings(path) == ()
    spoil(path)
    found = findings(path)
    assert [line for line in expected if line not in found] == [], found


def test_a_page_that_was_overwritten_is_found(path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[8192 : 8192 + 4096] = b"\xff" * 4096
    path.write_bytes(damaged)
    assert findings(path)[0].startswith("the file ")


STRANGERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a newer journal": (lambda path: execute(path, "PRAGMA user_version = 99"), "a newer feedsvc wrote it"),
    "an older journal": (lambda path: execute(path, "PRAGMA user_version = 0"), "an older feedsvc wrote it"),
    "another database": (lambda path: execute(path, "PRAGMA application_id = 7"), "this is no journal"),
    "a text": (lambda path: path.write_text("once upon a time " * 100), "file is not a database"),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("look", [check_journal, compact_journal])
def test_what_is_no_journal_of_this_version_is_left_alone(
    look: Callable[[Path], object], stranger: str, path: Path
) -> None:
    spoil, words = STRANGERS[stranger]
    spoil(path)
    before = content(path.parent)
    with pytest.raises(JournalError, match=rf"feedsvc\.db: {words}"):
        look(path)
    assert content(path.parent) == before
    assert len(MIGRATIONS) < 99


def test_a_service_that_starts_during_a_look_makes_it_void(path: Path) -> None:
    void = pytest.raises(JournalError, match="a service started while it was read")
    with closing(SqliteJournal(path)) as service, void, peek(path):
        service.read(0)


def test_compacting_gives_room_back_and_forgets_deletions_and_nothing_else(path: Path) -> None:
    with closing(opened(path)) as store:
        commit(store, withdrawn=tuple(store.edition.articles)[20:])
        generation = store.edition.generation
    with closing(SqliteJournal(path)) as journal:
        whole = journal.read(0)
    done = compact_journal(path)
    assert done.forgotten > 180  # records, bodies
    assert done.after < done.before
    assert done.after == path.stat().st_size
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert findings(path) == ()
    with closing(SqliteJournal(path)) as journal:
        assert journal.read(0) == whole
        assert journal.read(generation - 1).whole
        assert journal.read(generation).rows == {}


def test_compacting_twice_finds_nothing_more(path: Path) -> None:
    first = compact_journal(path)
    again = compact_journal(path)
    assert (again.before, again.forgotten) == (first.after, 0)


def test_compacting_refuses_while_a_service_has_the_journal_open(path: Path) -> None:
    with closing(opened(path)) as store:
        with pytest.raises(JournalError, match="is in use: stop every feedsvc that has it open"):
            compact_journal(path, wait=0.1)
        commit(store, articles=(article(700),))
    assert compact_journal(path, wait=0.1).forgotten > 0
    assert findings(path) == ()


def test_a_service_goes_on_with_the_file_after_it_was_compacted(path: Path) -> None:
    compact_journal(path)
    with closing(opened(path)) as store:
        commit(store, articles=(article(800),))
        assert len(store.edition.articles) == 109
    assert findings(path) == ()


def test_a_journal_that_cannot_be_written_is_not_compacted(path: Path) -> None:
    before = content(path.parent)
    execute(path, "CREATE TRIGGER stop BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(JournalError, match="full; see `feedsvc journal check`"):
        compact_journal(path)
    execute(path, "DROP TRIGGER stop")
    assert before.keys() == content(path.parent).keys()
    assert findings(path) == ()
    assert check_journal(path).rows == rows_of(path)


def rows_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        counts: Iterable[tuple[int]] = connection.execute(
            "SELECT count(*) FROM record UNION ALL SELECT count(*) FROM body"
        )
        return sum(count for (count,) in counts)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: execute(path, "DROP TABLE body"), "no such table: body"),
        (Path.unlink, "unable to open database file"),
    ],
)
def test_what_keeps_a_journal_from_being_compacted_is_told(
    spoil: Callable[[Path], object], words: str, path: Path
) -> None:
    spoil(path)
    with pytest.raises(JournalError, match=rf"feedsvc\.db: {words}"):
        compact_journal(path)
