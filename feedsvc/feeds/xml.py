"""RSS 2.0 and Atom 1.0 through feedgen; everything that feedgen gets wrong is put right here.

feedgen 1.0 loses the rel of Atom entry links, drops RSS authors without an e-mail and every RSS link but
self, and calls `setlocale` for the whole process for each RSS date. Its extension hook hands over each
element while it is built: `_FeedFixes` and `_EntryFixes` write those parts themselves.
"""

from collections.abc import Mapping
from email.utils import format_datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.feeds.feed import Feed, Site, rfc3339, to_second
from feedsvc.model import Article

GENERATOR = "feedsvc"
ATOM = "{http://www.w3.org/2005/Atom}"
DC_NAMESPACE = "http://purl.org/dc/elements/1.1/"
DC = f"{{{DC_NAMESPACE}}}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def write_rss(feed: Feed, site: Site) -> bytes:
    """Return the feed as RSS 2.0."""
    generator = _generator(feed, site, "rss")
    # Both setters of the date also arm feedgen's own RSS date, which would call setlocale.
    generator._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
    return bytes(generator.rss_str())


def write_atom(feed: Feed, site: Site) -> bytes:
    """Return the feed as Atom 1.0 (RFC 4287)."""
    return bytes(_generator(feed, site, "atom").atom_str())


def _generator(feed: Feed, site: Site, suffix: str) -> FeedGenerator:
    generator = FeedGenerator()
    generator.register_extension("fixes", _FeedFixes, _EntryFixes)
    generator.fixes.feed = feed
    generator.id(site.feed_id(feed))
    generator.title(feed.title)
    generator.subtitle(feed.subtitle)
    generator.author({"name": site.title})
    generator.updated(to_second(feed.updated))
    generator.language(feed.language)
    generator.generator(GENERATOR)
    generator.link(href=site.link(f"{feed.path}.{suffix}"), rel="self", type=MEDIA_TYPES[suffix])
    # RSS takes the last link for the channel's own, so the page comes last.
    generator.link(href=site.link(feed.path), rel="alternate", type="text/html")
    for article in feed.articles:
        _add(generator, article, site)
    return generator


def _add(generator: FeedGenerator, article: Article, site: Site) -> None:
    entry: FeedEntry = generator.add_entry(order="append")
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


class _FeedFixes:
    """What feedgen would lose or get wrong of the feed itself; feedgen calls the methods."""

    feed: Feed

    def extend_ns(self) -> Mapping[str, str]:
        return {"dc": DC_NAMESPACE}

    def extend_atom(self, root: etree._Element) -> None:
        """Leave Atom's feed element as it is."""

    def extend_rss(self, root: etree._Element) -> None:
        """Add what must stand before the first item."""
        channel = root[0]
        _append(channel, "lastBuildDate", format_datetime(self.feed.updated))
        _append(channel, "ttl", str(self.feed.ttl // 60))


class _EntryFixes:
    """What feedgen would lose or get wrong of an article; feedgen calls the methods."""

    article: Article

    def extend_atom(self, entry: etree._Element) -> None:
        """Give the link its rel back and add the date; feedgen's Atom tree has no namespace."""
        for link in entry.findall("link"):
            link.set("rel", "alternate")
            link.set("type", "text/html")
        _append(entry, "published", rfc3339(self.article.published))
        if self.article.language:
            entry.set(XML_LANG, self.article.language)

    def extend_rss(self, item: etree._Element) -> None:
        """Add date, authors and language; a description is HTML, so plain text is escaped once more."""
        for description in item.findall("description"):
            description.text = escape(self.article.summary, quote=False) or self.article.html
        _append(item, "pubDate", format_datetime(self.article.published))
        _append(item, f"{ATOM}updated", rfc3339(self.article.updated))
        for author in self.article.authors:
            _append(item, f"{DC}creator", author)
        if self.article.language:
            _append(item, f"{DC}language", self.article.language)


def _append(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
