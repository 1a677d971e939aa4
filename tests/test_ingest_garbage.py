"""Garbage collection in a tick."""

import gc
import weakref
from datetime import timedelta

from feedsvc.ingest.garbage import MANY, YOUNG, set_apart, young_only


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
