"""Feeds of others, RSS and Atom (the one place of feedparser): bytes in, entries out, nothing fetched.

feedparser opens what looks like a path or an address, guesses at HTML for seconds and falls back to a parser
of its own where XML is broken: it gets mended, well-formed XML in a buffer, and leaves HTML alone.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from feedsvc import text, weburl
from feedsvc.extract import bylines, dates, extensions, jsonfeed, keys, markup, xmltext
from feedsvc.extract.xmltext import Refused
from feedsvc.listed import Entry, FeedListed
from feedsvc.model import Enclosure

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST = 10 << 20
"""Bytes of a feed."""
MOST = 2_000
"""Entries of a feed that are read."""
ROOTS = frozenset({"rss", "feed", "RDF"})
_ELEMENTS = 50_000  # a second of feedparser's time; 2,000 episodes of a podcast have as many
_WRITERS = frozenset({"author", "creator", "name"})
_MAIL = re.compile(r"[\w+-]@[\w-]+\.\w")
_AS_WRITTEN = "urn:feedsvc:"  # before ids while feedparser has them: it makes addresses of them
_BROKEN = "breaks off within an entry, which is left out"
_ENTRIES = ("{*}item", "{*}entry")
_END = re.compile(r"</(?:[\w.-]{1,100}:)?(?:rss|feed|RDF)\s*>")
_OPENED = re.compile(r"<(?:[\w.-]{1,100}:)?(?:item|entry)[\s>]")
_CLOSED = re.compile(r"</(?:[\w.-]{1,100}:)?(?:item|entry)\s*>")
_LIST = 50  # authors, categories or enclosures of an entry
_DIGITS = 16  # of a length in bytes
_TITLE = 1_000  # characters of mark-up
_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
}
"""What feeds mean that use a prefix and do not say what it stands for."""
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_MONTH = "(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_SHORT_YEAR = re.compile(rf"\b\d\d? {_MONTH} (?P<year>\d\d)(?= \d\d?:\d\d|\s*$)", re.IGNORECASE)
_ASCTIME = re.compile(
    rf"[A-Z]{{3}} {_MONTH} {{1,2}}(?P<day>\d\d?) (?P<time>\d\d:\d\d:\d\d) (?P<year>\d{{4}})", re.IGNORECASE
)
_LAST_CENTURY = 50
_Node = dict[str, Any]


def read(content: bytes, base: str, declared: str | None = None) -> FeedListed:
    """Return what the feed at `base` holds: RSS, Atom or JSON Feed; never raises for what it is given."""
    if len(content) > LONGEST:
        return FeedListed(problem=f"more than {LONGEST >> 20} MiB")
    if jsonfeed.looks_so(content):
        return jsonfeed.read(content, base)
    written = xmltext.readable(content, declared)
    if isinstance(written, Refused):
        return FeedListed(problem=written.reason)
    if xmltext.root(written) not in ROOTS:
        return FeedListed(problem="no feed")
    if much := xmltext.too_much(written):
        return FeedListed(problem=much)
    whole = _well_formed(xmltext.mended(written))
    return whole if isinstance(whole, FeedListed) else _feed(*whole, base)


def _well_formed(written: str) -> tuple[bytes, str] | FeedListed:
    """Return XML as a parser that recovers has understood it, and why not all of it.

    Every prefix has its namespace.
    """
    from lxml import etree  # noqa: PLC0415 - loaded with the first document that needs it

    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=False,
    )
    tree = etree.fromstring(written.encode(), parser)
    if tree is None:
        return FeedListed(problem="no feed")
    cut = _cut(tree, is_open=_is_open(written))
    for count, element in enumerate(tree.iter()):
        _qualify(element)
        if count > _ELEMENTS:
            return FeedListed(problem=f"more than {_ELEMENTS:,} elements")
    for entry in tree.iter(*_ENTRIES):
        extensions.settle(entry)
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True), cut


def _remove(entry: "_Element") -> None:
    parent = entry.getparent()
    if parent is not None:
        parent.remove(entry)


def _is_open(written: str) -> bool:
    """Tell whether a feed breaks off within an entry, as an answer does that was cut short."""
    if _END.search(written):
        return False
    last = max((found.start() for found in _OPENED.finditer(written)), default=0)
    return _CLOSED.search(written, last) is None


def _cut(tree: "_Element", *, is_open: bool) -> str:
    """Take out the entries beyond those that are read, the oldest ones; say so where they are too much.

    The last one is out as well where it is not whole.
    """
    count, said = 0, ""
    for entry in list(tree.iter(*_ENTRIES)):
        if len(list(islice(entry.iterancestors(*_ENTRIES), 2))) == 1:  # takes all that is within it along
            _remove(entry)
    entries = list(tree.iter(*_ENTRIES))
    if is_open and entries:
        _remove(entries.pop())
        said = _BROKEN
    for number, entry in enumerate(entries):
        count += sum(1 for _ in entry.iter())
        if number >= MOST or count > _ELEMENTS:
            _remove(entry)
            said = said or (
                f"more than {_ELEMENTS:,} elements: older entries left out" if count > _ELEMENTS else ""
            )
    return said


def _qualify(element: "_Element") -> None:
    """Give a name whose prefix nobody declared its usual namespace, or none; mark ids."""
    if ":" in (tag := str(element.tag)) and not tag.startswith("{"):
        prefix, _, name = tag.rpartition(":")
        plain = name if _NAME.fullmatch(name) else "unnamed"
        element.tag = f"{{{_PREFIXES[prefix]}}}{plain}" if prefix in _PREFIXES else plain
    if str(element.tag).rpartition("}")[2] in {"id", "guid"} and element.text:
        element.text = _AS_WRITTEN + element.text.strip()
    if str(element.tag).rpartition("}")[2] in _WRITERS and _MAIL.search(element.text or ""):
        element.text = ", ".join(bylines.field(element.text or ""))  # "ann@osk.example (Ann Vale)"
    for attribute in [name for name in element.attrib if ":" in name and not str(name).startswith("{")]:
        del element.attrib[attribute]


def _feed(whole: bytes, cut: str, base: str) -> FeedListed:
    import feedparser  # noqa: PLC0415 - 20 ms, for those who read feeds

    try:
        parsed: Any = feedparser.parse(
            BytesIO(whole),
            response_headers={"content-location": base, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # as for an item in a category
        return FeedListed(problem=f"elements within elements that hold none: {error!r}")
    about: _Node = parsed.feed
    # RFC 4287 4.2.1; whom RSS names beside a feed edits it.
    writers = _authors(about) if parsed.version.startswith("atom") else ()
    read = [_entry(node, base, writers) for node in parsed.entries[:MOST]]
    entries: dict[str, Entry] = {}
    for entry in filter(None, read):
        entries.setdefault(entry.key, entry)
    lost = read.count(None)
    return FeedListed(
        entries=tuple(entries.values()),
        id=_id(about),
        title=_words(about, "title"),
        link=weburl.absolute(about.get("link"), base),
        next=next(_links(about, "next", base), None),
        updated=_date(about, "updated", "published"),
        problem="; ".join(filter(None, (f"{lost} empty entries" if lost else "", cut))),
        broken=cut == _BROKEN,
    )


def _entry(node: _Node, base: str, writers: tuple[str, ...]) -> Entry | None:
    link = _link(node, base)
    body, summary = _contents(node)
    value = text.clean(body.get("value") or "")
    title = _words(node, "title")
    key = keys.key(_id(node), link, title, dict.get(node, "published") or value)
    if not key:
        return None
    plain = body.get("type") == "text/plain"
    return Entry(
        key=key,
        title=title,
        link=link,
        html="" if plain else value,
        text=value if plain else "",
        base=weburl.absolute(body.get("base"), base) or link or base,
        summary=text.clean(summary),
        authors=_authors(node) or _authors(node.get("source") or {}) or writers,
        categories=_unique(tag.get("label") or tag.get("term") for tag in node.get("tags") or ()),
        published=_date(node, "published", "created"),
        updated=_date(node, "updated"),
        language=body.get("language") or None,
        enclosures=tuple(islice(_enclosures(node, base), _LIST)),
    )


def _id(node: _Node) -> str:
    """Return an id as it is written."""
    return text.one_line((node.get("id") or "").removeprefix(_AS_WRITTEN))


def _link(node: _Node, base: str) -> str | None:
    """Return an entry's address; its id is one only where it is a whole address."""
    written = node.get("link") or ""
    id_ = written.removeprefix(_AS_WRITTEN)
    return weburl.absolute(id_) if id_ != written else weburl.absolute(written, base)


