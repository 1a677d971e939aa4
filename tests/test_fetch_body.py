import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Response

from feedsvc import zstd
from feedsvc.fetch.body import beginning, whole

MIB = 2**20
PACKED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@dataclass
class FakeResponse:
    """An answer whose body comes in pieces."""

    pieces: list[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    status_code: int = 200
    read: int = 0

    @property
    def raw(self) -> "FakeResponse":
        return self

    def stream(self, _most: int, *, decode_content: bool) -> Iterator[bytes]:
        assert not decode_content
        for piece in self.pieces:
            self.read += 1
            yield bytes(bytearray(piece))  # each its own object, as from a socket


def take(answer: FakeResponse, most: int = MIB) -> bytes | None:
    return whole(most)(cast("Response", answer), lambda: None)


def packed(body: bytes, *codings: str, size: int = 65536) -> FakeResponse:
    for coding in codings:
        body = PACKED[coding](body)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return FakeResponse(pieces, {"Content-Encoding": ", ".join(codings)})


def refusal(answer: FakeResponse, most: int = MIB) -> str:
    with pytest.raises(OSError) as caught:  # noqa: PT011 (its words are compared)
        take(answer, most)
    return str(caught.value.strerror)


@given(
    st.binary(max_size=2000).map(lambda body: body * 50),
    st.lists(st.sampled_from(sorted(PACKED)), max_size=2),
    st.integers(1, 3000),
)
def test_a_body_is_unpacked_however_it_is_cut(body: bytes, codings: list[str], size: int) -> None:
    assert take(packed(body, *codings, size=size)) == body


@pytest.mark.parametrize("coding", sorted(PACKED))
def test_an_empty_body_is_none_that_is_damaged(coding: str) -> None:
    assert take(packed(b"", coding)) == b""
    assert take(FakeResponse([], {"Content-Encoding": coding})) == b""


@pytest.mark.parametrize("said", ["", "identity", "GZIP", " gzip , identity", ",gzip,", "utf-8", "none"])
def test_codings_are_named_in_any_case_with_what_changes_nothing(said: str) -> None:
    body = gzip.compress(b"news") if "gzip" in said.lower() else b"news"
    assert take(FakeResponse([body], {"Content-Encoding": said})) == b"news"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_several_members_are_one_body(coding: str) -> None:
    body = PACKED[coding](b"a") + PACKED[coding](b"b")
    for size in (1, len(body)):
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        assert take(FakeResponse(pieces, {"Content-Encoding": coding})) == b"ab"


def test_padding_after_gzip_is_left_alone() -> None:
    assert take(FakeResponse([gzip.compress(b"a") + bytes(9)], {"Content-Encoding": "gzip"})) == b"a"


@pytest.mark.parametrize("coding", sorted(PACKED))
def test_a_body_that_is_cut_short_or_damaged_is_told(coding: str) -> None:
    words = f"its {coding} packing is damaged or cut short"
    body = PACKED[coding](bytes(range(256)) * 20)
    assert refusal(FakeResponse([body[:-5]], {"Content-Encoding": coding})) == words
    assert refusal(FakeResponse([b"<html>" + body], {"Content-Encoding": coding})) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("gzip, br, zstd", "refused: packed more than twice"),
        ("gzip," * 10_000, "refused: packed more than twice"),
    ],
)
def test_what_is_packed_strangely_is_refused_unread(said: str, words: str) -> None:
    answer = FakeResponse([b"a"], {"Content-Encoding": said})
    assert refusal(answer) == words
    assert answer.read == 0


@pytest.mark.parametrize(
    "codings", [(), *[(each,) for each in sorted(PACKED)], ("gzip", "gzip"), ("br", "zstd")]
)
def test_no_more_than_the_limit_is_read(codings: tuple[str, ...]) -> None:
    assert take(packed(bytes(MIB), *codings)) == bytes(MIB)
    assert refusal(packed(bytes(MIB + 1), *codings)) == "refused: larger than 1 MiB"


def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    answer = FakeResponse([b"a"], {"Content-Length": str(MIB + 1)})
    assert refusal(answer) == "refused: larger than 1 MiB"
    answer = FakeResponse([b"a"], {"Content-Length": "9" * 5000})
    assert refusal(answer) == "refused: larger than 1 MiB"
    assert answer.read == 0


def test_a_length_that_is_none_is_counted_all_the_same() -> None:
    assert take(FakeResponse([b"a"], {"Content-Length": "٣"})) == b"a"
    assert refusal(FakeResponse([bytes(MIB)] * 2, {"Content-Length": "many"})) == "refused: larger than 1 MiB"


def test_packing_that_unpacks_to_nothing_is_counted_too() -> None:
    nothing = gzip.compress(b"") * 50_000
    assert refusal(packed(nothing, size=65536), MIB // 2) == "refused: larger than 0.5 MiB"
    answer = FakeResponse([nothing], {"Content-Encoding": "gzip"})
    assert refusal(answer, MIB // 2) == "refused: larger than 0.5 MiB"
    assert refusal(packed(gzip.compress(b"") * MIB, "gzip")) == "refused: larger than 1 MiB"


def test_zstandard_that_wants_much_memory_is_refused() -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    compressor = zstd.ZstdCompressor(options=options)
    body = compressor.compress(bytes(100)) + compressor.flush()
    assert "damaged" in refusal(FakeResponse([body], {"Content-Encoding": "zstd"}))


@pytest.mark.parametrize("status", [204, 206, 301, 304, 404, 500])
def test_what_is_no_document_stays_unread(status: int) -> None:
    answer = FakeResponse([b"a"], status_code=status)
    assert take(answer) is None
    assert beginning(5)(cast("Response", answer), lambda: None) is None
    assert answer.read == 0


@pytest.mark.parametrize("codings", [(), ("gzip",), ("gzip", "br")])
def test_the_beginning_of_a_body_is_enough(codings: tuple[str, ...]) -> None:
    answer = packed(b"User-agent: *\n" * MIB, *codings, size=1000)
    read = beginning(1000)(cast("Response", answer), lambda: None)
    assert read == (b"User-agent: *\n" * 100)[:1000]
    assert answer.read < 20
    assert beginning(1000)(cast("Response", packed(b"short", *codings)), lambda: None) == b"short"


def test_a_body_in_tiny_pieces_weighs_no_more_than_itself() -> None:
    answer = FakeResponse([b"ab"] * (MIB // 4))
    tracemalloc.start()
    assert len(take(answer) or b"") == MIB // 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MIB


def test_the_time_is_looked_at_before_every_piece() -> None:
    left = iter([True, True])

    def check() -> None:
        if not next(left, False):
            raise TimeoutError

    answer = FakeResponse([b"a"] * 9)
    with pytest.raises(TimeoutError):
        whole(MIB)(cast("Response", answer), check)
    assert answer.read == 3


def test_the_time_is_looked_at_while_little_unpacks_to_much() -> None:
    count = 0

    def check() -> None:
        nonlocal count
        count += 1

    beginning(10 * MIB)(cast("Response", packed(bytes(10 * MIB), "gzip")), check)
    assert count > 160
