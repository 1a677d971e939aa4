"""Stand-ins written by hand, shared by the tests of several rooms."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedsvc.errors import SourceError
from feedsvc.extract.batch import done
from feedsvc.extract.pool import AnyJob, ExtractionPool
from feedsvc.model import Article, Document, Known, Skipped
from feedsvc.sources import Found, Scan
from feedsvc.topics import Topics

WHEN = datetime(2024, 5, 1, 12, tzinfo=UTC)


@dataclass
class MemorySource:
    """A source whose documents a test writes, touches and removes."""

    name: str = "town"
    kind: str = "memory"
    location: str = "memory"
    media_type: str = "text/markdown"
    failure: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    writing: dict[str, int] = field(default_factory=dict)
    """For how many more scans a document is still being written."""
    vanishing: set[str] = field(default_factory=set)
    """Documents that a scan still finds and that are gone when they are read."""
    unreadable: set[str] = field(default_factory=set)
    scans: int = 0
    reads: int = 0

    def write(self, key: str, content: str) -> None:
        self.files[key] = content.encode()
        self.touch(key)

    def touch(self, key: str) -> None:
        self.versions[key] = self.versions.get(key, 0) + 1

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        assert now.tzinfo is UTC
        self.scans += 1
        if self.failure:
            raise SourceError(self.name, self.failure)
        busy = {key for key, left in self.writing.items() if left > 0}
        self.writing = {key: left - 1 for key, left in self.writing.items()}
        changed = [
            key for key in sorted(self.files.keys() - busy) if self._version(key) != _version(known, key)
        ]
        return Scan(
            found=tuple(Found(key=key, version=self._version(key), address=key) for key in changed),
            missing=frozenset(known.keys() - self.files.keys()),
            skipped=tuple(Skipped(key=key, reason="still being written", retry=True) for key in sorted(busy)),
            pending=bool(busy),
        )

    def read(self, found: Found) -> Document | Skipped:
        self.reads += 1
        if found.key in self.unreadable:
            return Skipped(key=found.key, reason="permission denied", retry=True)
        if found.key in self.vanishing:
            del self.files[found.key]
            return Skipped(key=found.key, reason="vanished before it was read", retry=True)
        return Document(
            source=self.name,
            key=found.key,
            media_type=self.media_type,
            content=self.files[found.key],
            location=found.address,
        )

    def _version(self, key: str) -> str:
        return str(self.versions[key])


def _version(known: Mapping[str, Known], key: str) -> str:
    return known[key].version if key in known else ""


class PoolInThisProcess(ExtractionPool):
    """Extracts and files where it is called: quick, for tests that are not about processes."""

    def __init__(self, topics: Topics | None = None) -> None:
        super().__init__(file=(topics or Topics()).assign)

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        for job in jobs:
            yield job, done(self._work, job)


@dataclass
class Hands:
    """A clock that a test moves by hand."""

    moment: datetime = WHEN

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Stage:
    """A clock in seconds and what was put off by it; a test says when time goes on."""

    now: float
    waiting: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def later(self, seconds: float, function: Callable[[], object]) -> None:
        self.waiting.append((self.now + seconds, function))

    def move_to(self, moment: float) -> None:
        """Let time go on, and call what falls due on the way."""
        while due := [each for each in self.waiting if each[0] <= moment]:
            first = min(due, key=lambda each: each[0])
            self.waiting.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = max(self.now, moment)
