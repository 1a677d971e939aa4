import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

import pytest

from feedsvc.clock import Clock, NoClock
from tests.builders import wait_until

pytestmark = pytest.mark.real_time

LONG = timedelta(hours=1)
SHORT = timedelta(milliseconds=20)


class Ticks:
    """Counts ticks, and how many ran at once at most."""

    def __init__(self, *, failing: bool = False) -> None:
        self.count = self.running = self.most = 0
        self.free = Event()
        self.free.set()
        self._failing = failing
        self.wanted: timedelta | None = None
        self._lock = Lock()

    def __call__(self) -> datetime | None:
        with self._lock:
            self.count += 1
            self.running += 1
            self.most = max(self.most, self.running)
        self.free.wait(20)
        with self._lock:
            self.running -= 1
        if self._failing:
            message = "a bug"
            raise RuntimeError(message)
        return datetime.now(UTC) + self.wanted if self.wanted else None


@contextmanager
def started(ticks: Ticks, period: timedelta) -> Iterator[Clock]:
    clock = Clock(ticks, period)
    clock.start()
    try:
        yield clock
    finally:
        ticks.free.set()
        clock.stop()
        wait_until(lambda: not ticks.running)


def test_the_first_tick_comes_at_once() -> None:
    ticks = Ticks()
    with started(ticks, LONG):
        wait_until(lambda: ticks.count == 1)


def test_ticks_go_on() -> None:
    ticks = Ticks()
    with started(ticks, SHORT):
        wait_until(lambda: ticks.count >= 3)


def test_there_are_never_two_ticks_at_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="apscheduler")  # the command line makes it quieter
    ticks = Ticks()
    ticks.free.clear()
    with started(ticks, SHORT):
        # The scheduler says so each time it would have started a second one.
        wait_until(lambda: caplog.text.count("maximum number of running instances reached") >= 3)
        assert ticks.count == 1
        ticks.free.set()
        wait_until(lambda: ticks.count >= 3)
    assert ticks.most == 1


def test_a_tick_that_raises_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    ticks = Ticks(failing=True)
    with started(ticks, SHORT):
        wait_until(lambda: ticks.count >= 3)
    failed = [record for record in caplog.records if record.name == "feedsvc.clock"]
    assert {(record.levelno, record.message) for record in failed} == {(logging.ERROR, "tick failed")}
    assert "RuntimeError: a bug" in caplog.text


def test_after_stop_no_tick_begins_and_stopping_does_not_wait_for_the_running_one() -> None:
    ticks = Ticks()
    ticks.free.clear()
    with started(ticks, SHORT) as clock:
        wait_until(lambda: ticks.running == 1)
        clock.stop()
        assert ticks.running == 1
        ticks.free.set()
        wait_until(lambda: not ticks.running)
    assert ticks.count == 1
    clock.stop()  # once more does no harm


def test_a_clock_that_never_started_can_be_stopped() -> None:
    Clock(Ticks(), LONG).stop()


def test_the_next_tick_is_known_between_start_and_stop() -> None:
    ticks = Ticks()
    assert Clock(ticks, LONG).next_tick() is None
    with started(ticks, LONG) as clock:
        wait_until(lambda: ticks.count == 1)
        upcoming = clock.next_tick()
        assert upcoming is not None
        assert timedelta(minutes=59) < upcoming - datetime.now(UTC) <= LONG
    assert clock.next_tick() is None


def test_a_wall_clock_that_goes_back_an_hour_does_not_stop_the_clock() -> None:
    ticks = Ticks()
    with started(ticks, SHORT) as clock:
        wait_until(lambda: ticks.count == 1)
        in_an_hour = datetime.now(UTC) + LONG  # what APScheduler plans when the clock was an hour ahead
        clock._scheduler.modify_job("tick", next_run_time=in_an_hour)  # noqa: SLF001 - time cannot be set here
        count = ticks.count
        wait_until(lambda: ticks.count > count + 1)


