"""The immutable snapshot that requests are answered from, and how a commit makes the next one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from feedsvc.model import Article, Commit, Health, Incident, Topic

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""What a feed says of its last change before its first article."""

INCIDENTS = 200
"""How many closed incidents are remembered."""

ListKey = tuple[str, str]
"""A kind ("latest", "topic", "source") and a name within it; names a list of articles."""
LATEST: ListKey = ("latest", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleList:
    """One list of articles and the window on it that its feed shows."""

    ids: tuple[str, ...] = ()
    """All of them, in order of sequence."""
    window: tuple[Article, ...] = ()
    """The newest by sequence, shown by date of publication, newest first."""
    modified: datetime = NEVER
    """The second of the commit that last changed the window; grows with every change (RFC 9110 8.8.2.2)."""

    @property
    def updated(self) -> datetime:
        """The newest change among the articles shown."""
        return max((article.updated for article in self.window), default=NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything a request may need, as of one generation."""

    window: int
    """How many articles a feed shows."""
    generation: int = 0
    committed: datetime = NEVER
    """The second of the last commit; grows with every one."""
    finished: bool = False
    """True once a first tick finished."""
    sequence: int = 0
    """The highest sequence number given."""
    articles: Mapping[str, Article]
    topics: Mapping[str, Topic]
    lists: Mapping[ListKey, ArticleList]
    health: Mapping[str, Health]
    over: tuple[Incident, ...] = ()
    """Incidents that were closed, the latest first; those that are open stand with their source's health."""
    incidents_modified: datetime = NEVER

    @property
    def ready(self) -> bool:
        """Whether there is something to serve: a first tick finished and read at least one source."""
        return self.finished and any(health.last_success for health in self.health.values())

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents remembered, those opened last first."""
        now = (health.incident for health in self.health.values() if health.incident)
        return tuple(sorted((*now, *self.over), key=lambda each: (each.opened, each.source), reverse=True))


def first_edition(topics: Iterable[Topic], sources: Iterable[Health], window: int) -> Edition:
    """Return the edition before the first tick: configured topics and sources, no articles."""
    by_slug = {topic.slug: topic for topic in topics}
    by_name = {health.source: health for health in sources}
    keys = [LATEST, *(("topic", slug) for slug in by_slug), *(("source", name) for name in by_name)]
    lists = {key: ArticleList() for key in keys}
    return Edition(window=window, articles={}, topics=by_slug, lists=lists, health=by_name)


def next_edition(edition: Edition, commits: Sequence[Commit], *, complete: bool) -> Edition:
    """Return the edition after commits; lists that they do not touch are the same objects.

    `complete` is False while a first tick has still to read other sources, or files being written.
    """
    arrived = _numbered(edition, commits)
    withdrawn = frozenset(chain.from_iterable(commit.change.withdrawn for commit in commits)) - arrived.keys()
    at = max((commit.at for commit in commits), default=NEVER)
    after = replace(
        _with_health(edition, [commit.change.health for commit in commits], at),
        generation=edition.generation + 1,
        committed=_later(edition.committed, at),
        finished=edition.finished or complete,
    )
    if not arrived and not withdrawn:
        return after
    articles = {**edition.articles, **arrived}
    for id_ in withdrawn:
        articles.pop(id_, None)
    return replace(
        after,
        sequence=max(edition.sequence, *(article.sequence for article in arrived.values()), 0),
        articles=articles,
        topics=_registered(edition.topics, arrived.values()),
        lists=_relisted(edition, articles, {**dict.fromkeys(withdrawn), **arrived}, at),
    )


def list_keys(article: Article) -> tuple[ListKey, ...]:
    """Return the lists an article stands in."""
    topics = (("topic", assignment.slug) for assignment in article.topics)
    return (LATEST, ("source", article.source), *topics)


def _with_health(edition: Edition, states: Sequence[Health], at: datetime) -> Edition:
    """Return the edition with the sources' new health; an incident that is gone from it is over."""
    over, noted = list(edition.over), False
    for state in states:
        before = edition.health[state.source].incident
        if before and before != state.incident:
            over.insert(0, replace(before, closed=state.last_attempt))
        noted |= before != state.incident
    return replace(
        edition,
        health={**edition.health, **{state.source: state for state in states}},
        over=tuple(over[:INCIDENTS]),
        incidents_modified=_later(edition.incidents_modified, at) if noted else edition.incidents_modified,
    )


def _numbered(edition: Edition, commits: Iterable[Commit]) -> dict[str, Article]:
    """Return the articles of all commits by id, new ones numbered by (published, id)."""
    arrived = sorted(
        ((commit.at, article) for commit in commits for article in commit.change.articles),
        key=lambda pair: (pair[1].published, pair[1].id),
    )
    numbered: dict[str, Article] = {}
    sequence = edition.sequence
    for at, article in arrived:
        old = edition.articles.get(article.id)
        if old is None:
            sequence += 1
            numbered[article.id] = replace(article, sequence=sequence, acknowledged=at)
        else:
            numbered[article.id] = replace(article, sequence=old.sequence, acknowledged=old.acknowledged)
    return numbered


def _registered(topics: Mapping[str, Topic], arrived: Iterable[Article]) -> Mapping[str, Topic]:
    """Return the registry with the topics that the articles name for the first time; none ever leaves."""
    new: dict[str, Topic] = {}
    for article in arrived:
        for assignment in article.topics:
            if assignment.slug not in topics:
                new.setdefault(assignment.slug, Topic(slug=assignment.slug, name=assignment.name))
    return {**topics, **new} if new else topics


def _relisted(
    edition: Edition, articles: Mapping[str, Article], touched: Mapping[str, Article | None], at: datetime
) -> Mapping[ListKey, ArticleList]:
    """Return the lists after the touched articles (None: withdrawn) found their new places."""
    leaving: defaultdict[ListKey, set[str]] = defaultdict(set)
    joining: defaultdict[ListKey, list[str]] = defaultdict(list)
    affected: set[ListKey] = set()
    for id_, article in touched.items():
        old = edition.articles.get(id_)
        before = set(list_keys(old)) if old else set()
        after = set(list_keys(article)) if article else set()
        affected |= before | after
        for key in before - after:
            leaving[key].add(id_)
        for key in after - before:
            joining[key].append(id_)
    lists = dict(edition.lists)
    for key in affected:
        old_list = lists.get(key, ArticleList())
        stay = tuple(id_ for id_ in old_list.ids if id_ not in leaving[key]) if leaving[key] else old_list.ids
        ids = _in_sequence(stay, joining[key], articles)
        lists[key] = _changed(old_list, ids, _window(ids, articles, edition.window), at)
    return lists


def _in_sequence(
    ids: tuple[str, ...], joining: list[str], articles: Mapping[str, Article]
) -> tuple[str, ...]:
    if not joining:
        return ids
    joined = ids + tuple(sorted(joining, key=lambda id_: articles[id_].sequence))
    in_order = not ids or articles[ids[-1]].sequence < articles[joined[len(ids)]].sequence
    return joined if in_order else tuple(sorted(joined, key=lambda id_: articles[id_].sequence))


def _window(ids: tuple[str, ...], articles: Mapping[str, Article], size: int) -> tuple[Article, ...]:
    shown = sorted((articles[id_] for id_ in ids[-size:]), key=lambda article: article.id)
    return tuple(sorted(shown, key=lambda article: article.published, reverse=True))


def _changed(
    old: ArticleList, ids: tuple[str, ...], window: tuple[Article, ...], at: datetime
) -> ArticleList:
    """Return the list with its new window; its modification time moves only if the window did."""
    if window == old.window:
        return old if ids == old.ids else replace(old, ids=ids)
    return ArticleList(ids=ids, window=window, modified=_later(old.modified, at))


def _later(previous: datetime, at: datetime) -> datetime:
    """Return the second of `at`, or one second after `previous` if that is later: validators only grow."""
    return max(previous + timedelta(seconds=1), at.replace(microsecond=0))
