"""What runs in an extraction process: some documents at a time, each within its own deadline.

Going there and back costs as much as extracting a flattened page, so documents travel together; articles
come back as they are kept (`kept`), weighed and packed, so that whoever serves has nothing more to do with
their bodies.
"""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from traceback import format_exc

import msgspec

from feedsvc import kept
from feedsvc.model import Article, Document, Hints, Skipped
from feedsvc.weight import weight

BYTES_A_PROCESS = 1 << 30

Extract = Callable[[Document, Hints, datetime], Article | Skipped]
"""What runs in the processes; a function of a module, so that it can be handed over."""
File = Callable[[Article, tuple[str, ...]], Article]
"""Files an article under topics, those of its source by their names; can be pickled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one document: an article, or why there is none."""

    record: bytes = b""
    """An article (`kept.written`), with its long fields in `body`."""
    body: bytes = b""
    skipped: Skipped | None = None
    bug: str = ""
    """The traceback of an error that is none of the document's, "" without one."""

    @property
    def article(self) -> Article | None:
        """Return the article, if it became one."""
        return kept.read(self.record, self.body) if self.record else None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Outcome])


def unfiled(article: Article, _topics: tuple[str, ...]) -> Article:
    """Return an article as it is, for who wants no topics."""
    return article


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every process does with a document, handed over once."""

    seconds: float
    """Of processor time for one document."""
    extract: Extract
    file: File = unfiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to extract, with what the configuration says of it."""

    document: Document
    hints: Hints
    now: datetime
    topics: tuple[str, ...] = ()
    """Names that the document's source is filed under."""


_work: list[Work] = []


def begin(work: Work) -> None:
    """Say what this process does from now on: a thousand rules travel once, not with every batch."""
    _work[:] = [work]


def run(jobs: Sequence[Job]) -> bytes:
    """Extract documents one by one; past its time for one, the kernel ends the process."""
    (work,) = _work
    return _ENCODER.encode([_outcome(work, job) for job in jobs])


def done(work: Work, job: Job) -> Article | Skipped:
    """Return what becomes of one document, filed under topics."""
    found = work.extract(job.document, job.hints, job.now)
    return found if isinstance(found, Skipped) else work.file(found, job.topics)


def unpacked(outcomes: bytes) -> list[Outcome]:
    """Return what `run` returned, a value for each document."""
    return _DECODER.decode(outcomes)


def cut_short(document: Document, why: str) -> Skipped:
    """Return a document that may do better when the machine is less busy."""
    return Skipped(key=document.key, reason=f"extraction {why}", retry=True)


def _outcome(work: Work, job: Job) -> Outcome:
    signal.setitimer(signal.ITIMER_PROF, work.seconds)
    try:
        found = done(work, job)
    except MemoryError:
        found = cut_short(job.document, f"took over {BYTES_A_PROCESS >> 20} MiB")
    except Exception as error:  # noqa: BLE001 (a bug of ours must not take the other documents along, promise 4)
        reason = f"internal error: {error!r}"
        return Outcome(skipped=Skipped(key=job.document.key, reason=reason), bug=format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(skipped=found) if isinstance(found, Skipped) else _packed(found)


def _packed(article: Article) -> Outcome:
    record, body = kept.written(article, weight=weight(article))
    return Outcome(record=record, body=body)
