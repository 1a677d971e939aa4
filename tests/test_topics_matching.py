import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics import Term, matched, parse
from feedsvc.topics.looks import Look
from tests.builders import article


def look(title: str, body: str = "") -> Look:
    return Look.of(article(title=title, text=body))


@pytest.mark.parametrize(
    ("rule", "terms"),
    [
        ("Tax", ("Tax",)),
        ("police", None),
        ("tax office", ("tax", "office")),
        ("tax police", None),
        ("police OR office OR tax", ("office", "tax")),
        ("police OR fire", None),
        ("tax tax OR tax", ("tax",)),
        ("tax !police", ("tax",)),
        ("tax !office", None),
        ("!police", ()),
        ("!tax", None),
        ("!!tax", ()),
        ("!(tax police)", ()),
        ("fire OR !police", ()),
        ('"tax office" (fire OR opens)', ("tax office", "opens")),
        ("intitle:tax /open./", ("intitle:tax", "/open./")),
    ],
)
def test_a_rule_says_what_it_found(rule: str, terms: tuple[str, ...] | None) -> None:
    assert matched(parse(rule), look("The tax office", "It opens.").holds) == terms


WORDS = st.text("ab税务 ", max_size=12)


@given(WORDS, WORDS, st.sampled_from(["a", "ab", "税", "税务", "a税"]), st.sampled_from(["b", "务", "a b"]))
def test_the_operators_are_those_of_logic(title: str, body: str, one: str, other: str) -> None:
    seen = look(title, body)

    def holds_rule(rule: str) -> bool:
        return matched(parse(rule), seen.holds) is not None

    first, second = (seen.holds(Term(text=term)) for term in (one, other))
    assert holds_rule(f'"{one}" "{other}"') == (first and second)
    assert holds_rule(f'"{one}" OR "{other}"') == (first or second)
    assert holds_rule(f'!"{one}"') == (not first)
