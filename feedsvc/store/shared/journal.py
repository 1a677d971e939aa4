"""The journal of several machines: a log in Redis that fills each machine's own journal.

A commit counts once Redis took it, and is then written down here. What is read comes from this machine, after
a look at what is new there; a server that is away stops commits and claims, never reading.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import RLock

from feedsvc.errors import BehindError, JournalError, StaleClaimError, UnreadableError
from feedsvc.store.journal import Claim, Delta, Journal, RowKey
from feedsvc.store.shared.commit import commit, fold
from feedsvc.store.shared.filling import WINDOW
from feedsvc.store.shared.following import NOT_YET, Aside, Following
from feedsvc.store.shared.mirror import Mirror, Position, mark_of
from feedsvc.store.shared.reading import Log
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import Head

_PATIENCE = 3.0
"""Seconds beyond the time for bids that a commit or a claim waits for the log to open."""
_PAUSE = 0.5
"""Seconds for which no claim is tried after one that failed: a tick has many sources."""


class Shared:
    """A journal over Redis; `local` is this machine's own, which other processes here may share."""

    def __init__(
        self,
        local: Journal,
        server: Server,
        *,
        readable: Callable[[RowKey, bytes], object],
        aside: Aside,
        window: float = WINDOW,
    ) -> None:
        """`readable` raises UnreadableError for a row that must not get into a journal."""
        self._local = local
        self._server = server
        self._mirror = Mirror(local)
        self._log = Log(server, readable)
        self._following = Following(server, self._log, self._mirror, aside, window)
        self._patience = window + _PATIENCE
        self._loaded = False
        self._refused = ""
        self._refused_at = 0.0
        self._told = False
        self._lock = RLock()

    @property
    def local(self) -> Journal:
        """The journal that this machine alone has."""
        return self._local

    @property
    def trouble(self) -> str:
        """What keeps this machine from following the shared log; "" for nothing."""
        return self._following.trouble

    def read(self, since: int) -> Delta:
        """Return what changed since a generation.

        Where Redis cannot be asked, or takes nothing, that is what this machine holds; only if that is
        nothing new, and was read before, is it said.
        """
        with self._lock:
            delta = self._mirror.read(since)
            trouble = self._look()
            position = self._mirror.position()
            if position.origin != delta.origin:  # the file was begun anew
                delta = self._mirror.read(since)
            elif position.generation != delta.generation:
                delta = delta.then(self._mirror.read(delta.generation))
            if trouble and self._loaded and delta.generation == since:
                self._told = True
                raise trouble
            self._loaded = True
            return replace(delta, origin=self._origin(position))

    def write(self, delta: Delta, base: int, claims: Mapping[str, int]) -> None:
        """Have Redis acknowledge a delta, then write it down here."""
        with self._lock, self._noting():
            position = self._mirror.position()
            if position.generation != base or delta.origin not in {"", self._origin(position)}:
                raise BehindError(base, position.generation)
            head = fold(self._server, self._log, self._following.follow(self._patience))
            if head.generation != base:
                raise BehindError(base, head.generation)
            after = commit(self._server, head, delta, claims)
            self._keep(delta, base, after)
            if after.unfolded:
                with suppress(JournalError):  # whoever commits next does it
                    fold(self._server, self._log, self._log.head())

    def claim(self, source: str, owner: str, seconds: float) -> Claim | None:
        """Return a claim on a source; raise JournalError where this machine cannot follow the log."""
        if self._refused and time.monotonic() < self._refused_at + _PAUSE:
            raise JournalError(self._refused)
        arguments = (source, owner, max(1, round(seconds * 1000)))
        with self._noting():
            if self.trouble:
                self._settled()
            word, rest = self._server.run("claim", *arguments)
            if word == "closed":
                self._settled()
                word, rest = self._server.run("claim", *arguments)
            if word == "closed":
                raise JournalError("Redis was restarted once more")
        return Claim(source=source, owner=owner, token=int(rest[0])) if word == "ok" else None

    def release(self, claim: Claim) -> None:
        """Give a claim back; its token is stale from now on."""
        self._server.run("release", claim.source, claim.token)

    def close(self) -> None:
        """Close the machine's journal and all connections."""
        self._local.close()
        self._server.close()

    def _look(self) -> JournalError | None:
        """Take in what is new in Redis, if it can be asked; return what is wrong with it."""
        try:
            self._following.follow()
            if self._refused and not self._told:  # so that its end can be noticed
                return JournalError(self._refused)
            if self._refused:  # reading works also where memory is short, or of a replica
                self._server.probe()
                self._refused = ""
        except UnreadableError:  # this machine's journal was put aside: that must be said
            raise
        except JournalError as error:
            if str(error) != NOT_YET:
                return error
            self._refused_at = 0.0  # who claims now waits until the log opens
        return None

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note that Redis refused something: whoever reads tries it again."""
        try:
            yield
        except (BehindError, StaleClaimError):
            raise
        except JournalError as error:
            self._refused, self._refused_at, self._told = str(error), time.monotonic(), False
            raise

    def _settled(self) -> None:
        with self._lock:
            self._following.follow(self._patience)

    def _keep(self, delta: Delta, base: int, after: Head) -> None:
        """Write down here what Redis has acknowledged."""
        try:
            self._mirror.write(delta, base, mark_of(after))
        except BehindError:  # another process here has fetched it, or the file is a new one
            if self._mirror.position().generation < delta.generation:
                raise JournalError(
                    "acknowledged in Redis; this machine's journal has yet to catch up"
                ) from None

    def _origin(self, position: Position) -> str:
        """Return what names the content: the log, or a journal that never was part of one."""
        if position.mark:
            return position.mark.lineage
        lineage = "" if position.generation else self._following.lineage
        return lineage or position.origin
