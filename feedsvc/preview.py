"""What would be published of files and folders, without a store: the command `extract`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.extract import MEDIA_TYPES
from feedsvc.extract.pool import ExtractionPool, Job
from feedsvc.feeds import article_line
from feedsvc.model import Article, Hints, Skipped
from feedsvc.sources import Folder, Found
from feedsvc.sources.beneath import spelled
from feedsvc.text import slug
from feedsvc.topics import Topics

FINISHED = timedelta(days=1)
"""Added to now, so that no file counts as still being written: who names a folder says it is finished."""


@dataclass(slots=True, kw_only=True)
class Preview:
    """Gathers what a command's paths give; ids are those that serving the same folder gives."""

    hints: Hints
    topics: Topics
    failed: bool = False
    refused: list[Skipped] = field(default_factory=list)

    def lines(self, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
        """Yield a line for every document; extraction runs in parallel, in the order of the paths."""
        with ExtractionPool() as pool:
            for document, outcome in pool.extract(self._jobs(paths, datetime.now(UTC))):
                if isinstance(outcome, Article):
                    yield article_line(self.topics.assign(outcome), document.location)
                else:
                    yield self._refusal(replace(outcome, key=document.location))
        yield from map(self._refusal, self.refused)

    def _jobs(self, paths: Sequence[Path], now: datetime) -> Iterator[Job]:
        for path in paths:
            folder, found = _found(path, now)
            hints = replace(self.hints, source=folder.name)
            for each in found:
                document = folder.read(each) if isinstance(each, Found) else each
                location = spelled(str(path / document.key if path.is_dir() else path))
                if isinstance(document, Skipped):
                    self.refused.append(replace(document, key=location))
                else:
                    yield Job(document=replace(document, location=location), hints=hints, now=now)

    def _refusal(self, skipped: Skipped) -> dict[str, Any]:
        """Return the line of a document that gives no article."""
        self.failed |= not skipped.expected
        return {"document": skipped.key, "problems": [skipped.reason]}


def _found(path: Path, now: datetime) -> tuple[Folder, Sequence[Found | Skipped]]:
    """Return the folder to read from and what there is to read in it."""
    root = path if path.is_dir() else path.resolve().parent  # a link that someone names is meant
    name = slug(root.resolve().name)
    folder = Folder(name=name, path=root, media_types=MEDIA_TYPES)
    if not path.is_dir():
        return folder, (folder.find(path.resolve().name),)
    scan = folder.scan({}, now + FINISHED)
    return folder, (*scan.found, *scan.skipped)
