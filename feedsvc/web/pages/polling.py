"""How readers poll, by format: the fewer bytes an unchanged feed costs, the better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedsvc.feeds import FORMATS

_UNCHANGED = "304"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How often the feeds of one format were asked for, and how often that cost next to nothing."""

    format: str
    requests: int
    unchanged: int
    """Of these, how many were answered 304."""

    @property
    def share(self) -> float:
        """The share of 304."""
        return self.unchanged / self.requests if self.requests else 0.0


def polled(counts: Mapping[str, Mapping[str, int]]) -> Sequence[Polled]:
    """Return what was counted of feeds; `counts` has answers by suffix, then by status line."""
    found = ((form.name, dict(counts[suffix])) for suffix, form in FORMATS.items() if suffix in counts)
    return [
        Polled(
            format=name,
            requests=sum(statuses.values()),
            unchanged=sum(number for status, number in statuses.items() if status[:3] == _UNCHANGED),
        )
        for name, statuses in found
    ]
