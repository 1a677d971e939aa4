"""Charts as paths."""

import re

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.charts import bars, span, spark, stacked

COUNTS = st.lists(st.integers(0, 10**6), max_size=100)


def heights(path: str) -> list[float]:
    return [-float(number) for number in re.findall(r"v(-[0-9.]+)", path)]


def test_the_highest_bar_takes_all_of_the_height_and_none_is_a_dot() -> None:
    assert spark((0, 4, 2)) == "M1 18v-0.5M4 18v-18.0M7 18v-9.0"


def test_a_chart_of_nothing_is_flat() -> None:
    assert heights(spark((0, 0))) == [0.5, 0.5]
    assert spark(()) == ""
    assert stacked([(), ()], 60) == ("", "")


@given(COUNTS)
def test_whatever_is_more_than_nothing_can_be_seen(counts: list[int]) -> None:
    drawn = heights(spark(counts))
    assert len(drawn) == len(counts)
    assert all((height >= 1) == (count > 0) for height, count in zip(drawn, counts, strict=True))
    assert all(height <= 18 for height in drawn)


def test_bars_are_measured_against_a_top_of_their_own() -> None:
    assert heights(bars((1.0, 5.0), 10, 60)) == [6.0, 30.0]


def test_layers_stand_on_each_other_and_draw_nothing_for_nothing() -> None:
    new, changed, dropped = stacked([(3, 0), (1, 2), (0, 0)], 40)
    assert new == "M1 40.0v-30.0"
    assert changed == "M1 10.0v-10.0M4 40.0v-20.0"
    assert dropped == ""


def test_a_chart_is_as_wide_as_its_bars() -> None:
    assert [span(columns) for columns in (0, 1, 30)] == [3, 3, 89]
