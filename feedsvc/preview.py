"""What would be published of files and folders, without a store: the command `extract`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.extract import MEDIA_TYPES
from feedsvc.extract.pool import ExtractionPool, Job
from feedsvc.feeds import article_line
from feedsvc.ingest import Intake
from feedsvc.model import Article, Hints, Skipped
from feedsvc.sources import Folder, Found
from feedsvc.sources.beneath import spelled
from feedsvc.text import slug
from feedsvc.topics import Topics

FINISHED = timedelta(days=1)
"""Added to now, so that no file counts as still being written: who names a folder says it is finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A path as part of the folder that it is read from."""

    folder: Folder
    below: str
    """The path below the folder's root; "" is the root."""
    hints: Hints
    topics: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Preview:
    """Gathers what a command's paths give, as serving them would: ids, topics, time zone.

    What lies in a configured source is read as part of it, any other folder as a source of its own and any
    other file as part of its folder.
    """

    hints: Hints
    topics: Topics
    sources: Sequence[Intake] = ()
    failed: bool = False
    refused: list[Skipped] = field(default_factory=list)

    def lines(self, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
        """Yield a line for every document; extraction runs in parallel, in the order of the paths."""
        filed: dict[str, tuple[str, ...]] = {}
        with ExtractionPool() as pool:
            for document, outcome in pool.extract(self._jobs(paths, datetime.now(UTC), filed)):
                if isinstance(outcome, Article):
                    article = self.topics.assign(outcome, filed[document.location])
                    yield article_line(article, document.location)
                else:
                    yield self._refusal(replace(outcome, key=document.location))
        yield from map(self._refusal, self.refused)

    def _jobs(self, paths: Sequence[Path], now: datetime, filed: dict[str, tuple[str, ...]]) -> Iterator[Job]:
        """Yield what can be read; `filed` learns the topics of each document's source, by location."""
        for path in paths:
            place = self._place(path)
            for each in _found(place, path, now):
                document = place.folder.read(each) if isinstance(each, Found) else each
                inside = document.key.removeprefix(place.below).removeprefix("/")
                location = spelled(str(path / inside if path.is_dir() else path))
                if isinstance(document, Skipped):
                    self.refused.append(replace(document, key=location))
                else:
                    filed[location] = place.topics
                    yield Job(document=replace(document, location=location), hints=place.hints, now=now)

    def _place(self, path: Path) -> _Place:
        real = path.resolve()  # a link that someone names is meant
        for intake in self.sources:
            root = Path(intake.source.location).resolve()
            if isinstance(intake.source, Folder) and real.is_relative_to(root):
                below = "" if real == root else str(real.relative_to(root))
                return _Place(folder=intake.source, below=below, hints=intake.hints, topics=intake.topics)
        root, below = (path, "") if path.is_dir() else (real.parent, real.name)
        name = slug(root.resolve().name)
        folder = Folder(name=name, path=root, media_types=MEDIA_TYPES)
        return _Place(folder=folder, below=below, hints=replace(self.hints, source=name))

    def _refusal(self, skipped: Skipped) -> dict[str, Any]:
        """Return the line of a document that gives no article."""
        self.failed |= not skipped.expected
        return {"document": skipped.key, "problems": [skipped.reason]}


def _found(place: _Place, path: Path, now: datetime) -> Iterator[Found | Skipped]:
    """Yield what there is to read at a path."""
    if not path.is_dir():
        yield place.folder.find(place.below)
        return
    scan = place.folder.scan({}, now + FINISHED)
    inside = f"{spelled(place.below)}/" if place.below else ""
    met: list[Found | Skipped] = [*scan.found, *scan.skipped]
    yield from (each for each in met if each.key.startswith(inside))
