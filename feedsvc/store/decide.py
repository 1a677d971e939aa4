"""What commits do to the rows; touches nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from feedsvc.kept import Kept, altered
from feedsvc.model import Article, Commit, Incident
from feedsvc.store.arrival import Arrival, Rows, list_rows
from feedsvc.store.edition import INCIDENTS, Edition, later
from feedsvc.store.filing import Filing, Refile, configured_entries, displaced, filing
from feedsvc.store.journal import Delta
from feedsvc.store.lists import ArticleList, empty_list, next_modified, state_of
from feedsvc.store.memory import Memory, all_memory_rows, memory_rows
from feedsvc.store.rows import (
    LEDGER,
    NEVER,
    OVER,
    SHOWN,
    Ledger,
    article_rows,
    encode,
    list_name,
)
from feedsvc.weight import weight


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
        edition, said = _adopted(edition, batch.fingerprint, now)
        abandoned, closed = _abandoned(edition, now)
        rows |= said | closed
        batch = replace(batch, over=(*batch.over, *abandoned))
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
        rows |= Arrival(edition=edition, arrived=filed.articles, leaving=leaving, at=at, now=now).rows()
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
        rows.update(list_rows(key, empty_list(edition.limits), articles))
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


def _adopted(edition: Edition, fingerprint: str, at: datetime) -> tuple[Edition, Rows]:
    """Return the edition with every date of a change moved on, and the rows that say so.

    A configuration changed what all lists say, and whoever asks by date must see that (RFC 9110 8.8.2); its
    topics keep their URLs from now on.
    """
    rows: Rows = {("topic", entry.slug): encode(entry) for entry in configured_entries(edition.registry)}
    if edition.generation == 0:
        return replace(edition, fingerprint=fingerprint), rows
    lists, retired = (
        {key: _renewed(articles, at) for key, articles in each.items()}
        for each in (edition.lists, edition.attic.lists)
    )
    for key, articles in chain(lists.items(), retired.items()):
        rows["list", list_name(key)] = encode(state_of(articles))
    adopted = replace(
        edition,
        lists=lists,
        attic=replace(edition.attic, lists=retired),
        incidents_modified=later(edition.incidents_modified, at),
        fingerprint=fingerprint,
    )
    return adopted, rows


def _abandoned(edition: Edition, at: datetime) -> tuple[list[Incident], Rows]:
    """Return the incidents of sources that are no longer configured, closed, and the rows that say so.

    Nobody looks at such a source any more.
    """
    left = {name: health for name, health in edition.attic.health.items() if health.incident}
    closed = [replace(each.incident, closed=at) for each in left.values() if each.incident]
    return closed, {("health", name): encode(replace(each, incident=None)) for name, each in left.items()}


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
