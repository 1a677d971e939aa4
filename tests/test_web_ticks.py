"""The last ticks as charts."""

from datetime import timedelta

from feedsvc.ingest import Ticked
from feedsvc.web.charts import span
from feedsvc.web.pages.ticks import LEAST, drawn
from tests.builders import START


def ticked(number: int) -> Ticked:
    return Ticked(
        started=START + timedelta(minutes=number),
        seconds=number / 2,
        new=number,
        changed=1,
        dropped=0,
        failed=False,
    )


def test_before_the_first_tick_there_is_nothing_to_draw() -> None:
    assert drawn([]) is None


def test_a_few_ticks_stand_at_the_right_of_a_chart_of_thirty() -> None:
    chart = drawn([ticked(1), ticked(2)])
    assert chart is not None
    assert chart.width == span(LEAST)
    assert chart.durations.count("M") == LEAST
    assert chart.durations.endswith("M85 60v-30.0M88 60v-60.0")
    assert (chart.first, chart.last, chart.longest) == (ticked(1).started, ticked(2).started, 1.0)


def test_many_ticks_are_all_drawn_and_the_newest_ten_told() -> None:
    chart = drawn([ticked(number) for number in range(100)])
    assert chart is not None
    assert chart.width == span(100)
    assert chart.sums == {"n": 100, "new": 4950, "changed": 100, "dropped": 0}
    assert [each.new for each in chart.latest] == list(range(99, 89, -1))
    assert [(name, path.count("M")) for name, path in chart.brought] == [
        ("new", 99),
        ("changed", 100),
        ("dropped", 0),
    ]
