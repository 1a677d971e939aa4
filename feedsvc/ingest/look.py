"""What a look at sources is about and what it comes to, as frozen records."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from feedsvc.errors import SourceError
from feedsvc.ingest.claims import Claims
from feedsvc.ingest.report import SourceReport
from feedsvc.ingest.visit import Intake
from feedsvc.model import Change
from feedsvc.sources import Arrivals

logger = logging.getLogger(__name__)

_Outcome = TypeVar("_Outcome")
Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many of its documents are done, and how many there are to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What whoever asks for a tick wants of it."""

    now: bool = False
    """Look at every source, due or not, and wait for another process that reads it."""
    accept_removals: bool = False
    """Withdraw what is missing without waiting any longer."""


DUE = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The first or the second look of a tick."""

    clock: Callable[[], datetime]
    now: datetime
    began: datetime
    """When the tick began: a removal is confirmed by another tick, not by its second look."""
    last: bool
    progress: Progress | None
    wish: Wish
    claims: Claims
    arrivals: Mapping[str, Arrivals]
    """What is known to be finished, by source."""

    def whole(self, source: str) -> bool:
        """Tell whether only a scan of the whole source will do."""
        return self.wish.now or self.last or self.arrivals[source].scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one look at one source came to."""

    intake: Intake
    change: Change | None
    """None where there was no look, or nothing new."""
    report: SourceReport
    unfinished: bool = False
    """Whether files there were still being written."""

    @property
    def was_read(self) -> bool:
        """Tell whether there was a look."""
        return self.change is not None or self.report.failure is None


def unread(intake: Intake, reason: str) -> Seen:
    """Return what becomes of a source whose news could not be acknowledged: all is as before."""
    return Seen(intake=intake, change=None, report=SourceReport(source=intake.source.name, failure=reason))


def attempted(source: str, attempt: Callable[[], _Outcome]) -> _Outcome | SourceError:
    """Return what becomes of an attempt at a source; a bug met there is a failure of that source alone."""
    try:
        return attempt()
    except SourceError as error:
        return error
    except Exception as error:
        logger.exception("bug while reading %s", source)
        return SourceError(source, f"internal error: {error!r}")
