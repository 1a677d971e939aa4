"""Extraction in processes that can be stopped: a hostile document costs itself and nothing else.

Threads would gain nothing (the parsers hold the interpreter's lock) and cannot be stopped.
"""

import logging
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from multiprocessing import get_context
from threading import Lock
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from feedsvc.extract import extract
from feedsvc.model import Article, Document, Hints, Skipped

logger = logging.getLogger(__name__)

SECONDS_A_DOCUMENT = 5.0
"""Of processor time: on a busy machine a good document may take long."""
PATIENCE = 6
"""How many times longer a document may take by the clock on the wall."""
BYTES_A_PROCESS = 1 << 30
SLOW_TO_LOAD = ("lxml.html", "nh3", "trafilatura", "readability")
AHEAD = 8
"""Documents in flight for each process: enough to keep it busy, few enough to keep memory flat."""

Extract = Callable[[Document, Hints, datetime], Article | Skipped]
"""What runs in the processes; a function of a module, so that it can be handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to extract, with what the configuration says of it."""

    document: Document
    hints: Hints
    now: datetime


AnyJob = TypeVar("AnyJob", bound=Job)


class ExtractionPool(AbstractContextManager["ExtractionPool"]):
    """Processes that extract; they start with the first document and end with the `with` block."""

    def __init__(
        self, workers: int | None = None, seconds: float = SECONDS_A_DOCUMENT, run: Extract = extract
    ) -> None:
        self._workers = workers or _cores()
        self._seconds = seconds
        self._run = run
        # Spawned, not forked: a fork would copy the locks of the server's threads in whatever state.
        self._pool = ProcessPool(
            max_workers=self._workers, initializer=_start_worker, context=get_context("spawn")
        )
        self._in_flight: deque[Future[Article | Skipped]] = deque()
        self._lock = Lock()

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        """Yield each job with its outcome, in order; take few jobs ahead. One call at a time."""
        waiting: deque[AnyJob] = deque()
        self._in_flight = deque()
        for job in jobs:
            self._schedule(job)
            waiting.append(job)
            if len(waiting) >= self._workers * AHEAD:
                yield waiting[0], self._next_outcome(waiting.popleft().document)
        while waiting:
            yield waiting[0], self._next_outcome(waiting.popleft().document)

    def stop(self) -> None:
        """End the processes at once; what is in flight is skipped and comes again with the next tick."""
        with self._lock:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            for future in tuple(self._in_flight):  # pebble would leave who waits for them waiting
                future.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._pool.join()

    def _schedule(self, job: Job) -> None:
        """Put a job in flight; once the processes are gone it is an interrupted one."""
        arguments = (self._seconds, self._run, job.document, job.hints, job.now)
        future: Future[Article | Skipped]
        with self._lock:  # so that `stop` sees all that is in flight
            try:
                future = self._pool.schedule(_within, arguments, timeout=self._seconds * PATIENCE)
            except RuntimeError:
                future = Future()
                future.cancel()
            self._in_flight.append(future)

    def _next_outcome(self, document: Document) -> Article | Skipped:
        """Return what came of the job that is longest in flight."""
        outcome = self._outcome(document, self._in_flight[0])
        self._in_flight.popleft()
        return outcome

    def _outcome(self, document: Document, future: Future[Article | Skipped]) -> Article | Skipped:
        try:
            return future.result()
        except TimeoutError:
            return _cut_short(document, f"took over {self._seconds * PATIENCE:g} s")
        except ProcessExpired as error:
            late = error.exitcode == -signal.SIGPROF
            why = f"took over {self._seconds:g} s" if late else f"ended its process ({error})"
            return _cut_short(document, why)
        except MemoryError:
            return _cut_short(document, f"took over {BYTES_A_PROCESS >> 20} MiB")
        except (CancelledError, BrokenExecutor):
            return Skipped(key=document.key, reason="interrupted", retry=True)
        except Exception as error:  # a bug of ours must not take the other documents along (promise 4)
            logger.exception("bug in extraction of %s", document.location)
            return Skipped(key=document.key, reason=f"internal error: {error!r}")


def _cores() -> int:
    """Return how many processors we may use, which containers limit."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cut_short(document: Document, why: str) -> Skipped:
    """Return a document that may do better when the machine is less busy."""
    return Skipped(key=document.key, reason=f"extraction {why}", retry=True)


def _within(
    seconds: float, run: Extract, document: Document, hints: Hints, now: datetime
) -> Article | Skipped:
    """Run an extraction; past its processor time the kernel ends the process, whatever it is in."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return run(document, hints, now)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _start_worker() -> None:
    """Bound the worker's memory, leave Ctrl-C to its parent, load what is slow before a deadline runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = BYTES_A_PROCESS if most == resource.RLIM_INFINITY else min(BYTES_A_PROCESS, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    for library in SLOW_TO_LOAD:
        import_module(library)
