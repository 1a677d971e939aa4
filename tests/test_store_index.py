"""The search index of a journal, by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.errors import JournalError
from feedsvc.model import Article, Change, Commit, Health
from feedsvc.store import Journal, SqliteJournal, Store, index
from feedsvc.store.check import check_journal
from feedsvc.store.compact import compact_journal
from feedsvc.store.decide import everything
from feedsvc.store.index import Entry, Index, Preparation, index_of
from feedsvc.store.journal import Claim
from feedsvc.store.memory import Memory
from tests.builders import LIMITS, PLAIN, START, article

READ = Health(source="town", kind="folder", last_success=START)


def words(each: Article) -> Entry:
    return each.title.lower(), each.text.lower(), " ".join(each.authors)


FIRST = Preparation(version=1, prepare=words)


class Shelf:
    """A journal, a store upon it and its index."""

    def __init__(self, path: Path | None, preparation: Preparation = FIRST) -> None:
        self.journal = SqliteJournal(path)
        self.store = Store(PLAIN, [READ], LIMITS, self.journal)
        self.index = Index(self.journal, preparation)

    def commit(self, *articles: Article, withdrawn: tuple[str, ...] = ()) -> None:
        change = Change(health=READ, articles=articles, withdrawn=withdrawn)
        self.store.commit(Commit(at=START, change=change))

    def work(self) -> None:
        while self.index.work():
            pass

    def find(self, word: str, seconds: float = 5) -> list[int] | None:
        with self.index.snapshot(0, seconds) as snapshot:
            return snapshot.matching(word) if snapshot else None

    def unindexed(self) -> set[str]:
        with self.index.snapshot(100, 5) as snapshot:
            assert snapshot
            return set(snapshot.unindexed)

    def close(self) -> None:
        self.index.close()
        self.store.close()


@pytest.fixture(params=["file", "memory"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "feedsvc.db" if request.param == "file" else None)
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedsvc.db"


def test_an_index_that_was_not_begun_answers_nothing(shelf: Shelf) -> None:
    shelf.commit(article(1))
    assert shelf.find("story") is None


def test_what_was_committed_is_found_after_the_next_batch(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"), article(2, text="The lake thawed"))
    assert shelf.index.work() == 0
    assert shelf.find("lake") == [1, 2]
    assert shelf.find("froze") == [1]
    shelf.commit(article(3, title="A lake"))
    assert shelf.find("lake") is None
    assert shelf.unindexed() == {article(3).id}
    shelf.work()
    assert shelf.find("lake") == [1, 2, 3]


def test_a_snapshot_says_as_of_which_generation_it_is(shelf: Shelf) -> None:
    shelf.commit(article(1))
    shelf.work()
    with shelf.index.snapshot(0, 5) as snapshot:
        assert snapshot
        assert snapshot.generation == shelf.store.edition.generation == 1


def test_an_article_that_changes_twice_before_it_is_indexed_leaves_no_old_word(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"))
    shelf.work()
    shelf.commit(article(1, text="The pond froze"))
    shelf.commit(article(1, text="The river froze", title="Changed"))
    shelf.work()
    assert [shelf.find(word) for word in ("lake", "pond", "river", "story", "changed")] == [
        [],
        [],
        [1],
        [],
        [1],
    ]


def test_a_new_title_leaves_the_words_of_the_body(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"))
    shelf.work()
    shelf.commit(article(1, text="The lake froze", title="Cold"))
    shelf.work()
    assert [shelf.find(word) for word in ("lake", "cold", "story")] == [[1], [1], []]
    shelf.commit(article(1, text="The pond froze", title="Cold"))
    shelf.work()
    assert [shelf.find(word) for word in ("lake", "pond", "cold")] == [[], [1], [1]]


def test_a_withdrawn_article_goes_and_one_that_returns_has_its_new_number(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"), article(2, text="The lake thawed"))
    shelf.work()
    shelf.commit(withdrawn=(article(1).id,))
    shelf.work()
    assert shelf.find("lake") == [2]
    shelf.commit(article(1, text="The lake again"))
    shelf.work()
    assert shelf.find("lake") == [2, 3]


def test_one_that_comes_and_goes_between_two_batches_was_never_there(shelf: Shelf) -> None:
    shelf.commit(article(1))
    shelf.commit(withdrawn=(article(1).id,))
    shelf.work()
    assert shelf.find("story") == []
    assert shelf.index.work() == 0


def test_a_change_that_alters_no_word_writes_none(shelf: Shelf) -> None:
    shelf.commit(article(1))
    shelf.work()
    with shelf.journal.database.use() as connection:
        before = connection.execute("SELECT * FROM words_data").fetchall()
    shelf.commit(article(1, summary="Another summary"))
    assert shelf.unindexed() == {article(1).id}
    shelf.work()
    with shelf.journal.database.use() as connection:
        assert connection.execute("SELECT * FROM words_data").fetchall() == before


def test_batches_are_small_so_that_others_commit_between_them(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.commit(*(article(number) for number in range(1, 8)))
    monkeypatch.setattr(index, "BATCH_SECONDS", 0.0)
    assert shelf.index.work() == 6
    monkeypatch.setattr(index, "BATCH_SECONDS", 60.0)
    monkeypatch.setattr(index, "BATCH", 4)
    assert shelf.index.work() == 2
    assert shelf.find("story") is None
    shelf.work()
    assert shelf.find("story") == [1, 2, 3, 4, 5, 6, 7]


def test_the_relevant_come_with_a_lower_number_and_titles_weigh_more(shelf: Shelf) -> None:
    shelf.commit(
        article(1, title="Cold", text="The lake froze over."),
        article(2, title="The lake", text="It froze over."),
        article(3),
    )
    shelf.work()
    with shelf.index.snapshot(0, 5) as snapshot:
        assert snapshot
        scores = dict(snapshot.ranked("lake", 0))
        assert scores.keys() == {1, 2}
        assert scores[2] < scores[1]
        assert snapshot.ranked("lake", 2) == [(2, scores[2])]


def test_a_search_that_takes_too_long_is_interrupted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.commit(article(1))
    shelf.work()
    monkeypatch.setattr(index, "_STEPS", 1)
    with pytest.raises(JournalError, match="interrupted"):
        shelf.find("story", seconds=-1)
    monkeypatch.setattr(index, "_STEPS", 1_000)
    assert shelf.find("story") == [1]


def test_another_way_to_prepare_builds_it_anew_and_a_newer_one_is_left_alone(path: Path) -> None:
    old = Shelf(path)
    old.commit(article(1, text="The lake froze"))
    old.work()
    newer = Index(old.journal, Preparation(version=2, prepare=lambda each: ("", each.text[::-1], "")))
    assert newer.work() == 0
    with newer.snapshot(0, 5) as snapshot:
        assert snapshot
        assert snapshot.matching("ekal") == [1]
    assert old.find("lake") is None
    assert old.index.work() == 0
    with newer.snapshot(0, 5) as snapshot:
        assert snapshot
    newer.close()
    old.close()


def test_a_journal_from_before_the_index_gets_one(path: Path) -> None:
    shelf = Shelf(path)
    shelf.commit(article(1, text="The lake froze"))
    shelf.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE unindexed; DROP TABLE indexing; PRAGMA user_version = 1")
    again = Shelf(path)
    again.work()
    assert again.find("lake") == [1]
    again.close()


def test_a_journal_that_is_written_as_a_whole_begins_its_index_anew(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"), article(2, text="The pond"))
    shelf.work()
    edition = shelf.store.edition
    swapped = {
        article(1).id: replace(edition.articles[article(1).id], sequence=2),
        article(2).id: replace(edition.articles[article(2).id], sequence=1),
    }
    delta = everything(replace(edition, articles=swapped), Memory())
    shelf.journal.write(delta, edition.generation, {})
    assert shelf.find("lake") is None
    shelf.work()
    assert shelf.find("lake") == [2]


def test_an_index_whose_table_is_lost_is_built_anew_and_nothing_else_is(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"))
    shelf.work()
    with shelf.journal.database.use() as connection:
        connection.execute("DROP TABLE words")
    with pytest.raises(JournalError, match="no such table: words"):
        shelf.find("lake")
    assert shelf.find("lake") is None
    shelf.work()
    assert shelf.find("lake") == [1]
    assert shelf.store.catch_up().generation == 1


def test_damage_that_only_writing_meets_is_built_anew_by_the_next_batch(shelf: Shelf) -> None:
    shelf.commit(article(1, text="The lake froze"))
    shelf.work()
    with shelf.journal.database.use() as connection:
        connection.execute("DROP TABLE words")
    shelf.commit(article(2, text="The lake thawed"))
    with pytest.raises(JournalError, match="damaged and will be built anew"):
        shelf.index.work()
    shelf.work()
    assert shelf.find("lake") == [1, 2]


def test_damaged_pages_of_the_index_leave_the_journal_where_it_is(path: Path) -> None:
    shelf = Shelf(path)
    shelf.commit(article(1, text="The lake froze"))
    shelf.work()
    with shelf.journal.database.use() as connection:
        connection.execute("UPDATE words_data SET block = x'00ff00ff00ff' WHERE id > 1")
    again = Shelf(path)
    with pytest.raises(JournalError):
        again.find("lake")
    again.work()
    assert again.find("lake") == [1]
    assert list(path.parent.glob("*.aside*")) == []
    again.close()
    shelf.close()


def test_what_is_wrong_beside_the_index_is_an_error_of_the_journal(shelf: Shelf) -> None:
    shelf.commit(article(1))
    with shelf.journal.database.use() as connection:
        connection.execute("DROP TABLE indexing")
        connection.execute("CREATE TABLE indexing (other TEXT)")
    with pytest.raises(JournalError, match="no such column"):
        shelf.index.work()


def test_a_read_only_failure_while_writing_is_an_error_of_the_journal(shelf: Shelf) -> None:
    shelf.commit(article(1))
    with shelf.journal.database.use() as connection:
        connection.execute(
            "CREATE TRIGGER stop BEFORE DELETE ON unindexed BEGIN SELECT raise(FAIL, 'no'); END"
        )
    with pytest.raises(JournalError, match="no"):
        shelf.index.work()


def test_two_processes_share_the_work(path: Path) -> None:
    one, two = Shelf(path), Shelf(path)
    one.commit(*(article(number) for number in range(1, 4)))
    two.work()
    assert one.find("story") == two.find("story") == [1, 2, 3]
    assert one.index.work() == 0
    one.close()
    two.close()


class Elsewhere(Journal):
    """A journal that is no SQLite of this machine."""

    def claim(self, source: str, owner: str, seconds: float) -> Claim | None:
        raise NotImplementedError


def test_the_index_of_a_shared_journal_stands_in_the_one_of_this_machine() -> None:
    class Sharing(Elsewhere):
        local = SqliteJournal(None)

    found = index_of(Sharing(), FIRST)  # type: ignore[abstract]
    assert found.work() == 0
    found.close()


def test_check_knows_what_the_index_lacks_and_holds_too_much(path: Path) -> None:
    shelf = Shelf(path)
    shelf.commit(article(1), article(2))
    shelf.work()
    shelf.commit(article(2, text="Another"), article(3))
    shelf.close()
    assert check_journal(path).findings == ()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM unindexed WHERE name = ?", (article(3).id,))
        connection.execute("INSERT INTO words (rowid, title) VALUES (9, 'none')")
        connection.commit()
    lacks, holds = check_journal(path).findings
    assert "lacks the article" in lacks
    assert "holds the number 9" in holds
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE words")
        connection.commit()
    (lost,) = check_journal(path).findings
    assert "cannot be read" in lost
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM indexing")
        connection.commit()
    assert check_journal(path).findings == ()


def test_compacting_leaves_an_index_that_answers_and_a_lost_one_to_be_built(path: Path) -> None:
    shelf = Shelf(path)
    for number in range(1, 6):
        shelf.commit(article(number))
        shelf.work()
    shelf.close()
    compact_journal(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM words_idx").fetchone() == (1,)
        connection.execute("DROP TABLE words")
        connection.commit()
    compact_journal(path)
    again = Shelf(path)
    assert again.find("story") is None
    again.work()
    assert again.find("story") == [1, 2, 3, 4, 5]
    again.close()


def test_compacting_says_what_else_is_wrong(path: Path) -> None:
    shelf = Shelf(path)
    shelf.commit(article(1))
    shelf.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE indexing; CREATE TABLE indexing (other TEXT)")
    with pytest.raises(JournalError, match="no such column"):
        compact_journal(path)
