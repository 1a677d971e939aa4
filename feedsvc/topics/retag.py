"""What assigning all topics anew would change; the change itself is the caller's to commit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedsvc.model import Article, Assignment
from feedsvc.topics.assign import Topics
from feedsvc.topics.entries import Census
from feedsvc.topics.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagging:
    """What would change, and the registry that goes with it."""

    registry: Registry
    articles: tuple[Article, ...]
    """Those whose topics change, with the new ones."""
    gained: Mapping[str, int]
    """By slug, how many articles come into a topic's feed."""
    lost: Mapping[str, int]
    """By slug, how many leave one."""

    @property
    def feeds(self) -> tuple[str, ...]:
        """Return the slugs of the topics whose feeds change."""
        return tuple(sorted({*self.gained, *self.lost}))


def retag(
    articles: Iterable[Article],
    topics: Topics,
    registry: Registry,
    configured: Mapping[str, tuple[str, ...]],
) -> Retagging:
    """Assign the topics of all articles anew; `configured` are the topics of each source, by its name.

    Articles keep the times of their acknowledgement, so nothing becomes newer than it was.
    """
    before = sorted(articles, key=lambda article: article.sequence)
    fresh = (topics.assign(article, configured.get(article.source, ())) for article in before)
    admitting, admitted = registry.admit(fresh)
    after, _ = admitting.review(Census.of(admitted), topics.min_docs)
    renewed = tuple(map(after.filed, admitted))
    gained, lost = Counter[str](), Counter[str]()
    for old, new in zip(before, renewed, strict=True):
        gained.update(_slugs(new.topics) - _slugs(old.topics))
        lost.update(_slugs(old.topics) - _slugs(new.topics))
    changed = tuple(new for old, new in zip(before, renewed, strict=True) if new != old)
    return Retagging(registry=after, articles=changed, gained=gained, lost=lost)


def _slugs(assignments: Sequence[Assignment]) -> frozenset[str]:
    return frozenset(assignment.slug for assignment in assignments)
