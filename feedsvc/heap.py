"""Memory while much is made at once: garbage collection looks at what is new, and what is free goes back.

Articles hold no cycles, and a first ingest makes millions of objects: looking through all of them as they
grow took a quarter of its time, and each such look stops every request meanwhile.
"""

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""New objects from which on they are looked through: what requests leave behind goes soon enough."""
NEVER = 1_000_000
"""Looks at the young, of which a tick has fewer, for one at all objects."""
MANY = 1_000
"""Articles from which on what a tick brought is set apart for good, which takes no time."""


@contextmanager
def young_only() -> Iterator[None]:
    """Collect among what is new only."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, before[1], NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def no_collection() -> Iterator[None]:
    """Put garbage collection off: while 100,000 articles are made it finds nothing, five times slower."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def set_apart(articles: int) -> None:
    """Have no later collection look through what is there by now, if a tick brought many articles.

    What counts references still frees each of them.
    """
    if articles >= MANY:
        gc.collect(0)
        gc.freeze()
        give_back()


def give_back() -> None:
    """Return what is free to the system: after a large load that is a fifth, and takes a few milliseconds."""
    _TRIM(0)


def _trim() -> Callable[[int], object]:
    """Return malloc_trim(3), which glibc has and other C libraries do without."""
    return getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)


_TRIM = _trim()
