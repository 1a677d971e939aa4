"""What every part of the benchmarks gives, and how it is printed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = "| what | feedsvc | beside it | ratio | wanted |\n|---|---|---|---|---|"
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was measured, beside what it is compared with."""

    what: str
    ours: float
    unit: str
    beside: str = ""
    """What it is compared with; "" where it stands alone."""
    theirs: float | None = None
    ratio: float | None = None
    """Theirs to ours."""
    wanted: str = ""
    """The bound that the ratio, else our own figure, has to keep."""


def compared(
    what: str, rounds: Sequence[tuple[float, float]], unit: str, beside: str, wanted: str = ""
) -> Row:
    """Return a row of medians; each round measured (ours, theirs)."""
    ours, theirs = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = statistics.median(other / own for own, other in rounds)
    return Row(what=what, ours=ours, unit=unit, beside=beside, theirs=theirs, ratio=ratio, wanted=wanted)


def alone(what: str, rounds: Sequence[float], unit: str, wanted: str = "") -> Row:
    """Return a row of a median that nothing stands beside."""
    return Row(what=what, ours=statistics.median(rounds), unit=unit, wanted=wanted)


def line(row: Row) -> str:
    """Return a row of the table in Markdown."""
    theirs = "" if row.theirs is None else f"{_figure(row.theirs)} {row.unit} ({row.beside})"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return f"| {row.what} | {_figure(row.ours)} {row.unit} | {theirs} | {ratio} | {row.wanted} |"


def _figure(value: float) -> str:
    """Return a number with three figures that count."""
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.3g}"
