"""Which topics articles have once they are acknowledged, and which topics that makes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from feedsvc.model import Article
from feedsvc.store.edition import Edition
from feedsvc.topics import Census, Entry, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Refiled:
    """What somebody wants of topics there are: deleted, merged, or all of them assigned anew."""

    registry: Registry
    articles: tuple[Article, ...] = ()
    """With other topics than before."""
    anew: bool = False
    """True where no article keeps what older rules found."""


Refile = Callable[[Edition], Refiled]
"""Decides that on an edition; asked again where others committed in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What becomes of topics in one commit."""

    registry: Registry
    articles: Mapping[str, Article]
    """By id: what arrived, and what was there and has other topics now."""
    entries: tuple[Entry, ...]
    """The topics that changed."""
    anew: bool


def filing(
    edition: Edition, arrived: Mapping[str, Article], leaving: frozenset[str], refile: Refile | None
) -> Filing:
    """File what arrives; a candidate that enough documents share now is its earlier articles' topic, too."""
    if not (arrived or refile):
        return Filing(registry=edition.registry, articles={}, entries=(), anew=False)
    wish = refile(edition) if refile else Refiled(registry=edition.registry)
    refiled = {article.id: article for article in wish.articles if article.id not in arrived}
    registry, admitted = wish.registry.admit(sorted(arrived.values(), key=lambda each: each.sequence))
    census = _census(edition, (*admitted, *refiled.values()), leaving, registry)
    named = chain.from_iterable((each.slug for each in article.topics) for article in admitted)
    registry, ripe = registry.review(census, edition.configuration.topics.min_docs)
    touched = {article.id: article for article in admitted} | refiled
    elsewhere = _waiting(edition, ripe) | (_displaced(edition, registry) if refile else frozenset())
    touched |= {id_: edition.articles[id_] for id_ in elsewhere - touched.keys() - leaving}
    filed = {id_: registry.filed(article) for id_, article in touched.items()}
    return Filing(
        registry=registry,
        articles={
            id_: each for id_, each in filed.items() if id_ in arrived or each != edition.articles[id_]
        },
        entries=_changed(edition.registry, registry, registry.entries if refile else (*named, *ripe)),
        anew=wish.anew,
    )


def configured_entries(registry: Registry) -> Iterable[Entry]:
    """Return the topics that hang on the configuration, and those others lead to: they keep their URLs."""
    known = registry.entries
    led = {each.into for each in known.values() if each.state == "merged"}
    return [each for slug, each in known.items() if each.configured or each.code or each.into or slug in led]


def displaced(edition: Edition) -> Refiled:
    """Move the articles of topics that the configuration merged."""
    return Refiled(registry=edition.registry)


def _census(
    edition: Edition, filed: Iterable[Article], leaving: frozenset[str], registry: Registry
) -> Census:
    """Count the documents of candidates that enough may share; those of other topics tell nothing.

    Most candidates are named once and stay so: a large town has 50,000 of them.
    """
    least = edition.configuration.topics.min_docs
    counts = Counter[str]()
    new = 0
    for article in filed:
        old = edition.articles.get(article.id)
        new += old is None
        counts.subtract(each.slug for each in (old.held if old else ()))
        counts.update(registry.final(each.slug).slug for each in (*article.topics, *article.held))
    for id_ in leaving:
        counts.subtract(each.slug for each in edition.articles[id_].held)
    by_slug = {slug: len(ids) for slug, ids in edition.held.items() if len(ids) >= least}
    by_slug |= {slug: len(edition.held.get(slug, ())) + more for slug, more in counts.items()}
    return Census(documents=len(edition.articles) + new - len(leaving), by_slug=by_slug)


def _waiting(edition: Edition, slugs: Iterable[str]) -> frozenset[str]:
    """Return the ids of the articles that were met with a topic before it was one."""
    return frozenset().union(*(edition.held.get(slug, frozenset()) for slug in slugs))


def _displaced(edition: Edition, registry: Registry) -> frozenset[str]:
    """Return the ids of the articles in the feeds of topics that have none any more."""
    gone = (slug for slug, entry in registry.entries.items() if entry.state in {"merged", "deleted"})
    lists = (edition.lists.get(("topic", slug)) for slug in gone)
    return frozenset().union(*(each.ids for each in lists if each)) & edition.articles.keys()


def _changed(before: Registry, after: Registry, slugs: Iterable[str]) -> tuple[Entry, ...]:
    """Return the topics of these that changed, new ones in the order in which they came."""
    there = ((slug, after.entries[slug]) for slug in dict.fromkeys(slugs))
    return tuple(each for slug, each in there if before.entries.get(slug) is not each)
