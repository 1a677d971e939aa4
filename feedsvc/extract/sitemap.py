"""Sitemaps (sitemaps.org/protocol.html): addresses with dates, or other sitemaps; robots.txt names them."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc import text, weburl
from feedsvc.extract import dates, xmltext
from feedsvc.extract.xmltext import Refused
from feedsvc.listed import Item, Sitemap

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST = 50_000
"""Entries of a sitemap, as the protocol allows."""
LONGEST = 10 << 20
"""Bytes of a sitemap, unpacked."""
ROOTS = frozenset({"urlset", "sitemapindex"})
_GZIP = b"\x1f\x8b"
_ROBOTS = 500 << 10  # bytes of a robots.txt that count (RFC 9309 2.5)
_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ELEMENTS = 200  # of an entry that are looked at; images and languages go on for long


def read(content: bytes, declared: str | None = None) -> Sitemap:
    """Return what a sitemap lists: XML or lines of text, packed by gzip or not; never raises.

    What could be read before an end that is missing is kept, with the problem.
    """
    unpacked, problem = _unpacked(content)
    written = xmltext.readable(unpacked, declared)
    if isinstance(written, Refused):
        return Sitemap(problem=problem or written.reason)
    if not written.startswith("<"):
        return _listed(({"loc": line} for line in written.splitlines()), is_index=False, problem=problem)
    root = xmltext.root(written)
    if root not in ROOTS:
        return Sitemap(problem=problem or "no sitemap")
    if much := xmltext.too_much(written):
        return Sitemap(problem=much)
    found, broken = _entries(written)
    return _listed(iter(found), is_index=root == "sitemapindex", problem=problem or broken)


def named_in_robots(content: bytes) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names (RFC 9309 2.2.4), each once."""
    written = (match[1].decode("utf-8", "replace") for match in _LINE.finditer(content[:_ROBOTS]))
    return tuple(dict.fromkeys(url for each in written if (url := weburl.absolute(each))))


def _unpacked(content: bytes) -> tuple[bytes, str]:
    """Return bytes without gzip around them, and a problem where that is too much or broken."""
    if not content.startswith(_GZIP):
        return content[:LONGEST], _too_long(len(content))
    stream = zlib.decompressobj(wbits=31)
    try:
        unpacked = stream.decompress(content, LONGEST + 1)
    except zlib.error:
        return b"", "broken gzip"
    cut = "" if stream.eof else "gzip without an end"
    return unpacked[:LONGEST], _too_long(len(unpacked)) or cut


def _too_long(length: int) -> str:
    return f"more than {LONGEST >> 20} MiB" if length > LONGEST else ""


def _entries(written: str) -> tuple[list[dict[str, str]], str]:
    """Return the fields of each entry by name, and why reading stopped."""
    from lxml import etree  # noqa: PLC0415 - loaded with the first document that needs it

    found: list[dict[str, str]] = []
    entries = etree.iterparse(
        BytesIO(xmltext.mended(written).encode()),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    with suppress(etree.XMLSyntaxError):  # beyond recovery: what came before is kept
        for _, entry in entries:
            found.append(dict(_fields(entry)))
            _forget(entry)
            if len(found) > MOST:
                return found, f"more than {MOST:,} entries"
    return found, ""


def _fields(entry: "_Element") -> Iterator[tuple[str, str]]:
    from lxml import etree  # noqa: PLC0415

    for element in islice(entry.iterdescendants(), _ELEMENTS):
        name = etree.QName(element)
        if "news" in (name.namespace or "") and name.localname in {"title", "publication_date"}:
            yield f"news:{name.localname}", element.text or ""
        elif element.getparent() is entry and name.localname in {"loc", "lastmod"}:
            yield name.localname, element.text or ""


def _forget(element: "_Element") -> None:
    """Free what was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _listed(entries: Iterator[dict[str, str]], *, is_index: bool, problem: str) -> Sitemap:
    items: dict[str, Item] = {}
    for entry in entries:
        named = weburl.key(entry.get("loc"))
        if named and len(items) < MOST:
            items.setdefault(named, _item(named, entry))
    if is_index:
        return Sitemap(sitemaps=tuple(items.values()), problem=problem)
    return Sitemap(items=tuple(items.values()), problem=problem)


def _item(url: str, entry: dict[str, str]) -> Item:
    return Item(
        url=url,
        title=text.one_line(entry.get("news:title", "")),
        published=_date(entry.get("news:publication_date")),
        modified=_date(entry.get("lastmod")),
    )


def _date(written: str | None) -> datetime | None:
    return dates.parse(written) if written else None
