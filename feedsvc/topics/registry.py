"""The topics there ever were, by slug: an append-only record, so that a feed's address never dies by itself.

    candidate --enough documents--> active --no article for 180 days--> quiet (still answers, not listed)
                                    active --merge--> merged (308)      any --delete--> deleted (410)

Frozen: every transition returns a new registry. A name that says what another said before leads to that one's
slug; of two names with one slug the later gets a slug of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedsvc import text
from feedsvc.model import Article, Assignment
from feedsvc.topics.assign import GATED, Topics, is_gated
from feedsvc.topics.entries import Census, Entry, Verdict, configured_entry, keys_of, subject_entry
from feedsvc.topics.naming import identity, slug_beside

QUIET = timedelta(days=180)
"""How long after its last article a topic leaves the directory, counted from the newest acknowledgement."""
AUTOMATIC_ACTIVE = 500
"""Automatic topics that are active at most."""
COMMON = 0.4
"""Share of the documents above which an entity tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All topics; `entries` and `newest` are what a journal keeps."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By slug, in the order in which they came."""
    newest: datetime | None = None
    """The newest acknowledgement of all articles."""
    _keys: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Slugs by the identities that lead to them: a slug is nobody else's name, the first keeps a name."""

    def __post_init__(self) -> None:
        keys = {identity(slug): slug for slug in self.entries}
        for entry in self.entries.values():
            for key in entry.keys:
                keys.setdefault(key, entry.slug)
        object.__setattr__(self, "_keys", keys)

    def configured(self, topics: Topics) -> "Registry":
        """Return the registry with all that the configuration names: topics, subjects, what is put away."""
        entries = {
            slug: replace(entry, configured=False, hidden=False) for slug, entry in self.entries.items()
        }
        for rule in topics.rules:
            entries[rule.slug] = configured_entry(rule, entries.get(rule.slug))
        for rule in topics.subjects:
            entries[rule.slug] = subject_entry(rule, entries.get(rule.slug))
        registry = replace(self, entries=_first(entries, topics))
        for rule in topics.rules:
            slug, name = topics.filed(rule.merge_into)
            if slug:
                registry = registry._with(slug, name).merge(rule.slug, slug)  # noqa: SLF001 - another of us
        return registry._absorbing(topics)  # noqa: SLF001 - another of us

    def admit(self, articles: Iterable[Article], at: datetime) -> tuple["Registry", tuple[Article, ...]]:
        """Return the registry with the topics of articles that are acknowledged now, and these renamed."""
        entries, keys = dict(self.entries), dict(self._keys)
        admitted = []
        for article in articles:
            topics = dict[str, Assignment]()
            for assignment in article.topics:
                entry = _entry(assignment, entries, keys)
                entries[entry.slug] = replace(entry, newest=max(at, entry.newest or at))
                named = replace(assignment, slug=entry.slug, name=entry.name)
                topics.setdefault(entry.slug, named)
            admitted.append(replace(article, topics=tuple(topics.values())))
        newest = max(at, self.newest or at) if admitted else self.newest
        return replace(self, entries=entries, newest=newest), tuple(admitted)

    def review(self, census: Census, min_docs: int) -> tuple["Registry", tuple[str, ...]]:
        """Return the registry with every candidate active that enough documents share, and which these are.

        The most frequent come first where there is no room for all. Their earlier articles are theirs too.
        """
        room = AUTOMATIC_ACTIVE - sum(
            entry.automatic and entry.state == "active" for entry in self.entries.values()
        )
        ripe = [
            entry
            for entry in self.entries.values()
            if entry.state == "candidate" and not entry.hidden and _is_ripe(entry, census, min_docs)
        ]
        ripe.sort(key=lambda entry: (-census.by_slug[entry.slug], entry.slug))
        wanted = [entry for entry in ripe if not entry.automatic]
        chosen = (*wanted, *[entry for entry in ripe if entry.automatic][: max(room, 0)])
        active = {entry.slug: replace(entry, state="active") for entry in chosen}
        return replace(self, entries={**self.entries, **active}), tuple(sorted(active))

    def merge(self, slug: str, into: str) -> "Registry":
        """Return the registry with one topic in place of another; the other way round undoes it."""
        if slug == into:
            return self
        target = self.entries[into]
        if target.state != "merged" or self._final(into).slug == slug:
            target = replace(target, into="", state="active")
        merged = replace(self.entries[slug], state="merged", into=into)
        return replace(self, entries={**self.entries, into: target, slug: merged})

    def delete(self, slug: str) -> "Registry":
        """Return the registry without a topic's feed: its address is gone for good."""
        return replace(
            self, entries={**self.entries, slug: replace(self.entries[slug], state="deleted", into="")}
        )

    def find(self, name: str) -> Verdict:
        """Say what a slug, name, alias, label or code answers."""
        slug = name if name in self.entries else self._keys.get(identity(name), text.slug(name))
        if slug not in self.entries:
            return Verdict(status=404)
        final = self._final(slug)
        if final.state == "deleted":
            return Verdict(status=410, slug=final.slug)
        if final.state == "candidate":
            return Verdict(status=404)
        return Verdict(status=200 if final.slug == name else 308, slug=final.slug)

    def shown(self, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
        """Return which topics an article shows and is in the feeds of, by their canonical slugs and names."""
        shown: dict[str, Assignment] = {}
        for assignment in assignments:
            entry = self._final(assignment.slug) if assignment.slug in self.entries else None
            if entry is not None and entry.state == "active" and not entry.hidden:
                shown.setdefault(entry.slug, replace(assignment, slug=entry.slug, name=entry.name))
        return tuple(shown.values())

    def foreseen(self, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
        """Return which topics a document would show once enough others name its places.

        For a look at a document by itself: names of one slug told apart, words for search engines left out.
        """
        entries, keys = dict(self.entries), dict(self._keys)
        foreseen: dict[str, Assignment] = {}
        for assignment in assignments:
            entry = _entry(assignment, entries, keys)
            entries.setdefault(entry.slug, entry)
            if assignment.matched != GATED and not entry.hidden and entry.state != "deleted":
                foreseen.setdefault(entry.slug, replace(assignment, slug=entry.slug, name=entry.name))
        return tuple(foreseen.values())

    def is_quiet(self, slug: str) -> bool:
        """Tell whether a topic has had no article for long, seen from the newest acknowledgement."""
        entry = self.entries[slug]
        if entry.newest is None or self.newest is None:
            return not entry.configured
        return not entry.configured and self.newest - entry.newest > QUIET

    @property
    def answering(self) -> tuple[Entry, ...]:
        """Return the topics that have a feed, by slug."""
        active = (entry for entry in self.entries.values() if entry.state == "active")
        return tuple(sorted(active, key=lambda entry: entry.slug))

    @property
    def listed(self) -> tuple[Entry, ...]:
        """Return the topics that the directory shows, by slug."""
        return tuple(entry for entry in self.answering if not entry.hidden and not self.is_quiet(entry.slug))

    def _final(self, slug: str) -> Entry:
        entry = self.entries[slug]
        while entry.state == "merged":
            entry = self.entries[entry.into]
        return entry

    def _with(self, slug: str, name: str) -> "Registry":
        """Return the registry with the topic that another is merged into, active from now on."""
        plain = Entry(slug=slug, name=name, origin="rules", keys=keys_of((slug, name)))
        entry = replace(self.entries.get(slug, plain), state="active", into="")
        return replace(self, entries={**self.entries, slug: entry})

    def _absorbing(self, topics: Topics) -> "Registry":
        """Return the registry with topics merged that were found before their name became another's alias."""
        ours = {rule.slug for rule in (*topics.rules, *topics.subjects)}
        registry = self
        for entry in self.entries.values():
            slug, _ = topics.filed(entry.name)
            if entry.slug not in ours and entry.state in {"candidate", "active"} and slug in ours:
                registry = registry.merge(entry.slug, slug)
        return registry


def _entry(assignment: Assignment, entries: dict[str, Entry], keys: dict[str, str]) -> Entry:
    """Return the entry that an assignment means, a new one where none does."""
    key = identity(assignment.name)
    entry = entries.get(assignment.slug)
    if entry is None or key not in entry.keys:
        entry = entries.get(keys.get(key, ""))
    if entry is None:
        slug = slug_beside(assignment.name, entries) if assignment.slug in entries else assignment.slug
        entry = Entry(
            slug=slug,
            name=assignment.name,
            origin=assignment.source,
            code=assignment.code,
            state="candidate" if is_gated(assignment) else "active",
            keys=(key,),
        )
        keys.setdefault(key, slug)
    elif entry.state == "candidate" and not entry.hidden and not is_gated(assignment):
        entry = replace(entry, state="active", origin=assignment.source)  # a document asks for it by name
    while entry.state == "merged":
        entry = entries[entry.into]
    return entry


def _is_ripe(entry: Entry, census: Census, min_docs: int) -> bool:
    count = census.by_slug.get(entry.slug, 0)
    common = entry.origin == "entities" and count > COMMON * census.documents
    return count >= min_docs and not common


def _first(entries: Mapping[str, Entry], topics: Topics) -> dict[str, Entry]:
    """Return the entries, those of the configuration first, so that its names lead to them."""
    ours = [rule.slug for rule in (*topics.rules, *topics.subjects)]
    return {slug: entries[slug] for slug in dict.fromkeys((*ours, *entries))}
