"""How far a long look at a source has come, for the log and for the status page."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between lines in the log; what takes less than that gets none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many documents of a source are read, of those that have to be."""

    source: str
    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.source}: {self.done:,} of {self.total:,} documents read"


class Underway:
    """Hears of progress, keeps the last of it and logs some."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said = 0.0
        self._step: Step | None = None

    def hear(self, source: str, done: int, total: int) -> None:
        """Take in how many documents of a source are done; all of them end it."""
        before, now = self._step, self._clock()
        if before is None or before.source != source:
            self._said = now
        self._step = Step(source=source, done=done, total=total) if done < total else None
        if self._step and now - self._said >= EVERY:
            self._said = now
            logger.info("%s", self._step)

    def end(self) -> None:
        """Forget what the tick that is over left unfinished."""
        self._step = None

    def step(self) -> Step | None:
        """Return what is being read; None where nothing is."""
        return self._step
