"""What articles do to the rows when they come, go or move: their own, and those of the lists they are in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from feedsvc.kept import altered, packed
from feedsvc.model import Article, Tombstone
from feedsvc.store.edition import Edition, limits_of, list_keys
from feedsvc.store.journal import RowKey
from feedsvc.store.layers import layered
from feedsvc.store.lists import ArticleList, Revision, empty_list, revised_list, state_of
from feedsvc.store.rows import ListKey, article_rows, encode, list_name, slots_name

Rows = dict[RowKey, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Articles that come, go or move between topics in one batch."""

    edition: Edition
    arrived: Mapping[str, Article]
    leaving: frozenset[str]
    at: datetime
    now: datetime

    def rows(self) -> Rows:
        """Return the rows of articles and lists that this sets or deletes."""
        rows: Rows = {}
        tombstones = {id_: Tombstone(id=id_, at=self.at.replace(microsecond=0)) for id_ in self.leaving}
        for id_, article in self.arrived.items():
            rows.update(self._rows_of(id_, article))
        for id_, tombstone in tombstones.items():
            rows["gone", id_] = encode(tombstone)
            rows["article", id_] = rows["body", id_] = None
            if id_ in self.edition.originals:
                rows["original", id_] = rows["original body", id_] = None
        articles = layered(self.edition.articles, {**self.arrived, **dict.fromkeys(self.leaving)})
        for key, revision in self._revisions(tombstones).items():
            before = self.edition.lists.get(key) or empty_list(self.edition.limits)
            after = revised_list(before, revision, articles, limits_of(key, self.edition.limits))
            rows.update(list_rows(key, before, after))
        return rows

    def _rows_of(self, id_: str, article: Article) -> Iterator[tuple[RowKey, bytes | None]]:
        old = self.edition.articles.get(id_)
        record, body = article_rows(article)
        yield record
        if old is None or packed(old) != body[1]:
            yield body
        if old and old.revised != article.revised and id_ not in self.edition.originals:
            yield from article_rows(old, kind="original")
        if id_ in self.edition.gone:
            yield ("gone", id_), None

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


def list_rows(key: ListKey, before: ArticleList, after: ArticleList) -> Iterator[tuple[RowKey, bytes]]:
    """Yield a list's state and the chunks of its slots that changed."""
    yield ("list", list_name(key)), encode(state_of(after))
    for number, chunk in after.places.news(before.places):
        yield ("slots", slots_name(key, number)), encode(chunk)
