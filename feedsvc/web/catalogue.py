"""Which lists exist, and what their feeds say of themselves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from http import HTTPStatus

from feedsvc.feeds import FORMATS, Feed, Outline, Site
from feedsvc.model import Article
from feedsvc.store import LATEST, NEVER, ArticleList, Choice, Edition, ListKey, Window
from feedsvc.topics import Combination, answer
from feedsvc.web.addresses import SEARCH, STATUS, list_path
from feedsvc.web.combined import Combinations, is_combination
from feedsvc.web.incidents import incident_article

MIN_AGE, MAX_AGE = 60, 3600


def _as_named(_: str, name: str) -> str:
    return name


class Absence(Enum):
    """Why there is nothing to show."""

    UNKNOWN = "never was"
    GONE = "was here once"
    NOT_READY = "nothing was read yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where a list stands now."""

    key: ListKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Finds lists and describes their feeds."""

    site: Site
    language: str
    intervals: Mapping[str, int]
    """Seconds between two looks at a source, by its name."""
    combinations: Combinations = field(default_factory=Combinations, repr=False, compare=False)

    def find(self, edition: Edition, key: ListKey) -> ArticleList | Absence | Moved:
        """Return a list, or why there is none; an unread source has no list yet, not an empty one."""
        kind, name = key
        if key == STATUS:
            return self._incidents(edition)
        if kind == "topic":
            return self._topic(edition, name)
        articles = edition.lists.get(key)
        if articles is None:
            return self._absent(edition, key)
        unread = kind == "source" and edition.health[name].last_success is None
        return articles if edition.ready and not unread else Absence.NOT_READY

    def feed(self, edition: Edition, key: ListKey, articles: ArticleList) -> Feed:
        """Return the feed of a list."""
        feed = self._feed(edition, key, articles.shown)
        return replace(
            feed,
            updated=articles.updated,
            ttl=self.max_age(key, articles),
            tombstones=articles.tombstones,
            older=None if is_combination(key) else articles.last_page or None,
            pushed=not is_combination(key),
        )

    def archive(self, edition: Edition, key: ListKey, page: int) -> Feed:
        """Return a page of a list's archive."""
        feed = self._feed(edition, key, edition.archived(key, page))
        articles = edition.lists[key]
        ttl = MAX_AGE if page <= len(articles.pages) else self.max_age(key, articles)
        subtitle = f"{feed.subtitle}, page {page}"
        return replace(feed, page=page, older=page - 1 or None, subtitle=subtitle, ttl=ttl)

    def reaching(self, edition: Edition, key: ListKey, articles: ArticleList, count: int) -> Feed:
        """Return the feed of a list with its newest `count` articles."""
        shown = articles.shown[:count] if key == STATUS else articles.reaching(count, edition.articles)
        older = None if is_combination(key) else articles.last_page_beside(shown) or None
        feed = self.feed(edition, key, articles)
        return replace(feed, articles=shown, older=older, query=f"?limit={count}")

    def searched(self, edition: Edition, search: str, articles: tuple[Article, ...]) -> Feed:
        """Return the feed of a search that found these."""
        return Feed(
            path=list_path(SEARCH),
            title=f"{search} – {self.site.title}",
            subtitle=f"Articles of {self.site.title} that match {search}",
            updated=max((article.updated for article in articles), default=NEVER),
            articles=articles,
            language=_common_language(articles) or self.language,
            ttl=self.max_age(LATEST, edition.lists[LATEST]),
            search=search,
            pushed=False,
        )

    def outlines(self, edition: Edition) -> Iterable[tuple[str, Iterable[Outline]]]:
        """Yield all feeds of articles in groups, for OPML."""
        listed = {topic.slug for topic in edition.listed}
        offered = (key for key in edition.lists if key[0] != "topic" or key[1] in listed)
        there = [key for key in offered if isinstance(self.find(edition, key), ArticleList)]
        groups = {"": [key for key in there if key[0] not in {"topic", "source"}]} | {
            f"{kind.title()}s": sorted(key for key in there if key[0] == kind) for kind in ("topic", "source")
        }
        for name, keys in groups.items():
            yield name, [Outline(title=self._words(edition, key)[0], path=list_path(key)) for key in keys]

    def published(self, edition: Edition) -> dict[str, datetime]:
        """Return when each feed that there is changed last, by its URL; that second may be still to come."""
        found = ((key, self.find(edition, key)) for key in (*edition.lists, STATUS))
        return {
            self.site.link(f"{list_path(key)}.{suffix}"): articles.modified
            for key, articles in found
            if isinstance(articles, ArticleList)
            for suffix in FORMATS
        }

    def max_age(self, key: ListKey, articles: ArticleList) -> int:
        """Return for how many seconds an answer stays fresh: until its sources are looked at again.

        In whole minutes, since RSS has no others.
        """
        names = {key[1]} if key[0] == "source" else articles.sources or self.intervals.keys()
        seconds = min((self.intervals[name] for name in names if name in self.intervals), default=MAX_AGE)
        return min(MAX_AGE, max(MIN_AGE, seconds // 60 * 60))

    def title(self, edition: Edition, key: ListKey, call: Callable[[str, str], str] = _as_named) -> str:
        """Return a list's own name, without the site's; `call` returns what a topic is called."""
        kind, name = key
        if kind == "topic":
            return _named(edition, name, call)
        return {"latest": "Latest articles", "status": "Incidents"}.get(kind, name)

    def _absent(self, edition: Edition, key: ListKey) -> Absence | Moved:
        kind, name = key
        if kind == "source":
            return Absence.GONE if edition.is_retired(name) else Absence.UNKNOWN
        return Absence.UNKNOWN if edition.ready else Absence.NOT_READY

    def _topic(self, edition: Edition, expression: str) -> ArticleList | Absence | Moved:
        """Return the list of a topic or of a combination of topics."""
        found = answer(expression, edition.registry.find)
        if found.status == HTTPStatus.GONE:
            return Absence.GONE
        if found.combination is None:
            named = edition.registry.named(expression)
            if named.status in {HTTPStatus.OK, HTTPStatus.PERMANENT_REDIRECT}:
                return Moved(key=("topic", named.slug))
            return Absence.UNKNOWN if edition.ready else Absence.NOT_READY
        key = ("topic", str(found.combination))
        if found.status == HTTPStatus.PERMANENT_REDIRECT:
            return Moved(key=key)
        if not edition.ready:
            return Absence.NOT_READY
        return (
            self.combinations.find(edition, found.combination) if is_combination(key) else edition.lists[key]
        )

    def _incidents(self, edition: Edition) -> ArticleList:
        here = self.site.link("/status")
        noted = tuple(replace(incident_article(incident), url=here) for incident in edition.incidents)
        window = Window(articles=noted[: edition.limits.count], covered=edition.limits.time)
        updated = max((article.updated for article in noted), default=NEVER)
        return ArticleList(choice=Choice.of(window), updated=updated, modified=edition.incidents_modified)

    def _feed(self, edition: Edition, key: ListKey, articles: tuple[Article, ...]) -> Feed:
        title, subtitle = self._words(edition, key)
        return Feed(
            path=list_path(key),
            title=title,
            subtitle=subtitle,
            updated=max((article.updated for article in articles), default=NEVER),
            articles=articles,
            language=_common_language(articles) or self.language,
            ttl=MAX_AGE,
        )

    def _words(self, edition: Edition, key: ListKey) -> tuple[str, str]:
        title, site = self.title(edition, key), self.site.title
        subtitles = {
            "latest": f"The newest articles of {site}",
            "topic": f"Articles of {site} filed under {title}",
            "source": f"Articles that {site} read from {title}",
            "status": f"What went wrong with the sources of {site}, and when it was over",
        }
        return (site if key[0] == "latest" else f"{title} – {site}"), subtitles[key[0]]


def _named(edition: Edition, expression: str, call: Callable[[str, str], str]) -> str:
    """Return what people call a topic, or a combination of them."""
    found = answer(expression, edition.registry.find).combination or Combination(wanted=(expression,))
    topics = edition.topics
    names = {
        slug: call(slug, topics[slug].name) if slug in topics else slug
        for slug in (*found.wanted, *found.unwanted)
    }
    wanted = (", " if found.either else " + ").join(names[slug] for slug in found.wanted)
    return wanted + "".join(f" − {names[slug]}" for slug in found.unwanted)


def _common_language(articles: Iterable[Article]) -> str | None:
    """Return the language of all articles shown, None if they differ or do not say."""
    languages = {article.language for article in articles}
    return languages.pop() if len(languages) == 1 else None
