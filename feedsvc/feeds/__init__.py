"""How a feed is written: RSS 2.0, Atom 1.0, JSON Feed 1.1; OPML for the list of feeds."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from feedsvc.feeds.feed import Feed, Link, Site, archive_path, article_path, encoded, rfc3339
from feedsvc.feeds.json import MEDIA_TYPE as JSON_MEDIA_TYPE
from feedsvc.feeds.json import write_json
from feedsvc.feeds.line import article_line, spell_line
from feedsvc.feeds.opml import CONTENT_TYPE as OPML_TYPE
from feedsvc.feeds.opml import Outline, write_opml
from feedsvc.feeds.placed import placed
from feedsvc.feeds.xml import MEDIA_TYPES, write_atom, write_rss
from feedsvc.model import Article

logger = logging.getLogger(__name__)

__all__ = [
    "FORMATS",
    "OPML_TYPE",
    "Feed",
    "Format",
    "Link",
    "Outline",
    "Site",
    "archive_path",
    "article_line",
    "article_path",
    "encoded",
    "placed",
    "rfc3339",
    "spell_line",
    "write",
    "write_opml",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a feed."""

    name: str
    media_type: str
    content_type: str
    write: Callable[[Feed, Site], bytes]


FORMATS: Mapping[str, Format] = {
    "rss": Format(
        name="RSS",
        media_type=MEDIA_TYPES["rss"],
        content_type=f"{MEDIA_TYPES['rss']}; charset=utf-8",
        write=write_rss,
    ),
    "atom": Format(
        name="Atom",
        media_type=MEDIA_TYPES["atom"],
        content_type=f"{MEDIA_TYPES['atom']}; charset=utf-8",
        write=write_atom,
    ),
    "json": Format(
        name="JSON Feed", media_type=JSON_MEDIA_TYPE, content_type=JSON_MEDIA_TYPE, write=write_json
    ),
}
"""By the suffix that is appended to a list's path."""


def write(suffix: str, feed: Feed, site: Site) -> bytes:
    """Return the feed in a format; an article that cannot be written is left out and logged (promise 4)."""
    wanted = FORMATS[suffix].write
    feed = replace(feed, articles=tuple(placed(article, site.base_url) for article in feed.articles))
    try:
        return wanted(feed, site)
    except ValueError:
        good = tuple(article for article in feed.articles if _is_writable(article, feed, site, wanted))
        return wanted(replace(feed, articles=good), site)


def _is_writable(article: Article, feed: Feed, site: Site, wanted: Callable[[Feed, Site], bytes]) -> bool:
    try:
        wanted(replace(feed, articles=(article,)), site)
    except ValueError:
        logger.exception("cannot write article %s (%s) into %s", article.id, article.key, feed.path)
        return False
    return True
