"""What becomes of a journal whose file is damaged, foreign, unwritable, or on a full disk."""

import gc
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import BehindError, JournalError, UnreadableError
from feedsvc.kept import read, written
from feedsvc.model import Change, Commit, Health
from feedsvc.store import JOURNAL, LATEST, Edition, Limits, SqliteJournal, Store
from feedsvc.store.apply import apply
from feedsvc.store.check import check_journal
from feedsvc.store.database import APPLICATION_ID, MIGRATIONS, Database
from feedsvc.store.decide import Batch, decide
from feedsvc.store.edition import first_edition
from feedsvc.store.journal import Delta
from feedsvc.store.memory import Memory
from feedsvc.store.rows import article_rows
from feedsvc.topics import TopicRule
from tests.builders import PLAIN, START, article, rich, topic

SOURCES = (Health(source="town", kind="folder"),)


def a_store(path: Path) -> Store:
    return Store(PLAIN, SOURCES, Limits(), SqliteJournal(path))


def commit(store: Store, *numbers: int, text: str = "It was said.") -> Edition:
    health = replace(SOURCES[0], last_success=START, last_attempt=START)
    articles = tuple(article(number, text=text, topics=(topic("parks"),)) for number in numbers)
    return store.commit(Commit(at=START, change=Change(health=health, articles=articles)))


def shown(store: Store) -> int:
    return len(store.edition.lists[LATEST].ids)


