import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics.folding import Folded, fold, fold_paragraphs, simplified, simplified_pattern


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＴＡＸ", "tax"),
        ("Straße", "STRASSE"),
        ("e\u0301", "É"),
        (" a\u3000b ", "A B"),
        ("減稅", "减税"),
        ("髮", "发"),
        ("裡", "里"),
        ("ASCII\tonly", "ascii only"),
    ],
)
def test_spellings_that_mean_the_same_compare_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_characters_of_both_scripts_stay_as_they_are() -> None:
    assert simplified("乾隆后里台著") == "乾隆后里台著"


def test_every_paragraph_is_a_line() -> None:
    assert fold_paragraphs("A b\nc\n\nD") == "a b c\nd"


# Forms that NFKC takes apart, marks that it puts on what stands before, and what stands in every text.
MARKED = st.text(
    st.sampled_from("aeK区、。“ \n，％…ﬁ㍿℃Ａ｜\u0301\u0327\u3099ｶﾞ\u2ee2\uf907각\u1100\u1161裡İß")
    | st.characters()
)


@given(MARKED)
def test_folding_is_what_unicode_says_before_characters_are_simplified(line: str) -> None:
    plain = unicodedata.normalize("NFKC", line).casefold()
    assert fold(line) == " ".join(simplified(plain).split())


@given(st.text())
def test_folding_keeps_one_line_and_single_spaces(line: str) -> None:
    folded = fold(line)
    assert folded.split() == ([] if not folded else folded.split(" "))


@given(st.text())
def test_simplifying_keeps_every_position_and_changes_nothing_twice(line: str) -> None:
    assert len(simplified(line)) == len(line)
    assert simplified(simplified(line)) == simplified(line)


def test_a_pattern_keeps_its_signs_and_its_case() -> None:
    assert simplified_pattern(r"\D（稅|Ａ)") == r"\D（税|A)"


@given(MARKED, MARKED)
def test_title_and_body_fold_together_as_each_does_alone(title: str, body: str) -> None:
    folded = Folded.of(title, body)
    assert (folded.title, folded.body) == (fold(title), fold_paragraphs(body))
