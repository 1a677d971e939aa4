"""The slots of a list, in chunks: a change costs its chunk, not the list."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import overload

from feedsvc.store.rows import CHUNK, Chunk


class Slots(Sequence[str | None]):
    """Ids in the order they came, by sequence; None where one left, so that no archive page ever shifts."""

    __slots__ = ("_chunks", "_last")

    def __init__(self, chunks: tuple[Chunk, ...] = ()) -> None:
        self._chunks = chunks
        """All full but the last one."""
        self._last = len(chunks[-1]) if chunks else CHUNK

    @classmethod
    def of(cls, ids: Iterable[str | None]) -> "Slots":
        """Return slots for ids in order."""
        return cls().joined(tuple(ids))

    def joined(self, ids: Chunk) -> "Slots":
        """Return the slots with more at their end."""
        if not ids:
            return self
        full = self._chunks if self._last == CHUNK else self._chunks[:-1]
        rest = () if self._last == CHUNK else self._chunks[-1]
        new = rest + ids
        return Slots(full + tuple(new[at : at + CHUNK] for at in range(0, len(new), CHUNK)))

    def emptied(self, leaving: frozenset[str]) -> "Slots":
        """Return the slots with None for those that leave."""
        return self.mapped(lambda id_: None if id_ in leaving else id_) if leaving else self

    def mapped(self, change: Callable[[str | None], str | None]) -> "Slots":
        """Return the slots with each id changed; chunks where none is stay the same objects."""
        return Slots(tuple(_mapped(chunk, change) for chunk in self._chunks))

    def patched(self, changed: Mapping[int, Chunk | None]) -> "Slots":
        """Return the slots with some of their chunks replaced, by number from 0."""
        if not changed:
            return self
        after = {**dict(enumerate(self._chunks)), **changed}
        return Slots(tuple(chunk for number in sorted(after) if (chunk := after[number])))

    def news(self, before: "Slots") -> Iterator[tuple[int, Chunk]]:
        """Yield the number and content of each chunk that is another one than before."""
        for number, chunk in enumerate(self._chunks):
            old = before._chunks[number] if number < len(before._chunks) else None  # noqa: SLF001 (of its own kind)
            if chunk is not old and chunk != old:
                yield number, chunk

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> Chunk: ...

    def __getitem__(self, index: int | slice) -> str | Chunk | None:
        if isinstance(index, int):
            number, at = divmod(range(len(self))[index], CHUNK)
            return self._chunks[number][at]
        start, stop, step = index.indices(len(self))
        first = start // CHUNK
        near = tuple(chain.from_iterable(self._chunks[first : -(-stop // CHUNK)]))
        return near[start - first * CHUNK : max(stop - first * CHUNK, 0) : step]

    def __iter__(self) -> Iterator[str | None]:
        return chain.from_iterable(self._chunks)

    def __reversed__(self) -> Iterator[str | None]:
        return chain.from_iterable(map(reversed, reversed(self._chunks)))

    def __len__(self) -> int:
        return (len(self._chunks) - 1) * CHUNK + self._last if self._chunks else 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slots) and self._chunks == other._chunks

    def __hash__(self) -> int:
        return hash(self._chunks)


def _mapped(chunk: Chunk, change: Callable[[str | None], str | None]) -> Chunk:
    after = tuple(map(change, chunk))
    return chunk if after == chunk else after
