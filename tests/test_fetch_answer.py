from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from feedsvc.fetch import NO_VALIDATORS, Answer, Validators
from feedsvc.fetch.answer import LONGEST, fresh_for, read, retry_after
from feedsvc.fetch.transport import Reply

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
URL = "https://news.example.org/"
HOUR = timedelta(hours=1)


def answer(
    status: int = 200, content: bytes | None = b"", url: str = URL, *, permanently: bool = False, **head: str
) -> Answer:
    headers = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in head.items()})
    reply = Reply(url=url, status=status, headers=headers, content=content)
    return read(URL, reply, permanently=permanently, now=NOON)


@pytest.mark.parametrize(
    ("said", "kind", "charset"),
    [
        ("text/html; charset=GB18030", "text/html", "gb18030"),
        ('Application/RSS+XML;charset="utf-8"', "application/rss+xml", "utf-8"),
        ("text/html; charset=", "text/html", None),
        ("text/html; charset*=utf-8''x", "text/html", None),
        ("text/html;;;", "text/html", None),
        ("text", "", None),
        ("", "", None),
    ],
)
def test_the_media_type_and_the_charset_are_read(said: str, kind: str, charset: str | None) -> None:
    got = answer(Content_Type=said)
    assert (got.media_type, got.charset) == (kind, charset)


@given(st.text(max_size=40))
def test_whatever_stands_in_a_head_is_read_without_an_error(said: str) -> None:
    got = answer(
        Content_Type=said, Cache_Control=said, Expires=said, Date=said, Age=said, Retry_After=said, ETag=said
    )
    assert got.status == 200


def test_validators_are_kept_as_they_were_sent() -> None:
    got = answer(ETag='W/"a,b"', Last_Modified="Wed, 04 Mar 2026 10:00:00 GMT").validators
    assert got == Validators(etag='W/"a,b"', last_modified="Wed, 04 Mar 2026 10:00:00 GMT")
    assert got.headers() == {"If-None-Match": 'W/"a,b"', "If-Modified-Since": "Wed, 04 Mar 2026 10:00:00 GMT"}


@pytest.mark.parametrize("etag", ['"' + "a" * 1000 + '"', '"a\tb"', '"a\x85b"'])
def test_a_validator_that_should_not_be_sent_back_is_dropped(etag: str) -> None:
    assert not answer(ETag=etag).validators


@pytest.mark.parametrize(
    "validators",
    [
        NO_VALIDATORS,
        Validators(etag='"a"'),
        Validators(last_modified="b"),
        Validators(etag="c", last_modified="d"),
    ],
)
def test_validators_are_kept_as_one_text(validators: Validators) -> None:
    assert Validators.of(validators.version) == validators
    assert bool(validators.version) == bool(validators) == bool(validators.headers())


@pytest.mark.parametrize(
    ("head", "fresh"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=3600"}, HOUR),
        ({"Cache-Control": "MAX-AGE = 3600", "Expires": "0"}, HOUR),
        ({"Cache-Control": 'max-age="3600"', "Age": "600"}, timedelta(minutes=50)),
        ({"Cache-Control": "max-age=3600", "Age": "7200"}, timedelta(0)),
        ({"Cache-Control": "max-age=3600", "Age": "old"}, HOUR),
        ({"Cache-Control": "max-age=9999999999"}, LONGEST),
        ({"Cache-Control": "s-maxage=3600"}, None),
        ({"Cache-Control": "x-max-age=3600"}, None),
        ({"Cache-Control": "no-cache, max-age=3600"}, timedelta(0)),
        ({"Cache-Control": "no-store"}, timedelta(0)),
        ({"Expires": "Wed, 04 Mar 2026 13:00:00 GMT", "Date": "Wed, 04 Mar 2026 12:00:00 GMT"}, HOUR),
        ({"Expires": "Wed, 04 Mar 2026 11:00:00 GMT", "Date": "Wed, 04 Mar 2026 12:00:00 GMT"}, timedelta(0)),
        ({"Expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, timedelta(0)),
        ({"Expires": "-1"}, timedelta(0)),
    ],
)
def test_how_long_content_stays_fresh_is_read(head: dict[str, str], fresh: timedelta | None) -> None:
    assert fresh_for(head) == fresh


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("Wed, 04 Mar 2026 13:00:00 GMT", HOUR),
        ("Wed, 04 Mar 2026 13:00:00 -0000", HOUR),
        ("Wed, 04 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("9999999999", LONGEST),
        ("1" * 5000, None),
        ("-5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_stay_away_is_read(said: str, wait: timedelta | None) -> None:
    assert retry_after({"Retry-After": said}, NOON) == wait


def test_an_answer_from_elsewhere_is_moved_if_every_step_was_for_good() -> None:
    there = "https://news.example.org/there"
    assert answer().moved is None
    assert answer(url=there).moved is None
    assert answer(url=there).final == there
    assert answer(url=there, permanently=True).moved == there


def test_an_answer_says_what_is_wrong_with_it() -> None:
    assert answer().failure is None
    unchanged = answer(304, None)
    assert (unchanged.unchanged, unchanged.failure) == (True, None)
    gone = answer(410, None)
    assert (gone.gone, gone.failure) == (True, "answered 410 Gone")
    assert answer(404, None).failure == "answered 404 Not Found"
    assert answer(204, None).failure == "answered 204 No Content"
    assert answer(799, None).failure == "answered 799"
