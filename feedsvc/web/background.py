"""Work that nobody waits for, done aside."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock, Thread

logger = logging.getLogger(__name__)

Task = Callable[[], object]


class Background:
    """Does tasks one after another in a thread of its own, which lives while there are any."""

    def __init__(self) -> None:
        self._tasks = deque[Task]()
        self._lock = Lock()
        self._busy = False

    def __call__(self, task: Task) -> None:
        """Do a task soon; returns at once."""
        with self._lock:
            self._tasks.append(task)
            idle, self._busy = not self._busy, True
        if idle:
            Thread(target=self._run, name="aside", daemon=True).start()

    def _run(self) -> None:
        while task := self._next():
            try:
                task()
            except Exception:  # the next task has nothing to do with it
                logger.exception("a task aside failed")

    def _next(self) -> Task | None:
        with self._lock:
            if self._tasks:
                return self._tasks.popleft()
            self._busy = False
            return None
