"""Indexing after commits: a thread that takes in what the index lacks, in small batches."""

import logging
from threading import Event, Thread

from feedsvc.errors import JournalError
from feedsvc.store.index import Index

logger = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds after which to look without being told: another process may have stopped half-way."""
PAUSE = 0.01
"""Seconds between two batches, in which others commit and answer."""


class Indexing:
    """Keeps the index of a journal up to date; several processes may share the work."""

    def __init__(self, index: Index, every: float = EVERY, pause: float = PAUSE) -> None:
        self._index = index
        self._every = every
        self._pause = pause
        self._wanted = Event()
        self._over = Event()
        self._thread = Thread(target=self._run, name="indexing", daemon=True)
        self._said = ""

    def start(self) -> None:
        """Start to work; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Tell that there may be something new."""
        self._wanted.set()

    def stop(self) -> None:
        """Work no more; return when the batch at hand is done."""
        self._over.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join()
        self._index.close()

    def _run(self) -> None:
        while not self._over.is_set():
            self._wanted.clear()
            while self._work() and not self._over.wait(self._pause):
                pass
            self._wanted.wait(self._every)

    def _work(self) -> int:
        """Do one batch and return what is left; what goes wrong is said once and tried again later."""
        try:
            left = self._index.work()
        except JournalError as error:
            if self._said != (said := str(error)):
                logger.warning("the search index: %s", said)
                self._said = said
            return 0
        except Exception as error:  # indexing outlives any bug, and says so once
            if self._said != (said := repr(error)):
                logger.exception("bug while indexing")
                self._said = said
            return 0
        self._said = ""
        return left
