"""RSS 2.0 and Atom 1.0 through feedgen; everything that feedgen gets wrong is put right here.

feedgen 1.0 loses the rel of Atom entry links, drops RSS authors without an e-mail and every RSS link but
self, and calls `setlocale` for the whole process for each RSS date. Its extension hook hands over each
element while it is built: `_FeedFixes` and `EntryFixes` write those parts themselves.
"""

import re
from collections.abc import Mapping
from email.utils import format_datetime
from html import escape
from html.entities import name2codepoint

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.feeds.feed import Feed, Frame, Site, rfc3339, to_second
from feedsvc.model import Article, Upstream

GENERATOR = "feedsvc"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",  # RFC 5005
    "media": "http://search.yahoo.com/mrss/",
}
_RSS_NAMESPACES = NAMESPACES | {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
TOMBSTONES = {"at": "http://purl.org/atompub/tombstones/1.0"}  # RFC 6721
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
_END_TAG = re.compile(r"</[A-Za-z]")
_REFERENCE = re.compile(r"&(#?\w+)")
_PLAIN_TEXT = re.compile(rb"(?<=<title>)[^<]*&[^<]*(?=</title>)")


def rss_frame(feed: Feed, site: Site) -> Frame:
    """Return what stands around the items of RSS 2.0."""
    return _frame(with_numbers(generator_of(feed, site, "rss").rss_str()), b"</channel></rss>")


def atom_frame(feed: Feed, site: Site) -> Frame:
    """Return what stands around the entries of Atom 1.0 (RFC 4287)."""
    return _frame(generator_of(feed, site, "atom").atom_str(), b"</feed>")


def rss_item(article: Article, site: Site) -> bytes:
    """Return one article as it stands in RSS."""
    entry = entry_of(article, site)
    return with_numbers(_inside(etree.Element("rss", nsmap=_RSS_NAMESPACES), entry.rss_entry()))


def atom_entry(article: Article, site: Site) -> bytes:
    """Return one article as it stands in Atom."""
    entry = entry_of(article, site)
    return _inside(etree.Element("feed", nsmap=NAMESPACES), entry.atom_entry())


def generator_of(feed: Feed, site: Site, suffix: str) -> FeedGenerator:
    """Return feedgen's feed, without entries."""
    generator = FeedGenerator()
    generator.register_extension("fixes", _FeedFixes, EntryFixes)
    generator.fixes.feed, generator.fixes.site, generator.fixes.suffix = feed, site, suffix
    generator.id(site.feed_id(feed))
    generator.title(feed.title)
    generator.subtitle(feed.subtitle)
    generator.author({"name": site.title})
    generator.updated(to_second(feed.updated))
    # Both setters of the date also arm feedgen's own RSS date, which would call setlocale.
    generator._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
    generator.language(feed.language)
    generator.generator(GENERATOR)
    generator.link(href=site.document_link(feed, suffix), rel="self", type=MEDIA_TYPES[suffix])
    # RSS takes the last link for the channel's own, so the page comes last.
    generator.link(href=site.page_link(feed), rel="alternate", type="text/html")
    return generator


def entry_of(article: Article, site: Site) -> FeedEntry:
    """Return feedgen's entry for an article."""
    entry = FeedEntry()
    entry.register_extension("fixes", EntryFixes)
    entry.fixes.article = article
    entry.id(article.id)
    entry.title(article.title)
    entry.link(href=site.article_link(article))
    entry.summary(article.summary or None)
    entry.content(article.html, type="html")  # any other type is wrong or dangerous in Atom
    entry.updated(to_second(article.updated))
    entry.author([{"name": name} for name in article.authors])
    scheme = site.link("/topics")
    entry.category([{"term": topic.name, "label": topic.name, "scheme": scheme} for topic in article.topics])
    return entry


def with_numbers(content: bytes) -> bytes:
    """Return RSS with titles that no reader takes for mark-up (RSS Profile, title): numeric references."""
    return _PLAIN_TEXT.sub(_as_numbers, content)


def _as_numbers(title: "re.Match[bytes]") -> bytes:
    return title[0].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")


def _frame(empty: bytes, tail: bytes) -> Frame:
    """Return the frame that an empty feed is."""
    return Frame(head=empty.removesuffix(tail), tail=tail)


def _inside(root: etree._Element, entry: etree._Element) -> bytes:
    """Return an entry as it stands in a root that declares the prefixes, without that root.

    Alone it would declare them itself, or be given others.
    """
    root.append(entry)
    content = bytes(etree.tostring(root, encoding="utf-8"))
    return content[content.index(b">") + 1 : content.rindex(b"<")]


class _FeedFixes:
    """What feedgen would lose or get wrong of the feed itself; feedgen calls the methods."""

    feed: Feed
    site: Site
    suffix: str

    def extend_ns(self) -> Mapping[str, str]:
        # Only where it is used: validators warn of a namespace that they do not know.
        return NAMESPACES | (TOMBSTONES if self.feed.tombstones and self.suffix == "atom" else {})

    def extend_atom(self, root: etree._Element) -> None:
        """Add archive and hub links and tombstones; feedgen's Atom tree has no namespace."""
        self._link_to_others(root, "link")
        for tombstone in self.feed.tombstones:
            name = f"{{{TOMBSTONES['at']}}}deleted-entry"
            etree.SubElement(root, name, ref=tombstone.id, when=rfc3339(tombstone.at))

    def extend_rss(self, root: etree._Element) -> None:
        """Add what must stand before the first item."""
        channel = root[0]
        self._link_to_others(channel, f"{ATOM}link")
        _append(channel, "lastBuildDate", format_datetime(to_second(self.feed.updated)))
        _append(channel, "ttl", str(self.feed.ttl // 60))

    def _link_to_others(self, parent: etree._Element, name: str) -> None:
        for hub in self.site.hubs_of(self.feed):
            etree.SubElement(parent, name, rel="hub", href=hub)
        for link in self.site.neighbours(self.feed, self.suffix):
            etree.SubElement(parent, name, rel=link.rel, href=link.href, type=MEDIA_TYPES[self.suffix])
        if self.feed.page is not None:
            etree.SubElement(parent, _in("fh", "archive"))


class EntryFixes:
    """What feedgen would lose or get wrong of an article; feedgen calls the methods."""

    article: Article

    def extend_atom(self, entry: etree._Element) -> None:
        """Give the link its rel back and add what feedgen cannot say; its Atom tree has no namespace."""
        for element in (*entry.findall("title"), *entry.findall("summary")):
            _declare(element)
        for link in entry.findall("link"):
            link.set("rel", "alternate")
            link.set("type", "text/html")
        for enclosure in self.article.enclosures:
            attributes = {"rel": "enclosure", "href": enclosure.url, "type": enclosure.media_type}
            attributes |= {"length": str(enclosure.length)} if enclosure.length else {}
            attributes |= {"title": enclosure.title} if enclosure.title else {}
            etree.SubElement(entry, "link", attributes)
        for url in self.article.via:
            etree.SubElement(entry, "link", rel="via", href=url)
        _append(entry, "published", rfc3339(self.article.published))
        self._lead(entry)
        if self.article.upstream:
            _append_source(entry, self.article.upstream)
        if self.article.language:
            entry.set(XML_LANG, self.article.language)

    def extend_rss(self, item: etree._Element) -> None:
        """Add date, authors and language; a description is HTML, so plain text is escaped once more."""
        for description in item.findall("description"):
            description.text = escape(self.article.summary, quote=False) or self.article.html
        _append(item, "pubDate", format_datetime(to_second(self.article.published)))
        _append(item, f"{ATOM}updated", rfc3339(self.article.updated))
        for author in self.article.authors:
            _append(item, _in("dc", "creator"), author)
        if self.article.language:
            _append(item, _in("dc", "language"), self.article.language)
        for enclosure in self.article.enclosures[:1]:  # readers know one an item
            attributes = {"url": enclosure.url, "type": enclosure.media_type, "length": str(enclosure.length)}
            etree.SubElement(item, "enclosure", attributes)
        self._lead(item)
        if upstream := self.article.upstream:
            etree.SubElement(item, "source", url=upstream.url).text = upstream.title

    def _lead(self, entry: etree._Element) -> None:
        """Add the picture that leads the article (Media RSS 1.5.1)."""
        for image in self.article.images[:1]:
            etree.SubElement(entry, _in("media", "content"), url=image, medium="image")


def _declare(element: etree._Element) -> None:
    """Write a text that looks like HTML as HTML, or readers that guess would take it for mark-up."""
    text = element.text or ""
    names = _REFERENCE.findall(text)
    if _END_TAG.search(text) or any(name in name2codepoint or not name.isalpha() for name in names):
        element.text = escape(text, quote=False)
        element.set("type", "html")


def _append_source(entry: etree._Element, upstream: Upstream) -> None:
    """Add what the feed that an entry came from says of itself (RFC 4287 4.2.11)."""
    source = etree.SubElement(entry, "source")
    _append(source, "id", upstream.id)
    _append(source, "title", upstream.title)
    _append(source, "updated", rfc3339(upstream.updated))
    etree.SubElement(source, "link", rel="self", href=upstream.url)


def _in(prefix: str, name: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{name}"


def _append(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
