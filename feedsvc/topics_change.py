"""Changes of topics there are, as what somebody wants; the store decides them on the newest edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc.errors import ConfigurationError
from feedsvc.store import Edition
from feedsvc.store.filing import Refiled
from feedsvc.topics import Registry, Retagging, retag

NOTHING = Retagging(registry=Registry(), articles=(), gained={}, lost={})


@dataclass(slots=True)
class Anew:
    """All topics assigned as the rules of now say; `told` is what that came to when last asked."""

    configured: Mapping[str, tuple[str, ...]]
    """The topics of each source, by its name."""
    told: Retagging = field(default=NOTHING, init=False)

    def __call__(self, edition: Edition) -> Refiled:
        """Return what changes."""
        topics = edition.configuration.topics
        self.told = retag(edition.articles.values(), topics, edition.registry, self.configured)
        return Refiled(registry=self.told.registry, articles=self.told.articles, anew=True)


@dataclass(frozen=True, slots=True)
class Delete:
    """A topic's feed gone for good."""

    topic: str

    def __call__(self, edition: Edition) -> Refiled:
        """Return what changes; raise ConfigurationError for what the configuration keeps."""
        slug = _known(edition, self.topic)
        if edition.registry.entries[slug].configured:
            raise ConfigurationError(f"{slug} is configured: remove its [[topic]] first, or hide it")
        return Refiled(registry=edition.registry.delete(slug))


@dataclass(frozen=True, slots=True)
class Merge:
    """One topic in place of another."""

    topic: str
    into: str

    def __call__(self, edition: Edition) -> Refiled:
        """Return what changes; raise ConfigurationError for what the configuration keeps."""
        slug, into = _known(edition, self.topic), _known(edition, self.into)
        if edition.registry.entries[slug].configured:
            raise ConfigurationError(f"{slug} is configured: set merge_into in its [[topic]]")
        if slug == into:
            raise ConfigurationError(f"{self.topic} and {self.into} are one topic already")
        return Refiled(registry=edition.registry.merge(slug, into))


def _known(edition: Edition, name: str) -> str:
    """Return the slug of a topic by any of its names; raise ConfigurationError where there is none."""
    verdict = edition.registry.find(name)
    if verdict.status in {404, 410}:
        raise ConfigurationError(f"there is no topic {name}; `feedsvc topics list` names all there are")
    return verdict.slug
