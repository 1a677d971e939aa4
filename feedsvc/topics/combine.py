"""Combinations of topics: `a+b+-c` (and, and not) or `a,b` (or), at most five parts, in one order."""

from collections.abc import Callable
from dataclasses import dataclass

from feedsvc.topics.entries import Verdict

PARTS = 5
_WRITTEN = 25  # parts looked at before duplicates are dropped

Ids = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """What an expression asks for; one topic is a combination of one."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()
    either: bool = False
    """True where one of the wanted is enough."""

    def __str__(self) -> str:
        return ("," if self.either else "+").join((*self.wanted, *(f"-{slug}" for slug in self.unwanted)))

    def articles(self, members: Callable[[str], Ids]) -> Ids:
        """Return the ids of the articles that the combination holds, from those of every topic."""
        sets = [members(slug) for slug in self.wanted]
        wanted = frozenset[str]().union(*sets) if self.either else sets[0].intersection(*sets)
        return wanted.difference(*(members(slug) for slug in self.unwanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the address of a topic or combination answers: 200 with what it holds, 308 with it, 404 or 410."""

    status: int
    combination: Combination | None = None


def answer(expression: str, find: Callable[[str], Verdict]) -> Answer:
    """Say what an expression answers; `find` is the registry's.

    An unknown part, a contradiction, no positive part, both signs in one expression or too many parts: 404.
    """
    read = _read(expression)
    if read is None:
        return Answer(status=404)
    verdicts = [find(slug) for slug in (*read.wanted, *read.unwanted)]
    for status in (404, 410):
        if any(verdict.status == status for verdict in verdicts):
            return Answer(status=status)
    slugs = [verdict.slug for verdict in verdicts]
    canonical = _canonical(read, slugs[: len(read.wanted)], slugs[len(read.wanted) :])
    if canonical is None:
        return Answer(status=404)
    return Answer(status=200 if str(canonical) == expression else 308, combination=canonical)


def _read(expression: str) -> Combination | None:
    """Return what an expression says, as written; None where it says nothing."""
    either = "," in expression
    parts = expression.split("," if either else "+")
    wanted = tuple(part for part in parts if not part.startswith("-"))
    unwanted = tuple(part[1:] for part in parts if part.startswith("-"))
    mixed = either and ("+" in expression or unwanted)
    if mixed or not wanted or not all((*wanted, *unwanted)) or len(parts) > _WRITTEN:
        return None
    return Combination(wanted=wanted, unwanted=unwanted, either=either)


def _canonical(read: Combination, wanted: list[str], unwanted: list[str]) -> Combination | None:
    """Return a combination with its parts once and in order; None for a contradiction or too many."""
    positive, negative = tuple(sorted(set(wanted))), tuple(sorted(set(unwanted)))
    if set(positive) & set(negative) or len(positive) + len(negative) > PARTS:
        return None
    return Combination(wanted=positive, unwanted=negative, either=read.either and len(positive) > 1)
