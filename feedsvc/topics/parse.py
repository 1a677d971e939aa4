"""Read a rule as people write it.

rule := all ("OR" all)*
all  := part ("AND"? part)*
part := ("!" | "-" | "NOT") part | "(" rule ")" | field? (word | "phrase" | /regex/)
field := "intitle:" | "intext:" | "author:" | "source:" | "inurl:" | "lang:" | "#"
"""

from typing import NoReturn

from feedsvc.errors import RuleError
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term
from feedsvc.topics.tokens import Sign, Token, fault, tokens

LENGTH = 10_000
"""Characters of the longest rule."""
DEPTH = 50
"""Parentheses and negations within one another."""

_UNOPENED = "this parenthesis closes nothing: remove it, or open one before"
_ENDS: frozenset[Sign] = frozenset({"or", "close", "end"})


def parse(rule: str, *, where: str = "") -> Rule:
    """Return what a rule says; raise RuleError at the place where it says nothing."""
    try:
        _refuse_longer(rule)
        return _Parser(rule).parsed()
    except RuleError as error:
        raise RuleError(error.message, pointed=error.pointed, where=where) from None


def _refuse_longer(rule: str) -> None:
    if len(rule) > LENGTH:
        fault(f"a rule has at most {LENGTH} characters, not {len(rule)}: split it", f"{rule[:60]}…", 60)


class _Parser:
    """One rule's tokens and how far they are read."""

    def __init__(self, rule: str) -> None:
        self._rule = rule
        self._tokens = tuple(tokens(rule))
        self._index = 0

    def parsed(self) -> Rule:
        if self._take("end"):
            fault("an empty rule matches nothing: write a word", self._rule, 0)
        result = self._any(depth=0)
        if not self._take("end"):
            self._fail(_UNOPENED)
        return result

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self, sign: Sign) -> bool:
        taken = self._next.sign == sign
        self._index += taken
        return taken

    def _fail(self, message: str) -> NoReturn:
        fault(message, self._rule, self._next.position)

    def _any(self, depth: int) -> Rule:
        parts = [self._all(depth)]
        while self._take("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))

    def _all(self, depth: int) -> Rule:
        parts = [self._part(depth)]
        while self._take("and") or self._next.sign not in _ENDS:
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts))

    def _part(self, depth: int) -> Rule:
        token = self._next
        if depth > DEPTH:
            self._fail(f"more than {DEPTH} parentheses and negations within one another: write it flatter")
        if self._take("term"):
            return Term(text=token.text, field=token.field)
        if self._take("pattern"):
            return Pattern(text=token.text, field=token.field)
        if self._take("not"):
            return Not(part=self._part(depth + 1))
        if self._take("open"):
            return self._group(token, depth)
        return self._fail(_expected(token, self._tokens[self._index - 1] if self._index else None))

    def _group(self, opening: Token, depth: int) -> Rule:
        inner = self._any(depth + 1)
        if not self._take("close"):
            fault(
                "this parenthesis is never closed: write ) after its last word", self._rule, opening.position
            )
        return inner


def _expected(token: Token, before: Token | None) -> str:
    """Say what is wrong with a sign that stands where a word should."""
    if token.sign in {"and", "or"} and (before is None or before.sign == "open"):
        return f"{token.text} joins two parts: write a word before it, or quote it if it is a word itself"
    if before is not None and before.sign in {"and", "or", "not"}:
        return f"{before.text} needs a word after it; quote it if it is a word itself"
    if token.sign == "close":
        return "there is nothing in these parentheses" if before else _UNOPENED
    return "a word is missing here"
