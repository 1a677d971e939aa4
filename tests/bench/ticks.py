"""Ticks over many files of which none, or one, changed.

Nothing here serves or runs beside it: the processor time is that of this process, where the changed document
is extracted, too. The first tick is not measured; articles of its documents are made up.
"""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from feedsvc.extract import MEDIA_TYPES, extract
from feedsvc.extract.batch import Extract, Work, done
from feedsvc.extract.identity import article_id
from feedsvc.extract.pool import AnyJob, ExtractionPool
from feedsvc.ingest import Ingest, Intake
from feedsvc.model import Article, Document, Health, Hints, Label, Skipped
from feedsvc.sources import Arrivals, Folder
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.web import Catalogue, Responses
from feedsvc.web.conditional import Prepared
from tests.bench import stock
from tests.bench.table import Row, alone
from tests.builders import PLAIN, SITE, article, note

FILES = int(os.environ.get("BENCH_FILES", "100000"))
TOPICS = 200
_INTERVAL = timedelta(minutes=5)
_APART = timedelta(minutes=1)
_LATER = 4e9
"""Seconds since 1970, past every date, so that no feed waits for its second."""


class Within(ExtractionPool):
    """Extracts in this process: going to another one would count, starting it would not."""

    def __init__(self, read: Extract = extract) -> None:
        super().__init__(1)
        self.read = read

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        """Yield each job with its outcome."""
        for job in jobs:
            yield job, done(Work(seconds=0, extract=self.read, file=PLAIN.assign), job)


@dataclass(slots=True, kw_only=True)
class Service:
    """A folder that was read, and the feeds that somebody polls."""

    folder: Path
    ingest: Ingest
    responses: Responses
    arrived: set[str] = field(default_factory=set)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def tick(self) -> float:
        """Tick once, five minutes after the last time; return the seconds of processor time."""
        self.now += _INTERVAL
        began = time.process_time()
        report = self.ingest.tick(lambda: self.now)
        spent = time.process_time() - began
        assert not report.failed, report
        return spent

    def body(self, path: str = "/latest.atom") -> bytes:
        """Return the identity bytes of a feed."""
        found = self.responses.find(path)
        assert isinstance(found, Prepared)
        return found.identity.body


def rows(rounds: int) -> Iterator[Row]:
    """Yield a row for each kind of tick."""
    with TemporaryDirectory() as place:
        service = read(Path(place))
        paths = ["/latest.atom", "/latest.rss", *(f"/topics/topic-{number}.rss" for number in range(TOPICS))]
        for path in paths:
            service.body(path)
        service.tick()
        unchanged = [service.tick() for _ in range(rounds)]
        yield alone(f"a tick over {FILES:,} unchanged files", unchanged, "s of CPU", "≤ 1.5")
        changes = [_changed(service, number) for number in range(rounds)]
        took = [1000 * spent for spent, _ in changes]
        yield alone(f"one of {FILES:,} files changed, to new bytes", took, "ms of CPU", "≤ 50")
        what = f"feeds rendered then, {len(paths)} in use, 4 of them changed"
        yield alone(what, [count for _, count in changes], "", "≤ 4")


def read(folder: Path) -> Service:
    """Return a service that read its files; each is in the feeds of two topics."""
    stock.write(folder / "town", FILES, _note)
    store = Store(
        PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(folder / "feedsvc.db")
    )
    catalogue = Catalogue(site=SITE, language="en", intervals={"town": 300})
    responses = Responses(store, catalogue, lambda: _LATER, aside=_later)
    store.subscribe(responses.refresh)
    arrived: set[str] = set()
    source = Folder(name="town", path=folder / "town", media_types=MEDIA_TYPES)
    intake = Intake(
        source=source,
        hints=Hints(source="town"),
        interval=_INTERVAL,
        arrivals=lambda: Arrivals(names=frozenset(arrived)),
    )
    pool = Within(_made_up)
    ingest = Ingest([intake], PLAIN, store, pool=pool)
    service = Service(folder=folder / "town", ingest=ingest, responses=responses, arrived=arrived)
    service.tick()
    pool.read = extract
    return service


def _made_up(document: Document, hints: Hints, now: datetime) -> Article:
    """Return an article without a look into its document."""
    number = int(Path(document.key).stem)
    labels = tuple(
        Label(name=f"Topic {each % TOPICS}", origin="front matter") for each in (number, number + 1)
    )
    id_ = article_id(hints.site_id, hints.source, document.key)
    return article(number, id=id_, key=document.key, published=now - number * _APART, labels=labels)


def _note(number: int) -> tuple[str, str]:
    tags = f"[Topic {number % TOPICS}, Topic {(number + 1) % TOPICS}]"
    return ".md", note(f"Report {number} of the harbour", 1 + number % 28, tags=tags)


def _changed(service: Service, number: int) -> tuple[float, int]:
    """Change a file and name it as finished; return the processor time to new bytes, and feeds rendered."""
    at = FILES - 1 - number
    path = next(service.folder.glob(f"*/{at}.md"))
    path.write_text(_note(at)[1].replace("harbour", f"pier {number}"), encoding="utf-8")
    service.arrived.add(str(path.relative_to(service.folder)))
    before, compress = service.responses.rendered, service.body()
    service.now -= _INTERVAL  # the timer is not due: the file is looked at alone
    spent = service.tick()
    service.arrived.clear()
    assert service.body() != compress
    return spent, service.responses.rendered - before


def _later(_task: object) -> None:
    """Compress nothing here: those variants follow off the way to the identity bytes."""
