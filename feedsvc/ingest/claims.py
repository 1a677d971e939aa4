"""Claims on sources: taken before a look, renewed while it takes, given back after it."""

import time
from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from feedsvc.errors import JournalError
from feedsvc.store import CLAIM_SECONDS, RENEW_SECONDS, Claim, Store

_AGAIN = 0.2


class Claims:
    """The claims of one tick; a thread renews them until the end of the `with` block."""

    def __init__(self, store: Store, *, seconds: float = CLAIM_SECONDS, every: float = RENEW_SECONDS) -> None:
        self._store = store
        self._seconds = seconds
        self._every = every
        self._held: dict[str, Claim] = {}
        self._lost: set[str] = set()
        self._lock = Lock()
        self._over = Event()
        self._renewer: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Renew nothing any more, and give back all that is held."""
        self._over.set()
        if self._renewer:
            self._renewer.join()
        for source in tuple(self._held):
            self.give_back(source)

    def take(self, source: str, *, patience: float = 0.0) -> bool:
        """Tell whether a source is ours, waiting so many seconds for another process to end.

        Raises JournalError.
        """
        deadline = time.monotonic() + patience
        while not self._taken(source):
            if time.monotonic() >= deadline or self._over.wait(_AGAIN):
                return False
        if self._renewer is None:
            self._renewer = Thread(target=self._renew, name="claims", daemon=True)
            self._renewer.start()
        return True

    def token(self, source: str) -> int | None:
        """Return the fencing token of a claim that is held."""
        claim = self._held.get(source)
        return claim.token if claim else None

    def give_back(self, source: str) -> None:
        """Let others have a source."""
        with self._lock, suppress(JournalError):  # it runs out by itself
            if claim := self._held.pop(source, None):
                self._store.release(claim)

    def _taken(self, source: str) -> bool:
        with self._lock:
            claim = self._store.claim(source, self._seconds)
            if claim:
                self._held[source] = claim
                self._lost.discard(source)
            return claim is not None

    def _renew(self) -> None:
        """Renew what is held; where that fails, a commit is refused if another process has the source."""
        while not self._over.wait(self._every):
            for source in tuple(self._held):
                with self._lock, suppress(JournalError):
                    self._renew_one(source)

    def _renew_one(self, source: str) -> None:
        """Renew a claim; one that was lost meanwhile and taken anew is given back at once.

        The lost one stays, or a commit would come without a token; its stale token is refused.
        """
        held = self._held.get(source)
        if held is None or source in self._lost:
            return
        claim = self._store.claim(source, self._seconds)
        if claim and claim.token != held.token:
            self._lost.add(source)
            self._store.release(claim)
