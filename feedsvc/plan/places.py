"""Which sources keep their name and read another place, and what becomes of their articles."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from feedsvc.ingest.decide import vanished
from feedsvc.model import Health, Known
from feedsvc.plan.plan import articles
from feedsvc.settings import SourceSection
from feedsvc.sources import Scan
from feedsvc.store import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A source that reads another place, or of which that cannot be told."""

    source: str
    reads: str
    """What it reads, and what becomes of its articles."""
    articles: frozenset[str] = frozenset()
    """Ids of those that leave, change or are read no more; none where that cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where sources read before, and what is there now."""

    edition: Edition
    known: Mapping[str, Mapping[str, Known]]
    looks: Mapping[str, Scan]
    """By source; none of a folder that cannot be seen."""
    left_out: Mapping[str, frozenset[str]]
    """By source: ids of articles that leave it anyway."""

    def moved(self, sources: Iterable[SourceSection]) -> Iterator[Moved]:
        """Yield those of the sources, which were read before, that would read another place."""
        for source in sources:
            look = self.looks.get(source.name)
            if source.url:
                yield from self._on_the_web(self.edition.health[source.name])
            elif not self.known.get(source.name):
                continue
            elif look is None:
                yield Moved(source=source.name, reads=f"{source.path}, which cannot be seen now")
            else:
                yield from self._in_folder(source, look)

    def _on_the_web(self, health: Health) -> Iterator[Moved]:
        """Yield a source that was a folder: no other has a place."""
        shown = self._shown(health.source)
        if health.place and shown:
            told = f"{articles(len(shown))} never read again, and what it reads gets new ids"
            yield Moved(source=health.source, reads=f"the web instead of a folder: {told}", articles=shown)

    def _in_folder(self, source: SourceSection, look: Scan) -> Iterator[Moved]:
        """Yield a source that reads another folder, unless its documents lie there, too."""
        name, health = source.name, self.edition.health[source.name]
        if look.place == health.place:
            return
        other = self._reader_of(look.place)
        nothing = len(look.missing) == len(self.known[name])
        if nothing and not (look.found or look.pending):
            yield Moved(source=name, reads=f"{source.path}, where nothing is: is it mounted?")
            return
        missing = self._of(name, look.missing)
        # A folder that only has another number, such as that of its disk, has every file as it was.
        changed = self._of(name, (found.key for found in look.found)) if other else frozenset()
        if missing or changed:
            stops = bool(vanished(health, set(self.known[name]), look))
            told = "; ".join(_told(len(missing), len(changed), stops=stops))
            reads = f"{self._called(health, other)}: {told}"
            yield Moved(source=name, reads=reads, articles=missing | changed)

    def _reader_of(self, place: str) -> str:
        """Return the source that read a place before, or ""."""
        before = {**self.edition.attic.health, **self.edition.health}
        return next((name for name, health in before.items() if health.place == place), "")

    def _called(self, health: Health, other: str) -> str:
        """Return what to call the folder that a source reads; `other` read it before, if any did."""
        if not health.place:
            return "a folder instead of the web"
        if not other:
            return "another folder"
        back = self.looks.get(other)
        swapped = back is not None and back.place == health.place
        return f"the folder of {other!r}{' and the other way round' if swapped else ''}"

    def _shown(self, name: str) -> frozenset[str]:
        mine = (each.id for each in self.edition.articles.values() if each.source == name)
        return frozenset(mine) - self.left_out.get(name, frozenset())

    def _of(self, name: str, keys: Iterable[str]) -> frozenset[str]:
        """Return the articles of a source that its documents gave."""
        known = self.known[name]
        given = (known[key].article for key in keys if key in known)
        return self._shown(name) & frozenset(filter(None, given))


def _told(missing: int, changed: int, *, stops: bool) -> Iterator[str]:
    """Yield what becomes of articles whose documents are missing, or others have their names."""
    if stops:
        yield (
            "most of its documents are not there, so it stops at an incident; `feedsvc ingest "
            f"--accept-removals` withdraws {articles(missing)}, and what is there gets new ids"
        )
    elif missing:
        yield f"{articles(missing)} not there, to be withdrawn"
    if changed:
        yield f"{articles(changed)} with other content under the same ids"
