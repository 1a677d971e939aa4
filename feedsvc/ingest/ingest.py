"""One pass over the sources that are due: scan, read, extract, file under topics, commit."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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

LOOK_AGAIN = 1.1
"""Seconds until a file that was being written may be finished: quiet for a second (DESIGN section 7)."""

Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many of its documents are done, and how many there are to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The first or the second look of a tick."""

    now: datetime
    began: datetime
    """When the tick began: a removal is confirmed by another tick, not by its second look."""
    last: bool
    progress: Progress | None


class Ingest:
    """Brings what changed in the sources into the store. One thread at a time calls `tick`."""

    def __init__(
        self,
        intakes: Sequence[Intake],
        topics: Topics,
        store: Store,
        *,
        pools: Callable[[], ExtractionPool] = ExtractionPool,
        look_again: float = LOOK_AGAIN,
    ) -> None:
        self._intakes = tuple(intakes)
        self._topics = topics
        self._store = store
        self._pools = pools
        self._look_again = look_again
        self._stopping = Event()
        self._pool: ExtractionPool | None = None

    def tick(self, now: Callable[[], datetime], progress: Progress | None = None) -> Report:
        """Read what is due; look a second time at what was still being written, then call it finished."""
        moment = now()
        health = self._store.edition.health
        due = [intake for intake in self._intakes if is_due(health[intake.source.name], moment)]
        report, pending = self._pass(due, _Look(now=moment, began=moment, last=False, progress=progress))
        if pending and not self._stopping.wait(self._look_again):
            again, _ = self._pass(pending, _Look(now=now(), began=moment, last=True, progress=progress))
            report = report.then(again)
        return report

    def stop(self) -> None:
        """End a running tick soon; what it had not acknowledged comes again with the next one."""
        self._stopping.set()
        if pool := self._pool:
            pool.stop()

    def _pass(self, intakes: Iterable[Intake], look: _Look) -> tuple[Report, list[Intake]]:
        """Look at each source once and commit; return the sources with files still being written."""
        changes, reports, pending = [], [], []
        with self._pools() as pool:
            self._pool = pool
            for intake in intakes:
                if self._stopping.is_set():
                    break
                started = time.monotonic()
                change, report, unfinished = self._visit(intake, look, pool)
                changes.append(change)
                reports.append(report.timed(time.monotonic() - started))
                pending += [intake] if unfinished else []
        if self._stopping.is_set():
            return Report(), []
        self._store.commit(Commit(at=look.now, changes=tuple(changes), complete=look.last or not pending))
        return Report(sources=tuple(reports)), pending

    def _visit(self, intake: Intake, look: _Look, pool: ExtractionPool) -> tuple[Change, SourceReport, bool]:
        """Return what one look at one source changes, and whether files there were being written."""
        before = self._before(intake.source.name, look)
        try:
            scan = intake.source.scan(before.known, look.now)
        except SourceError as error:
            failed = after_failure(before.health, error.message, look.now, intake.interval)
            change = Change(health=failed, missing=before.missing)
            return change, SourceReport(source=intake.source.name, failure=error.message), False
        visit = Visit(intake=intake, topics=self._topics, before=before, scan=scan, now=look.now)
        self._extract(visit, pool, look.progress)
        change = visit.change()
        return change, visit.report(change), scan.pending

    def _before(self, name: str, look: _Look) -> Before:
        edition, missing = self._store.edition, self._store.missing(name)
        return Before(
            health=edition.health[name],
            known=self._store.known(name),
            missing={key: since for key, since in missing.items() if since < look.began},
            articles=edition.articles,
        )

    def _extract(self, visit: Visit, pool: ExtractionPool, progress: Progress | None) -> None:
        """Read and extract what the scan found, until stopped."""
        total = len(visit.scan.found)
        for done, (document, outcome) in enumerate(pool.extract(visit.jobs()), 1):
            if self._stopping.is_set():
                return
            visit.take(document, outcome)
            if progress:
                progress(visit.intake.source.name, done, total)
