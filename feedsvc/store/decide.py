"""What commits do to the rows; touches nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from feedsvc.kept import Kept, altered, packed
from feedsvc.model import Article, Commit, Incident, Tombstone
from feedsvc.store.edition import INCIDENTS, Edition, later, limits_of, list_keys
from feedsvc.store.filing import Filing, Refile, configured_entries, displaced, filing
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.layers import layered
from feedsvc.store.lists import ArticleList, Revision, empty_list, next_modified, revised_list, state_of
from feedsvc.store.memory import Memory, all_memory_rows, memory_rows
from feedsvc.store.rows import (
    LEDGER,
    NEVER,
    OVER,
    SHOWN,
    Ledger,
    ListKey,
    article_rows,
    encode,
    list_name,
    slots_name,
)
from feedsvc.weight import weight

Rows = dict[RowKey, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is acknowledged as one generation."""

    commits: Sequence[Commit] = ()
    complete: bool = True
    """False while a first tick has still to read other sources, or files being written."""
    at: datetime = NEVER
    """The moment, where no commit has a later one."""
    fingerprint: str | None = None
    """Of a configuration that writes other bytes than the one before; None for the same one."""
    over: tuple[Incident, ...] = ()
    """Incidents of this process that are over."""
    refile: Refile | None = None
    """What somebody wants of the topics there are."""


def decide(edition: Edition, memory: Memory, batch: Batch) -> Delta:
    """Return what a batch sets and deletes.

    Moments of acknowledgement never go back, whatever the clock does: two orders, by moment and by sequence,
    are one.
    """
    now = max((batch.at, *(commit.at for commit in batch.commits)))
    at = max(edition.acknowledged, now)
    rows: Rows = {}
    if batch.fingerprint is not None:
        edition = _adopted(edition, batch.fingerprint, now, rows)
        batch = replace(batch, over=(*batch.over, *_abandoned(edition, now, rows)))
    over, noted = _incidents(edition, batch)
    if over != edition.over:
        rows[OVER] = encode(over)
    for commit in batch.commits:
        state = commit.change.health
        rows["health", state.source] = encode(state)
        rows.update(memory_rows(memory, commit.change))
    arrived = _numbered(edition, batch.commits, at)
    leaving = frozenset(chain.from_iterable(commit.change.withdrawn for commit in batch.commits))
    leaving = frozenset(id_ for id_ in leaving if id_ in edition.articles and id_ not in arrived)
    filed = filing(edition, arrived, leaving, _refile(edition, batch))
    rows.update({("topic", entry.slug): encode(entry) for entry in filed.entries})
    if filed.articles or leaving:
        _Arrival(edition=edition, arrived=filed.articles, leaving=leaving, at=at, now=now, rows=rows).note()
    ledger = Ledger(
        sequence=max((edition.sequence, *(article.sequence for article in arrived.values()))),
        acknowledged=at,
        committed=later(edition.committed, now) if _shows(edition, batch, rows) else edition.committed,
        ticked=later(max(edition.ticked, edition.committed), now),
        finished=edition.finished or batch.complete,
        incidents_modified=later(edition.incidents_modified, now) if noted else edition.incidents_modified,
        fingerprint=edition.fingerprint,
        rulesets=_rulesets(edition, filed, arrived),
    )
    rows[LEDGER] = encode(ledger)
    made = {("article", id_): each for id_, each in filed.articles.items() if isinstance(each, Kept)}
    return Delta(generation=edition.generation + 1, rows=rows, made=made)


def _shows(edition: Edition, batch: Batch, rows: Rows) -> bool:
    """Tell whether a batch changes what a feed or the list of feeds shows.

    A source that was read for the first time has a feed from then on, and after a first tick there are all.
    """
    read = (each.change.health for each in batch.commits if each.change.health.last_success)
    begun = any(edition.health[health.source].last_success is None for health in read)
    begun |= batch.complete and not edition.finished
    return begun or any(kind in SHOWN for kind, _ in rows)


