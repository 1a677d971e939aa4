"""Following: a thread that takes in what other processes commit."""

import logging
from threading import Event, Thread

from feedsvc.store.store import Store

logger = logging.getLogger(__name__)

EVERY = 0.3
"""Seconds between two looks; each costs a look at one row."""


class Follower:
    """Has a store catch up with its journal, again and again."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self._store = store
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._follow, name="follower", daemon=True)

    def start(self) -> None:
        """Start looking; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; return when the last look is over."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        said = ""
        while not self._over.wait(self._every):
            try:
                self._store.catch_up()
            except Exception as error:  # following outlives any bug, and says so once
                if said != (said := repr(error)):
                    logger.exception("bug while following the journal")
