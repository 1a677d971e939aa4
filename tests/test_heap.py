"""Garbage collection, and what goes back to the system."""

import ctypes
import gc
import weakref
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.heap import MANY, YOUNG, give_back, no_collection, set_apart, young_only


class Knot:
    """Refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.self = self


def test_old_objects_are_left_alone_in_a_tick_and_looked_at_again_after_it() -> None:
    before = gc.get_threshold()
    gc.collect()
    looks = gc.get_stats()[2]["collections"]
    with young_only():
        kept = [[timedelta(number)] for number in range(30 * YOUNG)]
        assert gc.get_stats()[2]["collections"] == looks
        assert gc.get_stats()[0]["collections"] > 0
    assert kept
    assert gc.get_threshold() == before


def test_garbage_that_is_new_goes_within_a_tick() -> None:
    with young_only():
        gone = weakref.ref(Knot())
        kept = [[number] for number in range(3 * YOUNG)]
        assert gone() is None
    assert kept


def test_what_many_articles_brought_is_never_looked_through_again() -> None:
    gc.unfreeze()
    set_apart(MANY - 1)
    assert gc.get_freeze_count() == 0
    set_apart(MANY)
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_nothing_is_collected_where_collection_is_put_off_and_it_is_as_before_after_that() -> None:
    for put in (gc.enable, gc.disable, gc.enable):
        put()
        before = gc.isenabled()
        with no_collection():
            assert not gc.isenabled()
        assert gc.isenabled() == before


def resident() -> int:
    """Return the kilobytes of this process in memory."""
    told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Rss:"))


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc")
def test_what_lies_free_between_what_stays_goes_back_to_the_system() -> None:
    pieces = [bytes(20_000) for _ in range(5_000)]
    kept = pieces[::50]  # holds the heap's end, so that only what lies between can go
    del pieces
    before = resident()
    give_back()
    assert before - resident() > 50_000
    assert kept
