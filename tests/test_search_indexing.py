"""The thread that takes in what the index lacks."""

import logging
from collections.abc import Callable
from typing import cast

import pytest

from feedsvc.errors import JournalError
from feedsvc.search.indexing import Indexing
from feedsvc.store.index import Index
from tests.builders import wait_until

pytestmark = pytest.mark.real_time


class Work:
    """An index that has work as it is told."""

    def __init__(self, answer: Callable[[int], int]) -> None:
        self._answer = answer
        self.batches = 0
        self.closed = False

    def work(self) -> int:
        self.batches += 1
        return self._answer(self.batches)

    def close(self) -> None:
        self.closed = True


def started(work: Work, every: float = 60.0) -> Indexing:
    indexing = Indexing(cast("Index", work), every=every, pause=0.0)
    indexing.start()
    return indexing


def test_it_works_until_nothing_is_left_and_again_when_it_is_woken() -> None:
    work = Work(lambda batch: 3 - batch if batch < 3 else 0)
    indexing = started(work)
    wait_until(lambda: work.batches == 3)
    indexing.wake()
    wait_until(lambda: work.batches == 4)
    indexing.stop()
    assert work.closed


def test_it_looks_now_and_then_without_being_woken() -> None:
    work = Work(lambda _: 0)
    indexing = started(work, every=0.01)
    wait_until(lambda: work.batches > 3)
    indexing.stop()


def test_it_stops_between_two_batches() -> None:
    work = Work(lambda _: 1)
    indexing = started(work)
    wait_until(lambda: work.batches > 3)
    indexing.stop()
    batches = work.batches
    assert work.closed
    assert work.batches == batches


def test_one_that_was_never_started_can_be_stopped() -> None:
    work = Work(lambda _: 0)
    Indexing(cast("Index", work)).stop()
    assert (work.batches, work.closed) == (0, True)


@pytest.mark.parametrize("error", [JournalError("away"), ValueError("a bug")])
def test_what_goes_wrong_is_said_once_and_tried_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(batch: int) -> int:
        if batch in {1, 2, 3, 5}:
            raise error
        return 0

    work = Work(fail)
    with caplog.at_level(logging.WARNING):
        indexing = started(work, every=0.001)
        wait_until(lambda: work.batches > 6)
        indexing.stop()
    assert len(caplog.records) == 2
    assert str(error) in caplog.text
