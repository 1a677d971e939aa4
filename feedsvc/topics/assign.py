"""File an article under topics: those its source and itself name, then those whose rule matches."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from feedsvc import text
from feedsvc.model import Article, Assignment, Label, Topic, TopicOrigin
from feedsvc.topics.index import RuleIndex
from feedsvc.topics.rules import Rule, spell

_NAME_COLUMNS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRule:
    """A topic of the configuration; without `match` it only names what documents say themselves."""

    slug: str
    """Canonical and no other topic's; the settings see to both."""
    name: str
    match: Rule | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All that decides on topics, built once from the configuration."""

    rules: tuple[TopicRule, ...] = ()
    origins: frozenset[TopicOrigin] = frozenset({"explicit", "rules", "subjects", "entities"})
    """Which origins are on; their order of trust is that of ORIGINS."""
    _filed: Mapping[str, TopicRule] = field(init=False, repr=False, compare=False)
    """The topics of the configuration by every slug that leads to them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_filed", _by_slug(self.rules))

    @property
    def configured(self) -> tuple[Topic, ...]:
        """Return the topics that have a feed before their first article."""
        return tuple(Topic(slug=rule.slug, name=rule.name, configured=True) for rule in self.rules)

    def assign(self, article: Article, configured: tuple[str, ...] = ()) -> Article:
        """Return the article with its topics; `configured` are the names that its source is filed under."""
        labels = (*(Label(name=name, origin="configuration") for name in configured), *article.labels)
        named = replace(article, labels=labels)
        topics: dict[str, Assignment] = {}
        for origin, find in ORIGINS.items():
            if origin in self.origins:
                for each in find(self, named):
                    topics.setdefault(each.slug, each)
        return replace(article, topics=tuple(topics.values()))

    def filed(self, name: str) -> tuple[str, str]:
        """Return slug and name of the topic that a name means; the slug is "" when it has no letters."""
        slug = text.slug(name)
        if rule := self._filed.get(slug):
            return rule.slug, rule.name
        return slug, text.summarise(name, _NAME_COLUMNS)


def _explicit(topics: Topics, article: Article) -> Iterator[Assignment]:
    """Yield the topics that the source's configuration and the document name."""
    for label in article.labels:
        slug, name = topics.filed(label.name)
        if slug:
            yield Assignment(slug=slug, name=name, source="explicit", matched=label.origin)


def _by_rules(topics: Topics, article: Article) -> Iterator[Assignment]:
    """Yield the topics whose rule matches title or body."""
    folded = Folded.of(article.title, article.text)
    for rule in topics.rules:
        if rule.match is not None and (terms := matched(rule.match, folded)) is not None:
            why = ", ".join(terms) or spell(rule.match)
            yield Assignment(slug=rule.slug, name=rule.name, source="rules", matched=why)


ORIGINS: Mapping[TopicOrigin, Callable[[Topics, Article], Iterator[Assignment]]] = {
    "explicit": _explicit,
    "rules": _by_rules,
}
"""Where topics come from, most trusted first; an article keeps the first that names a topic."""


def _by_slug(rules: tuple[TopicRule, ...]) -> dict[str, TopicRule]:
    """Return the topics by slug, then by name and alias; a slug is never another topic's alias."""
    filed = {rule.slug: rule for rule in rules}
    for rule in rules:
        for slug in filter(None, map(text.slug, (rule.name, *rule.aliases))):
            filed.setdefault(slug, rule)
    return filed
