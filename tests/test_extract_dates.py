from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedsvc.extract import dates

EIGHT = timezone(timedelta(hours=8))


def at(*moment: int, zone: timezone | None = None) -> datetime:
    year, month, day, *rest = moment
    return datetime(year, month, day, *rest, tzinfo=zone)  # type: ignore[misc,arg-type] # hours and minutes


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Admin\xa0- admin 于2022年04月21日发表", at(2022, 4, 21)),
        ("2022年4月21日 10:30", at(2022, 4, 21, 10, 30)),
        ("2022年4月21日下午3时20分", at(2022, 4, 21, 15, 20)),
        ("2022年4月21日 上午12:05", at(2022, 4, 21, 0, 5)),
        ("2022年4月21日（星期四） 10:15", at(2022, 4, 21, 10, 15)),
        ("2022年4月21日 (木) 10:15", at(2022, 4, 21, 10, 15)),
        ("2022年4月21日（木曜日）10時15分", at(2022, 4, 21, 10, 15)),
        ("2022-04-21（週四）上午10:15", at(2022, 4, 21, 10, 15)),
        ("2022年4月21日 星期四 10:15", at(2022, 4, 21, 10, 15)),
        ("2022年4月21日（阴） 10:15", at(2022, 4, 21)),
        ("２０２２年４月２１日", at(2022, 4, 21)),
        ("二〇二二年四月二十一日", at(2022, 4, 21)),
        ("二○一九年十月十日", at(2019, 10, 10)),
        ("二零二三年十二月三十一日", at(2023, 12, 31)),
        ("2022-04-21 10:30:05", at(2022, 4, 21, 10, 30, 5)),
        ("2022/4/21", at(2022, 4, 21)),
        ("2022.4.21", at(2022, 4, 21)),
        ("2022-04-21T10:30:00Z", at(2022, 4, 21, 10, 30, zone=UTC)),
        ("2022-04-21T10:30:00.123456+08:00", at(2022, 4, 21, 10, 30, zone=EIGHT)),
        ("20220421T103000Z", at(2022, 4, 21, 10, 30, zone=UTC)),
        ("20220421", at(2022, 4, 21)),
        ("Thu, 21 Apr 2022 10:30:00 +0800", at(2022, 4, 21, 10, 30, zone=EIGHT)),
        ("21 Apr 2022 10:30 GMT", at(2022, 4, 21, 10, 30, zone=UTC)),
        ("March 3, 2024", at(2024, 3, 3)),
        ("MARCH 3, 2024", at(2024, 3, 3)),
        ("3 March 2024", at(2024, 3, 3)),
        ("3rd March 2024", at(2024, 3, 3)),
        ("Mar. 3, 2024 10:30 am", at(2024, 3, 3, 10, 30)),
        ("Mar 3, 2024 at 12:15 p.m.", at(2024, 3, 3, 12, 15)),
        ("Mar 3, 2024, 9 pm EST", at(2024, 3, 3, 21, zone=timezone(timedelta(hours=-5)))),
        (
            "Mar 3, 2024 10:30 UTC-03:30",
            at(2024, 3, 3, 10, 30, zone=timezone(-timedelta(hours=3, minutes=30))),
        ),
        ("Published on 3-Mar-2024", at(2024, 3, 3)),
        ("2024 Mar 3", at(2024, 3, 3)),
        ("3.Mar.2024", at(2024, 3, 3)),
        ("3/Mar/2024", at(2024, 3, 3)),
        ("3rd of March 2024", at(2024, 3, 3)),
        ("am 3.3.2024.", at(2024, 3, 3)),
        ("2024. március 3.", at(2024, 3, 3)),
        ("2024-03-03 25:00", at(2024, 3, 3)),
        ("2024-03-03 10:00:60", at(2024, 3, 3, 10, 0, 59)),
        ("2024-03-03 10:00 +99:00", at(2024, 3, 3)),
    ],
)
def test_a_date_is_read_exactly(written: str, expected: datetime) -> None:
    found = dates.parse(written)
    assert found == expected
    assert (found.tzinfo is None) == (expected.tzinfo is None)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "03/04/2024",
        "11月20日",
        "2022",
        "2022-13-01",
        "February 30, 2024",
        "Foo 3, 2024",
        "1850-01-01",
        "April 21",
        "1.2022.4.21",
    ],
)
def test_what_could_mean_two_days_or_none_is_no_date(written: str) -> None:
    assert dates.parse(written) is None


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("in 1987", True),
        ("２０２４年", True),
        ("二〇二四年", True),
        ("民國一百年", True),
        ("一二年", False),
        ("居民", False),
        ("12:30, 1. 2.", False),
        ("31 1870", False),
    ],
)
def test_a_line_without_a_year_holds_no_date(line: str, may: bool) -> None:  # noqa: FBT001 - expected
    assert dates.may_hold(line) is may


