"""Which articles can match a search: what the index and the lists say, joined as the rule joins its terms.

Nothing that matches is ever missing. Where the index cannot tell (a sign between two words, a regular
expression), more is there than matches, and whoever asks is told so: `Candidates.exact`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from feedsvc.model import Article
from feedsvc.search.shelf import Shelf
from feedsvc.search.words import is_character, phrase
from feedsvc.store.index import Snapshot
from feedsvc.topics.folding import fold
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term

_COLUMNS = {"": "{title body}", "intitle:": "{title}", "intext:": "{body}", "author:": "{authors}"}
_COMMON = 10
"""A character that more than so many of the newest articles hold is not worth asking the index for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A part of a rule that the index can answer at once."""

    text: str
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Numbers of articles that may match; None for all of them."""

    numbers: frozenset[int] | None
    exact: bool
    """Whether all of them do."""


ALL = Candidates(numbers=None, exact=False)


def expression(rule: Rule) -> Expression | None:
    """Return what to ask the index for in place of a rule; None where it cannot answer for all of it."""
    match rule:
        case Term(field=field, text=text) if field in _COLUMNS:
            found = phrase(text)
            if found is None:
                return None
            return Expression(text=f"{_COLUMNS[field]} : {found.expression}", exact=found.exact)
        case AllOf(parts=parts):
            return _both(parts)
        case AnyOf(parts=parts):
            asked = [expression(part) for part in parts]
            known = [each for each in asked if each]
            return _joined(" OR ", known) if len(known) == len(asked) else None
    return None


def narrowing(rule: Rule) -> Expression | None:
    """Return what the index can answer of a rule, so that nothing is missing; None where it is nothing."""
    if whole := expression(rule):
        return whole
    if not isinstance(rule, AllOf):
        return None
    known = [each for each in map(narrowing, rule.parts) if each]
    return Expression(text=_joined(" AND ", known).text, exact=False) if known else None


def _both(parts: Iterable[Rule]) -> Expression | None:
    wanted: list[Expression] = []
    unwanted: list[Expression] = []
    for part in parts:
        asked = expression(part.part if isinstance(part, Not) else part)
        if asked is None or (isinstance(part, Not) and not asked.exact):
            return None
        (unwanted if isinstance(part, Not) else wanted).append(asked)
    if not wanted:
        return None
    found = _joined(" AND ", wanted)
    without = f"({found.text} NOT {_joined(' OR ', unwanted).text})" if unwanted else found.text
    return Expression(text=without, exact=found.exact)


def _joined(sign: str, parts: list[Expression]) -> Expression:
    text = parts[0].text if len(parts) == 1 else f"({sign.join(part.text for part in parts)})"
    return Expression(text=text, exact=all(part.exact for part in parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Finds candidates in one edition and the index as of it."""

    shelf: Shelf
    matching: Callable[[str], Sequence[int]]
    """The index's answer to an expression, in ascending order."""
    stands_often: Callable[[str, str], bool]
    """Tells whether a character is in a field of many articles; a guess that spares work, no more."""

    @classmethod
    def of(cls, shelf: Shelf, snapshot: Snapshot) -> "Finder":
        """Return a finder that asks everything once."""

        def stands_often(character: str, field: str) -> bool:
            texts = (title if field == "intitle:" else text for title, text in shelf.sample)
            return sum(character in text for text in texts) > _COMMON

        return cls(
            shelf=shelf,
            matching=lru_cache(maxsize=None)(snapshot.matching),
            stands_often=lru_cache(maxsize=None)(stands_often),
        )

    def candidates(self, rule: Rule) -> Candidates:
        """Return what may match a rule."""
        if not self.is_frequent(rule) and (asked := expression(rule)):
            return Candidates(numbers=frozenset(self.matching(asked.text)), exact=asked.exact)
        match rule:
            case Term():
                return self._listed(rule)
            case Not(part=part):
                return self._without(self.candidates(part))
            case AllOf(parts=parts):
                return self._all_of(parts)
            case AnyOf(parts=parts):
                return _any_of([self.candidates(part) for part in parts])
        return ALL

    def _all_of(self, parts: Iterable[Rule]) -> Candidates:
        """Return what may match all parts; those that the index can answer are asked at once."""
        asked = [part for part in parts if not self.is_frequent(part) and expression(part)]
        places = (
            [part for part in parts if isinstance(part, Term) and part.field == "inurl:"] if asked else []
        )
        others = [part for part in parts if part not in asked and part not in places]
        found = [self.candidates(part) for part in others]
        if len(asked) > 1:
            found.append(self.candidates(AllOf(parts=tuple(asked))))
        elif asked:
            found.append(self.candidates(asked[0]))
        sets = sorted((each.numbers for each in found if each.numbers is not None), key=len)
        if not sets:
            return ALL
        numbers = sets[0].intersection(*sets[1:])
        for term in places:  # of a few, not of all articles there are
            stands = _stands_at(fold(term.text))
            numbers = frozenset(each.sequence for each in self.shelf.articles(numbers) if stands(each))
        return Candidates(numbers=numbers, exact=all(each.exact for each in found))

    def _without(self, found: Candidates) -> Candidates:
        if not found.exact or found.numbers is None:
            return ALL
        return Candidates(numbers=self.shelf.numbers - found.numbers, exact=True)

    def _listed(self, term: Term) -> Candidates:
        """Return what has a tag, a source, a language or an address: the edition knows."""
        match term.field:
            case "#":
                return _exactly(self.shelf.in_list(("topic", term.text)))
            case "source:":
                return _exactly(self.shelf.in_list(("source", term.text)))
            case "lang:":
                return _exactly(self.shelf.speaking(fold(term.text)))
            case "inurl:":
                return _exactly(self.shelf.where(_stands_at(fold(term.text))))
        return ALL

    def is_frequent(self, rule: Rule) -> bool:
        """Tell whether some term is a character that stands nearly everywhere: the index is slow there."""
        if isinstance(rule, Pattern):
            return False
        if isinstance(rule, Term):
            asked = rule.field in _COLUMNS and rule.field != "author:" and is_character(rule.text)
            return asked and self.stands_often(fold(rule.text), rule.field)
        return any(map(self.is_frequent, (rule.part,) if isinstance(rule, Not) else rule.parts))


def _any_of(found: list[Candidates]) -> Candidates:
    sets = [each.numbers for each in found if each.numbers is not None]
    if len(sets) < len(found):
        return ALL
    return Candidates(numbers=frozenset[int]().union(*sets), exact=all(each.exact for each in found))


def _exactly(numbers: frozenset[int]) -> Candidates:
    return Candidates(numbers=numbers, exact=True)


def _stands_at(needle: str) -> Callable[[Article], bool]:
    return lambda article: needle in fold(article.url or "")
