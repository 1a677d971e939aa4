"""What assigning all topics anew would change; the change itself is the caller's to commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from feedsvc.model import Article, Assignment
from feedsvc.topics.assign import Topics
from feedsvc.topics.entries import Census
from feedsvc.topics.registry import Registry

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # acknowledged by no store: newer than nothing


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
    articles: Sequence[Article],
    topics: Topics,
    registry: Registry,
    *,
    configured: Mapping[str, tuple[str, ...]],
    min_docs: int,
) -> Retagging:
    """Assign the topics of all articles anew; `configured` are the topics of each source, by its name.

    Articles keep the times of their acknowledgement, so nothing becomes newer than it was.
    """
    after, renewed = registry, list[Article]()
    ordered = sorted(articles, key=lambda article: article.sequence)
    for at, together in groupby(ordered, key=lambda article: article.acknowledged):
        fresh = [topics.assign(article, configured.get(article.source, ())) for article in together]
        after, admitted = after.admit(fresh, at or _NEVER)
        renewed += admitted
    after, _ = after.review(Census.of(renewed), min_docs)
    before = {article.id: article for article in articles}
    gained: dict[str, int] = {}
    lost: dict[str, int] = {}
    for article in renewed:
        old = _slugs(registry.shown(before[article.id].topics))
        new = _slugs(after.shown(article.topics))
        _count(gained, new - old)
        _count(lost, old - new)
    changed = tuple(article for article in renewed if article.topics != before[article.id].topics)
    return Retagging(registry=after, articles=changed, gained=gained, lost=lost)


def _slugs(assignments: Sequence[Assignment]) -> frozenset[str]:
    return frozenset(assignment.slug for assignment in assignments)


def _count(counts: dict[str, int], slugs: frozenset[str]) -> None:
    for slug in slugs:
        counts[slug] = counts.get(slug, 0) + 1
