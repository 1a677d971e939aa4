"""The immutable snapshot that requests are answered from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedsvc.model import Article, Health, Incident, Tombstone
from feedsvc.store.lists import LARGEST, PAGE, ArticleList, empty_list
from feedsvc.store.rows import Ledger, ListKey
from feedsvc.store.window import Limits, fitting, newest_first
from feedsvc.topics import Entry, Registry, Topics
from feedsvc.weight import weight

LATEST: ListKey = ("latest", "")
INCIDENTS = 200
"""How many closed incidents are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What an edition owes to the configuration of its process, not to commits."""

    topics: Topics
    """What decides on topics; those that it names have a feed before their first article."""
    sources: Mapping[str, Health]
    """By name: the health of those that were never looked at."""
    limits: Limits
    """How much a feed shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attic:
    """What came from sources that are not configured now: remembered, not shown."""

    articles: Mapping[str, Article] = field(default_factory=dict)
    lists: Mapping[ListKey, ArticleList] = field(default_factory=dict)
    health: Mapping[str, Health] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition(Ledger):
    """Everything a request may need, as of one generation."""

    configuration: Configuration
    generation: int = 0
    articles: Mapping[str, Article]
    originals: Mapping[str, Article]
    """As they were first published, of those revised since: archive pages do not change (RFC 5005)."""
    gone: Mapping[str, Tombstone]
    """Of what left its source on purpose and did not come back, by id."""
    registry: Registry
    """All topics there ever were, as the configuration has them."""
    topics: Mapping[str, Entry]
    """Of these, the ones that have a feed, by slug."""
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids of articles by the slugs of what they have and what has no feed."""
    lists: Mapping[ListKey, ArticleList]
    health: Mapping[str, Health]
    over: tuple[Incident, ...] = ()
    """Incidents that were closed, the latest first; those that are open stand with their source's health."""
    troubles: tuple[Incident, ...] = ()
    """What this process has with its journal; the one thing here that no row holds."""
    attic: Attic = Attic()

    @property
    def limits(self) -> Limits:
        """How much a feed shows."""
        return self.configuration.limits

    def archived(self, key: ListKey, number: int) -> tuple[Article, ...]:
        """Return the articles on an archive page, as they were first published, newest first.

        Where all of them are too much for a reader, the long ones are there by their summary.
        """
        found = [self.originals.get(id_) or self.articles[id_] for id_ in self.lists[key].page(number)]
        if sum(map(weight, found)) > LARGEST:
            found = [fitting(article, LARGEST // PAGE)[0] for article in found]
        return newest_first(found)

    @property
    def ready(self) -> bool:
        """Whether there is something to serve: a first tick finished and read at least one source."""
        return self.finished and any(health.last_success for health in self.health.values())

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents remembered, those opened last first."""
        now = (health.incident for health in self.health.values() if health.incident)
        all_of_them = (*now, *self.troubles, *self.over)
        return tuple(sorted(all_of_them, key=lambda each: (each.opened, each.source), reverse=True))

    @property
    def listed(self) -> tuple[Entry, ...]:
        """Return the topics of the directory, by slug: those with a new article within half a year."""
        return tuple(each for each in self.topics.values() if self._is_listed(each))

    def _is_listed(self, topic: Entry) -> bool:
        if topic.hidden or self.is_deserted(topic.slug):
            return False
        undated = topic.newest is None and bool(self.lists["topic", topic.slug].ids)  # an older journal's
        return undated or not self.registry.is_quiet(topic.slug)

    def is_retired(self, source: str) -> bool:
        """Tell whether a source was configured once."""
        return source in self.attic.health

    def is_deserted(self, slug: str) -> bool:
        """Tell whether all that a topic ever had came from sources that are not configured now."""
        topic, articles = self.topics.get(slug), self.lists.get(("topic", slug))
        if topic is None or articles is None or topic.configured or topic.code or not articles.sources:
            return False
        return articles.sources.isdisjoint(self.configuration.sources)


def first_edition(topics: Topics, sources: Iterable[Health], limits: Limits) -> Edition:
    """Return the edition before the first tick: configured topics and sources, no articles."""
    return blank(
        Configuration(
            topics=topics,
            sources={health.source: health for health in sources},
            limits=limits,
        )
    )


def blank(configuration: Configuration) -> Edition:
    """Return the edition of a configuration at generation 0."""
    registry = Registry().configured(configuration.topics)
    topics = {entry.slug: entry for entry in registry.answering}
    keys = [LATEST, *(("topic", slug) for slug in topics)]
    keys += [("source", name) for name in configuration.sources]
    return Edition(
        configuration=configuration,
        articles={},
        originals={},
        gone={},
        registry=registry,
        topics=topics,
        lists={key: empty_list(configuration.limits) for key in keys},
        health=configuration.sources,
    )


def list_keys(article: Article) -> tuple[ListKey, ...]:
    """Return the lists an article stands in."""
    topics = (("topic", assignment.slug) for assignment in article.topics)
    return (LATEST, ("source", article.source), *topics)


def limits_of(key: ListKey, limits: Limits) -> Limits:
    """Return a list's limits: a source's own feed has no share to leave to others."""
    return replace(limits, per_source=None) if key[0] == "source" else limits


def later(previous: datetime, at: datetime) -> datetime:
    """Return the second of a commit, or the one after `previous` if that is later: it only grows."""
    return max(previous + timedelta(seconds=1), at.replace(microsecond=0))
