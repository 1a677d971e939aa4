"""An article as lists show it, its texts and links made at once: templates pay dearly for every call."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.feeds import article_path, rfc3339
from feedsvc.model import Article
from feedsvc.web.pages.shell import Shell

_TOPICS = 4
"""Topics shown of an article in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a list shows of an article."""

    href: str
    title: str
    summary: str
    language: str | None
    stamp: str
    """Its date for programs."""
    day: str
    pointed: str
    """What its date says when it is pointed at."""
    source: str
    source_href: str
    topics: Sequence[tuple[str, str]]
    """Link and name."""


def card(article: Article, frame: Shell) -> Card:
    """Return an article as a list of this request shows it."""
    return Card(
        href=frame.link(article_path(article)),
        title=article.title,
        summary=article.summary,
        language=article.language,
        stamp=rfc3339(article.published),
        day=frame.words.dated(article.published),
        pointed=frame.words.pointed(article.published, article.published_from),
        source=article.source,
        source_href=frame.link(f"/sources/{article.source}"),
        topics=[
            (frame.link(f"/topics/{topic.slug}"), frame.words.topic(topic.slug, topic.name))
            for topic in article.topics[:_TOPICS]
        ],
    )
