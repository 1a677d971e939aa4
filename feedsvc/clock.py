"""The clock: one APScheduler job that runs a tick, first at start, never two at once."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)


class Clock:
    """Calls `tick` at start and every `period` after that, in one thread of its own.

    Start it in the process that serves: after a fork its thread would be dead and `.running` still true.
    """

    def __init__(self, tick: Callable[[], object], period: timedelta) -> None:
        self._tick = tick
        self._period = period
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
            id="tick",
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Start no further tick; the one that runs is its owner's to end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def next_tick(self) -> datetime | None:
        """Return when the next tick is due; None before the start and while none is planned."""
        job = self._scheduler.get_job("tick")
        return getattr(job, "next_run_time", None)

    def _run(self) -> None:
        try:
            self._tick()
        except Exception:  # the clock outlives any bug of a tick, and says so
            logger.exception("tick failed")
