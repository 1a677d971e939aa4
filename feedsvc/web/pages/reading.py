"""What the page of an article needs beside it: its neighbours, and what it tells machines."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from feedsvc.feeds import Site, article_path, rfc3339
from feedsvc.model import WEAK_RUNGS, Article
from feedsvc.store import LATEST, Edition


def neighbours(edition: Edition, article: Article) -> tuple[Article | None, Article | None]:
    """Return the articles taken before and after one."""
    slots = edition.lists[LATEST].slots
    place = _place(edition, article)
    earlier = next(filter(None, (slots[index] for index in range(place - 1, -1, -1))), None)
    later = next(filter(None, (slots[index] for index in range(place + 1, len(slots)))), None)
    return _article(edition, earlier), _article(edition, later)


def news_article(article: Article, site: Site) -> Mapping[str, Any]:
    """Return an article in the vocabulary of schema.org; a date that only says when we met it is left out."""
    dated = article.published_from not in WEAK_RUNGS
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": site.article_link(article),
        "url": site.link(article_path(article)),
        "description": article.summary,
        "inLanguage": article.language,
        "datePublished": rfc3339(article.published) if dated else None,
        "dateModified": rfc3339(article.updated) if dated else None,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": site.title, "url": site.link("/")},
        "articleSection": [topic.name for topic in article.topics],
        "image": list(pictures(article, site)),
    }
    return {name: value for name, value in told.items() if value}


def scrollable(html: str) -> str:
    """Let a keyboard reach what may be wider than the page (WCAG 2.1.1)."""
    return html.replace("<pre>", '<pre tabindex="0">').replace("<table>", '<table tabindex="0">')


def pictures(article: Article, site: Site) -> Iterator[str]:
    """Yield the absolute addresses of an article's pictures."""
    for image in article.images:
        yield f"{site.base_url}{image}" if image.startswith("/") else image


def _place(edition: Edition, article: Article) -> int:
    """Return where an article stands among all; slots are in order of sequence, with holes."""
    slots = edition.lists[LATEST].slots

    def sequence(place: int) -> int:
        following = next(filter(None, (slots[index] for index in range(place, len(slots)))), None)
        return edition.articles[following].sequence if following else edition.sequence + 1

    place = bisect_left(range(len(slots)), article.sequence, key=sequence)
    return next(index for index in range(place, len(slots)) if slots[index])


def _article(edition: Edition, id_: str | None) -> Article | None:
    return edition.articles[id_] if id_ else None
