"""What would be published of files and folders, without a store: the command `extract`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.errors import SourceError
from feedsvc.extract import MEDIA_TYPES
from feedsvc.extract.batch import Job
from feedsvc.extract.pool import ExtractionPool
from feedsvc.feeds import article_line, placed
from feedsvc.ingest import Intake, sample
from feedsvc.model import Article, Hints, Skipped
from feedsvc.sources import Folder, Found, Scan
from feedsvc.sources.beneath import spelled
from feedsvc.text import slug
from feedsvc.topics import Registry, Topics

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
    alone: bool = False
    """True for a file of a folder that nobody named: what else lies there is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """What a look at a folder as a whole shows, as its first tick would take it."""

    scan: Scan
    repeated: frozenset[str]


@dataclass(slots=True, kw_only=True)
class Preview:
    """Gathers what a command's paths give, as serving them would: ids, topics, time zone.

    What lies in a configured source is read as part of it, any other folder as a source of its own and any
    other file as part of its folder (which lines that folder repeats is then not known).
    """

    hints: Hints
    topics: Topics
    sources: Sequence[Intake] = ()
    base_url: str = ""
    """Where the pictures beside documents would be served."""
    failed: bool = False
    refused: list[Skipped] = field(default_factory=list)
    _surveys: dict[tuple[str, Path], _Survey] = field(default_factory=dict, init=False, repr=False)

    def lines(self, paths: Sequence["Path | Intake | Skipped"]) -> Iterator[dict[str, Any]]:
        """Yield a line for every document; extraction runs in parallel, in the order of the paths."""
        registry = Registry().configured(self.topics)
        for job, outcome in self.outcomes(paths):
            if isinstance(outcome, Article):
                found = registry.foreseen(outcome.topics)
                article = placed(replace(outcome, topics=found), self.base_url)
                yield article_line(article, job.document.location)
            else:
                yield self._refusal(replace(outcome, key=job.document.location))
        yield from map(self._refusal, self.refused)

    def outcomes(self, paths: Sequence["Path | Intake | Skipped"]) -> Iterator[tuple[Job, Article | Skipped]]:
        """Yield what becomes of every document that can be read."""
        with ExtractionPool(file=self.topics.assign) as pool:
            yield from pool.extract(self._jobs(paths, datetime.now(UTC)))

    def _jobs(self, paths: Sequence["Path | Intake | Skipped"], now: datetime) -> Iterator[Job]:
        """Yield what can be read; what cannot is told at the end."""
        for path in paths:
            if isinstance(path, Skipped):
                self.refused.append(path)
                continue
            if isinstance(path, Intake):
                yield from self._asked(path, now)
                continue
            place = self._place(path)
            try:
                hints, found = self._found(place, path, now)
            except SourceError as error:
                self.refused.append(Skipped(key=str(path), reason=error.message))
                continue
            for each in found:
                document = place.folder.read(each) if isinstance(each, Found) else each
                inside = document.key.removeprefix(spelled(place.below)).removeprefix("/")
                location = spelled(str(path / inside if path.is_dir() else path))
                if isinstance(document, Skipped):
                    self.refused.append(replace(document, key=location))
                else:
                    document = replace(document, location=location)
                    yield Job(document=document, hints=hints, now=now, topics=place.topics)

    def _asked(self, intake: Intake, now: datetime) -> Iterator[Job]:
        """Yield what a source on the web gives at a first look."""
        source = intake.source
        try:
            scan = source.scan({}, now)
        except SourceError as error:
            self.refused.append(Skipped(key=source.location, reason=error.message))
            return
        self.refused += scan.skipped
        for each in scan.found:
            document = source.read(each)
            if isinstance(document, Skipped):
                self.refused.append(document)
            else:
                yield Job(document=document, hints=intake.hints, now=now, topics=intake.topics)

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
        return _Place(
            folder=folder, below=below, hints=replace(self.hints, source=name), alone=not path.is_dir()
        )

    def _found(self, place: _Place, path: Path, now: datetime) -> tuple[Hints, Sequence[Found | Skipped]]:
        """Return what there is to read at a path, and what is known of it beforehand."""
        if place.alone:
            return place.hints, [place.folder.find(place.below)]
        survey = self._survey(place.folder, now)
        hints = replace(place.hints, repeated=survey.repeated)
        if not path.is_dir():
            return hints, [place.folder.find(place.below)]
        inside = f"{spelled(place.below)}/" if place.below else ""
        met: list[Found | Skipped] = [*survey.scan.found, *survey.scan.skipped]
        return hints, [each for each in met if each.key.startswith(inside)]

    def _survey(self, folder: Folder, now: datetime) -> _Survey:
        """Look at a folder, once however many paths lie in it."""
        place = (folder.name, folder.path)
        if place not in self._surveys:
            scan = folder.scan({}, now + FINISHED)
            self._surveys[place] = _Survey(scan=scan, repeated=sample.repeated_in(folder, scan.found))
        return self._surveys[place]

    def _refusal(self, skipped: Skipped) -> dict[str, Any]:
        """Return the line of a document that gives no article."""
        self.failed |= not skipped.expected
        return {"document": skipped.key, "problems": [skipped.reason]}
