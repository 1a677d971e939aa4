"""One topic there ever was, what its address answers, and how many documents have it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from feedsvc.model import Article, TopicOrigin
from feedsvc.topics.assign import Topics
from feedsvc.topics.configured import TopicRule
from feedsvc.topics.entities import is_place
from feedsvc.topics.naming import identity
from feedsvc.topics.subjects import CODES

State = Literal["candidate", "active", "merged", "deleted"]
Status = Literal[200, 308, 404, 410]
Kind = Literal["subject", "place", "body", "own"]
"""What a topic is: one of the IPTC subjects, a place, a public body, or what somebody named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One topic, for good."""

    slug: str
    name: str
    origin: TopicOrigin = "explicit"
    """Where it came from first."""
    state: State = "active"
    code: str | None = None
    keys: tuple[str, ...] = ()
    """The identities of names that lead here."""
    into: str = ""
    """The slug of the topic it was merged into."""
    hidden: bool = False
    configured: bool = False
    newest: datetime | None = None
    """When its newest article was acknowledged."""

    @property
    def names(self) -> frozenset[str]:
        """Return the identities of all that it is and was called."""
        return frozenset((*self.keys, identity(self.name)))

    @property
    def kind(self) -> Kind:
        """Return what it is a feed of, for the directory."""
        if self.configured or self.origin in {"explicit", "rules"}:
            return "own"
        if self.origin == "subjects":
            return "subject"
        return "place" if is_place(self.name) else "body"

    @property
    def automatic(self) -> bool:
        """Tell whether nobody asked for it by name."""
        return self.origin in {"subjects", "entities"} and not self.configured


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an address answers: 200, 308 with the canonical slug, 404, or 410 for what was deleted."""

    status: Status
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many documents there are, and how many of them each slug has."""

    documents: int
    by_slug: Mapping[str, int]
    """Of topics in the registry; those too rare for a feed may be left out."""

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Self:
        """Count articles as they were admitted, candidates too."""
        counts = Counter[str]()
        documents = 0
        for article in articles:
            documents += 1
            counts.update({assignment.slug for assignment in (*article.topics, *article.held)})
        return cls(documents=documents, by_slug=counts)


def named_entry(rule: TopicRule) -> Entry:
    """Return the entry of a topic that the configuration names, or of a subject, before its first article."""
    code = CODES.get(rule.slug)
    return Entry(
        slug=rule.slug,
        name=rule.name,
        origin="rules" if code is None else "subjects",
        state="candidate",
        code=code,
    )


def plain_entry(slug: str, name: str) -> Entry:
    """Return the entry of a topic that others are merged into."""
    return Entry(slug=slug, name=name, origin="rules", keys=keys_of((name,)))


def entry_under(topics: Topics, entry: Entry) -> Entry:
    """Return an entry as a journal has it with what the configuration says of it."""
    if entry.configured or entry.hidden:
        entry = replace(entry, configured=False, hidden=False)
    if rule := topics.by_slug.get(entry.slug):
        entry = _configured(rule, entry)
        if rule.merge_into and (into := topics.filed(rule.merge_into)[0]) not in {"", rule.slug}:
            return replace(entry, state="merged", into=into)
    if subject := topics.subject_by_slug.get(entry.slug):
        return _as_subject(subject, entry)
    if rule is None and (into := topics.taken_over(entry.name, entry.slug)):
        return replace(entry, state="merged", into=into) if entry.state in {"candidate", "active"} else entry
    return replace(entry, state="active", into="") if entry.slug in topics.heirs else entry


def _configured(rule: TopicRule, entry: Entry) -> Entry:
    """Return the entry of a topic of the configuration; one that is hidden gets no feed it never had."""
    return replace(
        entry,
        name=rule.name,
        state="candidate" if rule.hide and entry.state == "candidate" else "active",
        keys=keys_of((rule.slug, rule.name, *rule.aliases), entry.keys),
        hidden=rule.hide,
        configured=not rule.hide and not rule.merge_into,
        into="",
    )


def _as_subject(rule: TopicRule, entry: Entry) -> Entry:
    """Return the entry of a subject; the configuration may have named it, and a deleted one stays so."""
    waits = entry.state == "candidate" and not entry.hidden
    return replace(
        entry,
        keys=keys_of((rule.slug, rule.name, *rule.aliases), entry.keys),
        code=CODES[rule.slug],
        state="active" if waits else entry.state,
    )


def keys_of(names: Iterable[str], before: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the identities of names beside those known before, each once."""
    return tuple(dict.fromkeys((*before, *filter(None, map(identity, names)))))
