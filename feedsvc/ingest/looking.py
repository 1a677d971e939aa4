"""One look at one source: what is known of it, a scan, extraction, and what that changes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Event

from feedsvc.errors import EndedError, SourceError
from feedsvc.extract.pool import ExtractionPool
from feedsvc.fetch import due
from feedsvc.ingest.decide import (
    GUARD_WAIT,
    after_end,
    after_failure,
    after_refusal,
    is_of,
    vanished,
    waiting,
)
from feedsvc.ingest.errands import Brought
from feedsvc.ingest.look import Look, Progress, Seen, attempted
from feedsvc.ingest.report import SourceReport
from feedsvc.ingest.same import Same
from feedsvc.ingest.visit import Before, Intake, Visit, forgetful, split
from feedsvc.model import Change, Known
from feedsvc.sources import Scan, Watchable
from feedsvc.store import Store


class Looking:
    """Looks at one source after the other; commits nothing. Of the thread that ticks."""

    def __init__(self, store: Store, pool: ExtractionPool, same: Same, stopping: Event) -> None:
        self._store = store
        self._pool = pool
        self._same = same
        self._stopping = stopping

    def visit(self, intake: Intake, look: Look, *, wholly: bool) -> Seen:
        """Return what a look at a source changes: at all of it, or at what is known to be finished in it."""

        def seen() -> Seen:
            before = self.before(intake, look, wholly=wholly)
            return self._concluded(intake, look, before, _scan(intake, look, before, wholly=wholly))

        return self._timed(intake, look, seen)

    def before(self, intake: Intake, look: Look, *, wholly: bool) -> Before:
        """Return what is known of a source before a look at it."""
        name = intake.source.name
        edition, missing = self._store.edition, self._store.missing(name)
        health, known = edition.health[name], self._store.known(name)
        if wholly:  # else the look is at some documents, and must not cost as all
            known = self._same.orphaned(known)
        notes: Mapping[str, Known] = {}
        anew = not is_of(health, intake.hints.basis)
        known = forgetful(known) if anew else known
        if intake.remote:
            known, notes = split(known)
        earlier = {key: since for key, since in missing.items() if since < look.began}
        return Before(
            health=health,
            known=known,
            notes=notes,
            missing=waiting(earlier, health.last_attempt, intake.interval, look.now),
            sample=self._store.sample(name),
            articles=edition.articles,
            anew=anew,
        )

    def conclude(self, brought: Brought, look: Look) -> Seen:
        """Return what changes by what an errand brought."""
        # Meanwhile others may have found copies of its articles.
        before = replace(brought.before, articles=self._store.edition.articles)

        def seen() -> Seen:
            if isinstance(brought.outcome, SourceError):
                raise brought.outcome
            return self._concluded(brought.intake, look, before, brought.outcome)

        return self._timed(brought.intake, look, seen, brought.seconds)

    def _timed(self, intake: Intake, look: Look, visit: Callable[[], Seen], seconds: float = 0.0) -> Seen:
        """Return what a visit came to."""
        started = time.monotonic() - seconds
        outcome = attempted(intake.source.name, visit)
        seen = self._failed(intake, look, outcome) if isinstance(outcome, SourceError) else outcome
        return replace(seen, report=seen.report.timed(time.monotonic() - started))

    def _concluded(self, intake: Intake, look: Look, before: Before, scan: Scan) -> Seen:
        """Return what a scan changes, once all that it found is extracted."""
        if look.wish.accept_removals:
            before = replace(before, missing=dict.fromkeys(scan.missing, look.now - GUARD_WAIT))
        elif reason := vanished(before.health, before.known.keys() - before.missing.keys(), scan):
            raise SourceError(intake.source.name, f"{intake.source.location}: {reason}")
        if not (scan.whole or scan.found):  # another look came first
            return Seen(intake=intake, change=None, report=SourceReport(source=intake.source.name))
        visit = Visit(
            intake=intake,
            same=self._same,
            before=before,
            scan=scan,
            now=look.now,
            planned=due.after_answer(look.began, intake.interval, scan.fresh_for),
        )
        self._extract(visit, look.progress)
        change = visit.change()
        return Seen(intake=intake, change=change, report=visit.report(change), unfinished=scan.pending)

    def _failed(self, intake: Intake, look: Look, error: SourceError) -> Seen:
        """Return the change of a source that could not be read: its articles stay, an incident opens."""
        name = intake.source.name
        before = self._store.edition.health[name]
        if isinstance(error, EndedError):
            health = after_end(before, error, intake.source.location, look.now)
        elif intake.remote:
            health = after_refusal(before, error, intake.interval, look.now)
        else:
            health = after_failure(before, error.message, look.now, look.began + intake.interval)
        change = Change(health=health, missing=self._store.missing(name))
        return Seen(intake=intake, change=change, report=SourceReport(source=name, failure=error.message))

    def _extract(self, visit: Visit, progress: Progress | None) -> None:
        """Read and extract what the scan found, until stopped."""
        total = len(visit.scan.found)
        tell, done = progress or _tell_nobody, 0
        for done, (job, outcome) in enumerate(self._pool.extract(visit.jobs()), 1):
            if self._stopping.is_set():
                return
            visit.take(job.document, outcome)
            tell(visit.intake.source.name, done, total)
        if done < total:  # the others were only touched, or could not be read
            tell(visit.intake.source.name, total, total)


def _scan(intake: Intake, look: Look, before: Before, *, wholly: bool) -> Scan:
    """Look at the whole source, or only at what is known to be finished in it."""
    source = intake.source
    if isinstance(source, Watchable) and not wholly:
        scan = source.look(look.arrivals[source.name].names, before.known)
        if scan.place == before.health.place:
            return scan  # else it may be another disk, which takes a scan to judge
    return source.scan(before.known, look.now)


def _tell_nobody(_source: str, _done: int, _total: int) -> None:
    """Report no progress."""