def test_what_could_mean_two_days_means_one_where_it_is_known_what_comes_first() -> None:
    assert dates.parse("03/04/2024", "day") == at(2024, 4, 3)
    assert dates.parse("03-04-2024", "month") == at(2024, 3, 4)
    assert dates.parse("13/04/2024", "month") == at(2024, 4, 13)
    assert dates.parse("33/04/2024", "day") is None


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("Nov. 3, 2026, 9:30 a.m. ET", -5),
        ("July 3, 2026 9:30 AM ET", -4),
        ("July 3, 2026 9:30 (CT)", -5),
        ("2026-07-03 9:30 MT", -6),
        ("July 3, 2026 at 9:30 a.m. PTUpdated", -7),
    ],
)
def test_a_zone_of_america_is_read_by_its_summer_time(written: str, hours: int) -> None:
    found = dates.parse(written)
    assert found is not None
    assert found.utcoffset() == timedelta(hours=hours)


def test_a_line_may_hold_several_dates() -> None:
    found = list(dates.find("Published 2024-03-03 10:00, updated March 4, 2024"))
    assert [date.when for date in found] == [at(2024, 3, 3, 10), at(2024, 3, 4)]
    touching = list(dates.find("UpdatedMarch 4, 2024March 3, 2024"))
    assert [date.when for date in touching] == [at(2024, 3, 4), at(2024, 3, 3)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/2022/04/21/a", at(2022, 4, 21)),
        ("https://example.org/t20220421_5.html", at(2022, 4, 21)),
        ("2022-04-21-title.md", at(2022, 4, 21)),
        ("https://example.org/2022/99/21/2023-01-02", at(2023, 1, 2)),
        ("https://example.org/202204/21", None),
        ("https://example.org/1120220421", None),
    ],
)
def test_an_address_may_carry_a_day(url: str, expected: datetime | None) -> None:
    assert dates.in_url(url) == expected


def test_a_moment_beyond_the_calendar_has_no_utc() -> None:
    assert dates.to_utc(datetime(1, 1, 1), EIGHT) is None  # noqa: DTZ001 - naive is the point
    assert dates.to_utc(datetime.max, timezone(timedelta(hours=-8))) is None  # noqa: DTZ901 - the calendar's end
    assert dates.to_utc(datetime(2022, 4, 21), EIGHT) == at(2022, 4, 20, 16, zone=UTC)  # noqa: DTZ001 - the same


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("21.04.2022", at(2022, 4, 21)),
        ("2022. 04. 21.", at(2022, 4, 21)),
        ("1º de abril de 2022", at(2022, 4, 1)),
        ("21.04.2022 - 10.30 Uhr", at(2022, 4, 21, 10, 30)),
        ("21 avril 2022 à 10h30", at(2022, 4, 21, 10, 30)),
        ("21 aprile 2022 alle ore 10.30", at(2022, 4, 21, 10, 30)),
        ("21 april 2022 kl. 10.30", at(2022, 4, 21, 10, 30)),
        ("21 April 2022 at 10.30 BST", at(2022, 4, 21, 10, 30, zone=timezone(timedelta(hours=1)))),
        ("21 April 2022 10.30 GMTLast modified", at(2022, 4, 21, 10, 30, zone=UTC)),
        ("21 April 2022 12.50 euros", at(2022, 4, 21)),
        ("2022-04-21-05:00", at(2022, 4, 21)),
        ("21.4.2022 um 10:30 Uhr", at(2022, 4, 21, 10, 30)),
        ("5. März 2021, 10:30", at(2021, 3, 5, 10, 30)),
        ("1er mai 2022", at(2022, 5, 1)),
        ("21 de abril de 2022", at(2022, 4, 21)),
        ("21 aprile 2022", at(2022, 4, 21)),
        ("21 kwietnia 2022", at(2022, 4, 21)),
        ("21 października 2022 r.", at(2022, 10, 21)),
        ("21. listopada 2022.", at(2022, 10, 21)),
        ("21 listopada 2022", at(2022, 11, 21)),
        ("21. maaliskuuta 2022", at(2022, 3, 21)),
        ("21 Απριλίου 2022", at(2022, 4, 21)),
        ("21 ΑΠΡΙΛΙΟΥ 2022", at(2022, 4, 21)),
        ("21 апреля 2022 г.", at(2022, 4, 21)),
        ("21 квітня 2022", at(2022, 4, 21)),
        ("21 януари 2022 г.", at(2022, 1, 21)),
        ("2022 m. balandžio 21 d.", at(2022, 4, 21)),
        ("21 d’abril del 2022", at(2022, 4, 21)),
        ("13/06/2014", at(2014, 6, 13)),
        ("06/13/2014", at(2014, 6, 13)),
        ("04/04/2024", at(2024, 4, 4)),
        ("2018년 8월 25일", at(2018, 8, 25)),
        ("民國111年4月21日", at(2022, 4, 21)),
        ("中華民國一一一年四月二十一日", at(2022, 4, 21)),
        ("２０２２年４月２１日", at(2022, 4, 21)),
        ("二〇二二年四月二十一日", at(2022, 4, 21)),
    ],
)
def test_a_date_is_read_in_many_languages_and_reckonings(written: str, expected: datetime) -> None:
    assert dates.parse(written) == expected
    assert dates.may_hold(written)


@pytest.mark.parametrize(
    "written",
    [
        "v1.2.2019",
        "1.2.3.2022",
        "31/31/2019",
        "003ednc20190925",
        "March of 2019",
        "民國十十年1月1日",
        "2022年十十月1日",
    ],
)
def test_versions_and_names_are_no_dates(written: str) -> None:
    assert dates.parse(written) is None
