"""JSON Feed 1.1 (jsonfeed.org/version/1.1): one wrong entry costs no other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

import msgspec

from feedsvc import text, weburl
from feedsvc.extract import dates, keys
from feedsvc.listed import Entry, FeedListed
from feedsvc.model import Enclosure

MOST = 2_000
"""Entries of a feed that are read."""
_VERSION = b"jsonfeed.org/version/"
_HEAD = 4096
_LIST = 50  # authors, tags or attachments of an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Author:
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attachment:
    url: str | None = None
    mime_type: str | None = None
    title: str | None = None
    size_in_bytes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Author | str | None = None
    authors: list[_Author | str | None] | None = None
    tags: list[str | None] | None = None
    language: str | None = None
    attachments: list[_Attachment] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    version: str = ""
    title: str | None = None
    home_page_url: str | None = None
    feed_url: str | None = None
    next_url: str | None = None
    language: str | None = None
    author: _Author | str | None = None
    authors: list[_Author | str | None] | None = None
    items: list[msgspec.Raw] = field(default_factory=list)


def looks_so(content: bytes) -> bool:
    """Tell whether bytes are a JSON Feed, by its version."""
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and _VERSION in content.replace(b"\\/", b"/")


def read(content: bytes, base: str) -> FeedListed:
    """Return what a JSON Feed at `base` holds."""
    try:
        feed = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Feed)
    except (ValueError, RecursionError) as error:
        return FeedListed(problem=f"broken JSON Feed: {text.one_line(str(error))[:100]}")
    read = [_entry(raw, feed, base) for raw in feed.items[:MOST]]
    entries: dict[str, Entry] = {}
    for entry in filter(None, read):
        entries.setdefault(entry.key, entry)
    lost = read.count(None)
    return FeedListed(
        entries=tuple(entries.values()),
        id=weburl.absolute(feed.feed_url, base) or base,
        title=text.one_line(feed.title or ""),
        link=weburl.absolute(feed.home_page_url, base),
        next=weburl.absolute(feed.next_url, base),
        problem=f"{lost} empty or broken entries" if lost else "",
    )


def _entry(raw: msgspec.Raw, feed: _Feed, base: str) -> Entry | None:
    try:
        item = msgspec.json.decode(raw, type=_Item, strict=False)
    except (ValueError, RecursionError):
        return None
    link = weburl.absolute(item.url or item.external_url, base)
    named = text.one_line(str(item.id)) if item.id is not None else ""
    html = text.clean(item.content_html or "")
    written = text.clean(item.content_text or "")
    said = text.clean(item.summary or "")
    title = text.one_line(item.title or "")
    tags = (text.one_line(tag or "") for tag in (item.tags or [])[:_LIST])
    key = keys.key(named, link, title, item.date_published or html or written or said)
    if not key:
        return None
    return Entry(
        key=key,
        title=title,
        link=link,
        html=html,
        text="" if html else written or said,
        base=link or base,
        summary=escape(said, quote=False) if html or written else "",
        authors=tuple(_names(item.authors, item.author)) or tuple(_names(feed.authors, feed.author)),
        categories=tuple(dict.fromkeys(filter(None, tags))),
        published=dates.parse(item.date_published or ""),
        updated=dates.parse(item.date_modified or ""),
        language=item.language or feed.language,
        enclosures=tuple(_enclosures((item.attachments or [])[:_LIST], base)),
    )


def _names(authors: list[_Author | str | None] | None, author: _Author | str | None) -> Iterator[str]:
    """Yield the authors' names, of version 1.1, else of version 1; many feeds have them as plain text."""
    for each in (authors or [author])[:_LIST]:
        if name := text.one_line((each.name if isinstance(each, _Author) else each) or ""):
            yield name


def _enclosures(attachments: list[_Attachment], base: str) -> Iterator[Enclosure]:
    for each in attachments:
        if url := weburl.absolute(each.url, base):
            yield Enclosure(
                url=url,
                media_type=each.mime_type or "application/octet-stream",
                length=max(0, int(each.size_in_bytes or 0)),
                title=text.one_line(each.title or ""),
            )
