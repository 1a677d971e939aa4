"""Tokens of the index, and what terms ask for."""

import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.search.words import Phrase, is_character, phrase, prepared, tokens
from feedsvc.topics.folding import fold
from feedsvc.topics.looks import joins
from tests.builders import article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the lake, frozen", ["the", "lake", "frozen"]),
        ("溪口区", ["溪口", "口区", "区"]),
        ("5g网络 建设", ["5g", "网络", "络", "建设", "设"]),
        ("湖", ["湖"]),
        ("cafe\u0301 naïve", ["cafe\u0301", "naïve"]),
        ("a_b", ["a", "b"]),
        ("สวัสดี", ["สวั"[0:2], "วั", "ัส", "สด", "ดี", "ี"]),
        ("𠮷野 😀 家", ["𠮷野", "野", "家"]),
        ("…！😀", []),
    ],
)
def test_words_are_whole_and_runs_are_pairs_with_their_last_character(text: str, expected: list[str]) -> None:
    assert list(tokens(text)) == expected


def test_every_character_is_cut_as_rules_bound_it() -> None:
    for code in chain(range(0xD800), range(0xE000, 0x32000, 7), range(0xE0100, 0xE01F0)):
        char = chr(code)
        run = not joins(char) and unicodedata.category(char)[0] in "LNM"
        assert list(tokens(char)) == ([char] if joins(char) or run else []), hex(code)
        assert not run or list(tokens(char * 2)) == [char * 2, char]


@pytest.mark.parametrize(
    ("term", "expression", "exact"),
    [
        ("Lake", '"lake"', True),
        ("社區", '"社区"', True),
        ("社区书屋", '"社区 区书 书屋"', True),
        ("湖", '"湖"*', True),
        ("the lake", '"the lake"', False),
        ("5G网", '"5g 网"*', False),
        ("网5G", '"网 5g"', False),
        ("北京，上海", '"北京 京 上海"', False),
        ("社区。", '"社区 区"', False),
        ("C++", '"c"', False),
    ],
)
def test_a_term_asks_for_a_phrase_and_says_whether_that_is_exact(
    term: str, expression: str, *, exact: bool
) -> None:
    assert phrase(term) == Phrase(expression=expression, exact=exact)


def test_signs_alone_ask_for_nothing() -> None:
    assert phrase("…++😀") is None


def test_one_character_without_spaces_is_told_from_words() -> None:
    assert [is_character(term) for term in ("湖", "湖水", "a", "。", "")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_an_article_is_prepared_field_by_field() -> None:
    each = article(title="The Lake", text="社區\n\n书屋", authors=("林见鹿", "Ann Lee"))
    assert prepared(each) == ("the lake", "社区 区 书屋 屋", "林见 见鹿 鹿 ann lee")


@given(
    st.text(alphabet="ab湖水屋 ，.5é", max_size=30),
    st.text(alphabet="ab湖水屋 ，.5é", min_size=1, max_size=5),
)
def test_wherever_a_term_stands_its_tokens_stand_in_a_row(text: str, term: str) -> None:
    needle, asked = fold(term), phrase(term)
    if asked is None or not needle:
        return
    *wanted, last = asked.expression.strip("*").strip('"').split()
    line = list(tokens(fold(f"{text} {term} {text}")))
    whole = not asked.expression.endswith("*")

    def begins(at: int) -> bool:
        end = at + len(wanted)
        return line[at:end] == wanted and (line[end] == last if whole else line[end].startswith(last))

    assert any(begins(at) for at in range(len(line) - len(wanted)))
