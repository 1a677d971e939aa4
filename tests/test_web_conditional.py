"""RFC 9110 section 13, case by case."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.conditional import Prepared, Variant, answer

ETAG = '"0123,4567"'
MODIFIED = 784111777  # Sun, 06 Nov 1994 08:49:37 GMT
SQUEEZED = '"0123,4567-gzip"'


def variant(body: bytes, etag: str) -> Variant:
    kind = ("Content-Type", "application/atom+xml")
    return Variant(body=body, etag=etag, headers=[kind, ("ETag", etag)], headers_304=[("ETag", etag)])


IDENTITY, GZIP = variant(b"<feed/>", ETAG), variant(b"squeezed", SQUEEZED)
NEW = Prepared(variants={"gzip": GZIP, "identity": IDENTITY}, offered=("gzip", "identity"), modified=MODIFIED)


def status(method: str = "GET", **fields: str) -> int:
    return int(ask(method, **fields)[0][:3])


def ask(method: str = "GET", **fields: str) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    return answer(NEW, {"REQUEST_METHOD": method} | {f"HTTP_{name}": fields[name] for name in fields})


def test_a_plain_get_brings_everything() -> None:
    assert ask() == ("200 OK", IDENTITY.headers, [b"<feed/>"])


def test_a_head_brings_the_headers_alone() -> None:
    assert ask("HEAD") == ("200 OK", IDENTITY.headers, [])
    assert ask("HEAD", ACCEPT_ENCODING="gzip") == ("200 OK", GZIP.headers, [])


def test_a_get_brings_the_coding_that_is_asked_for() -> None:
    assert ask(ACCEPT_ENCODING="gzip") == ("200 OK", GZIP.headers, [b"squeezed"])
    assert ask(ACCEPT_ENCODING="br") == ("200 OK", IDENTITY.headers, [b"<feed/>"])
    assert NEW.identity is IDENTITY


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_304_has_no_body_and_its_own_headers(method: str) -> None:
    assert ask(method, IF_NONE_MATCH=ETAG) == ("304 Not Modified", IDENTITY.headers_304, [])


@pytest.mark.parametrize(
    ("tag", "coding", "expected"),
    [
        (SQUEEZED, "gzip", 304),
        (f"W/{SQUEEZED}", "gzip", 304),
        (f"{ETAG}, {SQUEEZED}", "gzip", 304),
        (SQUEEZED, "identity", 200),
        (ETAG, "gzip", 200),
    ],
)
def test_a_tag_is_good_for_its_own_coding_alone(tag: str, coding: str, expected: int) -> None:
    assert status(IF_NONE_MATCH=tag, ACCEPT_ENCODING=coding) == expected
    refused = 412 if expected == 200 or tag.startswith("W/") else 200
    assert status(IF_MATCH=tag, ACCEPT_ENCODING=coding) == refused


def test_a_304_carries_the_tag_of_the_coding_it_would_have_had() -> None:
    date = formatdate(MODIFIED, usegmt=True)
    assert ask(IF_MODIFIED_SINCE=date, ACCEPT_ENCODING="gzip")[1] == [("ETag", SQUEEZED)]
    assert ask(IF_MODIFIED_SINCE=date)[1] == [("ETag", ETAG)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_412_is_empty(method: str) -> None:
    assert ask(method, IF_MATCH='"other"') == ("412 Precondition Failed", [("Content-Length", "0")], [])


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (ETAG, 304),
        (f"W/{ETAG}", 304),
        (f'"a", {ETAG}', 304),
        (f'"a",{ETAG},"b"', 304),
        (f'W/"a" , W/{ETAG}', 304),
        (f"  {ETAG}  ", 304),
        (f'"", {ETAG}', 304),
        ("*", 304),
        (" * ", 304),
        ('"0123"', 200),
        ('"4567"', 200),
        ('"other", "another"', 200),
        ('"*"', 200),
        ("0123,4567", 200),
        ('"0123,4567-gzip"', 200),
        ('"0123,4567', 200),
        ("", 200),
        ('w/"', 200),
        ("," * 5000, 200),
    ],
)
def test_if_none_match_compares_weakly(field: str, expected: int) -> None:
    assert status(IF_NONE_MATCH=field) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (ETAG, 200),
        (f'"a", {ETAG}', 200),
        ("*", 200),
        (f"W/{ETAG}", 412),
        ('"other"', 412),
        ("", 412),
    ],
)
def test_if_match_compares_strongly(field: str, expected: int) -> None:
    assert status(IF_MATCH=field) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 304),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 304),
        ("Sun Nov  6 08:49:37 1994", 304),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 304),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 304),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 200),
        ("Sun Nov  6 08:49:36 1994", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Sun, 36 Nov 1994 08:49:37 GMT", 200),
        ("Sun, 06 Nov 1994 08:49:37 +9999", 200),
        ("yesterday", 200),
        ("0", 200),
        ("-1", 200),
        ("", 200),
        ("Sun, 06 Nov 99999999999 08:49:37 GMT", 200),
    ],
)
def test_if_modified_since_takes_every_form_of_date_and_ignores_what_is_none(
    date: str, expected: int
) -> None:
    assert status(IF_MODIFIED_SINCE=date) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 412),
        ("yesterday", 200),
    ],
)
def test_if_unmodified_since_refuses_what_changed_later(date: str, expected: int) -> None:
    assert status(IF_UNMODIFIED_SINCE=date) == expected


OLD, SAME = formatdate(MODIFIED - 1, usegmt=True), formatdate(MODIFIED, usegmt=True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"IF_NONE_MATCH": '"other"', "IF_MODIFIED_SINCE": SAME}, 200),
        ({"IF_NONE_MATCH": ETAG, "IF_MODIFIED_SINCE": OLD}, 304),
        ({"IF_NONE_MATCH": "", "IF_MODIFIED_SINCE": SAME}, 200),
        ({"IF_MATCH": ETAG, "IF_NONE_MATCH": ETAG}, 304),
        ({"IF_MATCH": '"other"', "IF_NONE_MATCH": ETAG}, 412),
        ({"IF_MATCH": ETAG, "IF_UNMODIFIED_SINCE": OLD}, 200),
        ({"IF_UNMODIFIED_SINCE": OLD, "IF_NONE_MATCH": ETAG}, 412),
        ({"IF_UNMODIFIED_SINCE": SAME, "IF_MODIFIED_SINCE": SAME}, 304),
        ({"RANGE": "bytes=0-1"}, 200),
        ({"RANGE": "bytes=0-1", "IF_RANGE": ETAG}, 200),
    ],
)
def test_preconditions_come_in_the_order_of_the_standard(fields: dict[str, str], expected: int) -> None:
    assert status(**fields) == expected


@given(st.text(), st.sampled_from(["IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE"]))
def test_no_field_however_strange_is_an_error(value: str, field: str) -> None:
    assert status(**{field: value}) in {200, 304, 412}


@given(st.lists(st.text(st.characters(min_codepoint=0x23, max_codepoint=0x7E), max_size=8), max_size=5))
def test_a_list_of_tags_matches_when_it_holds_ours(tags: list[str]) -> None:
    field = ", ".join(f'"{tag}"' for tag in tags)
    assert status(IF_NONE_MATCH=field) == (304 if ETAG.strip('"') in tags else 200)
    assert status(IF_NONE_MATCH=f"{field}, {ETAG}") == 304
