"""The immutable snapshot that requests are answered from, and how a commit makes the next one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from feedsvc.model import Article, Commit, Health, Incident, Tombstone, Topic
from feedsvc.store.lists import LARGEST, NEVER, PAGE, ArticleList, Revision, empty_list, revised_list
from feedsvc.store.window import Limits, fitting, newest_first, weight

INCIDENTS = 200
"""How many closed incidents are remembered."""

_Noun = TypeVar("_Noun")
ListKey = tuple[str, str]
"""A kind ("latest", "topic", "source") and a name within it; names a list of articles."""
LATEST: ListKey = ("latest", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything a request may need, as of one generation."""

    limits: Limits
    """How much a feed shows."""
    generation: int = 0
    committed: datetime = NEVER
    """The second of the last commit; grows with every one."""
    finished: bool = False
    """True once a first tick finished."""
    sequence: int = 0
    """The highest sequence number given."""
    articles: Mapping[str, Article]
    originals: Mapping[str, Article]
    """As they were first published, of those revised since: archive pages do not change (RFC 5005)."""
    gone: Mapping[str, Tombstone]
    """Of what left its source on purpose and did not come back, by id."""
    topics: Mapping[str, Topic]
    lists: Mapping[ListKey, ArticleList]
    health: Mapping[str, Health]
    over: tuple[Incident, ...] = ()
    """Incidents that were closed, the latest first; those that are open stand with their source's health."""
    incidents_modified: datetime = NEVER

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
        return tuple(sorted((*now, *self.over), key=lambda each: (each.opened, each.source), reverse=True))


def first_edition(topics: Iterable[Topic], sources: Iterable[Health], limits: Limits) -> Edition:
    """Return the edition before the first tick: configured topics and sources, no articles."""
    by_slug = {topic.slug: topic for topic in topics}
    by_name = {health.source: health for health in sources}
    keys = [LATEST, *(("topic", slug) for slug in by_slug), *(("source", name) for name in by_name)]
    return Edition(
        limits=limits,
        articles={},
        originals={},
        gone={},
        topics=by_slug,
        lists={key: empty_list(limits) for key in keys},
        health=by_name,
    )


def next_edition(edition: Edition, commits: Sequence[Commit], *, complete: bool) -> Edition:
    """Return the edition after commits; lists that they do not touch are the same objects.

    `complete` is False while a first tick has still to read other sources, or files being written.
    """
    at = max((commit.at for commit in commits), default=NEVER)
    after = replace(
        _with_health(edition, [commit.change.health for commit in commits], at),
        generation=edition.generation + 1,
        committed=_later(edition.committed, at),
        finished=edition.finished or complete,
    )
    arrived = _numbered(edition, commits)
    leaving = frozenset(chain.from_iterable(commit.change.withdrawn for commit in commits)) - arrived.keys()
    leaving &= edition.articles.keys()
    return _with_articles(after, arrived, leaving, at) if arrived or leaving else after


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
    modified = _later(edition.incidents_modified, at) if noted else edition.incidents_modified
    return replace(
        edition,
        health={**edition.health, **{state.source: state for state in states}},
        over=tuple(over[:INCIDENTS]),
        incidents_modified=modified,
    )


def _with_articles(
    edition: Edition, arrived: Mapping[str, Article], leaving: frozenset[str], at: datetime
) -> Edition:
    """Return the edition with the articles that arrived, without those that leave."""
    tombstones = {id_: Tombstone(id=id_, at=at.replace(microsecond=0)) for id_ in leaving}
    old = edition.articles
    revised = {
        id_: old[id_]
        for id_, article in arrived.items()
        if id_ in old and old[id_].revised != article.revised and id_ not in edition.originals
    }
    after = replace(
        edition,
        sequence=max(edition.sequence, *(article.sequence for article in arrived.values()), 0),
        articles=_without({**old, **arrived}, leaving),
        originals=_without({**edition.originals, **revised}, leaving),
        gone=_without({**edition.gone, **tombstones}, arrived.keys()),
        topics=_registered(edition.topics, arrived.values()),
    )
    lists = dict(edition.lists)
    for key, revision in _revisions(edition, arrived, tombstones, at).items():
        before = lists.get(key) or empty_list(edition.limits)
        lists[key] = revised_list(before, revision, after.articles, _limits(key, edition.limits))
    return replace(after, lists=lists)


