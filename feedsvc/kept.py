"""Articles as they travel and are kept: the long fields packed until somebody reads them.

Text and HTML say nearly the same, so that both take a quarter of their size. Extraction processes pack them;
the row of a body in the journal is the same bytes, which a start takes over unread.
"""

import sys
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import msgspec

from feedsvc import zstd
from feedsvc.errors import UnreadableError
from feedsvc.model import Article, Headline, Provenance

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


_TYPES = get_type_hints(Article)
RECORD = msgspec.defstruct(
    "Record",
    [
        (field.name, _TYPES[field.name], msgspec.NODEFAULT if field.default is MISSING else field.default)
        for field in fields(Article)
    ],
    frozen=True,
    kw_only=True,
    gc=False,
)
"""An article as it is written, with its fields: read in half the time of an `Article`."""
_Value = TypeVar("_Value")
_LONG = tuple(field.name for field in fields(Body))
_SHORT = tuple(field.name for field in fields(Article) if field.name not in _LONG)
_DEFAULTS = {field.name: field.default for field in fields(Article)}
_ALL = (*_SHORT, *_LONG)
_PLACES = {name: place for place, name in enumerate(_ALL)}
_short_of, _all_of = attrgetter(*_SHORT), attrgetter(*_ALL)
_PUTS = tuple(getattr(Article, name).__set__ for name in _ALL)  # past `frozen`, at a third of the cost
_NAMES = tuple(map(_SHORT.index, ("id", "source", "key")))  # which documents, lists and slots name, too
_ASSIGNMENTS = tuple(map(_SHORT.index, ("topics", "held")))
_OFTEN_EQUAL = tuple(map(_SHORT.index, ("authors", "labels", "acknowledged", "language", "published_from")))
_TWINS = tuple(
    (_SHORT.index(one), _SHORT.index(other))
    for one, other in (("updated", "published"), ("revised", "acknowledged"))
)
_MAGIC = b"\x28\xb5\x2f\xfd"  # of a zstd frame (RFC 8878 3.1.1)
_ENCODER = msgspec.msgpack.Encoder()
_PACKER = zstd.ZstdCompressor(  # a new one for each body would take as long as the body
    options={  # tables that stay in the cache beside those of extraction: it takes half more time else
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.hash_log: 13,
        zstd.CompressionParameter.chain_log: 12,
    }
)
_DECODER = msgspec.msgpack.Decoder(Body)
_RECORDS = msgspec.msgpack.Encoder(order="deterministic")  # equal articles give equal rows
_RECORD = msgspec.msgpack.Decoder(RECORD)


class Kept(Article):
    """An article whose long fields are unpacked each time they are read."""

    __slots__ = ("packed",)
    packed: bytes

    if not TYPE_CHECKING:

        def __init__(self, **values: object) -> None:
            """Pack what `dataclasses.replace` or a test says of an article."""
            body = Body(**{name: values.pop(name) for name in _LONG if name in values})
            everything = {**_DEFAULTS, **values}
            _filled(self, [everything[name] for name in _SHORT], pack(body))

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
        return _copied, (_short_of(self), self.packed)


_PUT_BODY = Kept.__dict__["packed"].__set__


def kept(record: Article, packed_body: bytes) -> Kept:
    """Return an article of a record, which has no long fields, and of its body."""
    if not isinstance(record, Kept) and (record.summary or record.provenance):  # written before 0.5
        early = {name: getattr(record, name) for name in ("summary", "related", "provenance")}
        packed_body = pack(replace(unpack(packed_body), **early))
    return _copied(_short_of(record), packed_body)


def altered(article: Article, **changes: Any) -> Article:  # noqa: ANN401 (as the fields are)
    """Return an article with other short fields.

    Its slots are copied as they are: `dataclasses.replace` asks each field what it is, which takes twice as
    long, and would unpack the long ones and pack them again.
    """
    values = list(_short_of(article) if isinstance(article, Kept) else _all_of(article))
    for name, value in changes.items():
        values[_PLACES[name]] = value
    if isinstance(article, Kept):
        return _put(object.__new__(Kept), values, article.packed)
    plain = object.__new__(Article)
    for put, value in zip(_PUTS, values, strict=True):
        put(plain, value)
    return plain


def written(article: Article, **changes: object) -> tuple[bytes, bytes]:
    """Return an article as two values: its record, which is all but the long fields, and these packed.

    With changes, as `altered` would be.
    """
    return _RECORDS.encode(record_of(article) | changes), packed(article)


def read(record: bytes, packed_body: bytes) -> Kept:
    """Return the article of two values that were written here and now: nothing about them is doubted."""
    return _copied(_short_of(_RECORD.decode(record)), packed_body)


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
    return _PACKER.compress(_ENCODER.encode(body), zstd.ZstdCompressor.FLUSH_FRAME)


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


def _copied(values: Sequence[Any], packed_body: bytes) -> Kept:
    return _filled(object.__new__(Kept), values, packed_body)


def _filled(article: Kept, values: Sequence[Any], packed_body: bytes) -> Kept:
    """Return an article with its short fields set, in their order, and its body."""
    return _put(article, _shared(list(values)), packed_body)


def _put(article: Kept, values: Sequence[Any], packed_body: bytes) -> Kept:
    for put, value in zip(_PUTS, values, strict=False):  # the long ones come last, and have no slots here
        put(article, value)
    _PUT_BODY(article, packed_body)
    return article


def _shared(values: list[Any]) -> list[Any]:
    """Let equal values be one object: a hundred thousand articles have few of them."""
    for at in _NAMES:
        values[at] = sys.intern(values[at])
    for at in _ASSIGNMENTS:
        if values[at]:
            values[at] = tuple(map(_same, values[at]))
    for at in _OFTEN_EQUAL:
        if values[at]:
            values[at] = _same(values[at])
    for at, twin in _TWINS:
        if values[at] == values[twin]:
            values[at] = values[twin]
    return values


@lru_cache(1 << 16)
def _same(value: _Value) -> _Value:
    """Return one object for equal values."""
    return value
