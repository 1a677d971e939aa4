"""A cache by size: what was not asked for longest goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class LeastUsed(Generic[_Value]):
    """Keeps values as long as all of them weigh no more than `budget`; for several threads at once."""

    def __init__(self, budget: int, weigh: Callable[[_Value], int]) -> None:
        self._budget = budget
        self._weigh = weigh
        self._values: OrderedDict[Hashable, _Value] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    @property
    def weight(self) -> int:
        """What is kept weighs."""
        return self._weight

    def get(self, key: Hashable) -> _Value | None:
        """Return what is kept under a key, now the last to go."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Hashable, value: _Value) -> None:
        """Keep a value; others go for it, and it goes itself where it alone is too heavy."""
        with self._lock:
            if key in self._values:
                self._weight -= self._weigh(self._values.pop(key))
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._budget:
                _, oldest = self._values.popitem(last=False)
                self._weight -= self._weigh(oldest)