def troubles(store: Store) -> str:
    assert all(each.source == JOURNAL for each in store.edition.troubles)
    return "; ".join(each.reason for each in store.edition.troubles)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a journal with three articles lies, closed."""
    found = tmp_path / "feedsvc.db"
    store = a_store(found)
    commit(store, 1, 2, 3)
    store.close()
    return found


def aside(path: Path) -> list[Path]:
    return [each for each in path.parent.iterdir() if ".aside-" in each.name]


def test_a_commit_is_on_disk_when_it_returns_and_no_other_file_stays_behind(path: Path) -> None:
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as reading:
        assert reading.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert reading.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert reading.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert shown(a_store(path)) == 3


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda content: content[: len(content) // 2],
    "cut to a page": lambda content: content[:4096],
    "not a database": lambda _: b"no database at all " * 500,
    "zeroed in the middle": lambda content: content[:8192] + bytes(20_000) + content[28_192:],
    "a bit flipped in a text": lambda content: content.replace(b"It was said.", b"It was paid.", 1),
    "a bit flipped in the header": lambda content: b"sQLite" + content[6:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_kept_aside_and_a_new_journal_begun(path: Path, damage: str) -> None:
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    damaged = path.read_bytes()
    store = a_store(path)
    (kept,) = aside(path)
    assert kept.read_bytes() == damaged
    assert f"kept as {kept.name}" in troubles(store)
    assert (shown(store), store.edition.generation) == (0, 0)
    commit(store, 1)
    assert troubles(store) == ""
    assert [each.reason for each in store.edition.over if kept.name in each.reason]
    store.close()
    again = a_store(path)
    assert (shown(again), len(again.edition.over)) == (1, 1)
    assert aside(path) == [kept]


def test_a_bit_that_flips_anywhere_never_stops_the_start(path: Path) -> None:
    good = path.read_bytes()
    for position in range(0, len(good), 397):
        path.write_bytes(good[:position] + bytes([good[position] ^ 0x10]) + good[position + 1 :])
        try:
            store = a_store(path)
        except JournalError as error:  # the mark of another program: the file is left alone
            assert "another program" in str(error)  # noqa: PT017
            continue
        if shown(store) == 3:
            texts = {each.text for each in store.edition.articles.values()}
            assert texts == {"It was said."}
        commit(store, 9)
        store.close()


def test_an_empty_file_is_a_new_journal(path: Path) -> None:
    path.write_bytes(b"")
    assert troubles(a_store(path)) == ""
    assert aside(path) == []


def test_a_file_of_a_newer_feedsvc_is_kept_aside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    store = a_store(path)
    assert "a newer feedsvc wrote it: version 99" in troubles(store)
    assert len(aside(path)) == 1


def test_the_database_of_another_program_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (words TEXT)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="database of another program"):
        a_store(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_row_that_makes_no_sense_leaves_the_file_alone_and_is_told(path: Path) -> None:
    journal = SqliteJournal(path)
    journal.write(Delta(generation=2, rows={("topic", "x"): b"\xc1"}), 1, {})
    journal.close()
    with pytest.raises(UnreadableError, match="cannot be read"):
        a_store(path)
    assert aside(path) == []


def test_an_older_schema_is_migrated_where_it_lies(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = ("ALTER TABLE journal ADD COLUMN note TEXT",)
    monkeypatch.setattr("feedsvc.store.database.MIGRATIONS", (*MIGRATIONS, step))
    store = a_store(path)
    assert shown(store) == 3
    with closing(sqlite3.connect(path)) as reading:
        assert reading.execute("SELECT note FROM journal").fetchone() == (None,)
    assert aside(path) == []


def test_what_runs_fills_the_journal_that_a_newcomer_begins_beside_a_damaged_file(path: Path) -> None:
    here = a_store(path)
    before = commit(here, 4)
    path.write_bytes(b"gone mad" * 4096)
    newcomer = a_store(path)
    assert "file is not a database" in troubles(newcomer)
    assert shown(newcomer) == 0
    after = here.catch_up()
    assert after == replace(before, generation=before.generation + 1)
    assert newcomer.catch_up().articles == before.articles
    assert newcomer.edition.generation == after.generation
    commit(newcomer, 5)
    assert troubles(newcomer) == ""
    assert here.catch_up() == newcomer.edition == a_store(path).edition


def test_a_file_that_turns_out_to_be_damaged_at_a_commit_is_begun_anew_with_all_that_is_served(
    path: Path,
) -> None:
    store = a_store(path)
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute("DROP TABLE journal")
    with pytest.raises(UnreadableError, match="no such table: journal; kept as"):
        commit(store, 4)
    assert shown(store) == 3
    assert "kept as" in troubles(store)
    commit(store, 4)
    assert troubles(store) == ""
    assert shown(a_store(path)) == 4


def test_a_process_that_has_nothing_to_write_finds_that_it_could_once_another_commits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.store.database.BUSY", 0.01)
    here, there = a_store(path), a_store(path)
    published: list[int] = []
    here.subscribe(lambda: published.append(len(here.edition.troubles)))
    with closing(sqlite3.connect(path)) as another:
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            here.claim("town", 12)
    here.catch_up()
    assert "locked" in troubles(here)
    held = there.claim(JOURNAL, 60)
    assert held
    commit(there, 4)
    here.catch_up()
    assert "locked" in troubles(here)  # nobody can tell
    there.release(held)
    commit(there, 5)
    here.catch_up()
    assert troubles(here) == ""
    assert published[-1] == 0
    assert there.claim(JOURNAL, 60)


def test_a_file_that_is_deleted_while_it_is_used_is_written_anew(path: Path) -> None:
    store = a_store(path)
    path.unlink()
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    generation = store.edition.generation
    store.catch_up()
    assert store.edition.generation == generation + 1
    assert shown(store) == 3
    assert shown(a_store(path)) == 3
    commit(store, 4)
    assert shown(a_store(path)) == 4


def test_a_store_that_knows_less_takes_in_a_journal_that_was_begun_anew(path: Path) -> None:
    ahead, behind = a_store(path), a_store(path)
    for number in (4, 5, 6):
        commit(ahead, number)
    path.unlink()
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    ahead.catch_up()
    behind.catch_up()
    assert behind.edition == ahead.edition
    assert shown(behind) == 6


def test_a_closed_journal_is_a_trouble_that_shows_and_nothing_is_acknowledged(path: Path) -> None:
    store = a_store(path)
    told: list[Edition] = []
    store.subscribe(lambda: told.append(store.edition))
    store.close()
    before = store.edition
    with pytest.raises(JournalError):
        commit(store, 4)
    with pytest.raises(JournalError):
        store.claim("town", 12)
    assert shown(store) == 3
    assert store.edition.generation == before.generation
    assert troubles(store) == "the journal is closed"
    assert store.edition.incidents_modified > before.incidents_modified
    assert told[-1] is store.edition
    assert len(store.edition.incidents) == 1


def test_reading_that_works_again_closes_its_trouble(path: Path) -> None:
    store = a_store(path)
    hidden = path.with_name("hidden")
    path.parent.rename(path.parent.with_name("moved"))
    store.catch_up()
    assert "unable to open database file" in troubles(store)
    path.parent.with_name("moved").rename(path.parent)
    store.catch_up()
    assert troubles(store) == ""
    assert not hidden.exists()


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Mount a small file system of its own; only root may."""
    mount = shutil.which("mount")
    if os.geteuid() or mount is None:
        pytest.skip("mounting a small file system needs root")
    folder.mkdir()
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607 (where the system has it)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)  # noqa: S607


