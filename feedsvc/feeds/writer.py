"""Feeds out of entries that are kept as bytes: a change costs what changed, not what is there."""

import logging
from dataclasses import dataclass

from feedsvc.feeds.feed import Feed, Site
from feedsvc.feeds.formats import FORMATS
from feedsvc.feeds.lru import LeastUsed
from feedsvc.feeds.placed import placed
from feedsvc.model import Article

logger = logging.getLogger(__name__)

ENTRY_BYTES = 16_000_000
"""What all kept entries may weigh: some 1,500 articles of 3 KB in three formats."""
_AROUND = 300  # bytes of what keeps an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry as it stands in a feed."""

    article: Article
    """What it was written from; the store has the same one while it does not change."""
    content: bytes

    @property
    def weight(self) -> int:
        return _AROUND + len(self.content)


class Writer:
    """Writes the feeds of a site, each entry once for all feeds of a format that show it."""

    def __init__(self, site: Site, budget: int = ENTRY_BYTES) -> None:
        self.site = site
        self._entries = LeastUsed[_Entry](budget, lambda entry: entry.weight)

    @property
    def weight(self) -> int:
        """Bytes of what is kept."""
        return self._entries.weight

    def write(self, suffix: str, feed: Feed) -> bytes:
        """Return the feed in a format; what cannot be written is left out and logged (promise 4)."""
        written = [self._entry(suffix, article, feed) for article in feed.articles]
        return FORMATS[suffix].frame(feed, self.site).around(entry for entry in written if entry)

    def _entry(self, suffix: str, article: Article, feed: Feed) -> bytes:
        """Return an article's bytes in a format, b"" where it cannot be written."""
        key = (suffix, article.id)
        kept = self._entries.get(key)
        if kept and (kept.article is article or kept.article == article):
            return kept.content
        try:
            content = FORMATS[suffix].entry(placed(article, self.site.base_url), self.site)
        except ValueError:
            logger.exception("cannot write article %s (%s) into %s", article.id, article.key, feed.path)
            return b""
        if feed.page is None:  # an archive page is written once, and shows articles as they were
            self._entries.put(key, _Entry(article=article, content=content))
        return content


def write(suffix: str, feed: Feed, site: Site) -> bytes:
    """Return one feed of a site in a format."""
    return Writer(site, budget=0).write(suffix, feed)
