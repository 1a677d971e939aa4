"""Whose turn it is to tell hubs: one process of all that share a journal, another one when it dies."""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Protocol

from feedsvc.errors import JournalError
from feedsvc.store import CLAIM_SECONDS, RENEW_SECONDS, Claim, Store

HUBS = "the hubs"
"""What the claim stands under instead of a source; no source can have this name."""


class Turn(Protocol):
    """Says who tells."""

    def start(self, gained: Callable[[], object]) -> None:
        """Begin to ask for the turn; `gained` is called whenever it comes."""
        ...

    def mine(self) -> bool:
        """Tell whether it is this process's turn now."""
        ...

    def stop(self) -> None:
        """Leave the turn to others."""
        ...


class Alone:
    """The turn of a process that shares nothing."""

    def start(self, gained: Callable[[], object]) -> None:
        """Ask for nothing."""

    def mine(self) -> bool:
        """Return True: there is nobody else."""
        return True

    def stop(self) -> None:
        """Leave nothing to nobody."""


class ClaimedTurn:
    """A claim in the journal, kept for as long as the process lives."""

    def __init__(self, store: Store, *, seconds: float = CLAIM_SECONDS, every: float = RENEW_SECONDS) -> None:
        self._store = store
        self._seconds = seconds
        self._every = every
        self._claim: Claim | None = None
        self._until = 0.0
        self._over = Event()
        self._thread: Thread | None = None

    def start(self, gained: Callable[[], object]) -> None:
        """Begin to ask, in a thread."""
        self._thread = Thread(target=self._keep, args=(gained,), name="turn", daemon=True)
        self._thread.start()

    def mine(self) -> bool:
        """Tell whether the claim lasts; a process that was stopped for a while has lost it."""
        return time.monotonic() < self._until

    def stop(self) -> None:
        """Give the claim back."""
        self._over.set()
        if self._thread:
            self._thread.join()
        if self._claim and self.mine():
            with suppress(JournalError):  # it runs out by itself
                self._store.release(self._claim)
        self._until = 0.0

    def _keep(self, gained: Callable[[], object]) -> None:
        while not self._over.is_set():
            if self._ask():
                gained()
            self._over.wait(self._every)

    def _ask(self) -> bool:
        """Take or renew the turn; tell whether it comes, as it also does where it ran out while asking."""
        asked, until = time.monotonic(), self._until
        try:
            self._claim = self._store.claim(HUBS, self._seconds)
        except JournalError:  # which the store shows; what is held runs out
            return False
        self._until = asked + self._seconds if self._claim else 0.0
        return self.mine() and time.monotonic() >= until  # asked last: nobody can have met it run out since
