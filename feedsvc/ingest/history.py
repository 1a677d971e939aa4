"""The last ticks of this process in numbers, for the charts of the status page."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from feedsvc.ingest.report import Report

TICKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What one tick took and brought."""

    started: datetime
    seconds: float
    new: int
    changed: int
    dropped: int
    """Articles that left with their documents."""
    failed: bool


class History:
    """Keeps the last ticks; what came before is forgotten, and so is everything at the end."""

    def __init__(self) -> None:
        self._ticks: deque[Ticked] = deque(maxlen=TICKS)

    def note(self, report: Report, started: datetime, seconds: float) -> None:
        """Keep a tick that ended."""
        self._ticks.append(
            Ticked(
                started=started,
                seconds=seconds,
                new=sum(source.new for source in report.sources),
                changed=sum(source.changed for source in report.sources),
                dropped=sum(source.removed for source in report.sources),
                failed=any(source.failure is not None for source in report.sources),
            )
        )

    def ticks(self) -> tuple[Ticked, ...]:
        """Return the ticks kept, the oldest first."""
        return tuple(self._ticks)