def test_the_last_tick_says_when_it_began_how_long_it_took_and_what_ended_it() -> None:
    assert Clock(Ticks(), LONG).last_tick() is None
    with started(Ticks(failing=True), LONG) as clock:
        wait_until(lambda: clock.last_tick() is not None)
        last = clock.last_tick()
    assert last is not None
    assert last.failure == "RuntimeError('a bug')"
    assert datetime.now(UTC) - timedelta(seconds=30) < last.started <= datetime.now(UTC)
    assert 0 <= last.seconds < 30


def test_a_stopped_clock_can_be_waited_for_until_its_tick_has_ended() -> None:
    ticks = Ticks()
    with started(ticks, LONG) as clock:
        wait_until(lambda: clock.last_tick() is not None)
        ticks.free.clear()
        clock._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))  # noqa: SLF001 - sooner than in an hour
        wait_until(lambda: ticks.running == 1)
        clock.stop()
        clock.wait(0.01)
        assert ticks.running == 1
        ticks.free.set()
        clock.wait(20)
        assert ticks.running == 0


def test_a_clock_told_to_hurry_ticks_before_its_time() -> None:
    ticks = Ticks()
    with started(ticks, LONG) as clock:
        wait_until(lambda: clock.last_tick() is not None)
        clock.hurry()
        wait_until(lambda: ticks.count == 2)


def test_a_clock_told_to_hurry_during_a_tick_ticks_once_more_after_it() -> None:
    ticks = Ticks()
    ticks.free.clear()
    with started(ticks, LONG) as clock:
        wait_until(lambda: ticks.running)
        clock.hurry()
        clock.hurry()
        ticks.free.set()
        wait_until(lambda: ticks.count == 2)
        clock.wait(20)
    assert (ticks.count, ticks.most) == (2, 1)


def test_a_clock_told_to_hurry_when_it_has_stopped_does_nothing() -> None:
    ticks = Ticks()
    with started(ticks, LONG) as clock:
        wait_until(lambda: clock.last_tick() is not None)
    clock.hurry()
    assert ticks.count == 1


def test_a_tick_that_wants_another_one_soon_gets_it() -> None:
    ticks = Ticks()
    ticks.wanted = timedelta(milliseconds=150)
    with started(ticks, LONG) as clock:
        wait_until(lambda: ticks.count >= 2)
        ticks.wanted = None
        wait_until(lambda: not ticks.running)
        planned = clock.next_tick()
        assert planned is not None
        assert planned > datetime.now(UTC)


@pytest.mark.parametrize("wanted", [timedelta(seconds=-1), 2 * LONG, None])
def test_a_moment_that_is_past_or_after_the_next_tick_changes_nothing(wanted: timedelta | None) -> None:
    ticks = Ticks()
    ticks.wanted = wanted
    with started(ticks, LONG) as clock:
        wait_until(lambda: clock.last_tick() is not None)
        planned = clock.next_tick()
        assert planned is not None
        assert abs(planned - datetime.now(UTC) - LONG) < timedelta(seconds=30)
    assert ticks.count == 1


def test_a_tick_asked_for_now_runs_in_the_thread_that_asks_and_never_beside_another() -> None:
    ticks = Ticks()
    ticks.free.clear()
    with started(ticks, LONG) as clock:
        wait_until(lambda: ticks.running == 1)
        asking = Thread(target=clock.tick_now)
        asking.start()
        ticks.free.set()
        asking.join()
        assert (ticks.count, ticks.most) == (2, 1)
    clock.tick_now()
    assert ticks.count == 2
    NoClock().tick_now()


def test_a_tick_that_waits_for_another_one_when_the_clock_stops_does_not_begin() -> None:
    ticks = Ticks()
    ticks.free.clear()
    with started(ticks, LONG) as clock:
        wait_until(lambda: ticks.running == 1)
        asking = Thread(target=clock.tick_now)
        asking.start()
        clock.stop()
        ticks.free.set()
        asking.join()
    assert ticks.count == 1
