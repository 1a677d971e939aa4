from datetime import UTC, datetime

import pytest

from feedsvc.extract import repost

WHEN = datetime(2022, 4, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        "按照计划，力争到2017年，各村活动室都达到标准。",
        "大桥预计2016年底通车。",
        "The bridge will open to traffic by the end of 2015, the council said.",
        "The library plans to move by March 2019.",
    ],
)
def test_a_text_that_expects_years_long_over_may_be_old(body: str) -> None:
    expected = repost.problem(body, WHEN)
    assert expected is not None
    assert expected.startswith("possible repost: the text still expects 201")


@pytest.mark.parametrize(
    "body",
    [
        "2010年到2015年，溪口区人口增长了三成。",
        "2015年时计划2016年通车，实际到2019年才开放。",
        "大桥预计2021年通车。",
        "大桥预计2025年通车，2010年动工。",
        "In 2015 he said that it will open by 2016. It did, in 2018.",
        "The mill burned down in 1987, and nobody rebuilt it.",
        "The fair will open on Monday. It was first held in 1950.",
        "",
    ],
)
def test_a_retrospective_is_none(body: str) -> None:
    assert repost.problem(body, WHEN) is None
