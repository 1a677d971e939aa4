"""Extraction in processes that can be stopped: a hostile document costs itself and nothing else.

Threads would gain nothing (the parsers hold the interpreter's lock) and cannot be stopped.
"""

import logging
import os
import resource
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from feedsvc.extract import extract
from feedsvc.model import Article, Document, Hints, Skipped

logger = logging.getLogger(__name__)

SECONDS_A_DOCUMENT = 5.0
BYTES_A_PROCESS = 1 << 30
AHEAD = 8
"""Documents in flight for each process: enough to keep it busy, few enough to keep memory flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to extract, with what the configuration says of it."""

    document: Document
    hints: Hints
    now: datetime


class ExtractionPool(AbstractContextManager["ExtractionPool"]):
    """Processes that extract; they start with the first document and end with the `with` block."""

    def __init__(self, workers: int | None = None, seconds: float = SECONDS_A_DOCUMENT) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._seconds = seconds
        # Spawned, not forked: a fork would copy the locks of the server's threads in whatever state.
        self._pool = ProcessPool(
            max_workers=self._workers, initializer=_start_worker, context=get_context("spawn")
        )

    def extract(self, jobs: Iterable[Job]) -> Iterator[tuple[Document, Article | Skipped]]:
        """Yield each job's document with its outcome, in order; take few jobs ahead."""
        waiting: deque[tuple[Document, Future[Article | Skipped]]] = deque()
        for job in jobs:
            future = self._pool.schedule(extract, (job.document, job.hints, job.now), timeout=self._seconds)
            waiting.append((job.document, future))
            if len(waiting) >= self._workers * AHEAD:
                yield self._outcome(*waiting.popleft())
        while waiting:
            yield self._outcome(*waiting.popleft())

    def stop(self) -> None:
        """End the processes at once; what is in flight is skipped and comes again with the next tick."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
        self._pool.join()

    def _outcome(self, document: Document, future: Future[Article | Skipped]) -> tuple[Document, Article | Skipped]:
        try:
            outcome = future.result()
        except TimeoutError:
            outcome = Skipped(key=document.key, reason=f"extraction took over {self._seconds:g} s")
        except ProcessExpired as error:
            outcome = Skipped(key=document.key, reason=f"extraction ended its process ({error})")
        except MemoryError:
            outcome = Skipped(key=document.key, reason=f"extraction took over {BYTES_A_PROCESS >> 20} MiB")
        except CancelledError:
            outcome = Skipped(key=document.key, reason="interrupted", retry=True)
        except Exception as error:  # a bug of ours must not take the other documents along (promise 4)
            logger.exception("bug in extraction of %s", document.location)
            outcome = Skipped(key=document.key, reason=f"internal error: {error!r}")
        return document, outcome


def _start_worker() -> None:
    """Bound the worker's memory and leave Ctrl-C to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES_A_PROCESS, BYTES_A_PROCESS))
