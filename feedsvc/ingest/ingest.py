"""One pass over the sources that are due: scan, read, extract, file under topics, commit."""

import logging
import time
from collections.abc import Callable, Sequence
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

logger = logging.getLogger(__name__)

LOOK_AGAIN = 1.1
"""Seconds until a file that was being written may be finished: quiet for a second (DESIGN section 7)."""

Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many of its documents are done, and how many there are to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The first or the second look of a tick."""

    clock: Callable[[], datetime]
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
        due = [each for each in self._intakes if is_due(health[each.source.name], each.interval, moment)]
        report, pending = self._pass(
            due, _Look(clock=now, now=moment, began=moment, last=False, progress=progress)
        )
        if pending and not self._stopping.wait(self._look_again):
            again, _ = self._pass(
                pending, _Look(clock=now, now=now(), began=moment, last=True, progress=progress)
            )
            report = report.then(again)
        return report

    def stop(self) -> None:
        """End a running tick soon; what it had not acknowledged comes again with the next one."""
        self._stopping.set()
        if pool := self._pool:
            pool.stop()

    def _pass(self, intakes: Sequence[Intake], look: _Look) -> tuple[Report, list[Intake]]:
        """Look at each source once; return the report and the sources with files still being written.

        Sources are committed one by one, but those of a first tick together, so that they are numbered by
        date and the newest articles of all of them are the latest.
        """
        waiting: list[Change] = []
        reports: list[SourceReport] = []
        pending: list[Intake] = []
        with self._pools() as pool:
            self._pool = pool
            for intake in intakes:
                if self._stopping.is_set():
                    break
                change, report, unfinished = self._timed_visit(intake, look, pool)
                waiting.append(change)
                reports.append(report)
                pending += [intake] if unfinished else []
                if self._store.edition.finished and not self._stopping.is_set():
                    self._commit(waiting, look, complete=True)
                    waiting = []
        if self._stopping.is_set():
            return Report(), []
        if waiting or not self._store.edition.finished:
            self._commit(waiting, look, complete=look.last or not pending)
        return Report(sources=tuple(reports)), pending

    def _commit(self, changes: Sequence[Change], look: _Look, *, complete: bool) -> None:
        at = look.clock()  # not when the look began: validators tell commits apart by their seconds
        self._store.commit(*(Commit(at=at, change=change) for change in changes), complete=complete)

    def _timed_visit(
        self, intake: Intake, look: _Look, pool: ExtractionPool
    ) -> tuple[Change, SourceReport, bool]:
        """Return what a look at a source changes; a bug there is an incident of that source alone."""
        started = time.monotonic()
        try:
            change, report, unfinished = self._visit(intake, look, pool)
        except SourceError as error:
            change, report, unfinished = *self._failed(intake, look, error.message), False
        except Exception as error:
            logger.exception("bug while reading %s", intake.source.name)
            change, report, unfinished = *self._failed(intake, look, f"internal error: {error!r}"), False
        return change, report.timed(time.monotonic() - started), unfinished

    def _visit(self, intake: Intake, look: _Look, pool: ExtractionPool) -> tuple[Change, SourceReport, bool]:
        """Return what one look at one source changes, and whether files there were being written."""
        before = self._before(intake.source.name, look)
        scan = intake.source.scan(before.known, look.now)
        planned = look.began + intake.interval
        visit = Visit(
            intake=intake, topics=self._topics, before=before, scan=scan, now=look.now, planned=planned
        )
        self._extract(visit, pool, look.progress)
        change = visit.change()
        return change, visit.report(change), scan.pending

    def _failed(self, intake: Intake, look: _Look, reason: str) -> tuple[Change, SourceReport]:
        """Return the change of a source that could not be read: its articles stay, an incident opens."""
        name = intake.source.name
        before = self._store.edition.health[name]
        health = after_failure(before, reason, look.now, look.began + intake.interval)
        missing = self._store.missing(name)
        return Change(health=health, missing=missing), SourceReport(source=name, failure=reason)

    def _before(self, name: str, look: _Look) -> Before:
        edition, missing = self._store.edition, self._store.missing(name)
        return Before(
            health=edition.health[name],
            known=self._store.known(name),
            missing={key: since for key, since in missing.items() if since < look.began},
            sample=self._store.sample(name),
            articles=edition.articles,
        )

    def _extract(self, visit: Visit, pool: ExtractionPool, progress: Progress | None) -> None:
        """Read and extract what the scan found, until stopped."""
        total = len(visit.scan.found)
        tell, done = progress or _tell_nobody, 0
        for done, (job, outcome) in enumerate(pool.extract(visit.jobs()), 1):
            if self._stopping.is_set():
                return
            visit.take(job.document, outcome)
            tell(visit.intake.source.name, done, total)
        if done < total:  # the others were only touched, or could not be read
            tell(visit.intake.source.name, total, total)


def _tell_nobody(_source: str, _done: int, _total: int) -> None:
    """Report no progress."""
