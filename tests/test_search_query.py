"""What people type into a search box."""

import pytest

from feedsvc.errors import RuleError
from feedsvc.search.query import LENGTH, TERMS, leaves, read_query, wanted
from feedsvc.topics.rules import Pattern, Term


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("lake", "lake"),
        ("  Lake   AND\tHOUSE ", "lake house"),
        ("“The  Lake”", '"the lake"'),
        ("社區 NOT ５Ｇ", "社區 !5g"),
        ("a OR (b)", "a OR b"),
        ("#Town-Hall source:Lake%20News", "#town-hall source:lake-20news"),
        ("-(a OR B) c", "!(a OR b) c"),
        ('"OR"', "or"),
        ("/La+ke/", "/La+ke/"),
    ],
)
def test_what_means_the_same_is_spelled_the_same(written: str, spelling: str) -> None:
    query = read_query(written)
    assert query.spelling == spelling
    assert read_query(spelling) == query


@pytest.mark.parametrize("written", ["(lake", "a OR", "nofield:x", '"'])
def test_what_makes_no_sense_is_pointed_at(written: str) -> None:
    with pytest.raises(RuleError) as raised:
        read_query(written)
    assert "^" in raised.value.pointed


def test_a_search_is_bounded_in_length_and_words() -> None:
    assert read_query("x" * LENGTH)
    with pytest.raises(RuleError, match="at most 300 characters, not 301"):
        read_query("x" * (LENGTH + 1))
    many = " ".join(f"w{number}" for number in range(TERMS))
    assert len(list(leaves(read_query(many).rule))) == TERMS
    with pytest.raises(RuleError, match="at most 24 words, not 25"):
        read_query(f"{many} more")


def test_what_speaks_for_an_article_is_told_from_what_speaks_against_it() -> None:
    rule = read_query("a (b OR !c) intitle:d -e /f/").rule
    assert [term.text for term in wanted(rule)] == ["a", "b", "d"]
    assert [type(leaf) for leaf in leaves(rule)] == [Term] * 5 + [Pattern]
