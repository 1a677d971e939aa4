"""One topic there ever was, what its address answers, and how many documents have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from feedsvc.model import Article, TopicOrigin
from feedsvc.topics.assign import TopicRule
from feedsvc.topics.naming import identity
from feedsvc.topics.subjects import SUBJECTS

State = Literal["candidate", "active", "merged", "deleted"]
Status = Literal[200, 308, 404, 410]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One topic, for good."""

    slug: str
    name: str
    origin: TopicOrigin
    """Where it came from first."""
    state: State = "candidate"
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

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Self:
        """Count articles as they were admitted, candidates too."""
        counts: dict[str, int] = {}
        documents = 0
        for article in articles:
            documents += 1
            for slug in {assignment.slug for assignment in article.topics}:
                counts[slug] = counts.get(slug, 0) + 1
        return cls(documents=documents, by_slug=counts)


def configured_entry(rule: TopicRule, known: Entry | None) -> Entry:
    """Return the entry of a topic of the configuration; one that is hidden gets no feed it never had."""
    entry = known or Entry(slug=rule.slug, name=rule.name, origin="rules")
    return replace(
        entry,
        name=rule.name,
        state="candidate" if rule.hide and entry.state == "candidate" else "active",
        keys=keys_of((rule.slug, rule.name, *rule.aliases), entry.keys),
        hidden=rule.hide,
        configured=not rule.hide and not rule.merge_into,
        into="",
    )


def subject_entry(rule: TopicRule, known: Entry | None) -> Entry:
    """Return the entry of a subject; the configuration may have named it, and a deleted one stays so."""
    entry = known or Entry(slug=rule.slug, name=rule.name, origin="subjects", state="active")
    keys = keys_of((rule.slug, rule.name, *rule.aliases), entry.keys)
    code = next(subject.code for subject in SUBJECTS.values() if subject.slug == rule.slug)
    if entry.state == "candidate" and not entry.hidden:
        entry = replace(entry, state="active")
    return replace(entry, keys=keys, code=code)


def keys_of(names: Iterable[str], before: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the identities of names beside those known before, each once."""
    return tuple(dict.fromkeys((*before, *filter(None, map(identity, names)))))
