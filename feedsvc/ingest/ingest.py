"""One pass over the sources that are due: scan, read, extract, file under topics, commit."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Event

from feedsvc.errors import SourceError
from feedsvc.extract.pool import ExtractionPool
from feedsvc.ingest.decide import after_failure, is_due
from feedsvc.ingest.report import Report, SourceReport
from feedsvc.ingest.visit import Before, Intake, Visit
from feedsvc.model import Change, Commit
from feedsvc.store import Store
from feedsvc.topics import Topics

logger = logging.getLogger(__name__)

LOOK_AGAIN = 1.1
"""Seconds until a file that was being written may be finished: quiet for a second (DESIGN section 7)."""

Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many of its documents are done, and how many there are to do."""


class Ingest:
    """Brings what changed in the sources into the store. One thread at a time calls `tick`."""

    def __init__(self, intakes: Sequence[Intake], topics: Topics, store: Store) -> None:
        self._intakes = tuple(intakes)
        self._topics = topics
        self._store = store
        self._stopping = Event()
        self._pool: ExtractionPool | None = None

    def tick(self, now: Callable[[], datetime], progress: Progress | None = None) -> Report:
        """Read what is due; look a second time at what was still being written, then call it finished."""
        moment = now()
        health = self._store.edition.health
        due = [intake for intake in self._intakes if is_due(health[intake.source.name], moment)]
        report, pending = self._pass(due, moment, progress, last=False)
        if pending and not self._stopping.wait(LOOK_AGAIN):
            again, _ = self._pass(pending, now(), progress, last=True)
            report = report.then(again)
        return report

    def stop(self) -> None:
        """End a running tick soon; what it had not acknowledged comes again with the next one."""
        self._stopping.set()
        if pool := self._pool:
            pool.stop()

    def _pass(
        self, intakes: Iterable[Intake], now: datetime, progress: Progress | None, *, last: bool
    ) -> tuple[Report, list[Intake]]:
        """Look at each source once and commit; return the sources with files still being written."""
        changes, reports, pending = [], [], []
        with ExtractionPool() as pool:
            self._pool = pool
            for intake in intakes:
                started = time.monotonic()
                change, report, unfinished = self._look(intake, now, pool, progress)
                if self._stopping.is_set():
                    return Report(), []
                changes.append(change)
                reports.append(report.timed(time.monotonic() - started))
                pending += [intake] if unfinished else []
        self._store.commit(Commit(at=now, changes=tuple(changes), complete=last or not pending))
        return Report(sources=tuple(reports)), pending

    def _look(
        self, intake: Intake, now: datetime, pool: ExtractionPool, progress: Progress | None
    ) -> tuple[Change, SourceReport, bool]:
        """Return what one look at one source changes, and whether files there were being written."""
        name = intake.source.name
        edition = self._store.edition
        before = Before(
            health=edition.health[name],
            known=self._store.known(name),
            missing=self._store.missing(name),
            articles=edition.articles,
        )
        try:
            scan = intake.source.scan(before.known, now)
        except SourceError as error:
            failed = after_failure(before.health, error.message, now, intake.interval)
            change = Change(health=failed, missing=before.missing)
            return change, SourceReport(source=name, failure=error.message), False
        visit = Visit(intake=intake, topics=self._topics, before=before, scan=scan, now=now)
        self._extract(visit, pool, progress)
        change = visit.change()
        return change, visit.report(change), scan.pending

    def _extract(self, visit: Visit, pool: ExtractionPool, progress: Progress | None) -> None:
        """Read and extract what the scan found, until stopped."""
        total = len(visit.scan.found)
        for done, (document, outcome) in enumerate(pool.extract(visit.jobs()), 1):
            if self._stopping.is_set():
                return
            visit.take(document, outcome)
            if progress:
                progress(visit.intake.source.name, done, total)
