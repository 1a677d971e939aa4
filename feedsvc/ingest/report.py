"""What one pass did, for the log and for people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedsvc.model import Skipped
from feedsvc.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source's part of a tick."""

    source: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    """Not found any more, but not confirmed to be gone for good."""
    removed: int = 0
    skipped: tuple[Skipped, ...] = ()
    failure: str | None = None
    """Why the source as a whole could not be read, or None."""
    milliseconds: int = 0

    def timed(self, seconds: float) -> "SourceReport":
        """Return the report with how long it took."""
        return replace(self, milliseconds=round(seconds * 1000))

    def then(self, later: "SourceReport") -> "SourceReport":
        """Return both looks of one tick as one report; what the second look could read is not skipped."""
        return replace(
            later,
            new=self.new + later.new,
            changed=self.changed + later.changed,
            unchanged=min(
                self.unchanged, later.unchanged
            ),  # the later look finds what is new by now unchanged
            removed=self.removed + later.removed,
            skipped=(
                *(skip for skip in self.skipped if skip not in later.skipped and not skip.retry),
                *later.skipped,
            ),
            milliseconds=self.milliseconds + later.milliseconds,
        )

    @property
    def failed(self) -> bool:
        """Whether anything that should have given an article did not."""
        return self.failure is not None or any(not skipped.expected for skipped in self.skipped)

    def lines(self) -> Iterator[str]:
        """Yield what to know of missing documents, and a line for each that was skipped."""
        if self.missing:
            yield (
                "what is missing stays published until another look confirms it, or for an hour where "
                "it is more than half; `feedsvc ingest --accept-removals` withdraws it now"
            )
        for skipped in self.skipped:
            yield one_line(f"{skipped.key}: {skipped.reason}")

    def __str__(self) -> str:
        if self.failure is not None:
            return f"{self.source}: failed: {one_line(self.failure)} ({self.milliseconds} ms)"
        return (
            f"{self.source}: {self.new} new, {self.changed} changed, {self.unchanged} unchanged, "
            f"{f'{self.missing} missing, ' if self.missing else ''}{self.removed} removed, "
            f"{len(self.skipped)} skipped ({self.milliseconds} ms)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of a tick."""

    sources: tuple[SourceReport, ...] = ()

    def then(self, later: "Report") -> "Report":
        """Return this report with a later one of the same tick worked in, source by source."""
        again = {report.source: report for report in later.sources}
        merged = [r.then(again.pop(r.source)) if r.source in again else r for r in self.sources]
        return Report(sources=(*merged, *again.values()))

    @property
    def failed(self) -> bool:
        """Whether a document or a source failed."""
        return any(source.failed for source in self.sources)
