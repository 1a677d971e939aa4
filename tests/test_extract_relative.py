from datetime import UTC, datetime

import pytest

from feedsvc.extract import relative

NOW = datetime(2026, 5, 5, 10, 30, 15, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - naive is the point


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("3小时前", datetime(2026, 5, 5, 7, 30, tzinfo=UTC)),
        ("５分钟前", datetime(2026, 5, 5, 10, 25, tzinfo=UTC)),
        ("发布时间：3小时前", datetime(2026, 5, 5, 7, 30, tzinfo=UTC)),
        ("an hour ago", datetime(2026, 5, 5, 9, 30, tzinfo=UTC)),
        ("2 days ago", at(2026, 5, 3)),
        ("1周前", at(2026, 4, 28)),
        ("昨天 10:30", at(2026, 5, 4, 10, 30)),
        ("前天", at(2026, 5, 3)),
        ("Published yesterday", at(2026, 5, 4)),
        ("今天 25:00", None),
        ("他昨天来过", None),
        ("前", None),
        ("three friends", None),
    ],
)
def test_an_age_counts_back_from_the_moment_of_reading(line: str, expected: datetime | None) -> None:
    assert relative.moment(line, NOW) == expected


@pytest.mark.parametrize(
    ("line", "elsewhere", "expected"),
    [
        ("四月二十一日", ["2022年的春天"], at(2022, 4, 21)),
        ("发布于4月21日 08:05 溪口日报", ["2022年", "2022 年"], at(2022, 4, 21, 8, 5)),
        ("04-21 10:30", ["二〇二二年"], at(2022, 4, 21)),
        ("4月21日", ["2022年", "2021年"], None),
        ("4月21日", ["去年"], None),
        ("4月21日停水通知", ["2022年"], None),
        ("4月31日", ["2022年"], None),
        ("没有日子", ["2022年"], None),
    ],
)
def test_a_day_without_a_year_is_read_where_the_page_names_one(
    line: str, elsewhere: list[str], expected: datetime | None
) -> None:
    found = relative.in_year(line, elsewhere)
    assert (found and found.date()) == (expected and expected.date())
    if "08:05" in line:
        assert found == expected
