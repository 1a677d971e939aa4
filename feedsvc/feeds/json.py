"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from feedsvc.feeds.feed import Feed, Frame, Site, rfc3339
from feedsvc.model import Article, Enclosure, Upstream

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"
_TAIL = b"]}"


def json_frame(feed: Feed, site: Site) -> Frame:
    """Return what stands around the items of a JSON Feed 1.1."""
    older = [link.href for link in site.neighbours(feed, "json") if link.rel == "prev-archive"]
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": site.page_link(feed),
        "feed_url": site.document_link(feed, "json"),
        "description": feed.subtitle,
        "next_url": next(iter(older), None),
        "language": feed.language,
        "authors": [{"name": site.title}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in site.hubs_of(feed)],
        "items": [],
    }
    return Frame(head=_spelled(_filled(document, "items")).removesuffix(_TAIL), between=b", ", tail=_TAIL)


def json_item(article: Article, site: Site) -> bytes:
    """Return one article as an item of a feed."""
    return _spelled(_item(article, site))


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
        "attachments": [_attachment(enclosure) for enclosure in article.enclosures],
        "_source": article.upstream and _source(article.upstream),
        "_via": {"urls": list(article.via)} if article.via else None,
    }
    return _filled(item, "content_html")


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _filled(
        {
            "url": enclosure.url,
            "mime_type": enclosure.media_type,
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
        }
    )


def _source(upstream: Upstream) -> dict[str, str]:
    """Return an extension of our own: the standard has no place for the feed an item came from."""
    return {"id": upstream.id, "title": upstream.title, "feed_url": upstream.url}


def _spelled(members: dict[str, Any]) -> bytes:
    """Return an object as JSON in UTF-8 without escapes."""
    return json.dumps(members, ensure_ascii=False).encode()


def _filled(members: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the members that say something."""
    return {key: value for key, value in members.items() if value or key in required}
