"""What remembers: rows that commits set or delete, numbered by generation, and claims on sources.

A journal knows nothing of articles: keys and bytes in, keys and bytes out. What the rows mean stands in
`rows`, what a commit does to them in `decide`, what they make of an edition in `apply`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

RowKey = tuple[str, str]
"""A kind and a name within it, both without NUL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What one generation or several change, merged: of rows changed twice, the last change."""

    generation: int
    """The one that it leads to."""
    rows: Mapping[RowKey, bytes | None] = field(default_factory=dict)
    """None deletes a row."""
    whole: bool = False
    """True for all rows there are: what is not among them is gone."""
    origin: str = ""
    """Names the journal it was read from; another one, begun anew, may number other content alike."""
    made: Mapping[RowKey, Any] = field(default_factory=dict, repr=False, compare=False)
    """What some rows were written from here, which is what reading them gives: it need not be read back."""

    def then(self, later: "Delta") -> "Delta":
        """Return both as one."""
        if later.whole:
            return later
        rows = {**self.rows, **later.rows}
        if self.whole:
            rows = {key: value for key, value in rows.items() if value is not None}
        return Delta(generation=later.generation, rows=rows, whole=self.whole, origin=later.origin)


CLAIM_SECONDS = 12.0
"""How long a claim lasts: a dead process's sources are taken over within 15 s."""
RENEW_SECONDS = 4.0
"""Between renewals of a claim; a process that is stopped renews nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A source that is one process's alone for a while."""

    source: str
    owner: str
    token: int
    """Grows with every change of hands: the fencing token of what the owner commits."""


class Journal(Protocol):
    """Remembers rows; every method is safe to call from any thread and raises JournalError when it fails.

    All processes that share a journal see one sequence of generations.
    """

    def read(self, since: int) -> Delta:
        """Return what changed after a generation; no rows and that generation where nothing did.

        The delta is whole where `since` is 0, or so long ago that deletions since then are forgotten. A
        generation lower than `since` says that this is another journal, begun anew.
        """
        ...

    def write(self, delta: Delta, base: int, claims: Mapping[str, int]) -> None:
        """Acknowledge a delta as its generation, on disk when this returns, or change nothing at all.

        `base` is the generation it was decided on, `claims` the token of each source it brings news of.
        Raises BehindError when the journal is at another generation or, where `delta.origin` is given, is
        another journal; StaleClaimError when a token is not the newest of its source, or was released. A
        whole delta deletes every other row.
        """
        ...

    def claim(self, source: str, owner: str, seconds: float) -> Claim | None:
        """Return a claim that lasts so long from now, or None while another owner holds the source.

        Asking again renews it and keeps its token. Time is the machine's monotonic clock; a claim made
        before the machine started is over.
        """
        ...

    def release(self, claim: Claim) -> None:
        """Give a claim back, if it is still held."""
        ...

    def close(self) -> None:
        """Let go of all that is open; what is called after that fails."""
        ...
