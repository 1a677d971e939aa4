from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics.combine import Combination, answer
from feedsvc.topics.entries import Verdict

SLUGS = ("a", "b", "c", "d", "e", "f", "税务")
FOUND: Mapping[str, Verdict] = {slug: Verdict(status=200, slug=slug) for slug in SLUGS} | {
    "A": Verdict(status=308, slug="a"),
    "tax": Verdict(status=308, slug="税务"),
    "gone": Verdict(status=410, slug="gone"),
}


def find(name: str) -> Verdict:
    return FOUND.get(name, Verdict(status=404))


@pytest.mark.parametrize(
    "expression",
    ["a", "a+b", "a+-b", "a,b", "a+b+-c+-d", "a+b+c+d+e", "b+税务", "a+b+-a2".replace("a2", "c")],
)
def test_a_canonical_expression_is_answered(expression: str) -> None:
    answered = answer(expression, find)
    assert (answered.status, str(answered.combination)) == (200, expression)


@pytest.mark.parametrize(
    ("expression", "canonical"),
    [
        ("A", "a"),
        ("b+a", "a+b"),
        ("-b+a", "a+-b"),
        ("a+-c+b+-b2".replace("b2", "d"), "a+b+-c+-d"),
        ("a+a", "a"),
        ("a,a", "a"),
        ("b,A", "a,b"),
        ("tax+a", "a+税务"),
        ("a+税务+tax", "a+税务"),
        ("a+a+b+c+d+e", "a+b+c+d+e"),
    ],
)
def test_another_spelling_leads_to_the_canonical_one(expression: str, canonical: str) -> None:
    answered = answer(expression, find)
    assert (answered.status, str(answered.combination)) == (308, canonical)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "+",
        ",",
        "-",
        "a+",
        "+a",
        "a,,b",
        "a+b,c",
        "a,-b",
        "-a",
        "-a+-b",
        "a+-",
        "a+-a",
        "a+-A",
        "a+nothing",
        "nothing",
        "a+-nothing",
        "gone+nothing",
        "a+b+c+d+e+f",
        "a,b,c,d,e,f",
        "a+b+c+d+e+-f",
        "+".join("a" * 26),
    ],
)
def test_what_says_nothing_is_not_found(expression: str) -> None:
    assert answer(expression, find).status == 404


@pytest.mark.parametrize("expression", ["gone", "a+gone", "a,gone", "a+-gone"])
def test_a_deleted_topic_is_gone_in_combinations_too(expression: str) -> None:
    assert answer(expression, find).status == 410


IDS = st.frozensets(st.sampled_from("123456"))
MEMBERS = st.fixed_dictionaries(dict.fromkeys(SLUGS, IDS))


def articles(expression: str, members: Mapping[str, frozenset[str]]) -> frozenset[str]:
    combination = answer(expression, find).combination
    assert combination is not None
    return combination.articles(members.__getitem__)


@given(MEMBERS)
def test_a_combination_holds_what_the_sets_say(members: Mapping[str, frozenset[str]]) -> None:
    assert articles("a", members) == members["a"]
    assert articles("a+b", members) == members["a"] & members["b"]
    assert articles("a,b,c", members) == members["a"] | members["b"] | members["c"]
    assert articles("a+b+-c", members) == (members["a"] & members["b"]) - members["c"]


@given(st.permutations(["a", "b", "-c", "-d"]), MEMBERS)
def test_every_order_is_one_combination(parts: list[str], members: Mapping[str, frozenset[str]]) -> None:
    answered = answer("+".join(parts), find)
    assert answered.combination == Combination(wanted=("a", "b"), unwanted=("c", "d"))
    assert articles("+".join(parts), members) == articles("a+b+-c+-d", members)


@given(st.text(st.sampled_from("abA+-, 税务"), max_size=12))
def test_what_an_expression_leads_to_is_answered(expression: str) -> None:
    answered = answer(expression, find)
    if answered.combination is not None:
        assert answer(str(answered.combination), find).status == 200