def test_a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=2m") as disk:
        store = a_store(disk / "feedsvc.db")
        commit(store, 1)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(disk).free - 16_384))
        before = store.edition
        for number in range(2, 5):
            with pytest.raises(JournalError, match=r"full|disk I/O error"):
                commit(store, number, text="x" * 100_000)
        assert shown(store) == 1
        assert store.edition.generation == before.generation
        assert len(store.edition.troubles) == 1
        ballast.unlink()
        assert commit(store, 2).generation == before.generation + 1
        assert troubles(store) == ""
        assert store.edition.over[0].closed is not None
        store.close()
        again = a_store(disk / "feedsvc.db")
        assert again.edition.articles == store.edition.articles
        assert aside(disk / "feedsvc.db") == []
        again.close()


def test_a_disk_that_is_read_only_still_gives_what_was_acknowledged(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=4m") as disk:
        first = a_store(disk / "feedsvc.db")
        commit(first, 1, 2)
        first.close()
        remount(disk, "ro")
        store = a_store(disk / "feedsvc.db")
        assert shown(store) == 2
        with pytest.raises(JournalError):
            commit(store, 3)
        assert "attempt to write a readonly database" in troubles(store)
        assert store.catch_up().generation == 1
        remount(disk, "rw")
        assert commit(store, 3).generation == 2
        assert shown(store) == 3
        store.close()


def test_a_full_disk_at_the_start_still_gives_what_was_acknowledged(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=2m") as disk:
        first = a_store(disk / "feedsvc.db")
        commit(first, 1)
        first.close()
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(disk).free))
        store = a_store(disk / "feedsvc.db")
        assert shown(store) == 1
        with pytest.raises(JournalError, match=r"full|disk I/O error"):
            commit(store, 2)
        ballast.unlink()
        assert commit(store, 2).generation == 2
        store.close()
        assert shown(a_store(disk / "feedsvc.db")) == 2


@contextmanager
def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have another program hold a journal's file, for longer than anybody waits."""
    monkeypatch.setattr("feedsvc.store.database.BUSY", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as locking:
        locking.execute("PRAGMA locking_mode = EXCLUSIVE")
        locking.execute("BEGIN EXCLUSIVE")
        yield


def test_a_journal_that_is_locked_at_the_start_is_loaded_later_and_nothing_is_read_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(path, monkeypatch):
        store = a_store(path)
        assert "database is locked" in troubles(store)
        with pytest.raises(JournalError, match="could not be read yet"):
            store.claim("town", 12)
    store.catch_up()
    assert (shown(store), troubles(store)) == (3, "")
    assert store.claim("town", 12)
    assert commit(store, 4).generation == 2
    assert shown(a_store(path)) == 4


@contextmanager
def read_only_view(folder: Path, at: Path) -> Iterator[Path]:
    """Mount a folder a second time, for reading only."""
    at.mkdir()
    subprocess.run(["mount", "--bind", str(folder), str(at)], check=True)  # noqa: S607
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(at)], check=True)  # noqa: S607
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)  # noqa: S607


