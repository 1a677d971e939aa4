"""Content codings: what is offered, what is asked for, what it unpacks to."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import zstd
from feedsvc.web.coding import CODINGS, IDENTITY, preferred

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
OFFERED = ("br", "zstd", "gzip", IDENTITY)
"""The smallest first, as a representation offers them."""


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        (" ", "identity"),
        (",", "identity"),
        ("identity", "identity"),
        ("foo", "identity"),
        ("deflate", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate", "gzip"),
        ("gzip,deflate,br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("*", "br"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.0, br;q=0.000", "identity"),
        ("gzip;q=0, *;q=0.5", "br"),
        ("br;q=0, *", "zstd"),
        ("*;q=0, identity", "identity"),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0, gzip;q=0", "identity"),
        ("identity;q=0, *", "br"),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
        ("identity;q=1, gzip;q=0.1", "identity"),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("gzip;q=0.5, br;q=0.9, zstd;q=0.8", "br"),
        ("gzip;q=1, br;q=0.9", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=banana", "gzip"),
        ("gzip;q=", "gzip"),
        ("gzip;q=2", "gzip"),
        ("gzip;level=9;q=0", "identity"),
        ("gzip ; Q=0", "identity"),
        ("gzip;q = 0", "identity"),
        ("gzip;q=0;q=1", "identity"),
        (";q=1", "identity"),
        ("gzip;q=0, gzip", "gzip"),
        ("br;q=0.5;q=0.9, gzip;q=0.7", "gzip"),
    ],
)
def test_the_coding_that_is_asked_for_most_is_answered_the_smallest_of_equals(
    field: str | None, coding: str
) -> None:
    assert preferred(field, OFFERED) == coding


@pytest.mark.parametrize("field", ["gzip", "*", "br, gzip;q=0.5", "identity;q=0"])
def test_what_is_not_offered_is_not_answered(field: str) -> None:
    assert preferred(field, (IDENTITY,)) == IDENTITY
    assert preferred(field, ("zstd", IDENTITY)) in {"zstd", IDENTITY}


@given(st.text() | st.text("gzipbrstd*identy;,q=01. "))
def test_every_field_however_strange_is_answered_with_what_is_offered(field: str) -> None:
    assert preferred(field, OFFERED) in OFFERED


@given(st.permutations(["gzip;q=0.2", "br;q=0.4", "zstd;q=0.6", "identity;q=0.1"]))
def test_the_order_of_wishes_does_not_matter(wishes: list[str]) -> None:
    assert preferred(", ".join(wishes), OFFERED) == "zstd"


def test_three_codings_are_made_and_each_unpacks_to_what_it_was() -> None:
    assert CODINGS.keys() == UNPACK.keys()
    body = "<p>5 &lt; 6 结束 😀</p>".encode() * 99
    for name, squeeze in CODINGS.items():
        assert UNPACK[name](squeeze(body)) == body
        assert len(squeeze(body)) < len(body)


@pytest.mark.parametrize("name", CODINGS)
def test_equal_bodies_are_squeezed_to_equal_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"one body " * 999
    first = CODINGS[name](body)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert CODINGS[name](body) == first


def test_gzip_says_no_time() -> None:
    assert CODINGS["gzip"](b"body")[4:8] == b"\0\0\0\0"
