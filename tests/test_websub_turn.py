"""One process tells hubs, another one when it dies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import cast

import pytest

from feedsvc.model import Health
from feedsvc.store import Claim, Limits, SqliteJournal, Store
from feedsvc.websub.turn import Alone, ClaimedTurn
from tests.builders import PLAIN, wait_until

pytestmark = pytest.mark.real_time


def a_store(path: Path) -> Store:
    return Store(PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(path))


@contextmanager
def taking(store: Store, seconds: float = 12) -> Iterator[tuple[ClaimedTurn, Event]]:
    turn, gained = ClaimedTurn(store, seconds=seconds, every=0.02), Event()
    turn.start(gained.set)
    try:
        yield turn, gained
    finally:
        turn.stop()


def test_of_two_processes_one_has_the_turn_and_the_other_when_it_stops(tmp_path: Path) -> None:
    first, second = a_store(tmp_path / "feedsvc.db"), a_store(tmp_path / "feedsvc.db")
    with taking(first) as (here, gained):
        assert gained.wait(20)
        with taking(second) as (there, taken):
            assert not taken.wait(0.2)
            assert (here.mine(), there.mine()) == (True, False)
            here.stop()
            assert taken.wait(20)
            assert (here.mine(), there.mine()) == (False, True)


def test_a_turn_is_kept_past_its_first_claim_and_gained_once(tmp_path: Path) -> None:
    gains: list[None] = []
    turn = ClaimedTurn(a_store(tmp_path / "feedsvc.db"), seconds=0.5, every=0.02)
    turn.start(lambda: gains.append(None))
    wait_until(turn.mine)
    first = turn._until  # noqa: SLF001
    wait_until(lambda: turn._until > first + 0.5)  # noqa: SLF001
    turn.stop()
    assert gains == [None]


def test_a_turn_runs_out_while_the_journal_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.store.database.BUSY", 0.01)
    path = tmp_path / "feedsvc.db"
    with taking(a_store(path), seconds=0.3) as (turn, gained):
        assert gained.wait(20)
        gained.clear()
        with closing(sqlite3.connect(path, isolation_level=None)) as locking:
            locking.execute("BEGIN IMMEDIATE")
            wait_until(lambda: not turn.mine())
        assert gained.wait(20)


class Hesitant:
    """A store whose second claim comes after the turn of the first has run out."""

    def __init__(self) -> None:
        self.asked = 0
        self.turn = ClaimedTurn(cast("Store", self), seconds=0.5, every=0.02)

    def claim(self, source: str, _seconds: float) -> Claim:
        self.asked += 1
        if self.asked == 2:
            wait_until(lambda: not self.turn.mine())
        return Claim(source=source, owner="us", token=1)

    def release(self, claim: Claim) -> None:
        assert claim.token == 1


def test_a_turn_that_runs_out_while_it_is_renewed_is_gained_again() -> None:
    gains: list[int] = []
    store = Hesitant()
    store.turn.start(lambda: gains.append(store.asked))
    wait_until(lambda: len(gains) == 2)
    store.turn.stop()
    assert gains[:2] == [1, 2]


def test_a_turn_that_never_began_can_be_stopped(tmp_path: Path) -> None:
    ClaimedTurn(a_store(tmp_path / "feedsvc.db")).stop()


def test_who_is_alone_always_has_the_turn() -> None:
    alone = Alone()
    alone.start(list)
    assert alone.mine()
    alone.stop()
    assert alone.mine()
