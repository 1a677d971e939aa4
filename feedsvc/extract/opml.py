"""OPML 2.0 (opml.org/spec2.opml) as people export it from feed readers: a list of feeds in folders."""

import re
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from feedsvc import text, weburl
from feedsvc.extract import xmltext
from feedsvc.extract.xmltext import Refused
from feedsvc.listed import Subscription, Subscriptions

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "opml"
LONGEST = 10 << 20
"""Bytes of an outline."""
MOST = 10_000
"""Feeds of an outline."""
_FEED = re.compile(r"^feed:(?://(?!https?://)|(?://)?(https?://))", re.IGNORECASE)
"""How feed readers are told to open an address: feed://osk.example/a, feed:https://osk.example/a."""


def read(content: bytes, declared: str | None = None) -> Subscriptions:
    """Return the feeds that an outline names, in its order; never raises for what it is given."""
    if len(content) > LONGEST:
        return Subscriptions(problem=f"more than {LONGEST >> 20} MiB")
    written = xmltext.readable(content, declared)
    if isinstance(written, Refused):
        return Subscriptions(problem=written.reason)
    if xmltext.root(written).lower() != ROOT:
        return Subscriptions(problem="no OPML")
    much = xmltext.too_much(written)
    return Subscriptions(problem=much) if much else _outlined(xmltext.mended(written))


def _outlined(written: str) -> Subscriptions:
    from lxml import etree  # noqa: PLC0415 - loaded with the first document that needs it

    events = etree.iterparse(
        BytesIO(written.encode()),
        events=("start", "end"),
        tag=("outline", "title"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
    )
    folders: list[str] = []
    found: dict[str, Subscription] = {}
    title, lost = "", 0
    with suppress(etree.XMLSyntaxError):  # beyond recovery: what came before is kept
        for event, element in events:
            if element.tag == "title":
                title = title or text.one_line(element.text or "" if event == "end" else "")
            elif event == "end":
                folders.pop()
                element.clear()
            else:
                if written := _address(element):
                    feed = _feed(written, element, folders)
                    lost += feed is None
                    if feed:
                        found.setdefault(feed.url, feed)
                folders.append(_name(element))
            if len(found) == MOST:
                return _subscriptions(found, title, f"more than {MOST:,} feeds")
    return _subscriptions(found, title, f"{lost} feeds left out: no address on the web" if lost else "")


def _subscriptions(found: dict[str, Subscription], title: str, problem: str) -> Subscriptions:
    return Subscriptions(feeds=tuple(found.values()), title=title, problem=problem)


def _address(outline: "_Element") -> str:
    """Return the address of the feed that an outline is; spellings of `xmlUrl` differ between programs."""
    return next((str(value) for name, value in outline.items() if str(name).lower() == "xmlurl"), "")


def _feed(written: str, outline: "_Element", folders: list[str]) -> Subscription | None:
    url = weburl.absolute(_FEED.sub(lambda found: found[1] or "http://", written.strip()))
    return Subscription(url=url, title=_name(outline), folders=tuple(filter(None, folders))) if url else None


def _name(outline: "_Element") -> str:
    return text.one_line(outline.get("title") or outline.get("text") or "")
