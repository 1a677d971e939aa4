"""Articles as the store keeps them: the long fields packed until somebody reads them.

Text and HTML say nearly the same, so that both take a quarter of their size; the row of a body in the
journal is the same bytes, which a start takes over unread.
"""

import sys
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from feedsvc.errors import UnreadableError
from feedsvc.model import Article, Headline, Provenance

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
"""Of zstd; a higher one takes three times as long for a twentieth."""
LARGEST = 1 << 26
"""Bytes that a body unpacks to at most: what extraction lets through is a tenth of that."""
READ_LATELY = 16
"""Bodies that stay unpacked for a while: who reads the text often reads the HTML next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The long fields of an article."""

    text: str = ""
    html: str = ""
    summary: str = ""
    related: tuple[Headline, ...] = ()
    provenance: tuple[Provenance, ...] = ()


_Value = TypeVar("_Value")
_LONG = tuple(field.name for field in fields(Body))
_SHORT = tuple(field.name for field in fields(Article) if field.name not in _LONG)
_DEFAULTS = {field.name: field.default for field in fields(Article)}
_short_of = attrgetter(*_SHORT)
_MAGIC = b"\x28\xb5\x2f\xfd"  # of a zstd frame (RFC 8878 3.1.1)
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Body)


class Kept(Article):
    """An article whose long fields are unpacked each time they are read."""

    __slots__ = ("packed",)
    packed: bytes

    if not TYPE_CHECKING:

        def __init__(self, **values: object) -> None:
            """Pack what `dataclasses.replace` or a test says of an article."""
            body = Body(**{name: values.pop(name) for name in _LONG if name in values})
            _fill(self, {**_DEFAULTS, **values}, pack(body))

        text = property(lambda self: unpack(self.packed).text)
        html = property(lambda self: unpack(self.packed).html)
        summary = property(lambda self: unpack(self.packed).summary)
        related = property(lambda self: unpack(self.packed).related)
        provenance = property(lambda self: unpack(self.packed).provenance)

    def __eq__(self, other: object) -> bool:
        """Compare with an article of either class."""
        if not isinstance(other, Article):
            return NotImplemented
        return _short_of(self) == _short_of(other) and (
            packed(self) == packed(other) or body_of(self) == body_of(other)
        )

    __hash__ = Article.__hash__

    def __reduce__(self) -> tuple[object, ...]:
        """Have copies made of what is kept."""
        return _copied, (dict(zip(_SHORT, _short_of(self), strict=True)), self.packed)


def kept(record: Article, packed_body: bytes) -> Kept:
    """Return an article of a record, which has no long fields, and of its body."""
    if not isinstance(record, Kept) and record.summary:  # written before 0.5
        early = {name: getattr(record, name) for name in ("summary", "related", "provenance")}
        packed_body = pack(replace(unpack(packed_body), **early))
    article = object.__new__(Kept)
    _fill(article, {name: getattr(record, name) for name in _SHORT}, packed_body)
    return article


def body_of(article: Article) -> Body:
    """Return the long fields of an article."""
    if isinstance(article, Kept):
        return unpack(article.packed)
    return Body(**{name: getattr(article, name) for name in _LONG})


def packed(article: Article) -> bytes:
    """Return the long fields of an article as they are kept."""
    return article.packed if isinstance(article, Kept) else pack(body_of(article))


def pack(body: Body) -> bytes:
    """Return long fields as they are kept; equal ones give equal bytes."""
    return zstd.compress(_ENCODER.encode(body), LEVEL)


@lru_cache(READ_LATELY)
def unpack(packed_body: bytes) -> Body:
    """Return long fields; raise UnreadableError for bytes that are none."""
    try:
        size = zstd.get_frame_info(packed_body).decompressed_size
        if size is None or size > LARGEST:
            raise UnreadableError(f"a body says that it unpacks to {size} bytes")
        return _DECODER.decode(zstd.decompress(packed_body))
    except (zstd.ZstdError, msgspec.DecodeError, EOFError) as error:
        raise UnreadableError(f"a body cannot be read: {error}") from error


def taken_over(value: bytes) -> bytes:
    """Return the body of a row as it is kept; one that was written before 0.5 is not packed yet."""
    if value.startswith(_MAGIC):
        return value
    try:
        return pack(_DECODER.decode(value))
    except msgspec.DecodeError as error:
        raise UnreadableError(f"a body cannot be read: {error}") from error


def record_of(article: Article) -> dict[str, object]:
    """Return the short fields of an article that differ from their defaults, by name."""
    values = zip(_SHORT, _short_of(article), strict=True)
    short = {name: value for name, value in values if value != _DEFAULTS[name]}
    return {"text": "", "html": "", "summary": "", **short}


def _copied(values: dict[str, object], packed_body: bytes) -> Kept:
    article = object.__new__(Kept)
    _fill(article, values, packed_body)
    return article


def _fill(article: Kept, values: dict[str, object], packed_body: bytes) -> None:
    for name in _SHORT:
        object.__setattr__(article, name, values[name])
    object.__setattr__(article, "packed", packed_body)
    _share(article)


def _share(article: Kept) -> None:
    """Let equal values be one object: a hundred thousand articles have few of them."""
    intern = sys.intern
    for name in ("id", "source", "key"):  # which documents, lists and slots name, too
        object.__setattr__(article, name, intern(getattr(article, name)))
    for name in ("topics", "held"):
        object.__setattr__(article, name, tuple(map(_same, getattr(article, name))))
    for name in ("authors", "labels", "acknowledged"):
        object.__setattr__(article, name, _same(getattr(article, name)))
    for name, twin in (("updated", "published"), ("revised", "acknowledged")):
        if getattr(article, name) == getattr(article, twin):
            object.__setattr__(article, name, getattr(article, twin))


@lru_cache(1 << 16)
def _same(value: _Value) -> _Value:
    """Return one object for equal values."""
    return value
