"""The topics by kind, the largest first; counted once per edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from feedsvc.store import Edition, ListKey
from feedsvc.topics import Kind
from feedsvc.web.activity import Activity, Survey
from feedsvc.web.addresses import list_path

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


class Directory:
    """Remembers the entries of the newest edition."""

    def __init__(self) -> None:
        self._survey = Survey()
        self._kept: tuple[Edition | None, Sequence[Entry], Mapping[Kind, Sequence[Entry]]] = (None, (), {})

    def refresh(self, edition: Edition) -> None:
        """Count what a commit changed, so that no request has to."""
        self.entries(edition)

    def entries(self, edition: Edition) -> Sequence[Entry]:
        """Return the topics that are listed, the largest first."""
        return self._of(edition)[1]

    def kinds(self, edition: Edition) -> Mapping[Kind, Sequence[Entry]]:
        """Return the topics of each kind that has any."""
        return self._of(edition)[2]

    def activity(self, edition: Edition, key: ListKey) -> Activity:
        """Return how busy a list is."""
        return self._survey.activity(edition, key)

    def _of(self, edition: Edition) -> tuple[Edition | None, Sequence[Entry], Mapping[Kind, Sequence[Entry]]]:
        kept = self._kept
        if kept[0] is not edition:
            entries = self._made(edition)
            kept = (edition, entries, by_kind(entries))
            self._kept = kept
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
