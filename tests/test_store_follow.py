from pathlib import Path
from threading import active_count

import pytest

from feedsvc.model import Change, Commit, Health
from feedsvc.store import Edition, Follower, Limits, SqliteJournal, Store
from tests.builders import PLAIN, START, article, wait_until

pytestmark = pytest.mark.real_time


def a_store(path: Path, kind: type[Store] = Store) -> Store:
    return kind(PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(path))


def test_a_follower_shows_what_another_process_committed_and_stops_when_told(tmp_path: Path) -> None:
    here, there = a_store(tmp_path / "feedsvc.db"), a_store(tmp_path / "feedsvc.db")
    told: list[int] = []
    there.subscribe(lambda: told.append(there.edition.generation))
    before = active_count()
    follower = Follower(there, every=0.01)
    follower.start()
    change = Change(health=Health(source="town", kind="folder"), articles=(article(),))
    here.commit(Commit(at=START, change=change))
    wait_until(lambda: told, "the commit is followed")
    assert there.edition == here.edition
    follower.stop()
    assert active_count() == before
    assert told == [1]


def test_a_follower_that_never_started_stops_at_once(tmp_path: Path) -> None:
    Follower(a_store(tmp_path / "feedsvc.db")).stop()


class Buggy(Store):
    """A store with a bug in how it follows others."""

    def catch_up(self) -> Edition:
        super().catch_up()
        raise ValueError("of the store")


def test_a_follower_outlives_a_bug_and_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    here, there = a_store(tmp_path / "feedsvc.db"), a_store(tmp_path / "feedsvc.db", Buggy)
    follower = Follower(there, every=0.01)
    follower.start()
    for number in (1, 2):
        change = Change(health=Health(source="town", kind="folder"), articles=(article(number),))
        here.commit(Commit(at=START, change=change))
        wait_until(lambda: there.edition.generation == number, "the commit is followed")  # noqa: B023 (waited for here)
    follower.stop()
    assert caplog.text.count("bug while following the journal") == 1
