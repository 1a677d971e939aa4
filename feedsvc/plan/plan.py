"""What would happen to readers, as one frozen record."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "new ids", "places", "hidden", "withdrawn", "vanished", "elsewhere", "redirected", "topics", "rules",
    "sources", "unseen", "windows", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One kind of thing that would happen, however often."""

    kind: Kind
    count: int
    """Of articles, feeds, topics, sources or keys, whatever it happens to."""
    says: str
    """One line for people."""
    details: tuple[str, ...] = ()
    """Why, and to what, one line each."""

    def __str__(self) -> str:
        """Say it on one line, with the first of the reasons."""
        more = [f"and {len(self.details) - 1} more"] if len(self.details) > 1 else []
        why = "; ".join([*self.details[:1], *more])
        return f"{self.says} ({why})" if why else self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a configuration would do to what readers have now."""

    generation: int
    articles: int
    """How many are published now."""
    feeds: int
    """How many addresses of feeds there are now, their three formats counted once."""
    consequences: tuple[Consequence, ...] = ()
    """At most one of each kind, the worst first."""

    def count(self, *kinds: Kind) -> int:
        """Return how often something of these kinds would happen."""
        return sum(each.count for each in self.consequences if each.kind in kinds)

    @property
    def disturbed(self) -> int:
        """How many articles come again as unread, become others, or can no longer be read."""
        return self.count("new ids", "places", "hidden", "withdrawn")

    @property
    def lost(self) -> int:
        """How many feeds answer no longer where their subscribers ask, and lead nowhere else."""
        return self.count("vanished", "elsewhere")

    def exceeds(self, percent: float) -> bool:
        """Tell whether more of the articles are disturbed than that, or any feed is lost."""
        return self.lost > 0 or self.disturbed * 100 > percent * self.articles

    def json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "generation": self.generation,
            "articles": self.articles,
            "feeds": self.feeds,
            "disturbed_articles": self.disturbed,
            "lost_feeds": self.lost,
            "consequences": [
                {"kind": each.kind, "count": each.count, "says": each.says, "details": list(each.details)}
                for each in self.consequences
            ],
        }


def articles(count: int) -> str:
    """Return how many articles, in words."""
    return f"{count} article{'' if count == 1 else 's'}"
