"""Brings a machine's own journal to where the shared log stands."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from feedsvc.errors import BehindError, JournalError, UnreadableError
from feedsvc.store.journal import Delta
from feedsvc.store.shared.filling import WINDOW, Filling
from feedsvc.store.shared.mirror import Mirror, Position, Relation, mark_of
from feedsvc.store.shared.reading import Log
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import Head

logger = logging.getLogger(__name__)

NOT_YET = "Redis was restarted or is empty: the newest journal goes first"
"""Said for as long as bids are taken; over within seconds."""
_ROUNDS = 100
"""Steps after which something goes round in circles."""

Aside = Callable[[Delta], str]
"""Keeps all rows of a journal that the shared log goes on without; returns where."""


class Following:
    """Follows the log; not for two threads at once."""

    def __init__(
        self, server: Server, log: Log, mirror: Mirror, aside: Aside, window: float = WINDOW
    ) -> None:
        self._server = server
        self._log = log
        self._mirror = mirror
        self._aside = aside
        self._filling = Filling(server, mirror, window)
        self.lineage = ""
        """Names the log that was last seen."""
        self.trouble = ""
        """What kept this machine from following the log at the last try; "" for nothing."""

    def follow(self, patience: float = 0) -> Head:
        """Bring the journal to the head, and return that; wait so many seconds for the log to open."""
        try:
            head = self._follow(time.monotonic() + patience)
        except JournalError as error:
            if not self.trouble and str(error) != NOT_YET:
                logger.warning("following the shared journal: %s", error)
            self.trouble = str(error)
            raise
        self.lineage, self.trouble = head.lineage, ""
        return head

    def _follow(self, deadline: float) -> Head:
        for _ in range(_ROUNDS):
            head = self._log.head()
            if head.is_open:
                position = self._mirror.position()
                relation = position.relation(head)
                if relation is Relation.LEVEL:
                    return head
                self._step(head, position, relation)
                continue
            seconds = self._filling.settle(head)
            if time.monotonic() + seconds > deadline and seconds:
                raise JournalError(NOT_YET)
            time.sleep(seconds)
        raise JournalError("the shared journal does not come to rest")

    def _step(self, head: Head, position: Position, relation: Relation) -> None:
        if relation is Relation.AHEAD:
            # Redis forgot without a restart that could be seen: have the newest journal fill it.
            self._server.run("doubt", head.generation)
        elif relation is Relation.APART and head.generation <= position.generation:
            # No generation ever goes back, nor means two things on one machine.
            self._server.run("bump", head.epoch, head.generation, position.generation + 1)
        elif relation is Relation.APART:
            self._replace(head, position)
        else:
            delta = self._log.changes(head, position.generation) if position.generation else None
            if delta is None:
                delta, head = self._log.everything(head)
            with suppress(BehindError):  # another process of this machine was quicker
                self._mirror.write(delta, position.generation, mark_of(head))

    def _replace(self, head: Head, position: Position) -> None:
        """Take the log instead of what this journal holds, and say so once."""
        delta, head = self._log.everything(head)
        kept = self._aside(self._mirror.read(0))
        with suppress(BehindError):
            self._mirror.write(delta, position.generation, mark_of(head))
            raise UnreadableError(
                f"the journals of other machines went on without generation {position.generation} of this "
                f"one; it was kept as {kept}, and theirs is served"
            )
