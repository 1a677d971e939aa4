"""What a plan is worked out from: what is remembered, what was configured, what is now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Self

from feedsvc.model import Article, Known
from feedsvc.plan.fates import Fate, addresses, fates
from feedsvc.plan.places import Moved, Places
from feedsvc.plan.said import Said, said_by, understood
from feedsvc.settings import Settings
from feedsvc.sources import Scan
from feedsvc.sources.globs import Choice
from feedsvc.store import Edition, ListKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a journal remembers."""

    edition: Edition
    """As the configuration of now shows it."""
    known: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)
    """The documents met, by source and key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two configurations and what they share; `before` is None where nobody remembers it."""

    edition: Edition
    before: Said | None
    now: Said
    published: Mapping[str, int]
    """How many articles each source published before, by name."""
    renamed: Mapping[str, str]
    """New names by old ones, of sources that read the place of one that is no longer configured."""
    left_out: Mapping[str, frozenset[str]]
    """By source: ids of articles whose documents `include` and `exclude` no longer take."""
    moved: tuple[Moved, ...]
    """The sources that keep their name and read another place."""
    addresses: tuple[ListKey, ...]
    """Where feeds stood."""
    fates: Mapping[ListKey, Fate]
    """Of these, and of the topics and aliases of now."""

    @classmethod
    def of(cls, past: Past, settings: Settings, looks: Mapping[str, Scan]) -> Self:
        """Compare; `looks` are at the configured folders, as far as they can be seen.

        A look at another place than before is at all of it; else the place says enough.
        """
        edition, now = past.edition, said_by(settings)
        before = understood(edition.fingerprint)
        names = tuple(_remembered(edition) if before is None else before.sources)
        stood = addresses(edition, before, names)
        read, left_out = frozenset(names), _left_out(past, settings, names)
        places = Places(edition=edition, known=past.known, looks=looks, left_out=left_out)
        said = [("topic", name) for topic in now.topics for name in (topic.slug, *topic.aliases)]
        return cls(
            edition=edition,
            before=before,
            now=now,
            published=_published(edition, names),
            renamed=_renamed(edition, names, {name: look.place for name, look in looks.items()}),
            left_out=left_out,
            moved=tuple(places.moved(source for source in settings.source if source.name in read)),
            addresses=stood,
            fates=fates(edition, now, (*stood, *said)),
        )

    @property
    def articles(self) -> int:
        """How many articles were published before."""
        return sum(self.published.values())

    def staying(self) -> Iterable[Article]:
        """Yield the articles that were published before and are still read from a configured source."""
        moved = chain.from_iterable(each.articles for each in self.moved)
        left = frozenset(chain(moved, *self.left_out.values()))
        return (
            each
            for each in self.edition.articles.values()
            if each.source in self.published and each.id not in left
        )


def _remembered(edition: Edition) -> Iterable[str]:
    """Return the sources that were read once."""
    read = (name for name, health in edition.health.items() if health.last_success)
    return [*edition.attic.health, *read]


def _published(edition: Edition, names: Iterable[str]) -> Mapping[str, int]:
    everything = chain(edition.articles.values(), edition.attic.articles.values())
    counts = Counter(article.source for article in everything)
    return {name: counts[name] for name in names}


def _renamed(edition: Edition, names: Iterable[str], places: Mapping[str, str]) -> Mapping[str, str]:
    """Return new names by old ones: it is the place that tells, not the path, which may be new as well."""
    before = frozenset(names)
    new = {place: name for name, place in places.items() if place and name not in before}
    retired = edition.attic.health
    return {
        name: new[retired[name].place]
        for name in sorted(before & retired.keys())
        if retired[name].place in new
    }


def _left_out(past: Past, settings: Settings, names: Iterable[str]) -> Mapping[str, frozenset[str]]:
    before, shown = frozenset(names), past.edition.articles
    found: dict[str, frozenset[str]] = {}
    for source in settings.source:
        if source.name in before and (source.include or source.exclude):
            choice = Choice.of(source.include, source.exclude)
            met = past.known.get(source.name, {})
            gone = (known.article for key, known in met.items() if not choice.takes(key))
            found[source.name] = frozenset(id_ for id_ in gone if id_ is not None and id_ in shown)
    return {name: ids for name, ids in found.items() if ids}
