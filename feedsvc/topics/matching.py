"""Tell whether a rule matches, and what it found."""

from collections.abc import Callable, Iterable

from feedsvc.topics.rules import AllOf, Not, Pattern, Rule, Term, spell

Holds = Callable[[Term | Pattern], bool]
"""Tells whether a term stands in an article."""


def matched(rule: Rule, holds: Holds) -> tuple[str, ...] | None:
    """Return the terms that a rule found, as written, each once; None when the rule does not match."""
    found = _found(rule, holds)
    return None if found is None else tuple(dict.fromkeys(found))


def _found(rule: Rule, holds: Holds) -> tuple[str, ...] | None:
    match rule:
        case Term() | Pattern():
            return (written(rule),) if holds(rule) else None
        case Not(part=part):
            return () if _found(part, holds) is None else None
        case AllOf(parts=parts):
            results = [_found(part, holds) for part in parts]
            return None if None in results else _merged(results)
    results = [_found(part, holds) for part in rule.parts]
    return _merged(results) if any(result is not None for result in results) else None


def written(term: Term | Pattern) -> str:
    """Return a term as people read it: a plain word without quotes."""
    return term.text if isinstance(term, Term) and not term.field else spell(term)


def _merged(results: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return tuple(term for result in results for term in result or ())
