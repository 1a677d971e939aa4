"""File an article under topics: labels, rules, subjects, names of places and bodies, in this order of trust.

What is assigned depends on the article and the configuration alone. Which slug a name has in the end, and
whether enough documents share it, is the registry's to say.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from feedsvc import text
from feedsvc.kept import altered
from feedsvc.model import Article, Assignment, TopicOrigin
from feedsvc.topics import lexicon
from feedsvc.topics.configured import TopicRule, by_identity
from feedsvc.topics.entities import entities
from feedsvc.topics.folding import Folded
from feedsvc.topics.index import RuleIndex
from feedsvc.topics.looks import Look
from feedsvc.topics.naming import identity
from feedsvc.topics.rules import spell
from feedsvc.topics.subjects import SUBJECTS, Subject
from feedsvc.topics.tables import digest as digest_of_tables

AUTOMATIC = 5
"""Subjects, places and bodies that an article has at most."""
GATED = "meta keywords"
"""The origin of labels that become topics only when enough documents share them."""
FOLDER = "folder"
"""The origin of the label that a document's folder is."""
_NAME_COLUMNS = 128
_WORDS_SHOWN = 8
_Found = dict[TopicOrigin, Iterable[Assignment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All that decides on topics, built once from the configuration."""

    rules: tuple[TopicRule, ...] = ()
    origins: frozenset[TopicOrigin] = frozenset({"explicit", "rules", "subjects", "entities"})
    """Which origins are on; their order of trust is that of TRUST."""
    language: str = "en"
    """The site's; what subjects are called in."""
    min_docs: int = 3
    """How many documents share a name before it has a feed."""
    matching: tuple[TopicRule, ...] = field(init=False, repr=False, compare=False)
    """The topics that have a rule and are neither hidden nor merged, in their order."""
    index: RuleIndex = field(init=False, repr=False, compare=False)
    """Their rules."""
    subjects: tuple[TopicRule, ...] = field(init=False, repr=False, compare=False)
    """The subjects as topics; () where they are switched off."""
    codes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Those of the subjects by their slugs; none where they are switched off."""
    _filed: Mapping[str, TopicRule] = field(init=False, repr=False, compare=False)
    """The topics of the configuration and the subjects, by the identity of every name that leads to them."""
    by_slug: Mapping[str, TopicRule] = field(init=False, repr=False, compare=False)
    """The topics of the configuration."""
    subject_by_slug: Mapping[str, TopicRule] = field(init=False, repr=False, compare=False)
    heirs: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The names of the topics that others are merged into, by slug."""
    _tags: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    """What a rule may call a topic after `#`, by its slug."""

    def __post_init__(self) -> None:
        matching = tuple(rule for rule in self.rules if rule.match and not rule.hide and not rule.merge_into)
        subjects = tuple(SUBJECTS.values()) if "subjects" in self.origins else ()
        built = {
            "matching": matching,
            "index": RuleIndex([rule.match for rule in matching if rule.match]),
            "subjects": tuple(map(self._subject_rule, subjects)),
            "codes": {subject.slug: subject.code for subject in subjects},
            "by_slug": {rule.slug: rule for rule in self.rules},
            "subject_by_slug": {rule.slug: rule for rule in map(self._subject_rule, subjects)},
        }
        for name, value in built.items():
            object.__setattr__(self, name, value)
        tags = {rule.slug: _spellings(rule) for rule in (*self.subjects, *self.rules)}
        object.__setattr__(self, "_tags", tags)
        object.__setattr__(self, "_filed", by_identity(self.rules, self.subjects))
        into = (self.filed(rule.merge_into) for rule in self.rules if rule.merge_into)
        object.__setattr__(self, "heirs", {slug: name for slug, name in into if slug})

    @property
    def digest(self) -> str:
        """Return what differs when the same article may be filed otherwise."""
        told = (sorted(self.origins), [_spelled(rule) for rule in self.rules], digest_of_tables())
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def taken_over(self, name: str, slug: str) -> str:
        """Return the slug of the topic of ours that a name or slug met in documents leads to, or ""."""
        for rule in (self._filed.get(identity(name)), self._aliased(slug)):
            into = self._heir(rule)[0] if rule else ""
            if into != slug and (into in self.by_slug or into in self.subject_by_slug):
                return into
        return ""

    def _aliased(self, slug: str) -> TopicRule | None:
        """Return the topic of ours that has a slug as an alias, which its name alone does not make it.

        What stands at `disney` may be Disney+, and no topic that we call Disney.
        """
        rule = self._filed.get(identity(slug))
        return rule if rule and slug in map(text.slug, rule.aliases) else None

    def assign(self, article: Article, configured: tuple[str, ...] = ()) -> Article:
        """Return the article with its topics; `configured` are the names that its source is filed under.

        Names that share a slug and mean different topics both stand here; the registry tells them apart.
        """
        opened = _Opened(article)
        found = self._unruled(opened, configured)
        if "rules" in self.origins and self.matching:
            found = {origin: tuple(every) for origin, every in found.items()}
            found["rules"] = _by_rules(self, self._look(opened, found))
        return altered(article, topics=tuple(_once(found)), held=())

    def look(self, article: Article, configured: tuple[str, ...] = ()) -> Look:
        """Return what a rule sees of an article, the tags that it may ask for included."""
        opened = _Opened(article)
        return self._look(opened, self._unruled(opened, configured))

    def _unruled(self, opened: "_Opened", configured: tuple[str, ...]) -> _Found:
        """Return the topics of every origin that is on, but for the rules, found as they are asked for."""
        found: _Found = {
            origin: find(self, opened) for origin, find in FINDERS.items() if origin in self.origins
        }
        if "explicit" in self.origins:
            found["explicit"] = _by_label(self, opened.article, configured)
        return found

    def _look(self, opened: "_Opened", found: _Found) -> Look:
        assigned = (each for every in found.values() for each in every if each.matched != GATED)
        tags = (self._tags.get(each.slug, {each.slug}) for each in assigned)
        return Look.of(opened.article, frozenset[str]().union(*tags), opened.folded)

    def filed(self, name: str) -> tuple[str, str]:
        """Return slug and name of the topic that a name means; the slug is "" where it is none or hidden."""
        known, slug, shown = _met(name)
        rule = self._filed.get(known)
        return (slug, shown) if rule is None else self._heir(rule)

    def _heir(self, rule: TopicRule) -> tuple[str, str]:
        """Return slug and name of the topic that a topic of ours is, or is merged into."""
        seen = set[str]()  # a circle of mergers, which the settings refuse, ends somewhere
        while rule.merge_into and rule.slug not in seen:
            seen.add(rule.slug)
            known, slug, shown = _met(rule.merge_into)
            if known not in self._filed:
                return slug, shown
            rule = self._filed[known]
        return ("" if rule.hide else rule.slug), rule.name

    def _subject_rule(self, subject: Subject) -> TopicRule:
        return TopicRule(slug=subject.slug, name=subject.name(self.language), aliases=subject.names)

    def filed_subject(self, subject: Subject) -> tuple[str, str]:
        """Return slug and name of a subject's topic: its own, or the configuration's of that slug."""
        if subject.slug in self.by_slug:
            return self.filed(subject.slug)
        return subject.slug, self.subject_by_slug[subject.slug].name


class _Opened:
    """An article whose text is folded when first asked for, and once: subjects and rules look at the same."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def folded(self) -> Folded:
        return Folded.of(self.article.title, self.article.text)


@lru_cache(maxsize=100_000)
def _met(name: str) -> tuple[str, str, str]:
    """Return a name's identity, and slug and name of a topic that the configuration does not know."""
    return identity(name), text.slug(name), text.summarise(name, _NAME_COLUMNS)


@lru_cache(maxsize=10_000)
def _named(slug: str, name: str, source: TopicOrigin, matched: str, code: str | None = None) -> Assignment:
    """Return an assignment by a name; as names come back in text after text, those of one are one record."""
    return Assignment(slug=slug, name=name, source=source, matched=matched, code=code)


def _spelled(rule: TopicRule) -> tuple[object, ...]:
    match = spell(rule.match) if rule.match else ""
    return rule.slug, rule.name, match, rule.aliases, rule.hide, rule.merge_into


def _spellings(rule: TopicRule) -> frozenset[str]:
    return frozenset({rule.slug, *filter(None, map(text.slug, (rule.name, *rule.aliases)))})


def _by_label(topics: Topics, article: Article, configured: Iterable[str]) -> Iterator[Assignment]:
    """Yield the topics that the source's configuration, the document and its folder name."""
    for named, origin in _labels(article, configured):
        slug, name = topics.filed(named)
        if slug and not (origin == GATED and slug in topics.codes):  # title and body decide on subjects
            yield _named(slug, name, "explicit", origin, topics.codes.get(slug))


def _labels(article: Article, configured: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, where it stood), the first directory below the root that a document lies in last."""
    for name in configured:
        yield name, "configuration"
    for label in article.labels:
        yield label.name, label.origin
    folder, slash, _ = article.key.partition("/")
    if slash and ":" not in folder:  # a colon tells URLs and the ids of feeds from paths
        yield folder, FOLDER


def _by_rules(topics: Topics, look: Look) -> Iterator[Assignment]:
    """Yield the topics whose rule matches."""
    for number, terms in topics.index.matches(look):
        rule = topics.matching[number]
        why = ", ".join(terms) or (spell(rule.match) if rule.match else "")
        yield Assignment(slug=rule.slug, name=rule.name, source="rules", matched=why)


def _by_subject(topics: Topics, opened: _Opened) -> Iterator[Assignment]:
    """Yield what the article is about, the first subject first."""
    language = lexicon.spoken(opened.article.language or "")
    if not language:
        return
    for scored in lexicon.subjects_of(language, opened.folded, len(opened.article.text)):
        subject = SUBJECTS[scored.subject]
        slug, name = topics.filed_subject(subject)
        if slug:
            why = ", ".join(scored.words[:_WORDS_SHOWN])
            yield Assignment(slug=slug, name=name, source="subjects", matched=why, code=subject.code)


def _by_entity(topics: Topics, opened: _Opened) -> Iterator[Assignment]:
    """Yield the places and bodies that the article names."""
    article = opened.article
    for entity in entities(article.language or "", article.title, article.text):
        slug, name = topics.filed(entity.name)
        if slug:
            yield _named(slug, name, "entities", entity.written)


FINDERS: Mapping[TopicOrigin, Callable[[Topics, _Opened], Iterator[Assignment]]] = {
    "subjects": _by_subject,
    "entities": _by_entity,
}
"""What finds topics in title and body; rules come after these, as they may ask for what was found."""
TRUST: tuple[TopicOrigin, ...] = ("explicit", "rules", "subjects", "entities")
"""Where topics come from, most trusted first; an article keeps the first that names a topic."""


def is_gated(assignment: Assignment) -> bool:
    """Tell whether it takes several documents to make this a topic."""
    return assignment.source == "entities" or assignment.matched == GATED


def _once(found: Mapping[TopicOrigin, Iterable[Assignment]]) -> Iterator[Assignment]:
    """Yield the assignments in order of trust, every topic once and no more automatic ones than allowed."""
    seen, left = set[str](), AUTOMATIC
    for origin in TRUST:
        for each in found.get(origin, ()):
            known = identity(each.name)
            if known in seen:
                continue
            if origin in FINDERS:
                if not left:
                    break
                left -= 1
            seen.add(known)
            yield each
