"""Opens the log: the newest journal fills an emptied Redis; one that lost nothing goes on.

Nobody can tell whether a restarted server lost its last commits but the journals that have them. So after
every restart, each machine says for a second how new its journal is; the newest one then fills Redis,
and only then are commits taken. A journal that was cut off for so long finds that the log went on without it.
"""

import secrets
from contextlib import suppress

from feedsvc.errors import BehindError, JournalError
from feedsvc.store.journal import Delta
from feedsvc.store.shared.mirror import Mirror, Position, mark_of
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.staging import forget, stage_rows
from feedsvc.store.shared.wire import Epoch, Head, epochs_text

WINDOW = 1.0
"""Seconds in which to bid; every process looks three times a second."""
GIVE_UP = 3_000
"""Milliseconds after which bids are asked for again if the best bidder is not heard of."""
LEASE = 5_000
"""Milliseconds for which one filler keeps the others waiting; renewed while it works."""
EPOCHS = 64
"""How many restarts back a journal is still recognised."""
_POLL = 0.1


class Filling:
    """One machine's part in finding the newest journal, and in filling Redis from it."""

    def __init__(self, server: Server, mirror: Mirror, window: float = WINDOW) -> None:
        self._server = server
        self._mirror = mirror
        self._window = window
        self._name = secrets.token_hex(8)

    def settle(self, head: Head) -> float:
        """Take one step towards an open log; return the seconds after which to look again."""
        position = self._mirror.position()
        rank = position.rank(head)
        word, rest = self._server.run("bid", rank, round(self._window * 1000), GIVE_UP)
        if word == "open":
            return 0
        remaining, best = rest[0] / 1000, int(rest[1])
        if remaining:
            return float(remaining)
        if head.schema and not head.damaged and best == head.generation:
            self._reopen(head)
            return 0
        if best != rank:
            return _POLL
        return 0 if self._fill(head, position, rank) else _POLL

    def _reopen(self, head: Head) -> None:
        after = _next(head.epochs, head.generation)
        self._server.run("reopen", head.generation, head.generation + 1, after[-1].name, epochs_text(after))

    def _fill(self, head: Head, position: Position, rank: int) -> bool:
        """Fill Redis; False where another machine does, or the journal went on."""
        after = _filled(head, position)
        rows = self._staged(position) if position.generation else ("", 0)
        if rows is None:
            return False
        word, _ = self._server.run(
            "fill",
            self._name,
            rank,
            position.generation,
            after.generation,
            after.lineage,
            after.epoch,
            epochs_text(after.epochs),
            *rows,
        )
        if word != "ok":
            with suppress(JournalError):
                forget(self._server, rows[0])
            return False
        if position.generation:
            with suppress(BehindError):  # another process of this machine was quicker
                self._mirror.write(Delta(generation=after.generation), position.generation, mark_of(after))
        return True

    def _staged(self, position: Position) -> tuple[str, int] | None:
        if not self._lease():
            return None
        delta = self._mirror.read(0)
        if delta.generation != position.generation:
            return None
        rows = {key: value for key, value in delta.rows.items() if value is not None}
        return stage_rows(self._server, rows, position.generation, self._lease), len(rows)

    def _lease(self) -> bool:
        """Keep other fillers waiting; one that lost its lease finds that out in the end."""
        word, _ = self._server.run("lease", self._name, LEASE)
        return word == "ok"


def _next(epochs: tuple[Epoch, ...], generation: int) -> tuple[Epoch, ...]:
    return (*epochs[1 - EPOCHS :], Epoch(secrets.token_hex(8), generation))


def _filled(head: Head, position: Position) -> Head:
    """Return the head of a log that goes on from a journal; of an empty one, a new log's."""
    known = position.mark
    before = tuple(Epoch(name, parent) for name, parent in known.epochs) if known else ()
    newest = max(position.generation, head.generation)
    return Head(
        lineage=known.lineage if known else secrets.token_hex(8),
        epochs=_next(before, position.generation),
        generation=newest + 1 if newest else 0,
    )
