from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.fetch.due import LONGEST, LONGEST_FRESH, SPREAD, after_answer, after_failure, is_due

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
INTERVALS = st.timedeltas(timedelta(seconds=1), timedelta(days=365))


@pytest.mark.parametrize(
    ("fresh", "wait"),
    [
        (None, 5 * MINUTE),
        (timedelta(0), 5 * MINUTE),
        (2 * MINUTE, 5 * MINUTE),
        (HOUR, HOUR),
        (timedelta(days=365), LONGEST_FRESH),
    ],
)
def test_what_promises_to_stay_fresh_is_asked_later_but_not_for_ever(
    fresh: timedelta | None, wait: timedelta
) -> None:
    assert after_answer(NOON, 5 * MINUTE, fresh) == NOON + wait


def test_a_long_interval_stays_what_it_is() -> None:
    assert after_answer(NOON, timedelta(days=7), HOUR) == NOON + timedelta(days=7)
    assert after_failure(NOON, timedelta(days=7), 3) == NOON + timedelta(days=7)


def test_each_failure_makes_the_wait_longer_up_to_two_days() -> None:
    waits = [(after_failure(NOON, 10 * MINUTE, count) - NOON) / MINUTE for count in range(1, 5)]
    spread = waits[0] / 18
    assert 1 <= spread <= 1 + SPREAD
    assert waits == pytest.approx([18 * spread, 32.4 * spread, 58.32 * spread, 104.976 * spread])
    assert after_failure(NOON, 10 * MINUTE, 12) == NOON + LONGEST
    assert after_failure(NOON, 10 * MINUTE, 10**9) == NOON + LONGEST


def test_sources_that_failed_together_are_drawn_apart_always_in_the_same_way() -> None:
    times = [after_failure(NOON, HOUR, 1, name=f"source-{number}") for number in range(100)]
    assert len(set(times)) == 100
    assert times == [after_failure(NOON, HOUR, 1, name=f"source-{number}") for number in range(100)]
    assert min(times) < NOON + 1.02 * 1.8 * HOUR
    assert max(times) > NOON + 1.08 * 1.8 * HOUR


def test_who_asks_to_be_left_alone_is_left_alone_but_not_for_ever() -> None:
    assert after_failure(NOON, MINUTE, 1, retry_after=3 * HOUR) == NOON + 3 * HOUR
    assert after_failure(NOON, 10 * HOUR, 1, retry_after=HOUR) > NOON + 10 * HOUR
    assert after_failure(NOON, MINUTE, 1, retry_after=timedelta(days=365)) == NOON + LONGEST


@given(
    INTERVALS, st.integers(1, 10**6), st.text(), st.none() | st.timedeltas(timedelta(0), timedelta(days=400))
)
def test_a_failure_never_brings_the_next_look_nearer_nor_puts_it_off_past_the_cap(
    interval: timedelta, failures: int, name: str, asked: timedelta | None
) -> None:
    wait = after_failure(NOON, interval, failures, name=name, retry_after=asked) - NOON
    assert min(interval, LONGEST) <= wait <= max(interval, LONGEST)


@given(INTERVALS)
def test_a_look_is_due_when_planned_and_not_before(interval: timedelta) -> None:
    planned = after_answer(NOON, interval)
    assert is_due(NOON, planned, planned)
    assert not is_due(NOON, planned, NOON)
    assert not is_due(NOON, planned, planned - interval / 9)


def test_a_tick_that_comes_a_moment_early_counts() -> None:
    planned = NOON + 5 * MINUTE
    assert is_due(NOON, planned, planned - timedelta(seconds=0.4))
    assert not is_due(NOON, planned, planned - timedelta(seconds=0.6))


@pytest.mark.parametrize(("last", "planned"), [(None, None), (None, NOON + HOUR), (NOON - HOUR, None)])
def test_what_was_never_looked_at_is_due(last: datetime | None, planned: datetime | None) -> None:
    assert is_due(last, planned, NOON)


def test_a_plan_from_before_the_clock_went_back_is_void_and_a_long_wait_is_not() -> None:
    assert is_due(NOON, NOON + 5 * MINUTE, NOON - HOUR)
    assert not is_due(NOON, NOON + 5 * MINUTE, NOON - timedelta(seconds=50))
    assert not is_due(NOON, NOON + LONGEST, NOON + 47 * HOUR)
    assert is_due(NOON, NOON - MINUTE, NOON)
