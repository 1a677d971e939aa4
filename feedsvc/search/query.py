"""What people type into a search box: a rule as topics have them, bounded, in one spelling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedsvc import text
from feedsvc.errors import RuleError
from feedsvc.topics.parse import parse
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term, spell

LENGTH = 300
"""Characters of the longest search."""
TERMS = 24
"""Words, phrases and patterns in a search; each costs a look into the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search that makes sense."""

    rule: Rule
    spelling: str
    """What everybody who looks for the same gets: in normal form, case folded, single spaces."""


def read_query(written: str) -> Query:
    """Return what a search asks for; raise RuleError at the place where it asks for nothing."""
    if len(written) > LENGTH:
        raise _too_much(f"a search has at most {LENGTH} characters, not {len(written)}", written)
    rule = _folded(parse(written))
    if (count := sum(1 for _ in leaves(rule))) > TERMS:
        raise _too_much(f"a search has at most {TERMS} words, not {count}", written)
    return Query(rule=rule, spelling=spell(rule))


def leaves(rule: Rule) -> Iterator[Term | Pattern]:
    """Yield the terms and patterns of a rule, in their order."""
    if isinstance(rule, Term | Pattern):
        yield rule
        return
    for part in (rule.part,) if isinstance(rule, Not) else rule.parts:
        yield from leaves(part)


def wanted(rule: Rule) -> Iterator[Term]:
    """Yield the terms that speak for an article, not against it: what is highlighted."""
    match rule:
        case Term():
            yield rule
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from wanted(part)


def _folded(rule: Rule) -> Rule:
    match rule:
        case Term(field="source:", text=written):
            return replace(rule, text=text.slug(written))
        case Term(text=written):
            return replace(rule, text=text.fold(written) or written)
        case Not(part=part):
            return Not(part=_folded(part))
        case AllOf(parts=parts):
            return AllOf(parts=tuple(map(_folded, parts)))
        case AnyOf(parts=parts):
            return AnyOf(parts=tuple(map(_folded, parts)))
    return rule


def _too_much(message: str, written: str) -> RuleError:
    return RuleError(f"{message}: leave something out", pointed=f"    {text.one_line(written)[:60]}…")
