"""The last ticks as charts: how long they took and what they brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.ingest import Ticked
from feedsvc.web.charts import bars, span, stacked

HEIGHT = 60
LEAST = 30
"""Columns of a chart, or two ticks would look like a flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Two charts of the same ticks, the oldest first."""

    first: datetime
    last: datetime
    longest: float
    """Seconds, the height of the first chart."""
    width: int
    durations: str
    """A path."""
    brought: Sequence[tuple[str, str]]
    """A name and a path for each layer."""
    sums: dict[str, int]
    """How many ticks there are and what they brought together."""
    latest: Sequence[Ticked]
    """To be told as numbers, the newest first."""
    height: int = HEIGHT


def drawn(ticks: Sequence[Ticked]) -> Drawn | None:
    """Return the charts of ticks, None before the first."""
    if not ticks:
        return None
    idle = [0.0] * (LEAST - len(ticks))
    seconds = [each.seconds for each in ticks]
    layers = {
        "new": [each.new for each in ticks],
        "changed": [each.changed for each in ticks],
        "dropped": [each.dropped for each in ticks],
    }
    return Drawn(
        first=ticks[0].started,
        last=ticks[-1].started,
        longest=max(seconds),
        width=span(len(idle) + len(ticks)),
        durations=bars([*idle, *seconds], max(seconds), HEIGHT),
        brought=list(
            zip(layers, stacked([[*idle, *layer] for layer in layers.values()], HEIGHT), strict=True)
        ),
        sums={"n": len(ticks), **{name: sum(layer) for name, layer in layers.items()}},
        latest=ticks[:-11:-1],
    )