def everything(edition: Edition, memory: Memory) -> Delta:
    """Return all rows of an edition as the next generation, to fill a journal that was begun anew."""
    rows: Rows = dict(all_memory_rows(memory))
    for article in chain(edition.articles.values(), edition.attic.articles.values()):
        rows.update(article_rows(article))
    for article in edition.originals.values():
        rows.update(article_rows(article, kind="original"))
    rows.update({("gone", id_): encode(tombstone) for id_, tombstone in edition.gone.items()})
    rows.update({("topic", slug): encode(entry) for slug, entry in edition.registry.entries.items()})
    for key, articles in chain(edition.lists.items(), edition.attic.lists.items()):
        rows.update(_list_rows(key, empty_list(edition.limits), articles))
    for name, health in chain(edition.health.items(), edition.attic.health.items()):
        rows["health", name] = encode(health)
    rows[OVER] = encode(edition.over)
    rows[LEDGER] = encode(Ledger(**{name: getattr(edition, name) for name in Ledger.__slots__}))
    return Delta(generation=edition.generation + 1, rows=rows, whole=True)


def _refile(edition: Edition, batch: Batch) -> Refile | None:
    """Return what is wanted of the topics there are; another configuration may merge some."""
    adopts = batch.fingerprint is not None and edition.generation > 0
    return batch.refile or (displaced if adopts else None)


def _rulesets(edition: Edition, filed: Filing, arrived: Mapping[str, Article]) -> tuple[str, ...]:
    digest = edition.configuration.topics.digest
    if filed.anew:
        return (digest,)
    return (*edition.rulesets, digest) if arrived and digest not in edition.rulesets else edition.rulesets


def _adopted(edition: Edition, fingerprint: str, at: datetime, rows: Rows) -> Edition:
    """Return the edition with every date of a change moved on: a configuration changed what all lists say.

    Whoever asks by date must see that (RFC 9110 8.8.2); its topics keep their URLs from now on.
    """
    rows.update({("topic", entry.slug): encode(entry) for entry in configured_entries(edition.registry)})
    if edition.generation == 0:
        return replace(edition, fingerprint=fingerprint)
    lists, retired = (
        {key: _renewed(articles, at) for key, articles in each.items()}
        for each in (edition.lists, edition.attic.lists)
    )
    for key, articles in chain(lists.items(), retired.items()):
        rows["list", list_name(key)] = encode(state_of(articles))
    return replace(
        edition,
        lists=lists,
        attic=replace(edition.attic, lists=retired),
        incidents_modified=later(edition.incidents_modified, at),
        fingerprint=fingerprint,
    )


def _abandoned(edition: Edition, at: datetime, rows: Rows) -> Iterator[Incident]:
    """Close and yield the open incidents of sources that are no longer configured: nobody looks any more."""
    for name, health in edition.attic.health.items():
        if health.incident:
            rows["health", name] = encode(replace(health, incident=None))
            yield replace(health.incident, closed=at)


def _renewed(articles: ArticleList, at: datetime) -> ArticleList:
    modified = next_modified(articles.modified, at)
    return replace(articles, modified=modified, pages=(modified,) * len(articles.pages))


def _incidents(edition: Edition, batch: Batch) -> tuple[tuple[Incident, ...], bool]:
    """Return the incidents that are over after a batch, and whether it opens or closes any."""
    over, noted = [*batch.over, *edition.over], bool(batch.over)
    for commit in batch.commits:
        state = commit.change.health
        before = edition.health[state.source].incident
        if before and before != state.incident:
            over.insert(0, replace(before, closed=state.last_attempt))
        noted |= before != state.incident
    return tuple(over[:INCIDENTS]), noted


def _numbered(edition: Edition, commits: Iterable[Commit], at: datetime) -> dict[str, Article]:
    """Return the articles of all commits by id, new ones numbered by (published, id).

    Two sources may give the same article at once; the later version counts, and has one number.
    """
    by_id = {each.id: each for each in chain.from_iterable(commit.change.articles for commit in commits)}
    arrived = sorted(by_id.values(), key=lambda article: (article.published, article.id))
    numbered: dict[str, Article] = {}
    sequence = edition.sequence
    for article in arrived:
        old = edition.articles.get(article.id)
        if old is None:
            sequence += 1
            numbered[article.id] = altered(
                article,
                sequence=sequence,
                acknowledged=at,
                revised=at,
                weight=article.weight or weight(article),
            )
        else:
            numbered[article.id] = _succeeding(old, article, at)
    return numbered


