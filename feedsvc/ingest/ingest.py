"""One pass over the sources that are due: scan, read, extract, file under topics, commit."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

from feedsvc.errors import JournalError, StaleClaimError
from feedsvc.extract.pool import ExtractionPool
from feedsvc.heap import set_apart, young_only
from feedsvc.ingest.bereft import Bereft
from feedsvc.ingest.claims import Claims
from feedsvc.ingest.decide import (
    is_deserted,
    is_due,
    is_due_on_the_web,
    is_of,
    is_older,
)
from feedsvc.ingest.errands import Errands
from feedsvc.ingest.look import DUE, Look, Progress, Seen, Wish, unread
from feedsvc.ingest.looking import Looking
from feedsvc.ingest.report import Report
from feedsvc.ingest.same import Same
from feedsvc.ingest.visit import Intake
from feedsvc.model import Commit
from feedsvc.sources import Arrivals
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

    def __init__(  # noqa: PLR0913 (the last four are for tests and for who serves)
        self,
        intakes: Sequence[Intake],
        topics: Topics,
        store: Store,
        *,
        pool: ExtractionPool | None = None,
        look_again: float = LOOK_AGAIN,
        patience: float = PATIENCE,
        back: Callable[[], object] | None = None,
    ) -> None:
        """Take a pool that files under topics, too; without one, make one that files under these.

        With `back`, a tick waits for no source on the web; it is called when one is read, for another.
        """
        self._intakes = tuple(intakes)
        self._store = store
        self._pool = pool or ExtractionPool(file=topics.assign)
        self._look_again = look_again
        self._patience = patience
        self._stopping = Event()
        self._ours: set[str] = set()
        """Sources that were once as this process's configuration reads them."""
        self._met: set[str] = set()
        """Sources that this process has read."""
        self._since: datetime | None = None
        """When this process began to tick: nobody may have watched a folder before that."""
        self._same = Same(len(self._intakes), lambda: store.edition.articles)
        self._looking = Looking(store, self._pool, self._same, self._stopping)
        self._errands = Errands(back)
        self._waits = back is None
        self._away = Claims(store)
        """The claims on sources that errands are out for, longer than a tick."""
        self._arrived: dict[str, Arrivals] = {}
        """What is known to be finished, and was neither acknowledged yet nor found to be nothing new."""
        self._refused: set[str] = set()
        """Sources that the last tick could not have, or not acknowledge."""
        self._bereft = Bereft(self._intakes, store)
        self._pause = timedelta()

    def tick(self, now: Callable[[], datetime], progress: Progress | None = None, wish: Wish = DUE) -> Report:
        """Read what is due; look a second time at what was still being written, then call it finished."""
        with young_only():
            report = self._ticked(now, progress, wish)
        set_apart(sum(source.new for source in report.sources))
        return report

    def _ticked(self, now: Callable[[], datetime], progress: Progress | None, wish: Wish) -> Report:
        moment, started = now(), time.monotonic()
        self._since = self._since or moment
        self._refused.clear()
        self._store.catch_up()
        self._same.begin()
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
            looked = [each for each in self._intakes if self._is_due(each, first)]
            report, pending = self._pass(looked, first)
            if pending and not self._stopping.wait(self._look_again):
                again, _ = self._pass(pending, replace(first, now=now(), last=True))
                report = report.then(again)
            if bereft := self._bereft.intakes():  # what was moved there is in no feed until then
                self._same.begin()  # what has left in this tick stands for nothing any more
                again, _ = self._pass(bereft, replace(first, now=now(), last=True))
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
        self._errands.stop()
        self._pool.stop()
        self._away.close()

    def _gathered(self) -> Mapping[str, Arrivals]:
        """Return what is known to be finished, and remember it until that is acknowledged."""
        for each in self._intakes:
            name = each.source.name
            self._arrived[name] = self._arrived.get(name, Arrivals()).then(each.arrivals())
        return dict(self._arrived)

    def _is_due(self, intake: Intake, look: Look) -> bool:
        name = intake.source.name
        if name in self._errands:
            return False
        arrived = look.arrivals[name].names and is_of(self._store.edition.health[name], intake.hints.basis)
        return bool(arrived) or self._is_wholly_due(intake, look)

    def _is_wholly_due(self, intake: Intake, look: Look) -> bool:
        edition, name = self._store.edition, intake.source.name
        health = edition.health[name]
        begun = intake.remote and health.last_attempt is not None  # its news were committed by themselves
        if look.whole(name) or not (edition.finished or begun):  # whoever began the first tick may be dead
            return True
        if not intake.remote and name not in self._met and is_older(health, self._since or look.began):
            return True
        if is_of(health, intake.hints.basis):
            self._ours.add(name)
            if intake.remote:
                return is_due_on_the_web(health, intake.source.location, look.began)
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
        for outcome in self._outcomes(intakes, look):
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
        if not look.last:
            seen += self._commit_returned(look)
            if not pending and self._is_over():  # whoever read the last source did not live to say so
                self._commit([], look, complete=True)
        return Report(sources=tuple(each.report for each in seen)), pending

    def _is_over(self) -> bool:
        """Tell whether every source was read in a first tick that nobody has called finished."""
        edition = self._store.edition
        asked = all(edition.health[each.source.name].last_attempt for each in self._intakes)
        return asked and not (edition.finished or self._errands or self._refused)  # another may still read

    def _outcomes(self, intakes: Sequence[Intake], look: Look) -> Iterator[Seen | None]:
        """Look at sources in their order, having sent for those on the web beforehand."""
        sent = {each.source.name: self._sent(each, look) for each in intakes if each.remote}
        for intake in intakes:
            name = intake.source.name
            if self._stopping.is_set():
                return
            if not intake.remote:
                yield self._look_at(intake, look)
            elif name not in self._errands:
                yield sent[name]
            elif self._waits and (brought := self._errands.wait(name, self._stopping.is_set)):
                yield self._looking.conclude(brought, look)

    def _look_at(self, intake: Intake, look: Look) -> Seen | None:
        """Return what a look at a source gives; None where it is another process's to look now."""

        def visited() -> Seen:
            return self._looking.visit(intake, look, wholly=self._is_wholly_due(intake, look))

        return self._claimed(intake, look, look.claims, visited)

    def _sent(self, intake: Intake, look: Look) -> Seen | None:
        """Send for a source on the web; return as `_look_at` where that is another process's to do."""

        def send() -> None:
            before = self._looking.before(intake, look, wholly=True)
            known = {**before.notes, **before.known}
            self._errands.start(intake, before, lambda: intake.source.scan(known, look.now))

        return self._claimed(intake, look, look.claims if self._waits else self._away, send)

    def _claimed(
        self, intake: Intake, look: Look, claims: Claims, then: Callable[[], Seen | None]
    ) -> Seen | None:
        """Do something with a source once it is ours; else return what there is to say of that."""
        name = intake.source.name
        try:
            if not claims.take(name, patience=self._patience if look.wish.now else 0.0):
                self._refused.add(name)
                return unread(intake, "another process is reading it") if look.wish.now else None
        except JournalError as error:
            self._refused.add(name)
            return unread(intake, str(error))
        self._store.catch_up()  # another process may have looked just before the claim
        if not self._is_due(intake, look):
            claims.give_back(name)
            self._arrived.pop(name, None)
            return None
        return then()

    def _commit_returned(self, look: Look) -> list[Seen]:
        """Commit what errands of earlier ticks brought."""
        seen: list[Seen] = []
        for brought in self._errands.back():
            if self._stopping.is_set():
                break
            outcome = self._looking.conclude(brought, look)
            finished = self._store.edition.finished or not self._errands
            if not self._stopping.is_set():
                seen += self._commit([outcome], look, complete=finished)
            self._away.give_back(brought.intake.source.name)
        return seen

    def _commit(self, seen: Sequence[Seen], look: Look, *, complete: bool) -> list[Seen]:
        """Commit what was seen; return it as it turned out: what another process took over is left out."""
        at = look.clock()  # not when the look began: validators tell commits apart by their seconds
        commits = [
            Commit(at=at, change=each.change, token=self._token(each.intake.source.name, look))
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
        self._met |= read
        for name in read:
            self._arrived.pop(name, None)
        self._bereft.settle(seen)
        return list(seen)

    def _token(self, source: str, look: Look) -> int | None:
        token = look.claims.token(source)
        return self._away.token(source) if token is None else token
