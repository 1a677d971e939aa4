"""What a rule says, as a tree, and how it is spelled."""

from dataclasses import dataclass

from feedsvc.topics.tokens import Field, slashed, spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase that stands in a field."""

    text: str
    field: Field = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression that matches in a field."""

    text: str
    field: Field = ""


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


Rule = Term | Pattern | Not | AllOf | AnyOf


def spell(rule: Rule) -> str:
    """Return the shortest text that parses to an equal rule."""
    match rule:
        case Term(text=text, field=field):
            return spelled(text, field)
        case Pattern(text=text, field=field):
            return f"{field}{slashed(text)}"
        case Not(part=part):
            return f"!{_operand(part)}"
        case AllOf(parts=parts):
            return " ".join(_operand(part) for part in parts)
    return " OR ".join(f"({spell(part)})" if isinstance(part, AnyOf) else spell(part) for part in rule.parts)


def _operand(rule: Rule) -> str:
    return f"({spell(rule)})" if isinstance(rule, AllOf | AnyOf) else spell(rule)
