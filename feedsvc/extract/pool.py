"""Extraction in processes that can be stopped: a hostile document costs itself and nothing else.

Threads would gain nothing (the parsers hold the interpreter's lock) and cannot be stopped.
"""

import logging
import os
import resource
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import AbstractContextManager, suppress
from importlib import import_module
from multiprocessing import get_context
from threading import Lock, Timer
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from feedsvc.errors import SourceError
from feedsvc.extract import extract
from feedsvc.extract.batch import (
    BYTES_A_PROCESS,
    Extract,
    File,
    Job,
    Outcome,
    Work,
    begin,
    cut_short,
    run,
    unfiled,
    unpacked,
)
from feedsvc.model import Article, Document, Skipped

logger = logging.getLogger(__name__)

AnyJob = TypeVar("AnyJob", bound=Job)

SECONDS_A_DOCUMENT = 5.0
"""Of processor time: on a busy machine a good document may take long."""
PATIENCE = 6
"""How many times longer a document may take by the clock on the wall."""
LINGER = 30.0
"""Seconds for which idle processes wait for more: they take half a second to start, and memory to keep."""
BEHIND = 10
"""How far extraction stands behind whoever serves (nice(2)): a poll waits for no document."""
SLOW_TO_LOAD = ("lxml.html", "nh3", "trafilatura", "readability")
TOGETHER = range(8, 65)
"""Documents that travel together, at most: few at first, so that each process has some, then more."""
BYTES_TOGETHER = 256 * 1024
"""Of documents that travel together, unless one alone has more."""
AHEAD = 3
"""Batches in flight for each process: enough to keep it busy, few enough to keep memory flat."""
LOOK = 2.0
"""Seconds after which whoever waits for a batch looks whether a process is at work."""
LOOKS = 30
"""How many of these in a row may find none: on a busy machine processes took 20 s to start."""


