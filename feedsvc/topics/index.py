"""Match a thousand rules in one pass over a document, the way a percolator does.

Every rule is filed under its rarest clause: terms of which at least one must stand in whatever it matches.
One Aho-Corasick pass finds the terms of all rules, and only rules with a term of their clause there are
evaluated; a rule without such a clause (negations only, or other fields) always is.
"""

from collections.abc import Callable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation

from feedsvc.topics.folding import fold
from feedsvc.topics.looks import Look, joins
from feedsvc.topics.matching import matched, written
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term

_Clause = frozenset[Term]
_Holds = Callable[[set[int], Look], bool]
_IN_TEXT = ("", "intitle:", "intext:")
# How much rarer a text becomes with every character of a term: a guess that orders clauses, no more.
_RARER_WIDE, _RARER_NARROW = 12.0, 2.5


class RuleIndex:
    """Rules, compiled; pickled as the rules they are."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._terms = _numbered(self._rules)
        clauses = [_required(rule) for rule in self._rules]
        self._always = tuple(number for number, clause in enumerate(clauses) if clause is None)
        self._under = _inverted(clauses, self._terms)
        self._reports = tuple(_reported(rule, self._terms) for rule in self._rules)
        self._tests = tuple(_compiled(rule, self._terms) for rule in self._rules)
        needles = _needles(self._terms)
        self._in_title = tuple(_numbers(of, "", "intitle:") for of in needles.values())
        self._in_body = tuple(_numbers(of, "", "intext:") for of in needles.values())
        self._ends = tuple((joins(needle[0]), joins(needle[-1])) for needle in needles)
        self._automaton = AhoCorasick(list(needles), implementation=Implementation.ContiguousNFA)

    def __reduce__(self) -> tuple[type["RuleIndex"], tuple[tuple[Rule, ...]]]:
        return RuleIndex, (self._rules,)

    def matches(self, look: Look) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the number of every rule that matches, in their order, and the terms that it found."""
        hits = self._hits(look)
        tests = self._tests
        for number in sorted(set(self._always).union(*[self._under[hit] for hit in hits])):
            if tests[number](hits, look):
                yield number, self._why(number, hits, look)

    def _hits(self, look: Look) -> set[int]:
        """Return the numbers of the terms that stand in title and body."""
        line, body, hits = f"{look.lines}\n", look.body, set[int]()
        ends, in_title, in_body = self._ends, self._in_title, self._in_body
        for number, start, end in self._automaton.find_matches_as_indexes(line, overlapping=True):
            head, tail = ends[number]
            if (head and joins(line[start - 1])) or (tail and joins(line[end])):
                continue  # the word goes on (before the first character stands the last, a line's end)
            hits.update(in_title[number] if start < body else in_body[number])
        return hits

    def _why(self, number: int, hits: set[int], look: Look) -> tuple[str, ...]:
        """Return the terms that a rule found that matches."""
        if report := self._reports[number]:
            return tuple([text for term, text in report if term in hits])

        def holds(term: Term | Pattern) -> bool:
            known = self._terms.get(term) if isinstance(term, Term) else None
            return look.holds(term) if known is None else known in hits

        return matched(self._rules[number], holds) or ()


def _numbered(rules: Sequence[Rule]) -> dict[Term, int]:
    """Return the terms that an automaton can find, those with one number that fold to the same."""
    numbers: dict[tuple[str, str], int] = {}
    return {
        term: numbers.setdefault((term.field, fold(term.text)), len(numbers))
        for rule in rules
        for term in _leaves(rule)
        if isinstance(term, Term) and term.field in _IN_TEXT and fold(term.text)
    }


def _leaves(rule: Rule) -> Iterator[Term | Pattern]:
    if isinstance(rule, Term | Pattern):
        yield rule
        return
    for part in (rule.part,) if isinstance(rule, Not) else rule.parts:
        yield from _leaves(part)


def _needles(terms: dict[Term, int]) -> dict[str, dict[str, int]]:
    """Return what the automaton is to find: by folded text the numbers of its terms by their field."""
    fields: dict[str, dict[str, int]] = {}
    for term, number in terms.items():
        fields.setdefault(fold(term.text), {})[term.field] = number
    return fields


