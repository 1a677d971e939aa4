"""One article as one JSON object: what `extract` prints a line of, and an article's page gives as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from feedsvc.feeds.feed import rfc3339
from feedsvc.model import Article, Assignment, Enclosure


def article_line(article: Article, document: str) -> dict[str, Any]:
    """Return what would be published of a document (DESIGN section 3)."""
    return {
        "document": document,
        "id": article.id,
        "title": article.title,
        "authors": list(article.authors),
        "published": rfc3339(article.published),
        "updated": rfc3339(article.updated),
        "published_from": article.published_from,
        "language": article.language,
        "summary": article.summary,
        "text": article.text,
        "html": article.html,
        "topics": [_topic(topic) for topic in article.topics],
        "related": [{"title": headline.title, "url": headline.url} for headline in article.related],
        "images": list(article.images),
        "enclosures": [_enclosure(enclosure) for enclosure in article.enclosures],
        "url": article.url,
        "problems": list(article.problems),
        "provenance": {known.field: known.origin for known in article.provenance},
    }


def spell_line(line: Mapping[str, Any]) -> bytes:
    """Return a line as JSON in UTF-8, the same on a terminal and on the web; one line to every reader."""
    spelled = json.dumps(line, ensure_ascii=False)
    return spelled.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def _enclosure(enclosure: Enclosure) -> dict[str, str | int]:
    return {
        "url": enclosure.url,
        "type": enclosure.media_type,
        "length": enclosure.length,
        "title": enclosure.title,
    }


def _topic(topic: Assignment) -> dict[str, str]:
    line = {"slug": topic.slug, "name": topic.name, "source": topic.source, "matched": topic.matched}
    return line | ({"code": topic.code} if topic.code else {})
