"""What runs in an extraction process: some documents at a time, each within its own deadline.

Going there and back costs as much as extracting a flattened page, so documents travel together; articles
come back as msgpack, which is a tenth of the work of pickling them.
"""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from traceback import format_exc

import msgspec

from feedsvc.model import Article, Document, Hints, Skipped

BYTES_A_PROCESS = 1 << 30

Extract = Callable[[Document, Hints, datetime], Article | Skipped]
"""What runs in the processes; a function of a module, so that it can be handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one document: an article, or why there is none."""

    article: Article | None = None
    skipped: Skipped | None = None
    bug: str = ""
    """The traceback of an error that is none of the document's, "" without one."""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Outcome])


def run(
    seconds: float, extract: Extract, documents: Sequence[Document], hints: Hints, now: datetime
) -> bytes:
    """Extract documents one by one; past `seconds` of processor time for one, the kernel ends the process."""
    return _ENCODER.encode([_outcome(seconds, extract, document, hints, now) for document in documents])


def unpacked(outcomes: bytes) -> list[Outcome]:
    """Return what `run` returned, a value for each document."""
    return _DECODER.decode(outcomes)


def cut_short(document: Document, why: str) -> Skipped:
    """Return a document that may do better when the machine is less busy."""
    return Skipped(key=document.key, reason=f"extraction {why}", retry=True)


def _outcome(seconds: float, extract: Extract, document: Document, hints: Hints, now: datetime) -> Outcome:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        found = extract(document, hints, now)
    except MemoryError:
        found = cut_short(document, f"took over {BYTES_A_PROCESS >> 20} MiB")
    except Exception as error:  # noqa: BLE001 (a bug of ours must not take the other documents along, promise 4)
        reason = f"internal error: {error!r}"
        return Outcome(skipped=Skipped(key=document.key, reason=reason), bug=format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(skipped=found) if isinstance(found, Skipped) else Outcome(article=found)
