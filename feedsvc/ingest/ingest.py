"""One pass over the sources that are due: scan, read, extract, file under topics, commit."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

from feedsvc.errors import JournalError, SourceError, StaleClaimError
from feedsvc.extract.pool import ExtractionPool
from feedsvc.ingest.claims import Claims
from feedsvc.ingest.decide import GUARD_WAIT, after_failure, is_deserted, is_due, is_of, vanished, waiting
from feedsvc.ingest.garbage import set_apart, young_only
from feedsvc.ingest.look import DUE, Look, Progress, Seen, Wish, unread
from feedsvc.ingest.report import Report, SourceReport
from feedsvc.ingest.visit import Before, Intake, Visit, forgetful
from feedsvc.model import Change, Commit
from feedsvc.sources import Arrivals, Scan, Watchable
from feedsvc.store import Store
from feedsvc.topics import Topics

logger = logging.getLogger(__name__)

LOOK_AGAIN = 1.1
"""Seconds until a file that was being written may be finished: quiet for a second (DESIGN section 7)."""

PATIENCE = 15.0
"""Seconds that whoever asks for a pass waits until another process has ended its own."""
AGAIN = 1.0
"""Seconds until a source is tried again that could not be had, or not be acknowledged.

With those that a dead process's claim lasts it is less than 15; and a journal that is back is found by 5.
"""


class Ingest:
    """Brings what changed in the sources into the store. One thread at a time calls `tick`."""

    def __init__(
        self,
        intakes: Sequence[Intake],
        topics: Topics,
        store: Store,
        *,
        pool: ExtractionPool | None = None,
        look_again: float = LOOK_AGAIN,
    ) -> None:
        """Take a pool that files under topics, too; without one, make one that files under these."""
        self._intakes = tuple(intakes)
        self._store = store
        self._pool = pool or ExtractionPool(file=topics.assign)
        self._look_again = look_again
        self._stopping = Event()
        self._ours: set[str] = set()
        """Sources that were once as this process's configuration reads them."""
        self._arrived: dict[str, Arrivals] = {}
        """What is known to be finished, and was neither acknowledged yet nor found to be nothing new."""
        self._refused: set[str] = set()
        """Sources that the last tick could not have, or not acknowledge."""
        self._pause = timedelta()

    def tick(self, now: Callable[[], datetime], progress: Progress | None = None, wish: Wish = DUE) -> Report:
        """Read what is due; look a second time at what was still being written, then call it finished."""
        with young_only():
            report = self._ticked(now, progress, wish)
        set_apart(sum(source.new for source in report.sources))
        return report

    def _ticked(self, now: Callable[[], datetime], progress: Progress | None, wish: Wish) -> Report:
        moment, started = now(), time.monotonic()
        self._refused.clear()
        self._store.catch_up()
        with Claims(self._store) as claims:
            first = Look(
                clock=now,
                now=moment,
                began=moment,
                last=False,
                progress=progress,
                wish=wish,
                claims=claims,
                arrivals=self._gathered(),
            )
            due = [each for each in self._intakes if self._is_due(each, first)]
            report, pending = self._pass(due, first)
            if pending and not self._stopping.wait(self._look_again):
                again, _ = self._pass(pending, replace(first, now=now(), last=True))
                report = report.then(again)
        self._pause = timedelta(seconds=max(AGAIN, time.monotonic() - started))  # half of the time at most
        return report

    def next_check(self, now: datetime) -> datetime | None:
        """Return the first moment after now at which to look at a source; None where none is planned."""
        health = self._store.edition.health
        planned = [health[each.source.name].next_check for each in self._intakes]
        planned += [now + self._pause] if self._refused else []
        return min((at for at in planned if at and at > now), default=None)

    def stop(self) -> None:
        """End a running tick soon; what it had not acknowledged comes again with the next one."""
        self._stopping.set()
        self._pool.stop()

    def _gathered(self) -> Mapping[str, Arrivals]:
        """Return what is known to be finished, and remember it until that is acknowledged."""
        for each in self._intakes:
            name = each.source.name
            self._arrived[name] = self._arrived.get(name, Arrivals()).then(each.arrivals())
        return dict(self._arrived)

    def _is_due(self, intake: Intake, look: Look) -> bool:
        name = intake.source.name
        arrived = look.arrivals[name].names and is_of(self._store.edition.health[name], intake.hints.basis)
        return bool(arrived) or self._is_wholly_due(intake, look)

    def _is_wholly_due(self, intake: Intake, look: Look) -> bool:
        edition, name = self._store.edition, intake.source.name
        if look.whole(name) or not edition.finished:  # whoever began the first tick may be dead
            return True
        health = edition.health[name]
        if is_of(health, intake.hints.basis):
            self._ours.add(name)
            return is_due(health, intake.interval, look.began)
        # Who started last has the newest configuration; else two processes would read all anew in turns.
        return name not in self._ours or is_deserted(health, intake.interval, look.began)

    def _pass(self, intakes: Sequence[Intake], look: Look) -> tuple[Report, list[Intake]]:
        """Look at each source once; return the report and the sources with files still being written.

        Sources are committed one by one, but those of a first tick together, so that they are numbered by
        date and the newest articles of all of them are the latest.
        """
        together: list[Seen] = []
        seen: list[Seen] = []
        for intake in intakes:
            if self._stopping.is_set():
                break
            outcome = self._look_at(intake, look)
            if outcome is None:
                if not (together or self._store.edition.finished):
                    break  # whoever has the first source of a first tick has them all
                continue
            together.append(outcome)
            if self._store.edition.finished and not self._stopping.is_set():
                seen += self._commit(together, look, complete=True)
                together = []
        if self._stopping.is_set():
            return Report(), []
        pending = [each.intake for each in (*seen, *together) if each.unfinished]
        if together or not (self._intakes or self._store.edition.finished):
            seen += self._commit(together, look, complete=look.last or not pending)
        return Report(sources=tuple(each.report for each in seen)), pending

    def _look_at(self, intake: Intake, look: Look) -> Seen | None:
        """Return what a look at a source gives; None where it is another process's to look now."""
        name = intake.source.name
        try:
            if not look.claims.take(name, patience=PATIENCE if look.wish.now else 0.0):
                self._refused.add(name)
                return unread(intake, "another process is reading it") if look.wish.now else None
        except JournalError as error:
            self._refused.add(name)
            return unread(intake, str(error))
        self._store.catch_up()  # another process may have looked just before the claim
        if not self._is_due(intake, look):
            look.claims.give_back(name)
            self._arrived.pop(name, None)
            return None
        return self._timed_visit(intake, look)

    def _commit(self, seen: Sequence[Seen], look: Look, *, complete: bool) -> list[Seen]:
        """Commit what was seen; return it as it turned out: what another process took over is left out."""
        at = look.clock()  # not when the look began: validators tell commits apart by their seconds
        commits = [
            Commit(at=at, change=each.change, token=look.claims.token(each.intake.source.name))
            for each in seen
            if each.change
        ]
        if seen and not commits:
            return self._settled(seen)
        try:
            self._store.commit(*commits, complete=complete)
        except StaleClaimError as error:
            logger.warning("%s while this one was away", error)
            self._refused.add(error.source)
            left = [each for each in seen if each.intake.source.name != error.source]
            return self._commit(left, look, complete=complete) if left else []
        except JournalError as error:
            self._refused.update(each.intake.source.name for each in seen)
            return [unread(each.intake, str(error)) for each in seen]
        return self._settled(seen)

    def _settled(self, seen: Sequence[Seen]) -> list[Seen]:
        """Return what was seen; what was read and is acknowledged need not be read again."""
        read = {each.intake.source.name for each in seen if each.was_read}
        self._ours |= read
        for name in read:
            self._arrived.pop(name, None)
        return list(seen)

    def _timed_visit(self, intake: Intake, look: Look) -> Seen:
        """Return what a look at a source changes; a bug there is an incident of that source alone."""
        started = time.monotonic()
        try:
            seen = self._visit(intake, look)
        except SourceError as error:
            seen = self._failed(intake, look, error.message)
        except Exception as error:
            logger.exception("bug while reading %s", intake.source.name)
            seen = self._failed(intake, look, f"internal error: {error!r}")
        return replace(seen, report=seen.report.timed(time.monotonic() - started))

    def _visit(self, intake: Intake, look: Look) -> Seen:
        """Return what one look at one source changes, and whether files there were being written."""
        before = self._before(intake, look)
        scan = self._scan(intake, look, before)
        if look.wish.accept_removals:
            before = replace(before, missing=dict.fromkeys(scan.missing, look.now - GUARD_WAIT))
        elif reason := vanished(before.health, len(before.known), scan):
            raise SourceError(intake.source.name, f"{intake.source.location}: {reason}")
        if not (scan.whole or scan.found):  # another look came first
            return Seen(intake=intake, change=None, report=SourceReport(source=intake.source.name))
        planned = look.began + intake.interval
        visit = Visit(intake=intake, before=before, scan=scan, now=look.now, planned=planned)
        self._extract(visit, look.progress)
        change = visit.change()
        return Seen(intake=intake, change=change, report=visit.report(change), unfinished=scan.pending)

    def _scan(self, intake: Intake, look: Look, before: Before) -> Scan:
        """Look at the whole source, or only at what is known to be finished in it."""
        source = intake.source
        if isinstance(source, Watchable) and not self._is_wholly_due(intake, look):
            scan = source.look(look.arrivals[source.name].names, before.known)
            if scan.place == before.health.place:
                return scan  # else it may be another disk, which takes a scan to judge
        return source.scan(before.known, look.now)

    def _failed(self, intake: Intake, look: Look, reason: str) -> Seen:
        """Return the change of a source that could not be read: its articles stay, an incident opens."""
        name = intake.source.name
        before = self._store.edition.health[name]
        health = after_failure(before, reason, look.now, look.began + intake.interval)
        change = Change(health=health, missing=self._store.missing(name))
        return Seen(intake=intake, change=change, report=SourceReport(source=name, failure=reason))

    def _before(self, intake: Intake, look: Look) -> Before:
        name = intake.source.name
        edition, missing = self._store.edition, self._store.missing(name)
        health, known = edition.health[name], self._store.known(name)
        anew = not is_of(health, intake.hints.basis)
        earlier = {key: since for key, since in missing.items() if since < look.began}
        return Before(
            health=health,
            known=forgetful(known) if anew else known,
            missing=waiting(earlier, health.last_attempt, intake.interval, look.now),
            sample=self._store.sample(name),
            articles=edition.articles,
            anew=anew,
        )

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


def _tell_nobody(_source: str, _done: int, _total: int) -> None:
    """Report no progress."""
