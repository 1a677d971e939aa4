"""The clock: one APScheduler job that runs a tick, first at start, never two at once."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from feedsvc.model import Tick

logger = logging.getLogger(__name__)

_JOB = "tick"
_SOON = timedelta(milliseconds=100)
"""The scheduler takes a tick that has just ended for one that runs, and drops the next."""


class Clock:
    """Calls `tick` at start and every `period` after that, in one thread of its own.

    Start it in the process that serves: after a fork its thread would be dead and `.running` still true.
    """

    def __init__(self, tick: Callable[[], datetime | None], period: timedelta) -> None:
        """`tick` returns when another one is wanted at the latest; a moment that is past says nothing."""
        self._tick = tick
        self._period = period
        self._beat = time.monotonic()
        self._idle = Event()
        self._idle.set()
        self._stopped = Event()
        self._again = False
        self._lock = Lock()
        self._turn = Lock()
        self._watcher = Thread(target=self._watch, name="clock watch", daemon=True)
        self._last: Tick | None = None
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            # A late run is run, not dropped; many late runs are one.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Start ticking; returns at once."""
        self._scheduler.add_job(
            self._run,
            "interval",
            seconds=self._period.total_seconds(),
            next_run_time=datetime.now(UTC),  # else the first run is one period away
            id=_JOB,
        )
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        """Start no further tick; the one that runs is its owner's to end."""
        self._stopped.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._watcher.is_alive():
            self._watcher.join()

    def hurry(self) -> None:
        """Tick at once, or once more after the tick that runs."""
        with self._lock:
            self._again = not self._idle.is_set()
        if not self._again:
            self._plan(datetime.now(UTC) + _SOON)

    def tick_now(self) -> None:
        """Tick in this thread, after the tick that runs if there is one; APScheduler would take a while."""
        self._run()

    def wait(self, seconds: float) -> None:
        """Wait until no tick runs, but no longer than that."""
        self._idle.wait(seconds)

    def next_tick(self) -> datetime | None:
        """Return when the next tick is due; None before the start and while none is planned."""
        job = self._scheduler.get_job(_JOB)
        return getattr(job, "next_run_time", None)

    def last_tick(self) -> Tick | None:
        """Return the last tick that ended."""
        return self._last

    def _run(self) -> None:
        with self._turn:  # never two ticks at once
            if self._stopped.is_set():  # perhaps while this one waited
                return
            self._idle.clear()
            while self._run_once():
                pass

    def _run_once(self) -> bool:
        """Tick; return whether another one was asked for meanwhile, which a scheduler would drop."""
        started, self._beat = datetime.now(UTC), time.monotonic()
        failure = None
        try:
            self._advance(self._tick())
        except Exception as error:  # the clock outlives any bug of a tick, and says so
            logger.exception("tick failed")
            failure = repr(error)
        self._last = Tick(started=started, seconds=time.monotonic() - self._beat, failure=failure)
        with self._lock:
            again, self._again = self._again and not self._stopped.is_set(), False
            if not again:
                self._idle.set()
        return again

    def _plan(self, at: datetime) -> None:
        with suppress(JobLookupError):  # stopped since
            self._scheduler.modify_job(_JOB, next_run_time=at)

    def _advance(self, wanted: datetime | None) -> None:
        """Have the next tick no later than it is wanted: another process may have looked last, and died."""
        planned, now = self.next_tick(), datetime.now(UTC)
        if wanted and planned and now < wanted < planned:
            self._plan(max(wanted, now + _SOON))

    def _watch(self) -> None:
        """Run a tick that is overdue by a whole period.

        APScheduler plans by the wall clock: set back an hour, it would sleep for that hour.
        """
        period = self._period.total_seconds()
        while not self._stopped.wait(period):
            overdue = time.monotonic() - self._beat > 2 * period
            if overdue and self._idle.is_set():
                logger.warning("a tick is overdue, as when the wall clock was set back: ticking now")
                self._plan(datetime.now(UTC))


class NoClock:
    """Stands for the clock where another process ticks."""

    def start(self) -> None:
        """Start nothing."""

    def stop(self) -> None:
        """Stop nothing."""

    def hurry(self) -> None:
        """Tick nothing."""

    def tick_now(self) -> None:
        """Tick nothing."""

    def wait(self, seconds: float) -> None:
        """Wait for nothing."""

    def next_tick(self) -> datetime | None:
        """Return None: none is planned here."""
        return None

    def last_tick(self) -> Tick | None:
        """Return None: there was none here."""
        return None