def test_who_may_only_read_follows_a_process_that_writes(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=8m") as disk, read_only_view(disk, tmp_path / "view") as view:
        here = a_store(disk / "feedsvc.db")
        commit(here, 1, 2)
        there = a_store(view / "feedsvc.db")
        assert shown(there) == 2
        commit(here, 3)
        assert there.catch_up() == here.edition
        there.close()
        here.close()  # the last, so that no log is left
        there = a_store(view / "feedsvc.db")
        again = a_store(disk / "feedsvc.db")
        commit(again, 4)
        assert there.catch_up() == again.edition
        there.close()
        again.close()
        assert [each.name for each in view.iterdir()] == ["feedsvc.db"]
        there = a_store(view / "feedsvc.db")
        brief = a_store(disk / "feedsvc.db")
        commit(brief, 5)
        brief.close()
        assert shown(there) == 4
        there.catch_up()
        assert (shown(there), troubles(there)) == (5, "")
        assert aside(disk / "feedsvc.db") == []
        there.close()


def test_a_journal_that_was_not_closed_is_whole_to_who_may_only_read_it(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=8m") as disk:
        writing = a_store(disk / "feedsvc.db")
        commit(writing, 1, 2, 3)
        (disk / "killed").mkdir()
        for each in list(disk.glob("feedsvc.db*")):
            shutil.copy(each, disk / "killed")
        writing.close()
        killed = disk / "killed" / "feedsvc.db"
        with read_only_view(killed.parent, tmp_path / "view") as view:
            store = a_store(view / "feedsvc.db")
            assert (shown(store), troubles(store)) == (3, "")
            store.close()
        assert aside(killed) == []


def test_a_journal_that_is_loaded_late_is_settled_when_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(path, monkeypatch):
        store = a_store(path)
        store.settle("another configuration", START)
        assert store.edition.generation == 0
    assert store.catch_up().fingerprint == "another configuration"
    assert a_store(path).edition.generation == store.catch_up().generation == 2


def test_who_never_ingests_tries_again_to_settle_and_then_shows_no_trouble(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.store.database.BUSY", 0.01)
    monkeypatch.setattr("feedsvc.store.store._SETTLE_AGAIN", 0.0)
    store, told = a_store(path), list[str]()
    store.subscribe(lambda: told.append(troubles(store)))
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            store.settle("another configuration", START)
        assert "locked" in troubles(store)
        assert "locked" in (store.catch_up(), troubles(store))[1]
    assert store.catch_up().fingerprint == "another configuration"
    assert (troubles(store), told[-1]) == ("", "")
    assert [each.reason for each in store.edition.over if each.closed] != []


def test_a_settlement_that_another_process_made_ends_the_trouble_with_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.store.database.BUSY", 0.01)
    monkeypatch.setattr("feedsvc.store.store._SETTLE_AGAIN", 0.0)
    store = a_store(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError):
            store.settle("another configuration", START)
    a_store(path).settle("another configuration", START)
    assert store.catch_up().generation == 2
    assert troubles(store) == ""


def test_a_trouble_with_a_file_that_was_put_aside_is_over_when_somebody_has_filled_the_new_one(
    path: Path,
) -> None:
    path.write_bytes(b"no database at all " * 500)
    store = a_store(path)
    assert "kept as" in troubles(store)
    store.catch_up()
    assert "kept as" in troubles(store)
    commit(a_store(path), 1)
    store.catch_up()
    assert (shown(store), troubles(store)) == (1, "")


def test_a_trouble_that_went_by_itself_is_told_of_with_the_next_commit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(path, monkeypatch):
        store = a_store(path)
    store.catch_up()
    assert (troubles(store), store.edition.over) == ("", ())
    for number in (4, 5):
        commit(store, number)
        (over,) = store.edition.over
        assert over.closed
        assert "locked" in over.reason


def test_a_journal_in_a_folder_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="unable to open database file"):
        a_store(tmp_path / "none" / "feedsvc.db")


def test_a_source_that_is_no_longer_configured_is_hidden_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path, limits = tmp_path / "feedsvc.db", Limits(count=5, time=timedelta(hours=1))
    both = (*SOURCES, Health(source="hill", kind="folder"))
    store = Store(PLAIN, both, limits, SqliteJournal(path))
    for number in range(1, 121):
        name = "hill" if number % 2 else "town"
        change = Change(
            health=Health(source=name, kind="folder", last_success=START),
            articles=(article(number, source=name, topics=(topic("parks"),)),),
        )
        store.commit(Commit(at=START + timedelta(hours=number), change=change))
    whole = store.edition
    one = Store(PLAIN, SOURCES, limits, SqliteJournal(path))
    edition = one.edition
    assert set(edition.health) == {"town"}
    assert ("source", "hill") not in edition.lists
    assert edition.is_retired("hill")
    assert not edition.is_retired("town")
    assert {each.source for each in edition.articles.values()} == {"town"}
    assert edition.lists[LATEST].slots[0] is None
    assert len(edition.lists[LATEST].slots) == 120
    assert [each.id for each in edition.archived(LATEST, 1)] == [
        each.id for each in whole.archived(LATEST, 1) if each.source == "town"
    ]
    assert not edition.gone
    commit(one, 500)
    follower = Store(PLAIN, SOURCES, limits, SqliteJournal(path))
    assert follower.edition == one.edition
    back = Store(PLAIN, both, limits, SqliteJournal(path))
    assert back.edition.articles.keys() == whole.articles.keys() | one.edition.articles.keys()
    assert back.edition.lists[("source", "hill")] == whole.lists[("source", "hill")]
    assert store.catch_up() == back.edition


def test_another_configuration_moves_every_date_on_once(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    store = a_store(path)
    store.settle("one", START)
    commit(store, 1)
    before = store.edition
    assert before.fingerprint == "one"
    again = a_store(path)
    again.settle("one", START + timedelta(days=1))
    assert again.edition == before
    topics = replace(PLAIN, rules=(TopicRule(slug="tax", name="Tax"),))
    changed = Store(topics, SOURCES, Limits(), SqliteJournal(path))
    changed.settle("two", START + timedelta(days=2))
    assert changed.edition.generation == before.generation + 1
    assert all(each.modified == START + timedelta(days=2) for key, each in changed.edition.lists.items())
    assert changed.edition.incidents_modified == START + timedelta(days=2)
    changed.settle("two", START + timedelta(days=3))
    assert changed.edition.generation == before.generation + 1
    assert store.catch_up().topics["tax"].name == "Tax"
    assert ("topic", "tax") in store.edition.lists
    second = Store(topics, SOURCES, Limits(), SqliteJournal(path))
    assert second.edition == changed.edition


def test_a_clock_that_goes_back_takes_no_acknowledgement_back(tmp_path: Path) -> None:
    store = a_store(tmp_path / "feedsvc.db")
    health = replace(SOURCES[0], last_success=START)
    for hours, number in ((5, 1), (0, 2), (6, 3)):
        change = Change(health=health, articles=(article(number),))
        store.commit(Commit(at=START + timedelta(hours=hours), change=change))
    moments = [
        each.revised for each in sorted(store.edition.articles.values(), key=lambda each: each.sequence)
    ]
    assert moments == [START + timedelta(hours=hours) for hours in (5, 5, 6)]


class Restless(SqliteJournal):
    """Somebody else always commits first."""

    def write(self, delta: Delta, base: int, claims: Mapping[str, int]) -> None:
        assert not claims
        raise BehindError(base, delta.generation)


def test_a_commit_gives_up_when_others_always_come_first(tmp_path: Path) -> None:
    store = Store(PLAIN, SOURCES, Limits(), Restless(tmp_path / "feedsvc.db"))
    with pytest.raises(JournalError, match="100 times in a row"):
        commit(store, 1)
    assert "100 times" in troubles(store)


def test_a_journal_without_its_generation_is_damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute("DELETE FROM journal")
        vandal.commit()
    assert "it has lost its generation; kept as" in troubles(a_store(path))


MISTYPED = (
    "UPDATE journal SET generation = '9x'",
    "UPDATE journal SET origin = x'ff'",
    "UPDATE journal SET forgotten = NULL",
    "UPDATE journal SET origin = CAST(x'ff' AS TEXT)",
    "UPDATE record SET generation = 'x' WHERE kind = 'ledger'",
    "UPDATE record SET value = 'x' WHERE kind = 'ledger'",
    "UPDATE body SET kind = CAST(x'ff' AS TEXT)",
)


@pytest.mark.parametrize("damage", MISTYPED)
def test_a_value_of_the_wrong_type_is_damage_at_the_start_and_while_running(path: Path, damage: str) -> None:
    running = a_store(path)
    commit(running, 4)
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute(damage)
        vandal.commit()
    assert check_journal(path).findings
    assert "a new journal is begun" in troubles(a_store(path))
    running.catch_up()
    assert shown(running) == 4
    commit(running, 5)
    assert shown(a_store(path)) == 5


@pytest.mark.parametrize("column", ["owner = x'ff'", "token = 'x'", "until = 'x'"])
def test_a_claim_of_the_wrong_type_is_damage(path: Path, column: str) -> None:
    store = a_store(path)
    assert store.claim("town", 12)
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute(f"UPDATE claim SET {column}")  # noqa: S608
        vandal.commit()
    with pytest.raises(UnreadableError, match="the claim on 'town' makes no sense"):
        store.claim("town", 12)
    assert store.claim("town", 12)
    assert shown(store) == 3


def test_memory_that_is_damaged_is_told(tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    journal = SqliteJournal(None)
    with journal._reading.use() as connection:  # noqa: SLF001 (there is no other way in)
        connection.execute("DELETE FROM journal")
    with pytest.raises(UnreadableError, match=r"^:memory:: it has lost its generation$"):
        journal.read(0)


def test_a_damaged_file_that_another_process_put_aside_is_not_put_aside_again(path: Path) -> None:
    database = Database(path)
    with database.use() as connection:
        assert connection.in_transaction is False
    with pytest.raises(UnreadableError), database.use():
        fail_after_another_put_it_aside(path)
    assert aside(path) == []
    database.close()


def fail_after_another_put_it_aside(path: Path) -> None:
    path.rename(path.with_name("put-aside-by-another"))
    a_store(path).close()
    raise UnreadableError("it made no sense")


def test_a_damaged_file_on_a_read_only_disk_stays_where_it_is(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=4m") as disk:
        (disk / "feedsvc.db").write_bytes(b"no database at all " * 500)
        remount(disk, "ro")
        with pytest.raises(JournalError, match="can only be read, so it stays where it is"):
            a_store(disk / "feedsvc.db")
        assert [each.name for each in disk.iterdir()] == ["feedsvc.db"]


def test_an_article_whose_body_is_missing_makes_no_sense() -> None:
    edition = first_edition(PLAIN, SOURCES, Limits())
    record, _ = article_rows(article(1))
    with pytest.raises(UnreadableError, match="has no body"):
        apply(edition, Delta(generation=1, rows=dict([record])))


def test_a_body_that_changed_alone_takes_the_place_of_the_old_one() -> None:
    edition = first_edition(PLAIN, SOURCES, Limits())
    before = apply(edition, Delta(generation=1, rows=dict(article_rows(article(1)))))
    fresh = article(1, text="Other words.", html="<p>Other words.</p>")
    _, body = article_rows(fresh)
    after = apply(before, Delta(generation=2, rows=dict([body])))
    assert after.articles == {fresh.id: fresh}
    assert before.articles == {fresh.id: article(1)}


def test_what_a_commit_has_at_hand_is_what_its_rows_are_read_as() -> None:
    edition, health = first_edition(PLAIN, SOURCES, Limits()), SOURCES[0]
    told = (rich(), replace(article(2), topics=(topic("Ice"), topic("ice "))), article(3, weight=0))
    came = tuple(read(*written(each)) for each in told)
    change = Change(health=health, articles=(*came, article(4)))
    delta = decide(edition, Memory(), Batch(commits=(Commit(at=START, change=change),)))
    assert {id_ for _, id_ in delta.made} == {each.id for each in came}
    at_hand, read_back = apply(edition, delta), apply(edition, replace(delta, made={}))
    assert at_hand == read_back
    for id_, one in at_hand.articles.items():
        assert written(one) == written(read_back.articles[id_])


def test_loading_leaves_garbage_collection_as_it_was(path: Path) -> None:
    gc.disable()
    try:
        a_store(path).close()
        assert not gc.isenabled()
    finally:
        gc.enable()
    a_store(path).close()
    assert gc.isenabled()
