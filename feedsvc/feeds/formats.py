"""The formats that a feed is written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feedsvc.feeds.feed import Feed, Frame, Site
from feedsvc.feeds.json import MEDIA_TYPE as JSON_MEDIA_TYPE
from feedsvc.feeds.json import json_frame, json_item
from feedsvc.feeds.xml import MEDIA_TYPES, atom_entry, atom_frame, rss_frame, rss_item
from feedsvc.model import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a feed: what stands around its entries, and one entry."""

    name: str
    media_type: str
    content_type: str
    frame: Callable[[Feed, Site], Frame]
    entry: Callable[[Article, Site], bytes]


FORMATS: Mapping[str, Format] = {
    "rss": Format(
        name="RSS",
        media_type=MEDIA_TYPES["rss"],
        content_type=f"{MEDIA_TYPES['rss']}; charset=utf-8",
        frame=rss_frame,
        entry=rss_item,
    ),
    "atom": Format(
        name="Atom",
        media_type=MEDIA_TYPES["atom"],
        content_type=f"{MEDIA_TYPES['atom']}; charset=utf-8",
        frame=atom_frame,
        entry=atom_entry,
    ),
    "json": Format(
        name="JSON Feed",
        media_type=JSON_MEDIA_TYPE,
        content_type=JSON_MEDIA_TYPE,
        frame=json_frame,
        entry=json_item,
    ),
}
"""By the suffix that is appended to a list's path."""
