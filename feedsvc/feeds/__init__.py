"""How a feed is written: RSS 2.0, Atom 1.0, JSON Feed 1.1; OPML for the list of feeds."""

from feedsvc.feeds.feed import Feed, Link, Site, archive_path, article_path, encoded, rfc3339
from feedsvc.feeds.formats import FORMATS, Format
from feedsvc.feeds.line import article_line, spell_line
from feedsvc.feeds.opml import CONTENT_TYPE as OPML_TYPE
from feedsvc.feeds.opml import Outline, write_opml
from feedsvc.feeds.placed import placed
from feedsvc.feeds.writer import Writer, write

__all__ = [
    "FORMATS",
    "OPML_TYPE",
    "Feed",
    "Format",
    "Link",
    "Outline",
    "Site",
    "Writer",
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
