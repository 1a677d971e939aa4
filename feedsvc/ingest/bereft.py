"""Folders to look at again: an article has left its source that stood for documents of theirs."""

from collections.abc import Iterable, Iterator, Sequence

from feedsvc.ingest.decide import is_of
from feedsvc.ingest.look import Seen
from feedsvc.ingest.visit import Intake
from feedsvc.store import Store


class Bereft:
    """Remembers which folders they are until they were looked at. Of one thread.

    A source on the web is none of them: it is asked when it is due.
    """

    def __init__(self, intakes: Sequence[Intake], store: Store) -> None:
        self._folders = [each for each in intakes if not each.remote]
        self._store = store
        self._names: set[str] = set()

    def settle(self, seen: Iterable[Seen]) -> None:
        """Take in what was acknowledged."""
        left: set[str] = set()
        for each in seen:
            if each.was_read:
                self._names.discard(each.intake.source.name)
            left.update(each.change.withdrawn if each.change else ())
        if left:
            self._names.update(self._of(left))

    def intakes(self) -> list[Intake]:
        """Return the folders, as far as they are read under this process's configuration."""
        health = self._store.edition.health
        bereft = [each for each in self._folders if each.source.name in self._names]
        return [each for each in bereft if is_of(health[each.source.name], each.hints.basis)]

    def _of(self, left: set[str]) -> Iterator[str]:
        """Yield the names of folders with documents for which one of these articles stood."""
        for each in self._folders:
            name = each.source.name
            if any(known.article in left for known in self._store.known(name).values()):
                yield name
