from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from feedsvc.extract import ladder
from feedsvc.extract.reading import Claim

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_best_rung_wins_whatever_the_order() -> None:
    claims = [Claim(rung="url", when=NOW - DAY), Claim(rung="metadata", when=NOW - 2 * DAY)]
    dating = ladder.judge(claims, (), UTC, NOW)
    assert (dating.published, dating.rung, dating.problems) == (NOW - 2 * DAY, "metadata", ())


def test_a_future_or_ancient_date_is_reported_and_the_next_rung_taken() -> None:
    claims = [
        Claim(rung="front matter", when=NOW + DAY),
        Claim(rung="byline", when=datetime(1970, 1, 1, tzinfo=UTC)),
        Claim(rung="file time", when=NOW - DAY),
    ]
    dating = ladder.judge(claims, (), UTC, NOW)
    assert (dating.published, dating.rung) == (NOW - DAY, "file time")
    assert dating.problems == (
        "date 2026-01-02T00:00:00+00:00 (front matter) is in the future",
        "date 1970-01-01T00:00:00+00:00 (byline) is before 1990",
    )


def test_now_is_the_last_rung() -> None:
    dating = ladder.judge((), (), UTC, NOW)
    assert (dating.published, dating.updated, dating.rung) == (NOW, NOW, "first seen")


def test_an_update_counts_only_between_publication_and_now() -> None:
    claims = [Claim(rung="byline", when=NOW - 3 * DAY)]
    assert ladder.judge(claims, (NOW - DAY, NOW + DAY), UTC, NOW).updated == NOW - DAY
    assert ladder.judge(claims, (NOW - 9 * DAY,), UTC, NOW).updated == NOW - 3 * DAY


def test_a_zone_is_found_by_name_and_else_utc() -> None:
    assert ladder.zone_named("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")
    assert ladder.zone_named("Nowhere/Atall") is UTC
    assert ladder.zone_named("../etc/passwd") is UTC
