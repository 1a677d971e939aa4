"""A topic of the configuration, and which of these a name means."""

from collections.abc import Iterable
from dataclasses import dataclass

from feedsvc.topics.naming import identity
from feedsvc.topics.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRule:
    """A topic of the configuration; without `match` it only names what documents say themselves."""

    slug: str
    """Canonical and no other topic's; the settings see to both."""
    name: str
    match: Rule | None = None
    aliases: tuple[str, ...] = ()
    hide: bool = False
    """True for a topic that nothing is filed under any more."""
    merge_into: str = ""
    """The name or slug of the topic that takes its place."""


def by_identity(rules: Iterable[TopicRule], subjects: Iterable[TopicRule]) -> dict[str, TopicRule]:
    """Return the topics by slug, then by name and alias; a slug is never another topic's alias.

    What the configuration names comes before what the subjects are called.
    """
    filed: dict[str, TopicRule] = {}
    for named in (tuple(rules), tuple(subjects)):
        for rule in named:
            filed.setdefault(identity(rule.slug), rule)
        for rule in named:
            for name in filter(None, map(identity, (rule.name, *rule.aliases))):
                filed.setdefault(name, rule)
    return filed
