"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from feedsvc.feeds.feed import Feed, Site, rfc3339
from feedsvc.model import Article

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"


def write_json(feed: Feed, site: Site) -> bytes:
    """Return the feed as JSON Feed 1.1, UTF-8 without escapes."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": site.link(feed.path),
        "feed_url": site.link(f"{feed.path}.json"),
        "description": feed.subtitle,
        "language": feed.language,
        "authors": [{"name": site.title}],
        "items": [_item(article, site) for article in feed.articles],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _item(article: Article, site: Site) -> dict[str, Any]:
    item = {
        "id": article.id,
        "url": site.article_link(article),
        "title": article.title,
        "summary": article.summary,
        "content_html": article.html,
        "content_text": article.text,
        "image": next(iter(article.images), None),
        "date_published": rfc3339(article.published),
        "date_modified": rfc3339(article.updated),
        "authors": [{"name": name} for name in article.authors],
        "tags": [topic.name for topic in article.topics],
        "language": article.language,
    }
    return {key: value for key, value in item.items() if value or key == "content_html"}
