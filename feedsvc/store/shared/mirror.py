"""A machine's own journal, and how much of the shared log it holds."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from feedsvc.store.journal import Delta, Journal
from feedsvc.store.rows import MARK, Mark, decode, encode
from feedsvc.store.shared.wire import Epoch, Head

_FAR = 2**62
"""Beyond every generation: who asks for what is newer is told where the journal stands, and no rows."""


class Relation(Enum):
    """How a journal stands to the log in Redis."""

    LEVEL = auto()
    BEHIND = auto()
    AHEAD = auto()
    """Redis forgot its newest generations."""
    APART = auto()
    """It holds what never was in this log, or what the log went on without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a machine's journal stands."""

    origin: str = ""
    """Of its own file."""
    generation: int = -1
    mark: Mark | None = None
    """None for a journal that was never shared, or was written to since."""

    def relation(self, head: Head) -> Relation:
        """Return how this journal stands to what Redis holds."""
        if self.generation == 0:
            return Relation.BEHIND if head.generation else Relation.LEVEL
        if self.mark is None or self.mark.lineage != head.lineage:
            return Relation.APART
        epochs = _epochs(self.mark)
        if epochs[-1].name == head.epoch and self.generation == head.generation:
            return Relation.LEVEL
        if _is_part(epochs, self.generation, head.epochs, head.generation):
            return Relation.BEHIND
        if _is_part(head.epochs, head.generation, epochs, self.generation):
            return Relation.AHEAD
        return Relation.APART

    def rank(self, head: Head) -> int:
        """Return how new this journal is, among all that may fill an emptied Redis."""
        if self.generation == 0:
            return 0
        if head.schema:
            level = self.relation(head) in {Relation.AHEAD, Relation.LEVEL}
            return self.generation if level else 0
        return self.generation if self.mark else 1


class Mirror:
    """Reads and writes the machine's journal; keeps the mark out of what others see."""

    def __init__(self, local: Journal) -> None:
        self._local = local
        self._position = Position()

    def read(self, since: int) -> Delta:
        """Return what changed since a generation."""
        delta = self._local.read(since)
        self._notice(delta, since)
        if MARK not in delta.rows:
            return delta
        return replace(delta, rows={key: value for key, value in delta.rows.items() if key != MARK})

    def position(self) -> Position:
        """Return where the journal stands, also when another process wrote to it."""
        self.read(_FAR)
        if self._position.generation < 0:
            generation = self._local.read(_FAR).generation
            self.read(max(generation - 1, 0))
        return self._position

    def write(self, delta: Delta, base: int, mark: Mark) -> None:
        """Write rows of the shared log in one transaction, and that they are."""
        rows = {**delta.rows, MARK: encode(mark)}
        local = Delta(generation=delta.generation, rows=rows, whole=delta.whole)
        self._local.write(local, base, {})
        self._position = Position()

    def _notice(self, delta: Delta, since: int) -> None:
        """Learn where the journal stands from what was read, if that tells."""
        there = self._position
        if (delta.origin, delta.generation) == (there.origin, there.generation):
            return
        mark = _mark(delta)
        known = since < delta.generation or delta.generation == 0
        self._position = Position(
            origin=delta.origin, generation=delta.generation if known else -1, mark=mark
        )


def mark_of(head: Head) -> Mark:
    """Return the mark of a journal that stands where Redis does."""
    return Mark(
        lineage=head.lineage,
        epochs=tuple((epoch.name, epoch.parent) for epoch in head.epochs),
        generation=head.generation,
    )


def _mark(delta: Delta) -> Mark | None:
    """Return the mark that a journal carries, if nobody wrote to it without."""
    value = delta.rows.get(MARK)
    if value is None:
        return None
    mark: Mark = decode(MARK, value)
    return mark if mark.generation == delta.generation and mark.epochs else None


def _epochs(mark: Mark) -> tuple[Epoch, ...]:
    return tuple(Epoch(name, parent) for name, parent in mark.epochs)


def _is_part(early: tuple[Epoch, ...], generation: int, epochs: tuple[Epoch, ...], newest: int) -> bool:
    """Tell whether one log up to a generation is the beginning of another one up to its newest."""
    names = [epoch.name for epoch in epochs]
    if not early or early[-1].name not in names:
        return False
    following = names.index(early[-1].name) + 1
    last = epochs[following].parent if following < len(epochs) else newest
    return generation <= last