def _authors(node: _Node) -> tuple[str, ...]:
    return _unique(author.get("name") for author in node.get("authors") or ())


def _contents(node: _Node) -> tuple[_Node, str]:
    """Return the longest content, else the summary, and the summary as mark-up where there is one besides."""
    summary: _Node = node.get("summary_detail") or {}
    contents = [each for each in node.get("content") or () if each.get("value") and _is_text(each)]
    if not contents:
        return summary, ""
    body = max(contents, key=lambda each: len(each["value"]))
    said = summary.get("value") or ""
    if said == body["value"]:
        return body, ""
    return body, escape(said, quote=False) if summary.get("type") == "text/plain" else said


def _is_text(content: _Node) -> bool:
    """Tell whether a content is words: Atom may hold any media type (RFC 4287 4.1.3.3), such as a PDF."""
    kind = content.get("type") or "text/html"
    return kind.startswith("text/") or kind == "application/xhtml+xml"


def _words(node: _Node, name: str) -> str:
    """Return a title as people read it, whichever mark-up it is in."""
    written = (node.get(name) or "")[:_TITLE]
    if (node.get(f"{name}_detail") or {}).get("type") == "text/plain" or not {"<", "&"} & set(written):
        return text.one_line(written)
    tree = markup.parse(markup.readable(written))
    return text.one_line("".join(tree.itertext())) if tree is not None else ""


