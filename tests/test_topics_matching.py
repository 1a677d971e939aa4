import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics import Folded, matched, parse


def holds(line: str, term: str) -> bool:
    return Folded.of(line, "").holds(term)


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("The TAX office", "tax"),
        ("tax", "Tax"),
        ("The city's tax-office, closed.", "TAX"),
        ("a taxi and a tax", "tax"),
        ("GDP增长", "gdp"),
        ("增长5g网络", "5G"),
        ("ＧＤＰ", "gdp"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "caf\u00e9"),
        ("Налоги растут", "налоги"),
        ("溪口区税务局发布", "税务"),
        ("ぜいむしょ税務署", "税務"),
        ("서울에서", "서울"),
        ("กรุงเทพมหานคร", "กรุงเทพ"),
        ("C++ and more", "c++"),
        ("costs $5 now", "$5"),
        ("減税　降費", "減税 降費"),
        ("tax\u00a0 office", "tax office"),
        ("a 🎉 b", "🎉"),
        ("I ❤\ufe0flove", "❤\ufe0f"),
        ("नमस्ते दुनिया", "दुनिया"),
        ("x1 1", "1"),
    ],
)
def test_a_term_is_found_as_a_word_or_among_characters(line: str, term: str) -> None:
    assert holds(line, term)


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("taxi", "tax"),
        ("syntax", "tax"),
        ("tax2", "tax"),
        ("15月", "5月"),
        ("café", "caf"),
        ("cafe\u0328\u0301s", "cafe"),
        ("का", "क"),
        ("tax, office", "tax office"),
        ("税务", "公安"),
        ("", "税务"),
        ("xc++", "c++"),
    ],
)
def test_a_term_inside_a_word_of_a_spaced_script_is_not_found(line: str, term: str) -> None:
    assert not holds(line, term)


def test_a_phrase_does_not_span_title_and_paragraphs() -> None:
    folded = Folded.of("new tax", "office opens\n\nat noon\nsharp")
    assert [folded.holds(term) for term in ("tax office", "opens at", "noon sharp")] == [False, False, True]


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
    ],
)
def test_a_rule_says_what_it_found(rule: str, terms: tuple[str, ...] | None) -> None:
    assert matched(parse(rule), Folded.of("The tax office", "It opens.")) == terms


WORDS = st.text("ab税务 ", max_size=12)


@given(WORDS, WORDS, st.sampled_from(["a", "ab", "税", "税务", "a税"]), st.sampled_from(["b", "务", "a b"]))
def test_the_operators_are_those_of_logic(title: str, body: str, one: str, other: str) -> None:
    folded = Folded.of(title, body)

    def holds_rule(rule: str) -> bool:
        return matched(parse(rule), folded) is not None

    first, second = folded.holds(one), folded.holds(other)
    assert holds_rule(f'"{one}" "{other}"') == (first and second)
    assert holds_rule(f'"{one}" OR "{other}"') == (first or second)
    assert holds_rule(f'!"{one}"') == (not first)


@given(st.text(), st.text())
def test_texts_of_han_characters_are_searched_like_strings(before: str, after: str) -> None:
    assert holds(f"{before}\u3000税务\u3000{after}", "税务")