def _later(previous: datetime, at: datetime) -> datetime:
    """Return the second of a commit, or the one after `previous` if that is later: it only grows."""
    return max(previous + timedelta(seconds=1), at.replace(microsecond=0))


def _limits(key: ListKey, limits: Limits) -> Limits:
    """Return a list's limits: a source's own feed has no share to leave to others."""
    return replace(limits, per_source=None) if key[0] == "source" else limits


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
            numbered[article.id] = replace(article, sequence=sequence, acknowledged=at, revised=at)
        else:
            numbered[article.id] = _succeeding(old, article, at)
    return numbered


def _succeeding(old: Article, new: Article, at: datetime) -> Article:
    """Return the new version of an article; one that only got another key was not revised for a reader."""
    same = replace(
        new, sequence=old.sequence, acknowledged=old.acknowledged, revised=old.revised, key=old.key
    )
    return replace(same, key=new.key, revised=old.revised if same == old else at)


def _registered(topics: Mapping[str, Topic], arrived: Iterable[Article]) -> Mapping[str, Topic]:
    """Return the registry with the topics that the articles name for the first time; none ever leaves."""
    new: dict[str, Topic] = {}
    for article in arrived:
        for assignment in article.topics:
            if assignment.slug not in topics:
                new.setdefault(assignment.slug, Topic(slug=assignment.slug, name=assignment.name))
    return {**topics, **new} if new else topics


def _revisions(
    edition: Edition, arrived: Mapping[str, Article], tombstones: Mapping[str, Tombstone], at: datetime
) -> Mapping[ListKey, Revision]:
    """Return what happens to each list that a commit touches."""
    joining: defaultdict[ListKey, list[Article]] = defaultdict(list)
    changed: defaultdict[ListKey, list[str]] = defaultdict(list)
    leaving: defaultdict[ListKey, set[str]] = defaultdict(set)
    for id_, article in arrived.items():
        old = edition.articles.get(id_)
        before = set(list_keys(old)) if old else set()
        after = dict.fromkeys(list_keys(article))
        for key in after:
            if old and key in before:
                if replace(article, key=old.key) != old:  # its key is nothing that a feed shows
                    changed[key].append(id_)
            else:
                joining[key].append(article)
        for key in before.difference(after):
            leaving[key].add(id_)
    for id_ in tombstones:
        for key in list_keys(edition.articles[id_]):
            leaving[key].add(id_)
    revived = frozenset(edition.gone.keys() & arrived.keys())
    return {
        key: Revision(
            at=at,
            joining=tuple(sorted(joining[key], key=lambda article: article.sequence)),
            changed=tuple(changed[key]),
            leaving=frozenset(leaving[key]),
            tombstones=tuple(tombstones[id_] for id_ in sorted(leaving[key] & tombstones.keys())),
            revived=revived,
        )
        for key in joining.keys() | changed.keys() | leaving.keys() | _mourning(edition, revived)
    }


def _mourning(edition: Edition, ids: frozenset[str]) -> frozenset[ListKey]:
    """Return the lists that hold a tombstone of one of the ids."""
    return frozenset(
        key
        for key, each in edition.lists.items()
        if ids and not ids.isdisjoint(tombstone.id for tombstone in each.tombstones)
    )


def _without(mapping: Mapping[str, _Noun], ids: Iterable[str]) -> dict[str, _Noun]:
    kept = dict(mapping)
    for id_ in ids:
        kept.pop(id_, None)
    return kept
