"""What a rule says, as a tree, and how it is spelled."""

from dataclasses import dataclass

from feedsvc.topics.tokens import is_bare, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase that stands in the title or the body."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Whatever the part does not match."""

    part: "Rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """What every one of at least two parts matches."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """What at least one of two or more parts matches."""

    parts: tuple["Rule", ...]


Rule = Term | Not | AllOf | AnyOf


def spell(rule: Rule) -> str:
    """Return the shortest text that parses to an equal rule."""
    match rule:
        case Term(text=text):
            return text if is_bare(text) else quoted(text)
        case Not(part=part):
            return f"!{_operand(part)}"
        case AllOf(parts=parts):
            return " ".join(_operand(part) for part in parts)
    return " OR ".join(f"({spell(part)})" if isinstance(part, AnyOf) else spell(part) for part in rule.parts)


def _operand(rule: Rule) -> str:
    return f"({spell(rule)})" if isinstance(rule, AllOf | AnyOf) else spell(rule)
