"""A list in pages of bounded size: its window first, its archive behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.feeds import archive_path
from feedsvc.model import Article
from feedsvc.store import NEVER, ArticleList, Edition, ListKey
from feedsvc.store.window import newest_first
from feedsvc.web.addresses import list_path
from feedsvc.web.combined import is_combination

SHOWN = 25
"""Articles on a page of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Another page of the same list."""

    path: str
    page: int | None = None
    """What `?page=` says; None where the path says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a list."""

    articles: Sequence[Article]
    newer: Step | None = None
    older: Step | None = None


def windowed(key: ListKey, articles: ArticleList, page: int) -> Sheet | None:
    """Return a page of what the feed shows; None where there is none of that number."""
    path, start = list_path(key), (page - 1) * SHOWN
    shown = articles.shown[start : start + SHOWN]
    if page != 1 and not shown:
        return None
    following = Step(path=path, page=page + 1) if len(articles.shown) > start + SHOWN else None
    last = 0 if is_combination(key) else articles.last_page
    archived = Step(path=archive_path(path, last)) if last else None
    return Sheet(
        articles=shown,
        newer=Step(path=path, page=page - 1 if page > 2 else None) if page > 1 else None,  # noqa: PLR2004 - the first has no number
        older=following or archived,
    )


def archived(edition: Edition, key: ListKey, articles: ArticleList, page: int) -> Sheet | None:
    """Return a page of the archive; None where there is none of that number."""
    if not 1 <= page <= articles.last_page:
        return None
    path = list_path(key)
    newer = archive_path(path, page + 1) if page < articles.last_page else path
    found = (edition.originals.get(id_) or edition.articles[id_] for id_ in articles.page(page))
    return Sheet(
        articles=newest_first(found),
        newer=Step(path=newer),
        older=Step(path=archive_path(path, page - 1)) if page > 1 else None,
    )


def next_check(edition: Edition, key: ListKey, articles: ArticleList) -> datetime | None:
    """Return when the next of a list's sources is looked at; None where that is now or never."""
    names = {key[1]} if key[0] == "source" else articles.sources or edition.health.keys()
    planned = (edition.health[name].next_check for name in names if name in edition.health)
    return min(filter(None, planned), default=None)


def last_change(key: ListKey, articles: ArticleList) -> datetime | None:
    """Return when a list changed last, None if it never did; a combination does as one of its parts did."""
    if not is_combination(key):
        return articles.modified if articles.sources else None
    moments = [articles.newest, *(each.at for each in articles.tombstones[:1])]
    return max(moments) if max(moments) > NEVER else None
