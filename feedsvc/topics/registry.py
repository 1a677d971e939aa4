"""The topics there ever were, by slug: an append-only record, so that a feed's address never dies by itself.

    candidate --enough documents--> active --no article for 180 days--> quiet (still answers, not listed)
                                    active --merge--> merged (308)      any --delete--> deleted (410)

Frozen: every transition returns a new registry. A name that says what another said before leads to that one's
slug; of two names with one slug the later gets a slug of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from msgspec import structs

from feedsvc import text
from feedsvc.kept import altered
from feedsvc.model import Article, Assignment
from feedsvc.topics.assign import GATED, TRUST, Topics, is_gated
from feedsvc.topics.configured import TopicRule
from feedsvc.topics.entries import Census, Entry, Verdict, entry_under, named_entry, plain_entry
from feedsvc.topics.folding import fold
from feedsvc.topics.naming import identity, slug_beside

QUIET = timedelta(days=180)
"""How long after its last article a topic leaves the directory, counted from the newest acknowledgement."""
AUTOMATIC_ACTIVE = 500
"""Automatic topics that are active at most."""
COMMON = 0.4
"""Share of the documents above which an entity tells nothing."""

_RANKS = {source: rank for rank, source in enumerate(TRUST)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All topics; `entries` are what a journal keeps."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By slug, in the order in which they came."""
    newest: datetime | None = None
    """The newest acknowledgement of an article with a topic."""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Slugs by the identities of names: one that says a slug is that topic's, the first keeps any other.

    A slug alone is an address and no name: what stands at `disney` may be Disney+. Made of the entries where
    it is not given.
    """

    def __post_init__(self) -> None:
        if self.entries and not self.keys:
            object.__setattr__(self, "keys", _keys_of(self.entries.values()))
        if self.entries and self.newest is None:
            newest = max(filter(None, (each.newest for each in self.entries.values())), default=None)
            object.__setattr__(self, "newest", newest)

    def configured(self, topics: Topics) -> "Registry":
        """Return the registry with all that the configuration names: topics, subjects, what is put away."""
        ours = (*topics.rules, *topics.subjects)
        entries = {rule.slug: self.entries.get(rule.slug) or named_entry(rule) for rule in ours}
        for slug, name in topics.heirs.items():
            entries.setdefault(slug, self.entries.get(slug) or plain_entry(slug, name))
        entries |= {slug: entry for slug, entry in self.entries.items() if slug not in entries}
        under = {slug: entry_under(topics, entry) for slug, entry in entries.items()}
        return Registry(entries=under, newest=self.newest, keys=_keys_of(under.values(), ours))

    def updated(self, changed: Iterable[Entry], topics: Topics) -> "Registry":
        """Return the registry with what its journal now says of some topics, under the configuration.

        Costs a copy of the index, not a look at every entry: a large town names 50,000 places.
        """
        entries, keys, newest = dict(self.entries), dict(self.keys), self.newest
        for each in changed:
            entry = entries[each.slug] = entry_under(topics, each)
            _lead(keys, entry)
            newest = _later(newest, entry.newest)
        return Registry(entries=entries, newest=newest, keys=keys)

    def admit(self, articles: Iterable[Article]) -> tuple["Registry", tuple[Article, ...]]:
        """Return the registry with the topics of articles that are acknowledged, and these renamed."""
        entries, keys = dict(self.entries), dict(self.keys)
        admitted, newest = [], self.newest
        for article in articles:
            topics = dict[str, Assignment]()
            for assignment in (*article.topics, *article.held):
                entry = _entry(assignment, entries, keys)
                entries[entry.slug] = _seen(entry, article.acknowledged)
                topics.setdefault(entry.slug, _under(entry, assignment))
            admitted.append(_with(article, tuple(topics.values()), ()))
            newest = _later(newest, article.acknowledged)
        return Registry(entries=entries, newest=newest, keys=keys), tuple(admitted)

    def review(self, census: Census, min_docs: int) -> tuple["Registry", tuple[str, ...]]:
        """Return the registry with every candidate active that enough documents share, and which these are.

        The most frequent come first where there is no room for all. Their earlier articles are theirs too.
        """
        counted = filter(None, map(self.entries.get, census.by_slug))
        ripe = [
            entry
            for entry in counted
            if entry.state == "candidate" and not entry.hidden and _is_ripe(entry, census, min_docs)
        ]
        if not ripe:
            return self, ()
        room = AUTOMATIC_ACTIVE - sum(
            entry.automatic and entry.state == "active" for entry in self.entries.values()
        )
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
        if target.state != "merged" or self.final(into).slug == slug:
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
        slug = name if name in self.entries else self.keys.get(identity(name), text.slug(name))
        if slug not in self.entries:
            return Verdict(status=404)
        final = self.final(slug)
        if final.state == "deleted":
            return Verdict(status=410, slug=final.slug)
        if final.state == "candidate":
            return Verdict(status=404)
        return Verdict(status=200 if final.slug == name else 308, slug=final.slug)

    def named(self, name: str) -> Verdict:
        """Say what a whole name answers, even one that reads like a combination, such as "C++".

        As it is spelled: "-a" asks for all that is not in a, which is nothing, and never for a.
        """
        slug = self.keys.get(identity(name))
        if slug is None:
            return Verdict(status=404)
        spelled = fold(text.clean(name))
        is_spelled = spelled in {identity(name), fold(text.clean(self.entries[slug].name))}
        return self.find(slug) if is_spelled else Verdict(status=404)

    def shown(self, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
        """Return which topics an article shows and is in the feeds of, by their canonical slugs and names."""
        shown: dict[str, Assignment] = {}
        for assignment in assignments:
            entry = self.final(assignment.slug) if assignment.slug in self.entries else None
            if entry is not None and entry.state == "active" and not entry.hidden:
                shown.setdefault(entry.slug, _under(entry, assignment))
        return tuple(shown.values())

    def filed(self, article: Article) -> Article:
        """Return an admitted article with its topics parted: those that have feeds, and the others."""
        found = sorted((*article.topics, *article.held), key=_rank)
        topics = self.shown(found)
        there = {each.slug for each in topics}
        held = {each.slug: each for each in found if self.final(each.slug).slug not in there}
        return _with(article, topics, tuple(held.values()))

    def foreseen(self, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
        """Return which topics a document would show once enough others name its places.

        For a look at a document by itself: names of one slug told apart, words for search engines left out.
        """
        entries, keys = dict(self.entries), dict(self.keys)
        foreseen: dict[str, Assignment] = {}
        for assignment in assignments:
            entry = _entry(assignment, entries, keys)
            entries.setdefault(entry.slug, entry)
            if assignment.matched != GATED and not entry.hidden and entry.state != "deleted":
                foreseen.setdefault(entry.slug, _under(entry, assignment))
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

    def final(self, slug: str) -> Entry:
        """Return the topic that stands in place of a topic, most often itself."""
        return _final(self.entries[slug], self.entries)


def _entry(assignment: Assignment, entries: dict[str, Entry], keys: dict[str, str]) -> Entry:
    """Return the entry that an assignment means, a new one where none does."""
    key = identity(assignment.name)
    entry = entries.get(assignment.slug)
    if entry is None or key not in entry.keys:
        entry = entries.get(keys.get(key, ""))
    if entry is None:
        slug = _free_slug(assignment, entries, keys)
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
    return _final(entry, entries)


def _under(entry: Entry, assignment: Assignment) -> Assignment:
    """Return an assignment by the slug and name of its topic; most have them already."""
    if assignment.slug == entry.slug and assignment.name == entry.name:
        return assignment
    return structs.replace(assignment, slug=entry.slug, name=entry.name)


def _with(article: Article, topics: tuple[Assignment, ...], held: tuple[Assignment, ...]) -> Article:
    """Return an article under these topics; copying one takes longer than comparing them."""
    same = article.topics == topics and article.held == held
    return article if same else altered(article, topics=topics, held=held)


def _rank(assignment: Assignment) -> int:
    return _RANKS[assignment.source]


def _seen(entry: Entry, at: datetime | None) -> Entry:
    newest = _later(entry.newest, at)
    return entry if newest == entry.newest else replace(entry, newest=newest)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _free_slug(assignment: Assignment, entries: Mapping[str, Entry], keys: Mapping[str, str]) -> str:
    """Return the slug of a new topic: its own, unless that is another's, or another's other name."""
    slug = assignment.slug
    if slug not in entries and identity(slug) not in keys:
        return slug
    return slug_beside(assignment.name, {slug: None, **entries})


def _final(entry: Entry, entries: Mapping[str, Entry]) -> Entry:
    """Follow mergers; two configurations may have closed a circle, which ends where it began.

    A journal may lack what another configuration merged into.
    """
    if entry.state != "merged":
        return entry
    seen = set[str]()
    while entry.state == "merged" and entry.slug not in seen and entry.into in entries:
        seen.add(entry.slug)
        entry = entries[entry.into]
    return entry


def _keys_of(entries: Iterable[Entry], ours: Iterable[TopicRule] = ()) -> dict[str, str]:
    """Return the slugs by the names that lead to them; what the configuration says now comes first."""
    entries = tuple(entries)
    said = ((identity(entry.slug), entry) for entry in entries)
    keys = {slug: entry.slug for slug, entry in said if slug in entry.names}
    for rule in ours:
        for name in filter(None, map(identity, (rule.name, *rule.aliases))):
            keys.setdefault(name, rule.slug)
    for entry in entries:
        _lead(keys, entry)
    return keys


def _lead(keys: dict[str, str], entry: Entry) -> None:
    for key in entry.names:
        keys.setdefault(key, entry.slug)


def _is_ripe(entry: Entry, census: Census, min_docs: int) -> bool:
    count = census.by_slug.get(entry.slug, 0)
    common = entry.origin == "entities" and count > COMMON * census.documents
    return count >= min_docs and not common
