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
from multiprocessing import get_context
from threading import Lock
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from feedsvc.extract import extract
from feedsvc.model import Article, Document, Hints, Skipped

logger = logging.getLogger(__name__)

SECONDS_A_DOCUMENT = 5.0
BYTES_A_PROCESS = 1 << 30
AHEAD = 8
"""Documents in flight for each process: enough to keep it busy, few enough to keep memory flat."""

Extract = Callable[[Document, Hints, datetime], Article | Skipped]
"""What runs in the processes; a function of a module, so that it can be handed over."""
InFlight = deque[tuple[Document, Future[Article | Skipped]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to extract, with what the configuration says of it."""

    document: Document
    hints: Hints
    now: datetime


class ExtractionPool(AbstractContextManager["ExtractionPool"]):
    """Processes that extract; they start with the first document and end with the `with` block."""

    def __init__(
        self, workers: int | None = None, seconds: float = SECONDS_A_DOCUMENT, run: Extract = extract
    ) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._seconds = seconds
        self._run = run
        # Spawned, not forked: a fork would copy the locks of the server's threads in whatever state.
        self._pool = ProcessPool(
            max_workers=self._workers, initializer=_start_worker, context=get_context("spawn")
        )
        self._in_flight: InFlight = deque()
        self._lock = Lock()

    def extract(self, jobs: Iterable[Job]) -> Iterator[tuple[Document, Article | Skipped]]:
        """Yield each job's document with its outcome, in order; take few jobs ahead. One call at a time."""
        waiting: InFlight = deque()
        self._in_flight = waiting
        for job in jobs:
            self._schedule(job)
            if len(waiting) >= self._workers * AHEAD:
                yield self._outcome(*waiting[0])
                waiting.popleft()
        while waiting:
            yield self._outcome(*waiting[0])
            waiting.popleft()

    def stop(self) -> None:
        """End the processes at once; what is in flight is skipped and comes again with the next tick."""
        with self._lock:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            for _, future in tuple(self._in_flight):  # pebble would leave who waits for them waiting
                future.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._pool.join()

    def _schedule(self, job: Job) -> None:
        """Put a job in flight; once the processes are gone it is an interrupted one."""
        arguments = (job.document, job.hints, job.now)
        future: Future[Article | Skipped]
        with self._lock:  # so that `stop` sees all that is in flight
            try:
                future = self._pool.schedule(self._run, arguments, timeout=self._seconds)
            except RuntimeError:
                future = Future()
                future.cancel()
            self._in_flight.append((job.document, future))

    def _outcome(
        self, document: Document, future: Future[Article | Skipped]
    ) -> tuple[Document, Article | Skipped]:
        try:
            outcome = future.result()
        except TimeoutError:
            outcome = Skipped(key=document.key, reason=f"extraction took over {self._seconds:g} s")
        except ProcessExpired as error:
            outcome = Skipped(key=document.key, reason=f"extraction ended its process ({error})")
        except MemoryError:
            outcome = Skipped(key=document.key, reason=f"extraction took over {BYTES_A_PROCESS >> 20} MiB")
        except (CancelledError, BrokenExecutor):
            outcome = Skipped(key=document.key, reason="interrupted", retry=True)
        except Exception as error:  # a bug of ours must not take the other documents along (promise 4)
            logger.exception("bug in extraction of %s", document.location)
            outcome = Skipped(key=document.key, reason=f"internal error: {error!r}")
        return document, outcome


def _start_worker() -> None:
    """Bound the worker's memory and leave Ctrl-C to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = BYTES_A_PROCESS if most == resource.RLIM_INFINITY else min(BYTES_A_PROCESS, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
