"""A mapping that is cheap to change and never changes: what is new lies over what was there."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

_Value = TypeVar("_Value")

THIN = 1_000
"""Changes that may lie over a mapping before it is copied: 100,000 entries take 5 ms."""


class Layers(Mapping[str, _Value], Generic[_Value]):
    """A mapping from strings, with changes over it; None stands for what was deleted."""

    __slots__ = ("_base", "_length", "_over")

    def __init__(self, base: Mapping[str, _Value], over: Mapping[str, _Value | None] | None = None) -> None:
        self._base = base
        self._over = over or {}
        gone = sum(value is None and key in base for key, value in self._over.items())
        new = sum(value is not None and key not in base for key, value in self._over.items())
        self._length = len(base) + new - gone

    def changed(self, changes: Mapping[str, _Value | None]) -> "Layers[_Value]":
        """Return the mapping after changes; None deletes."""
        over = {**self._over, **changes}
        if len(over) <= max(THIN, len(self._base) // 100):
            return Layers(self._base, over)
        base = {**self._base, **over}
        return Layers({key: value for key, value in base.items() if value is not None})

    def __getitem__(self, key: str) -> _Value:
        if key in self._over:
            value = self._over[key]
            if value is None:
                raise KeyError(key)
            return value
        return self._base[key]

    def __contains__(self, key: object) -> bool:
        return self._over[key] is not None if key in self._over else key in self._base  # type: ignore[index]

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self._base if key not in self._over)
        yield from (key for key, value in self._over.items() if value is not None)

    def __len__(self) -> int:
        return self._length


def layered(before: Mapping[str, _Value], changes: Mapping[str, _Value | None]) -> Mapping[str, _Value]:
    """Return a mapping after changes, None for what is deleted; the same object without any."""
    if not changes:
        return before
    return (before if isinstance(before, Layers) else Layers(before)).changed(changes)
