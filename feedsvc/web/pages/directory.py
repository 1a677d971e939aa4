"""The topics by kind, the largest first; counted once per edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from feedsvc.store import ArticleList, Edition, ListKey
from feedsvc.topics import Kind
from feedsvc.web.activity import Activity, Survey
from feedsvc.web.addresses import list_path
from feedsvc.web.naming import names

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A topic in the directory."""

    slug: str
    name: str
    kind: Kind
    activity: Activity

    @property
    def path(self) -> str:
        """Where its page stands."""
        return list_path(("topic", self.slug))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is known of one edition."""

    edition: Edition | None = None
    entries: Sequence[Entry] = ()
    kinds: Mapping[Kind, Sequence[Entry]] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition, entries: Sequence[Entry]) -> "_Kept":
        slugs = {name: entry.slug for entry in reversed(entries) for name in names(entry.slug, entry.name)}
        return cls(edition=edition, entries=entries, kinds=by_kind(entries), slugs=slugs)


class Directory:
    """Remembers the entries of the newest edition."""

    def __init__(self) -> None:
        self._survey = Survey()
        self._kept = _Kept()

    def refresh(self, edition: Edition) -> None:
        """Count what a commit changed, so that no request has to."""
        self.entries(edition)

    def entries(self, edition: Edition) -> Sequence[Entry]:
        """Return the topics that are listed, the largest first."""
        return self._of(edition).entries

    def kinds(self, edition: Edition) -> Mapping[Kind, Sequence[Entry]]:
        """Return the topics of each kind that has any."""
        return self._of(edition).kinds

    def slugs(self, edition: Edition) -> Mapping[str, str]:
        """Return the slugs of topics by their names, which may hold any sign; the largest has its name."""
        return self._of(edition).slugs

    def activity(self, edition: Edition, key: ListKey, articles: ArticleList) -> Activity:
        """Return how busy a list is."""
        return self._survey.activity(edition, key, articles)

    def _of(self, edition: Edition) -> _Kept:
        kept = self._kept
        if kept.edition is not edition:
            kept = self._kept = _Kept.of(edition, self._made(edition))
        return kept

    def _made(self, edition: Edition) -> Sequence[Entry]:
        known = self._survey.of(edition)
        entries = [
            Entry(
                slug=topic.slug,
                name=topic.name,
                kind=topic.kind,
                activity=known["topic", topic.slug][2],
            )
            for topic in edition.listed
        ]
        return sorted(entries, key=lambda each: (-each.activity.count, each.slug))


def by_kind(entries: Sequence[Entry]) -> Mapping[Kind, Sequence[Entry]]:
    """Return the entries of each kind that has any."""
    found = {kind: [each for each in entries if each.kind == kind] for kind in KINDS}
    return {kind: those for kind, those in found.items() if those}
