"""The in-memory store: one edition at a time, replaced by what its journal acknowledged."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from feedsvc.errors import BehindError, JournalError, StaleClaimError, UnfitError, UnreadableError
from feedsvc.heap import give_back, no_collection
from feedsvc.model import Commit, Health, Incident, Known
from feedsvc.store.apply import apply
from feedsvc.store.decide import Batch, decide, everything
from feedsvc.store.edition import Edition, first_edition, later
from feedsvc.store.filing import Refile
from feedsvc.store.journal import Claim, Delta, Journal
from feedsvc.store.memory import Memory, remember
from feedsvc.store.window import Limits
from feedsvc.text import one_line
from feedsvc.topics import Topics

logger = logging.getLogger(__name__)

Trouble = Literal["reading", "writing", "standing", "aside"]
"""What is wrong with it: it cannot be read, or written, or not be as configured, or one was kept aside."""
JOURNAL = "the journal"
"""What incidents of the journal stand under instead of a source; no source can have this name."""
_TRIES = 100
_SETTLE_AGAIN = 5.0
"""Seconds until a configuration that could not be taken on is tried again."""


class Store:
    """Holds the current edition, and per source what ingest needs to tell changed from unchanged.

    All change is written to the journal before it shows; other processes may write there, too.
    """

    def __init__(self, topics: Topics, sources: Iterable[Health], limits: Limits, journal: Journal) -> None:
        """Load what the journal holds, or have a later look do so where it cannot be had just now.

        Raises JournalError where it can neither be read nor begun anew, now or later.
        """
        self._journal = journal
        self._owner = uuid.uuid4().hex
        self._edition = first_edition(topics, sources, limits)
        self._memory = Memory()
        self._origin = ""
        self._loaded = False
        self._fingerprint = ""
        self._unsettled = False
        self._settle_at = 0.0
        self._refused_at = 0
        """The generation at which the trouble of writing was last seen to last."""
        self._troubles: dict[Trouble, Incident] = {}
        self._past: tuple[Incident, ...] = ()
        """Troubles that are over and stand in no journal yet."""
        self._subscribers: list[Callable[[], object]] = []
        self._lock = Lock()
        self._load()

    @property
    def edition(self) -> Edition:
        """The newest edition; take it once per request and read everything from it."""
        return self._edition

    @property
    def journal(self) -> Journal:
        """What remembers; the index of searches stands in it."""
        return self._journal

    def known(self, source: str) -> Mapping[str, Known]:
        """Return what was met in a source before, by key."""
        return self._memory.known.get(source, {})

    def missing(self, source: str) -> Mapping[str, datetime]:
        """Return the known keys that the last scan of a source did not find, and since when."""
        return self._memory.missing.get(source, {})

    def sample(self, source: str) -> Mapping[str, frozenset[str]]:
        """Return the lines of some of a source's flattened pages, by key."""
        return self._memory.samples.get(source, {})

    def commit(self, *commits: Commit, complete: bool = True) -> Edition:
        """Acknowledge what was found, all at once, and return the edition that shows it.

        Raises StaleClaimError when another process has one of the sources by now, and JournalError when
        the journal cannot be written; nothing is acknowledged then.
        """
        return self._acknowledge(Batch(commits=commits, complete=complete))

    def begin_under(self, fingerprint: str) -> None:
        """Have a first commit say which configuration it was made under; a later one leaves that alone."""
        self._fingerprint = fingerprint

    def settle(self, fingerprint: str, now: datetime) -> None:
        """Take on the configuration with this fingerprint; where it is another one, every list says so.

        Following tries again what cannot be done now.
        """
        self._fingerprint, self._unsettled = fingerprint, True
        self._settle(now)

    def _settle(self, now: datetime) -> None:
        edition = self._edition
        if not (self._loaded and self._unsettled and time.monotonic() >= self._settle_at):
            return
        self._settle_at = time.monotonic() + _SETTLE_AGAIN
        if edition.generation and edition.fingerprint != self._fingerprint:
            self._acknowledge(Batch(complete=edition.finished, at=now, fingerprint=self._fingerprint))
        self._unsettled = False
        if "writing" in self._troubles:  # another process settled it
            with self._lock:
                self._close("writing")
            self._publish()

    def refile(self, wish: Refile, now: datetime) -> Edition:
        """Change topics there are, and return the edition that shows it. Raises JournalError."""
        return self._acknowledge(Batch(complete=self._edition.finished, at=now, refile=wish))

    def catch_up(self) -> Edition:
        """Take in what other processes committed, and return the edition that shows it."""
        with self._lock:
            before = self._edition
            try:
                self._follow()
                self._close("reading")
            except JournalError as error:
                self._open("reading", str(error), datetime.now(UTC))
            edition = self._edition
        if edition is not before:
            self._publish()
        with suppress(JournalError):  # which shows
            self._settle(datetime.now(UTC))
            self._regain()
        return self._edition

    def _regain(self) -> None:
        """Close the trouble of writing once others commit and we could: there may be nothing to write."""
        generation = self._edition.generation
        if "writing" not in self._troubles or generation == self._refused_at:
            return
        self._refused_at = generation
        if claim := self._journal.claim(JOURNAL, self._owner, _SETTLE_AGAIN):
            self._journal.release(claim)
            with self._lock:
                self._close("writing")
            self._publish()

    def note(self, problem: str, now: datetime) -> None:
        """Show something that is wrong with the journal for as long as this process lives."""
        with self._lock:
            self._open("standing", problem, now)
        self._publish()

    def claim(self, source: str, seconds: float) -> Claim | None:
        """Return this process's claim on a source, new or renewed; None while another process has it.

        Raises JournalError, also where nobody can tell yet what a source gave before.
        """
        if not self._loaded:
            raise JournalError("the journal could not be read yet")
        generation = self._edition.generation
        try:
            return self._journal.claim(source, self._owner, seconds)
        except JournalError as error:
            with self._lock:
                if self._edition.generation == generation:  # else it was our own commit that held it
                    self._open("writing", str(error), datetime.now(UTC))
            self._publish()
            raise

    def release(self, claim: Claim) -> None:
        """Give a claim back."""
        self._journal.release(claim)

    def subscribe(self, published: Callable[[], object]) -> None:
        """Have a function called after every change, in the thread that made or met it."""
        self._subscribers.append(published)

    def close(self) -> None:
        """Close the journal; what was loaded can still be read."""
        self._journal.close()

    def _load(self) -> None:
        with no_collection():
            try:
                delta = self._first_read()
            except UnfitError:
                raise
            except JournalError as error:
                self._open("reading", str(error), datetime.now(UTC))
                return
            self._take(delta)
            self._origin = delta.origin
            self._loaded = True
        del delta
        give_back()

    def _first_read(self) -> Delta:
        try:
            return self._journal.read(0)
        except UnreadableError as error:  # it was put aside: what is read now was begun anew
            self._open("aside", str(error), datetime.now(UTC))
            return self._journal.read(0)

    def _acknowledge(self, batch: Batch) -> Edition:
        at = max((batch.at, *(commit.at for commit in batch.commits)))
        try:
            with self._lock:
                self._write(replace(batch, at=at))
                return self._edition
        finally:
            self._publish()

    def _write(self, batch: Batch) -> None:
        """Have the journal acknowledge a batch, then show it."""
        claims = {each.change.health.source: each.token for each in batch.commits if each.token is not None}
        try:
            delta = self._written(batch, claims)
        except StaleClaimError:
            raise
        except JournalError as error:
            self._open("writing", str(error), batch.at)
            raise
        self._troubles = {kind: each for kind, each in self._troubles.items() if kind == "standing"}
        self._past = ()
        self._take(delta)

    def _written(self, batch: Batch, claims: Mapping[str, int]) -> Delta:
        """Write a batch down, decided anew until nobody else committed in between."""
        for _ in range(_TRIES):
            edition = self._edition
            delta = decide(edition, self._memory, self._completed(batch))
            try:
                self._journal.write(replace(delta, origin=self._origin), edition.generation, claims)
            except BehindError:
                self._follow()
            else:
                return delta
        raise JournalError(f"others committed {_TRIES} times in a row")

    def _completed(self, batch: Batch) -> Batch:
        """Return a batch with what only this process can add to it."""
        over = tuple(
            replace(each, closed=batch.at) for kind, each in self._troubles.items() if kind != "standing"
        )
        first = self._edition.generation == 0
        new = batch.fingerprint not in {None, self._edition.fingerprint}  # unless another process was quicker
        return replace(
            batch, over=(*over, *self._past), fingerprint=self._fingerprint if first or new else None
        )

    def _follow(self) -> None:
        """Read what is new; fill a journal that was begun anew and knows less than this process."""
        generation = self._edition.generation
        delta = self._journal.read(generation)
        if delta.generation < generation:
            self._refill(delta)
            return
        if self._origin not in {"", delta.origin}:
            delta = self._journal.read(0)
        if delta.generation != generation or delta.whole:
            self._take(delta)
        self._origin = delta.origin
        self._loaded = True
        if delta.generation:  # somebody filled the journal that was begun anew
            self._close("aside")

    def _refill(self, there: Delta) -> None:
        logger.warning("the journal was begun anew: writing down all that is served")
        whole = replace(everything(self._edition, self._memory), origin=there.origin)
        with suppress(BehindError):  # somebody else was quicker: the next look will tell
            self._journal.write(whole, there.generation, {})
            self._take(Delta(generation=whole.generation))
            self._origin = there.origin

    def _take(self, delta: Delta) -> None:
        before, memory = self._edition, remember(self._memory, delta)
        after = apply(before, delta)
        if self._troubles:
            modified = later(max(before.incidents_modified, after.incidents_modified), after.acknowledged)
            troubles = tuple(self._troubles.values())
            after = replace(after, troubles=troubles, incidents_modified=modified)
        elif before.troubles:
            after = replace(after, troubles=())
        self._edition, self._memory = after, memory

    def _open(self, kind: Trouble, reason: str, at: datetime) -> None:
        """Show a trouble with the journal, once."""
        if kind not in self._troubles and reason not in {each.reason for each in self._troubles.values()}:
            logger.warning("journal: %s", reason)
            self._troubles[kind] = Incident(source=JOURNAL, reason=one_line(reason), opened=at)
            self._refused_at = self._edition.generation
            self._show(at)

    def _close(self, kind: Trouble) -> None:
        if trouble := self._troubles.pop(kind, None):
            now = datetime.now(UTC)
            self._past = (replace(trouble, closed=now), *self._past)
            self._show(now)

    def _show(self, at: datetime) -> None:
        modified = later(self._edition.incidents_modified, at)
        troubles = tuple(self._troubles.values())
        self._edition = replace(self._edition, troubles=troubles, incidents_modified=modified)

    def _publish(self) -> None:
        for published in self._subscribers:
            try:
                published()
            except Exception:  # what is acknowledged stays so, and the others hear of it
                logger.exception("bug after a commit")
