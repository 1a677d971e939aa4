"""Which lists exist, where they stand, and what their feeds say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from feedsvc.feeds import FORMATS, Feed, Site
from feedsvc.store import LATEST, ArticleList, Edition, ListKey
from feedsvc.web.incidents import incident_article

STATUS: ListKey = ("status", "")
_PREFIXES = {"topic": "/topics/", "source": "/sources/"}
_SINGLE = {LATEST: "/latest", STATUS: "/status"}
MIN_AGE, MAX_AGE = 60, 3600


class Absence(Enum):
    """Why there is no list to show."""

    UNKNOWN = "no such list"
    NOT_READY = "nothing was read yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Maps paths to lists and lists to feeds."""

    site: Site
    language: str
    intervals: Mapping[str, int]
    """Seconds between two looks at a source, by its name."""

    def key(self, path: str) -> ListKey | None:
        """Return the list that stands at a path without suffix, whether it exists or not."""
        for key, single in _SINGLE.items():
            if path == single:
                return key
        for kind, prefix in _PREFIXES.items():
            if path.startswith(prefix) and "/" not in path[len(prefix) :]:
                return (kind, path[len(prefix) :])
        return None

    def split(self, path: str) -> tuple[ListKey, str] | None:
        """Return the list and the format that a feed's path names, or None."""
        stem, _, suffix = path.rpartition(".")
        key = self.key(stem)
        return (key, suffix) if key and suffix in FORMATS else None

    def path(self, key: ListKey) -> str:
        """Return where a list stands."""
        return _SINGLE.get(key) or _PREFIXES[key[0]] + key[1]

    def find(self, edition: Edition, key: ListKey) -> ArticleList | Absence:
        """Return a list, or why there is none; an unread source has no list yet, not an empty one."""
        kind, name = key
        if key == STATUS:
            return self._incidents(edition)
        articles = edition.lists.get(key)
        if articles is None:  # sources are all known, a topic may come with the first tick
            return Absence.UNKNOWN if kind == "source" or edition.ready else Absence.NOT_READY
        unread = kind == "source" and edition.health[name].last_success is None
        return articles if edition.ready and not unread else Absence.NOT_READY

    def _incidents(self, edition: Edition) -> ArticleList:
        here = self.site.link("/status")
        noted = tuple(replace(incident_article(incident), url=here) for incident in edition.incidents)
        return ArticleList(window=noted[: edition.window], modified=edition.incidents_modified)

    def feed(self, edition: Edition, key: ListKey, articles: ArticleList) -> Feed:
        """Return the feed of a list."""
        title, subtitle = self._words(edition, key)
        return Feed(
            path=self.path(key),
            title=title,
            subtitle=subtitle,
            updated=articles.updated,
            articles=articles.window,
            language=_common_language(articles) or self.language,
            ttl=self.max_age(key),
        )

    def max_age(self, key: ListKey) -> int:
        """Return for how many seconds an answer stays fresh: until its sources are looked at again."""
        kind, name = key
        seconds = self.intervals.get(name) if kind == "source" else min(self.intervals.values(), default=None)
        return min(MAX_AGE, max(MIN_AGE, seconds or MAX_AGE))

    def title(self, edition: Edition, key: ListKey) -> str:
        """Return a list's own name, without the site's."""
        kind, name = key
        if kind == "topic" and name in edition.topics:
            return edition.topics[name].name
        return {"latest": "Latest articles", "status": "Incidents"}.get(kind, name)

    def _words(self, edition: Edition, key: ListKey) -> tuple[str, str]:
        title, site = self.title(edition, key), self.site.title
        subtitles = {
            "latest": f"The newest articles of {site}",
            "topic": f"Articles of {site} filed under {title}",
            "source": f"Articles that {site} read from {title}",
            "status": f"What went wrong with the sources of {site}, and when it was over",
        }
        return (site if key == LATEST else f"{title} – {site}"), subtitles[key[0]]


def _common_language(articles: ArticleList) -> str | None:
    """Return the language of all articles shown, None if they differ or do not say."""
    languages = {article.language for article in articles.window}
    return languages.pop() if len(languages) == 1 else None
