"""Looks at sources on the web, in threads of their own: a slow site holds up nobody else."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Lock

from msgspec import structs

from feedsvc.errors import SourceError
from feedsvc.ingest.look import attempted
from feedsvc.ingest.visit import Before, Intake
from feedsvc.model import Known
from feedsvc.sources import Found, Scan
from feedsvc.sources.base import NEVER_MET

SECONDS = 120.0
"""After which an errand begins to fetch nothing more; what is left comes with the next check.

They count from the end of the scan: where that waits long for its turns, nothing would ever be read.
"""
THREADS = 8
"""Errands at once; how often a host is asked is decided elsewhere."""
_POLL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What an errand came back with."""

    intake: Intake
    before: Before
    outcome: Scan | SourceError
    """What was found there and read, or why the source could not be read."""
    seconds: float


class Errands:
    """Runs them; `done` is called, in the errand's thread, whenever one is back."""

    def __init__(self, done: Callable[[], object] | None = None, seconds: float = SECONDS) -> None:
        self._done = done
        self._seconds = seconds
        self._threads: ThreadPoolExecutor | None = None
        self._out: dict[str, tuple[Intake, Future[Brought]]] = {}
        self._stopped = False
        self._lock = Lock()

    def __contains__(self, source: str) -> bool:
        return source in self._out

    def __bool__(self) -> bool:
        return bool(self._out)

    def start(self, intake: Intake, before: Before, look: Callable[[], Scan]) -> None:
        """Begin to look at a source and to read what is found there; after `stop`, do nothing."""
        with self._lock:
            if self._stopped:
                return
            if self._threads is None:
                self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="errand")
            future = self._threads.submit(self._run, intake, before, look)
        self._out[intake.source.name] = (intake, future)
        if self._done:
            future.add_done_callback(lambda _: self._tell())

    def back(self) -> Iterator[Brought]:
        """Yield what is back, in the order in which errands began; each once."""
        for name, (_, future) in tuple(self._out.items()):
            if future.done():
                del self._out[name]
                try:
                    yield future.result()
                except CancelledError:
                    continue

    def wait(self, source: str, stopping: Callable[[], bool]) -> Brought | None:
        """Return what one brings, once it is back; None where the end comes first."""
        _, future = self._out[source]
        while not stopping():
            if wait([future], _POLL).done:
                del self._out[source]
                return future.result()
        return None

    def stop(self) -> None:
        """Begin no more, and leave those that are out to end by themselves."""
        with self._lock:
            self._stopped = True
            if self._threads:
                self._threads.shutdown(wait=False, cancel_futures=True)

    def _tell(self) -> None:
        if self._done and not self._stopped:
            self._done()

    def _run(self, intake: Intake, before: Before, look: Callable[[], Scan]) -> Brought:
        """Return what a look brings."""
        began = time.monotonic()
        outcome = attempted(intake.source.name, lambda: self._read(intake, look(), before))
        return Brought(intake=intake, before=before, outcome=outcome, seconds=time.monotonic() - began)

    def _read(self, intake: Intake, scan: Scan, before: Before) -> Scan:
        """Return a scan with all that it found, as far as there is time for it."""
        until = time.monotonic() + self._seconds
        read: list[Found] = []
        for found in scan.found:
            if self._stopped or time.monotonic() >= until:
                break
            read.append(replace(found, document=intake.source.read(found)))
        left = {each.key: _unread(each, before) for each in scan.found[len(read) :]}
        return replace(scan, found=tuple(read), notes={**scan.notes, **left})


def _unread(found: Found, before: Before) -> Known:
    """Return what to remember of a document that is left: its list may well be unchanged the next time."""
    old = before.known.get(found.key) or before.notes.get(found.key) or NEVER_MET
    return structs.replace(old, version=found.memo)