def _links(node: _Node, relation: str, base: str) -> Iterator[str]:
    for link in node.get("links") or ():
        if link.get("rel") == relation and (url := weburl.absolute(link.get("href"), base)):
            yield url


def _enclosures(node: _Node, base: str) -> Iterator[Enclosure]:
    for each in node.get("enclosures") or ():
        if url := weburl.absolute(each.get("href"), base):
            length = str(each.get("length") or "")
            yield Enclosure(
                url=url,
                media_type=each.get("type") or "application/octet-stream",
                length=int(length) if length.isascii() and length.isdigit() and len(length) < _DIGITS else 0,
                title=text.one_line(each.get("title") or ""),
            )


def _date(node: _Node, *names: str) -> datetime | None:
    # As of a plain dict: feedparser gives one date for the other, with a warning.
    written = (dict.get(node, name) for name in names)
    found = (dates.parse(_modern(each)) for each in written if each)
    return next(filter(None, found), None)


def _modern(written: str) -> str:
    """Return a date of RFC 822 or of asctime as RFC 5322 (3.3, 4.3) has it: day, month, whole year, time."""
    if short := _SHORT_YEAR.search(written):
        century = 20 if int(short["year"]) < _LAST_CENTURY else 19
        return f"{written[: short.start('year')]}{century}{written[short.start('year') :]}"
    if asctime := _ASCTIME.fullmatch(written.strip()):
        return f"{asctime['day']} {asctime['month']} {asctime['year']} {asctime['time']}"
    return written


def _unique(names: Iterable[str | None]) -> tuple[str, ...]:
    cleaned = (text.one_line(name or "") for name in islice(names, _LIST))
    return tuple(dict.fromkeys(filter(None, cleaned)))
