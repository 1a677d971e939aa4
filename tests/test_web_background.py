"""What nobody waits for is done, in order, and ends."""

from functools import partial
from threading import Event, current_thread
from threading import enumerate as threads

import pytest

from feedsvc.web.background import Background
from tests.builders import wait_until

pytestmark = pytest.mark.real_time


def asides() -> list[str]:
    return [thread.name for thread in threads() if thread.name == "aside"]


def test_tasks_are_done_one_after_another_in_a_thread_that_ends_with_them() -> None:
    background, gate, done = Background(), Event(), list[int]()
    background(gate.wait)
    for number in range(9):
        background(partial(done.append, number))
    assert done == []
    assert len(asides()) == 1
    gate.set()
    wait_until(lambda: not asides())
    assert done == list(range(9))


def test_a_later_task_has_a_thread_again() -> None:
    background, names = Background(), list[str]()
    for _ in range(2):
        background(lambda: names.append(current_thread().name))
        wait_until(lambda: not asides())
    assert names == ["aside", "aside"]


def test_a_task_that_fails_is_told_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    background, done = Background(), list[int]()

    def fail() -> None:
        raise ValueError("no such coding")

    background(fail)
    background(lambda: done.append(1))
    wait_until(lambda: done and not asides())
    assert "no such coding" in caplog.text