class ExtractionPool(AbstractContextManager["ExtractionPool"]):
    """Processes that extract and file; they start with the first document and end when idle for `linger`.

    At the end of the `with` block, or once stopped, they end for good.
    """

    def __init__(
        self,
        workers: int | None = None,
        seconds: float = SECONDS_A_DOCUMENT,
        run: Extract = extract,
        linger: float = LINGER,
        file: File = unfiled,
    ) -> None:
        self._workers = workers or _cores()
        self._work = Work(seconds=seconds, extract=run, file=file)
        self._linger = linger
        self._pool: ProcessPool | None = None
        self._rest: Timer | None = None
        self._stopped = False
        self._in_flight: set[Future[bytes]] = set()
        self._lock = Lock()

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        """Yield each job with its outcome, in order; take few jobs ahead. One call at a time.

        Raises SourceError where no process starts, which is no document's fault.
        """
        waiting: deque[tuple[Sequence[AnyJob], Future[bytes]]] = deque()
        self._wake()
        try:
            for batch in _batches(jobs):
                waiting.append((batch, self._scheduled(batch)))
                if len(waiting) >= self._workers * AHEAD:
                    yield from self._finished(*waiting.popleft())
            while waiting:
                yield from self._finished(*waiting.popleft())
        finally:
            self._doze()

    def stop(self) -> None:
        """End the processes at once; what is in flight is skipped and comes again with the next tick."""
        with self._lock:
            self._stopped = True
            self._end()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wake(self) -> None:
        """Begin a piece of work: nobody puts the processes to rest meanwhile."""
        with self._lock:
            self._stay()

    def _doze(self) -> None:
        """Have the processes end unless more work comes soon."""
        with self._lock:
            if self._pool is None:
                return
            self._rest = Timer(self._linger, self._expire)
            self._rest.daemon = True
            self._rest.start()

    def _expire(self) -> None:
        with self._lock:
            if self._rest:  # else there is work again
                self._end()

    def _stay(self) -> None:
        """Have nobody put the processes to rest; the caller holds the lock."""
        if self._rest:
            self._rest.cancel()
            self._rest = None

    def _end(self) -> None:
        """End the processes; the caller holds the lock."""
        self._stay()
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
        for future in tuple(self._in_flight):  # pebble would leave who waits for them waiting
            future.cancel()
        pool.join()

    def _scheduled(self, batch: Sequence[Job]) -> Future[bytes]:
        """Put a batch in flight; once the processes are gone it is an interrupted one."""
        future: Future[bytes]
        with self._lock:  # so that `stop` sees all that is in flight
            try:
                future = self._running().schedule(run, (batch,), timeout=self._work.seconds * PATIENCE)
            except RuntimeError:
                future = Future()
                future.cancel()
            self._in_flight.add(future)
        future.add_done_callback(self._in_flight.discard)
        return future

    def _running(self) -> ProcessPool:
        """Return the processes; RuntimeError once stopped."""
        if self._stopped:
            raise RuntimeError("stopped")
        if self._pool and not self._pool.active:
            self._end()  # somebody killed idle processes, or they died before they took a batch
        if self._pool is None:
            # Spawned, not forked: a fork would copy the locks of the server's threads in whatever state.
            context = get_context("spawn")
            self._pool = ProcessPool(
                max_workers=self._workers, initializer=_start_worker, initargs=(self._work,), context=context
            )
        return self._pool

    def _finished(
        self, batch: Sequence[AnyJob], future: Future[bytes]
    ) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        """Wait for a batch and yield its jobs with their outcomes."""
        try:
            outcomes = unpacked(self._taken(batch, future).result())
        except (TimeoutError, ProcessExpired) as error:
            if len(batch) > 1:  # one of them did it: each goes alone
                for job in batch:
                    yield from self._finished([job], self._scheduled([job]))
                return
            outcomes = [Outcome(skipped=self._too_much(batch[0].document, error))]
        except (CancelledError, BrokenExecutor):  # stopped
            outcomes = [Outcome(skipped=_interrupted(job.document)) for job in batch]
        for job, outcome in zip(batch, outcomes, strict=True):
            if outcome.bug:
                logger.error("bug in extraction of %s\n%s", job.document.location, outcome.bug)
            yield job, outcome.article or outcome.skipped or _interrupted(job.document)

    def _taken(self, batch: Sequence[Job], future: Future[bytes]) -> Future[bytes]:
        """Wait until a process has done a batch, or all are stopped; it goes to others if its own are gone.

        Looks are counted, not seconds: whoever was frozen for an hour has not waited.
        """
        idle = 0
        while idle < LOOKS:
            with suppress(TimeoutError, CancelledError):
                future.exception(LOOK)
            if self._stopped or (future.done() and not _is_lost(future)):
                return future
            idle = 0 if any(each.running() for each in tuple(self._in_flight)) else idle + 1
            if future.done() or not self._is_active():
                future = self._scheduled(batch)
        with self._lock:
            self._end()
        raise SourceError(batch[0].document.source, "extraction processes cannot start")

    def _is_active(self) -> bool:
        with self._lock:
            return self._pool is not None and self._pool.active

    def _too_much(self, document: Document, error: Exception) -> Skipped:
        if isinstance(error, TimeoutError):
            return cut_short(document, f"took over {self._work.seconds * PATIENCE:g} s")
        late = isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
        return cut_short(
            document, f"took over {self._work.seconds:g} s" if late else f"ended its process ({error})"
        )


def _batches(jobs: Iterable[AnyJob]) -> Iterator[Sequence[AnyJob]]:
    """Put together what can travel together."""
    batch: list[AnyJob] = []
    size, most = 0, TOGETHER.start
    for job in jobs:
        apart = batch and (job.hints is not batch[0].hints or job.now != batch[0].now)
        size += len(job.document.content)
        if apart or len(batch) >= most or (batch and size > BYTES_TOGETHER):
            yield batch
            batch, size, most = [], len(job.document.content), min(2 * most, TOGETHER[-1])
        batch.append(job)
    if batch:
        yield batch


def _cores() -> int:
    """Return how many processors we may use, which containers limit."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _interrupted(document: Document) -> Skipped:
    return Skipped(key=document.key, reason="interrupted", retry=True)


def _is_lost(future: Future[bytes]) -> bool:
    """Tell whether the processes were gone before one took a batch."""
    return future.cancelled() or isinstance(future.exception(), BrokenExecutor)


def _start_worker(work: Work) -> None:
    """Give way to who serves, bound memory, leave Ctrl-C to the parent, load what is slow to load."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(BEHIND)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = BYTES_A_PROCESS if most == resource.RLIM_INFINITY else min(BYTES_A_PROCESS, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    for library in SLOW_TO_LOAD:
        import_module(library)
    begin(work)
