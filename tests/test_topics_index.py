import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.topics import AllOf, AnyOf, Not, Rule, Term, matched, parse
from feedsvc.topics.index import RuleIndex
from feedsvc.topics.looks import Look
from feedsvc.topics.rules import Pattern
from feedsvc.topics.tokens import Field
from tests.builders import article

FIELDS: tuple[Field, ...] = ("", "", "", "intitle:", "intext:", "lang:", "source:", "#", "author:")
TERMS = st.builds(
    Term,
    text=st.sampled_from(["a", "ab", "a b", "b", "税", "税务", "稅務", "en", "Tax", "tax office", "c++"]),
    field=st.sampled_from(FIELDS),
)
PATTERNS = st.builds(
    Pattern, text=st.sampled_from(["a.", "^b", "务$"]), field=st.sampled_from(["", "intitle:"])
)
RULES: st.SearchStrategy[Rule] = st.recursive(
    TERMS | PATTERNS,
    lambda rules: st.one_of(
        st.builds(Not, part=rules),
        st.builds(AllOf, parts=st.lists(rules, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, parts=st.lists(rules, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
TEXTS = st.lists(
    st.sampled_from(["a", "b", "ab", "税务", "税", " ", "tax", "tax office", "c++", "\n\n", ","]), max_size=10
).map("".join)


def look(title: str, body: str = "") -> Look:
    return Look.of(article(title=title, text=body, authors=("Ann B",)), frozenset({"tax", "b"}))


def found(rules: list[str], title: str, body: str = "") -> list[int]:
    index = RuleIndex([parse(rule) for rule in rules])
    return [number for number, _ in index.matches(look(title, body))]


@settings(max_examples=300)
@given(st.lists(RULES, max_size=6), TEXTS, TEXTS)
def test_the_index_finds_what_a_loop_over_the_rules_finds(rules: list[Rule], title: str, body: str) -> None:
    seen = look(title, body)
    told = {number: matched(rule, seen.holds) for number, rule in enumerate(rules)}
    slow = {number: terms for number, terms in told.items() if terms is not None}
    assert dict(RuleIndex(rules).matches(seen)) == slow


@pytest.mark.parametrize(
    "rule", ["!police", "!(police fire)", "!police !fire", "!/zz/", "lang:en", "!!(!police)"]
)
def test_a_rule_that_needs_no_word_is_looked_at_always(rule: str) -> None:
    assert found([rule], "Tax") == [0]


def test_rules_are_told_in_their_order_with_what_they_found() -> None:
    index = RuleIndex([parse(rule) for rule in ("office (tax OR fee)", "police", "税 OR tax", "intitle:tax")])
    assert list(index.matches(look("Tax office"))) == [
        (0, ("office", "tax")),
        (2, ("tax",)),
        (3, ("intitle:tax",)),
    ]


def test_a_term_that_folds_to_nothing_is_in_every_text() -> None:
    rule = AllOf(parts=(Term(text="\u2003"), Term(text="a")))
    assert [number for number, _ in RuleIndex([rule]).matches(look("a"))] == [0]


def test_no_rules_match_nothing() -> None:
    assert found([], "Tax") == []


def test_an_index_travels_between_processes() -> None:
    copy: RuleIndex = pickle.loads(pickle.dumps(RuleIndex([parse("税务 !招聘")])))  # noqa: S301 - our own bytes
    assert list(copy.matches(look("稅務"))) == [(0, ("税务",))]