def _numbers(of: dict[str, int], *fields: str) -> tuple[int, ...]:
    return tuple(of[field] for field in fields if field in of)


def _required(rule: Rule, *, negated: bool = False) -> _Clause | None:
    """Return the rarest clause of a rule, or of its negation; None where no term must be there."""
    match rule:
        case Term(field=field, text=text):
            return frozenset({rule}) if not negated and field in _IN_TEXT and fold(text) else None
        case Pattern():
            return None
        case Not(part=part):
            return _required(part, negated=not negated)
    clauses = [_required(part, negated=negated) for part in rule.parts]
    known = [clause for clause in clauses if clause is not None]
    if isinstance(rule, AllOf) != negated:  # each of its parts must hold: the rarest will do
        return min(known, key=_frequency, default=None)
    return frozenset().union(*known) if len(known) == len(clauses) else None


def _frequency(clause: _Clause) -> float:
    """Guess how many texts hold a clause, for comparison only."""
    return sum(_commonness(fold(term.text)) for term in clause)


def _commonness(needle: str) -> float:
    wide = sum(char > "\u2e7f" for char in needle)
    return float(_RARER_WIDE**-wide * _RARER_NARROW ** -(len(needle) - wide))


def _reported(rule: Rule, terms: dict[Term, int]) -> tuple[tuple[int, str], ...]:
    """Return the terms of a rule that are found if they are there, whatever else is; () where that depends.

    That is so for words, alternatives of words, and both side by side, as most rules are written.
    """
    found: dict[Term, None] = {}
    for part in rule.parts if isinstance(rule, AllOf) else (rule,):
        if isinstance(part, Not):
            continue
        for leaf in part.parts if isinstance(part, AnyOf) else (part,):
            if not (isinstance(leaf, Term) and leaf in terms):
                return ()
            found[leaf] = None
    reports = dict.fromkeys((terms[leaf], written(leaf)) for leaf in found)
    return tuple(reports)


def _inverted(clauses: Sequence[_Clause | None], terms: dict[Term, int]) -> tuple[tuple[int, ...], ...]:
    """Return by the number of a term the numbers of the rules that are filed under it."""
    under: list[list[int]] = [[] for _ in range(max(terms.values(), default=-1) + 1)]
    for number, clause in enumerate(clauses):
        for term in clause or ():
            under[terms[term]].append(number)
    return tuple(map(tuple, under))


def _compiled(rule: Rule, terms: dict[Term, int]) -> _Holds:
    """Return a function that evaluates a rule; terms side by side become one look into a set."""
    match rule:
        case Term() if rule in terms:
            number = terms[rule]
            return lambda hits, _look: number in hits
        case Term() | Pattern():
            return lambda _hits, look: look.holds(rule)
        case Not(part=part):
            inner = _compiled(part, terms)
            return lambda hits, look: not inner(hits, look)
        case AllOf(parts=parts):
            return _all_of(parts, terms)
    return _any_of(rule.parts, terms)


def _all_of(parts: Sequence[Rule], terms: dict[Term, int]) -> _Holds:
    numbers, others = _split(parts, terms)

    def holds(hits: set[int], look: Look) -> bool:
        if not numbers <= hits:
            return False
        for other in others:  # noqa: SIM110 - a generator costs more than what it asks
            if not other(hits, look):
                return False
        return True

    return holds


def _any_of(parts: Sequence[Rule], terms: dict[Term, int]) -> _Holds:
    numbers, others = _split(parts, terms)
    if not others:
        return lambda hits, _look: not numbers.isdisjoint(hits)
    return lambda hits, look: not numbers.isdisjoint(hits) or any(other(hits, look) for other in others)


def _split(parts: Sequence[Rule], terms: dict[Term, int]) -> tuple[frozenset[int], tuple[_Holds, ...]]:
    """Return the terms among parts by their numbers, and the other parts compiled."""
    simple = [part for part in parts if isinstance(part, Term) and part in terms]
    others = [part for part in parts if not (isinstance(part, Term) and part in terms)]
    return frozenset(terms[part] for part in simple), tuple(_compiled(part, terms) for part in others)
