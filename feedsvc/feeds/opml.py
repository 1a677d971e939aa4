"""OPML 2.0 (opml.org/spec2.opml): every feed in one file that feed readers import."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from feedsvc.feeds.feed import Site

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed as a reader lists it."""

    title: str
    path: str
    """The list's page."""


def write_opml(groups: Iterable[tuple[str, Iterable[Outline]]], site: Site) -> bytes:
    """Return the feeds under the names of their groups; a group without a name has no folder of its own."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = site.title
    body = etree.SubElement(root, "body")
    for name, outlines in groups:
        parent = etree.SubElement(body, "outline", text=name) if name else body
        for outline in outlines:
            etree.SubElement(parent, "outline", _attributes(outline, site))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _attributes(outline: Outline, site: Site) -> dict[str, str]:
    """Return one feed in one format, Atom: a reader that imports three would show each article thrice."""
    return {
        "type": "rss",  # OPML's word for any feed
        "text": outline.title,
        "title": outline.title,
        "xmlUrl": site.link(f"{outline.path}.atom"),
        "htmlUrl": site.link(outline.path),
    }
