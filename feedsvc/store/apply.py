"""What rows make of an edition. Commits, followers and a warm start all come through here.

Identical rows give identical editions, hence identical bytes and ETags in all processes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, zip_longest
from sys import intern
from typing import Any, TypeVar

from feedsvc.errors import UnreadableError
from feedsvc.kept import kept, packed
from feedsvc.model import Article, Health
from feedsvc.store.edition import Edition, blank, limits_of, list_keys
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.layers import layered
from feedsvc.store.lists import ArticleList, Lately, Places, empty_list, shown_list, state_of
from feedsvc.store.rows import (
    LEDGER,
    OVER,
    Chunk,
    Ledger,
    ListKey,
    ListState,
    decode,
    list_key,
    slots_key,
)
from feedsvc.topics import Entry, Registry

_Noun = TypeVar("_Noun")
_LEDGER = tuple(field.name for field in fields(Ledger))
_LATE = frozenset({"article", "original"})  # one by one: a hundred thousand at once leave memory in pieces
_ELSEWHERE = frozenset({"known", "missing"})  # no request asks for them: see `memory`

Changes = Mapping[str, Mapping[str, Any]]
"""Rows by kind and name, None for what was deleted; decoded, but for records of articles."""


def apply(edition: Edition, delta: Delta) -> Edition:
    """Return the edition after a delta; lists that it does not touch are the same objects.

    Raises UnreadableError for rows that make no sense.
    """
    base = replace(blank(edition.configuration), troubles=edition.troubles) if delta.whole else edition
    changes = _decoded(delta)
    ledger = changes["ledger"].get(LEDGER[1], base)
    after = replace(
        base,
        **{name: _same(getattr(base, name), getattr(ledger, name)) for name in _LEDGER},
        generation=delta.generation,
        over=changes["incidents"].get(OVER[1], base.over),
    )
    after = _with_topics(_with_health(after, changes["health"]), changes["topic"], whole=delta.whole)
    if not (delta.whole or any(changes[kind] for kind in ("article", "body", "list", "slots", "topic"))):
        return after
    return _with_lists(_with_articles(after, changes, delta.made), base, changes)


def _same(before: _Noun, now: _Noun) -> _Noun:
    """Return the object that was there before, if it is equal: who compares objects sees no change."""
    return before if before == now else now


def _decoded(delta: Delta) -> Changes:
    changes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in delta.rows.items():
        if key[0] not in _ELSEWHERE:
            if value is None or key[0] in _LATE:
                changes[key[0]][key[1]] = value
            else:
                changes[key[0]][key[1]] = decode(key, value)
    return changes


def _with_health(edition: Edition, changed: Mapping[str, Health | None]) -> Edition:
    if not changed:
        return edition
    known = edition.configuration.sources
    states = _overlaid({**edition.attic.health, **edition.health}, changed)
    return replace(
        edition,
        health={name: replace(states[name], kind=known[name].kind) for name in known},
        attic=replace(edition.attic, health={n: state for n, state in states.items() if n not in known}),
    )


def _with_topics(edition: Edition, changed: Mapping[str, Entry | None], *, whole: bool) -> Edition:
    """Return the edition with what is remembered of topics, under the configuration."""
    entries, topics = [entry for entry in changed.values() if entry], edition.configuration.topics
    if not entries:
        return edition
    if whole:
        registry = Registry(entries={entry.slug: entry for entry in entries}).configured(topics)
    else:
        registry = edition.registry.updated(entries, topics)
    return replace(edition, registry=registry, topics={each.slug: each for each in registry.answering})


def _with_articles(edition: Edition, changes: Changes, made: Mapping[RowKey, Any]) -> Edition:
    known, hidden = edition.configuration.sources, edition.attic.articles
    fresh = _bodied(
        lambda id_: edition.articles.get(id_) or hidden.get(id_), changes["article"], changes["body"], made
    )
    shown = {id_: each if each and each.source in known else None for id_, each in fresh.items()}
    apart = {id_: each for id_, each in fresh.items() if id_ in hidden or (each and each.source not in known)}
    articles = layered(edition.articles, shown)
    originals = _bodied(edition.originals.get, changes["original"], changes["original body"], {})
    return replace(
        edition,
        articles=articles,
        held=_held(edition, articles, changes["article"]),
        originals=layered(edition.originals, originals),
        gone=_overlaid(edition.gone, changes["gone"]),
        attic=replace(edition.attic, articles=layered(hidden, apart)),
    )


def _held(
    before: Edition, articles: Mapping[str, Article], changed: Iterable[str]
) -> Mapping[str, frozenset[str]]:
    """Return which articles wait for a topic, after changes of some."""
    left, came = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for id_ in changed:
        for index, of in ((left, before.articles), (came, articles)):
            if (article := of.get(id_)) and article.held:
                for slug in {each.slug for each in article.held}:
                    index[slug].add(article.id)
    if not left and not came:
        return before.held
    held = dict(before.held)
    for slug in left.keys() | came.keys():
        held[slug] = held.get(slug, frozenset()).difference(left[slug]).union(came[slug])
    return {slug: ids for slug, ids in held.items() if ids}


def _bodied(
    before: Callable[[str], Article | None],
    records: Mapping[str, bytes | None],
    bodies: Mapping[str, bytes | None],
    made: Mapping[RowKey, Any],
) -> Mapping[str, Article | None]:
    """Return the articles whose records or bodies changed, None for those that left."""
    after: dict[str, Article | None] = {}
    for name in chain(records, bodies.keys() - records.keys()):
        id_ = intern(name)  # the same object as what other rows say of it, and no memory of how it came
        if article := made.get(("article", id_)):
            after[id_] = article
            continue
        old = before(id_)
        written = records.get(id_)
        record: Article | None = decode(("article", id_), written) if written else None
        if id_ not in records:
            record = old
        if record is None:
            after[id_] = None
            continue
        body = bodies.get(id_) or (packed(old) if old else None)
        if body is None:
            raise UnreadableError(f"the article {id_} has no body")
        after[id_] = kept(record, body)
    return after


def _overlaid(before: Mapping[str, _Noun], changed: Mapping[str, _Noun | None]) -> Mapping[str, _Noun]:
    if not changed:
        return before
    after = {**before, **changed}
    return {name: noun for name, noun in after.items() if noun is not None}


def _with_lists(edition: Edition, base: Edition, changes: Changes) -> Edition:
    """Return the edition with the lists that changed; `base` is the one that the changes start from."""
    rebuild = _Rebuild.of(edition, base, changes)
    lists, attic = dict(base.lists), dict(base.attic.lists)
    for slug in edition.topics:
        lists.setdefault(("topic", slug), empty_list(edition.limits))
    for key in rebuild.changed():
        configured = key[0] != "source" or key[1] in edition.configuration.sources
        before = lists.get(key) or attic.get(key) or empty_list(edition.limits)
        (lists if configured else attic)[key] = rebuild.rebuilt(key, before)
    return replace(edition, lists=lists, attic=replace(edition.attic, lists=attic))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rebuild:
    """What lists are put together from."""

    edition: Edition
    first: bool
    """Whether there were no articles before."""
    masks: bool
    """Whether some of what stands in lists may have to be hidden."""
    states: Mapping[ListKey, ListState]
    slots: Mapping[ListKey, Mapping[int, Chunk | None]]
    touched: frozenset[str]
    """Ids of articles that changed in any way."""
    joined: Mapping[ListKey, Sequence[str]]
    """Of these, the ones that stand in a list now."""

    @classmethod
    def of(cls, edition: Edition, base: Edition, changes: Changes) -> "_Rebuild":
        """Return what the changes say of lists."""
        slots: defaultdict[ListKey, dict[int, Chunk | None]] = defaultdict(dict)
        for name, chunk in changes["slots"].items():
            key, number = slots_key(name)
            slots[key][number] = chunk
        first = not base.articles and not base.attic.articles
        touched = frozenset() if first else frozenset(chain(changes["article"], changes["body"]))
        return cls(
            edition=edition,
            first=first,
            masks=bool(edition.attic.articles or base.attic.articles),
            states={list_key(name): state for name, state in changes["list"].items() if state is not None},
            slots=slots,
            touched=touched,
            joined=_members(edition, touched),
        )

    def changed(self) -> Iterator[ListKey]:
        """Yield the lists that changed."""
        yield from dict.fromkeys((*self.states, *self.slots))

    def rebuilt(self, key: ListKey, before: ArticleList) -> ArticleList:
        """Return a list as the rows have it."""
        articles = self.edition.articles
        state = self.states.get(key) or state_of(before)
        pages = (_same(old, new) for old, new in zip_longest(before.pages, state.pages))
        state = replace(state, pages=tuple(page for page in pages if page))
        places = shown = before.places.patched(self.slots.get(key, {}))
        if self.masks:
            shown = places.mapped(lambda id_: id_ if id_ in articles else None)
        limits = limits_of(key, self.edition.limits)
        if self.first:  # worked out when somebody asks for it
            return shown_list(
                state, Places(all=places, shown=shown, lately=Lately(ids=shown)), articles, limits
            )
        recent = before.recent
        stay = (id_ for id_ in recent.ids if id_ in articles and id_ not in self.touched)
        lately = Lately(ids=(*stay, *self.joined.get(key, ())), cut=recent.cut)
        after = shown_list(state, Places(all=places, shown=shown, lately=lately), articles, limits)
        after.choice.made()  # or every list would keep the articles of another edition
        return after


def _members(edition: Edition, ids: frozenset[str]) -> Mapping[ListKey, Sequence[str]]:
    """Return in which lists articles stand."""
    members: defaultdict[ListKey, list[str]] = defaultdict(list)
    for id_ in ids & edition.articles.keys():
        for key in dict.fromkeys(list_keys(edition.articles[id_])):
            members[key].append(id_)
    return members
