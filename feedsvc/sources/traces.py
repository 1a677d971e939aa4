"""What tells whether two articles are the same: small enough to keep for a hundred thousand of them."""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from feedsvc import text, weburl
from feedsvc.model import WEAK_RUNGS, Article

SKETCH = 32
"""Numbers of a sketch, 4 bytes each; that many tell 80 % from 50 % likeness."""
_TOKEN = re.compile(r"[㐀-鿿豈-﫿぀-ヿ가-힯]|[^\W㐀-鿿豈-﫿぀-ヿ가-힯]+")
_RUN = 4  # tokens
_LONG = 200  # letters; shorter texts without dates are equal by chance ("No news today")
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is remembered of an article to find it again in another source."""

    id: str
    source: str
    canonical: str | None = None
    """`weburl.canonical` of its link; None where it has none."""
    said: bytes | None = None
    """A hash of the normalised title and text; None for a short text whose date is not its own."""
    published: datetime | None = None
    """None where nothing in the document says so."""
    sketch: bytes = b""
    """The least hashes of runs of four words; b"" for a text too short to have some."""


def trace(article: Article) -> Trace:
    """Return an article's trace; equal articles give equal traces, in any process."""
    tokens = _TOKEN.findall(text.fold(article.text))
    letters = _LETTERS.sub("", text.fold(article.text))
    dated = article.published_from not in WEAK_RUNGS
    title = _LETTERS.sub("", text.fold(article.title))
    return Trace(
        id=article.id,
        source=article.source,
        canonical=weburl.canonical(article.url) if article.url else None,
        said=_hash(title, letters) if letters and (dated or len(letters) >= _LONG) else None,
        published=article.published if dated else None,
        sketch=_sketch(tokens),
    )


def likeness(one: bytes, other: bytes) -> float:
    """Estimate which share of their runs of words two texts have in common, from their sketches."""
    numbers, others = set(_numbers(one)), set(_numbers(other))
    least = set(nsmallest(SKETCH, numbers | others))
    return len(least & numbers & others) / len(least) if least else 0.0


def beginning(sketch: bytes, count: int) -> tuple[int, ...]:
    """Return the least numbers of a sketch: texts that are nearly alike share one of them."""
    return tuple(_numbers(sketch[: 4 * count]))


def _hash(title: str, letters: str) -> bytes:
    return hashlib.blake2b(f"{title}\0{letters}".encode("utf-8", "replace"), digest_size=16).digest()


def _sketch(tokens: list[str]) -> bytes:
    runs = {" ".join(tokens[start : start + _RUN]) for start in range(len(tokens) - _RUN + 1)}
    least = nsmallest(SKETCH, {zlib.crc32(run.encode("utf-8", "replace")) for run in runs})
    return struct.pack(f"<{len(least)}I", *least)


def _numbers(sketch: bytes) -> Iterator[int]:
    return (number for (number,) in struct.iter_unpack("<I", sketch))