def _succeeding(old: Article, new: Article, at: datetime) -> Article:
    """Return the new version of an article; one that only got another key was not revised for a reader."""
    same = altered(
        new,
        sequence=old.sequence,
        acknowledged=old.acknowledged,
        revised=old.revised,
        key=old.key,
        weight=new.weight or weight(new),
    )
    return altered(same, key=new.key, revised=old.revised if same == old else at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """Articles that come, go or move between topics in one batch, and the rows that say so."""

    edition: Edition
    arrived: Mapping[str, Article]
    leaving: frozenset[str]
    at: datetime
    now: datetime
    rows: Rows = field(repr=False)

    def note(self) -> None:
        """Set and delete the rows of articles and lists."""
        tombstones = {id_: Tombstone(id=id_, at=self.at.replace(microsecond=0)) for id_ in self.leaving}
        for id_, article in self.arrived.items():
            self._arrive(id_, article)
        for id_, tombstone in tombstones.items():
            self.rows["gone", id_] = encode(tombstone)
            self.rows["article", id_] = self.rows["body", id_] = None
            if id_ in self.edition.originals:
                self.rows["original", id_] = self.rows["original body", id_] = None
        articles = layered(self.edition.articles, {**self.arrived, **dict.fromkeys(self.leaving)})
        for key, revision in self._revisions(tombstones).items():
            before = self.edition.lists.get(key) or empty_list(self.edition.limits)
            after = revised_list(before, revision, articles, limits_of(key, self.edition.limits))
            self.rows.update(_list_rows(key, before, after))

    def _arrive(self, id_: str, article: Article) -> None:
        old = self.edition.articles.get(id_)
        record, body = article_rows(article)
        self.rows.update([record])
        if old is None or packed(old) != body[1]:
            self.rows.update([body])
        if old and old.revised != article.revised and id_ not in self.edition.originals:
            self.rows.update(article_rows(old, kind="original"))
        if id_ in self.edition.gone:
            self.rows["gone", id_] = None

    def _is_moved(self, id_: str) -> bool:
        """Tell whether an archive page shows an article otherwise, since only its topics are others."""
        old = self.edition.articles[id_]
        return id_ not in self.edition.originals and old.revised == self.arrived[id_].revised

    def _revisions(self, tombstones: Mapping[str, Tombstone]) -> Mapping[ListKey, Revision]:
        """Return what happens to each list that is touched."""
        joining: defaultdict[ListKey, list[Article]] = defaultdict(list)
        changed: defaultdict[ListKey, list[str]] = defaultdict(list)
        leaving: defaultdict[ListKey, set[str]] = defaultdict(set)
        for id_, article in self.arrived.items():
            old = self.edition.articles.get(id_)
            before = set(list_keys(old)) if old else set()
            after = dict.fromkeys(list_keys(article))
            for key in after:
                if old and key in before:
                    if altered(article, key=old.key, held=old.held) != old:  # which no feed shows
                        changed[key].append(id_)
                else:
                    joining[key].append(article)
            for key in before.difference(after):
                leaving[key].add(id_)
        for id_ in tombstones:
            for key in list_keys(self.edition.articles[id_]):
                leaving[key].add(id_)
        revived = frozenset(self.edition.gone.keys() & self.arrived.keys())
        touched = joining.keys() | changed.keys() | leaving.keys() | _mourning(self.edition, revived)
        return {
            key: Revision(
                at=self.at,
                now=self.now,
                joining=tuple(sorted(joining[key], key=lambda article: article.sequence)),
                changed=tuple(changed[key]),
                leaving=frozenset(leaving[key]),
                redated=frozenset(id_ for id_ in changed[key] if self._is_moved(id_)),
                tombstones=tuple(tombstones[id_] for id_ in sorted(leaving[key] & tombstones.keys())),
                revived=revived,
            )
            for key in touched
        }


def _mourning(edition: Edition, ids: frozenset[str]) -> frozenset[ListKey]:
    """Return the lists that hold a tombstone of one of the ids."""
    return frozenset(
        key
        for key, each in edition.lists.items()
        if ids and not ids.isdisjoint(tombstone.id for tombstone in each.tombstones)
    )


def _list_rows(key: ListKey, before: ArticleList, after: ArticleList) -> Iterator[tuple[RowKey, bytes]]:
    """Yield a list's state and the chunks of its slots that changed."""
    yield ("list", list_name(key)), encode(state_of(after))
    for number, chunk in after.places.news(before.places):
        yield ("slots", slots_name(key, number)), encode(chunk)
