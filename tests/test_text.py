import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.text import are_lines, clean, fold, one_line, slug, summarise, width

ANY = st.text(st.characters(exclude_categories=()), max_size=80)
"""Any code points at all, lone surrogates and noncharacters too."""
PROSE = st.text(st.sampled_from("字。！”a bc.! \u0301\ufe0f👩🏽\u200d💻नि\u3099…,、"), max_size=60)
"""Text in which sentences, words and combining sequences meet."""


def parsed(text: str) -> str:
    """Return what an XML parser reads of a text that was cleaned and escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    return etree.fromstring(f"<a>{escaped}</a>".encode()).text or ""


def test_every_code_point_of_the_basic_plane_comes_out_as_well_formed_xml() -> None:
    for code in range(0x10000):
        cleaned = clean(f"a{chr(code)}b")
        assert parsed(cleaned) == cleaned


@given(ANY)
def test_cleaned_text_is_what_a_parser_reads_back_and_clean_already(text: str) -> None:
    assert parsed(clean(text)) == clean(text) == clean(clean(text))


@pytest.mark.parametrize(
    ("dirty", "right"),
    [
        ("a\x00\x08\x0b\x1fb", "ab"),
        ("a\ufffd\ufffe\uffff\ud800b", "ab"),
        ("\x93quoted\x94 \x96 \x85", "“quoted” – …"),
        ("a\x81b", "ab"),
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("溪口区𠮷😀", "溪口区𠮷😀"),
    ],
)
def test_cleaning_mends_what_was_meant_and_drops_the_rest(dirty: str, right: str) -> None:
    assert clean(dirty) == right


def test_one_line_turns_every_run_of_white_space_into_one_space() -> None:
    assert one_line("\u3000 a\u00a0\u00a0b\r\n\tc\u2028d\x00 ") == "a b c d"


@given(ANY)
def test_one_line_has_neither_breaks_nor_doubled_spaces(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line.split() == ([] if not line else line.split(" "))


@settings(max_examples=300)
@given(st.lists(ANY | st.text(st.sampled_from("字a |\u3000\ufffd\x85é"), max_size=4), max_size=4))
def test_what_are_lines_at_once_are_lines_each(texts: list[str]) -> None:
    assert not are_lines(texts) or [one_line(text) for text in texts] == texts


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([], True),
        (["", "Mill opens", "1. 溪口区｜第3间 · 书屋"], True),
        (["Mill  opens"], False),
        (["Mill", " opens"], False),
        (["Mill ", "opens"], False),
        (["Mill", "opens\u3000again"], False),
        (["Mill\nopens"], False),
        (["Mill\ufffd"], False),
    ],
)
def test_titles_of_a_page_are_mostly_lines(texts: list[str], lines: bool) -> None:  # noqa: FBT001 - expected
    assert are_lines(texts) is lines


@pytest.mark.parametrize(
    ("one", "other"), [("ＴＡＸ", "tax"), ("Straße", "STRASSE"), ("e\u0301", "É"), (" a\u3000b ", "A B")]
)
def test_spellings_that_mean_the_same_compare_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("溪口", 4), ("e\u0301", 1), ("ﾊﾞ", 2), ("न\u093c", 1), ("❤\ufe0f", 1)],
)
def test_width_counts_what_a_terminal_shows(text: str, columns: int) -> None:
    assert width(text) == columns


def test_the_width_of_more_characters_than_are_remembered_is_known() -> None:
    ideographs = "".join(map(chr, range(0x4E00, 0x9E00)))
    assert width(ideographs) == 2 * len(ideographs)


@pytest.mark.parametrize(
    ("text", "columns", "summary"),
    [
        ("Short enough.", 240, "Short enough."),
        ("One is here. Two is there. Three is not.", 30, "One is here. Two is there."),
        ("第一句在这里。第二句在那里。第三句不见了。", 30, "第一句在这里。第二句在那里。"),
        ("他说：“好的。”然后他走了，再也没有回来。", 20, "他说：“好的。”"),
        ("It costs 3.14 euros. That is a lot of money.", 22, "It costs 3.14 euros."),
        ("It costs 3.14159265 euros in the shop", 12, "It costs…"),
        ("a very long sentence without any end in sight", 20, "a very long…"),
        ("没有句号的很长很长的一句话在这里继续下去", 11, "没有句号的…"),
        ("Hm. A sentence that goes on and on for ever", 30, "Hm. A sentence that goes on…"),
        ("donaudampfschifffahrtsgesellschaft", 10, "donaudamp…"),
        ("Oh, Donaudampfschifffahrtsgesellschaft", 20, "Oh, Donaudampfschif…"),
        ("一二三，四五六七八", 10, "一二三…"),
        ("line one\n\nline  two", 240, "line one line two"),
        ("e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301…"),
        ("Why?\u0301 Because", 5, "Why?\u0301…"),
        ("\U0001f469\u200d\U0001f4bb and more words", 4, "…"),
    ],
)
def test_a_summary_ends_where_a_reader_would_end_it(text: str, columns: int, summary: str) -> None:
    assert summarise(text, columns) == summary


@given(PROSE | ANY, st.integers(1, 40))
def test_a_summary_is_never_longer_than_asked(text: str, columns: int) -> None:
    assert width(summarise(text, columns)) <= columns


def is_between_sequences(line: str, cut: int) -> bool:
    before, after = line[:cut][-1:], line[cut : cut + 1]
    return not before or not ("\u200d" in {before, after} or unicodedata.category(after or " ")[0] == "M")


@settings(max_examples=300)
@given(PROSE | ANY, st.integers(1, 40))
def test_a_summary_never_parts_a_mark_from_its_base(text: str, columns: int) -> None:
    line, summary = one_line(text), summarise(text, columns)
    if summary == line:
        return
    # It may end with its own ellipsis or with one of the text's: either cut must be a good one.
    cuts = [len(begin) for begin in (summary, summary.removesuffix("…")) if line.startswith(begin)]
    assert any(is_between_sequences(line, cut) for cut in cuts)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("Local News", "local-news"),
        ("ＡＢＣ　新闻", "abc-新闻"),
        ("C++ / C#", "c-c"),
        ("--a--b--", "a-b"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("!!!", ""),
        ("", ""),
        ("x" * 70, "x" * 64),
        ("a" * 63 + " b", "a" * 63),
        ("2024/05", "2024-05"),
    ],
)
def test_a_slug_is_how_people_would_spell_a_name_in_a_url(name: str, right: str) -> None:
    assert slug(name) == right


@given(ANY)
def test_a_slug_of_a_slug_is_itself(name: str) -> None:
    assert slug(slug(name)) == slug(name)


@given(ANY)
def test_a_slug_holds_letters_digits_marks_and_single_hyphens_between_them(name: str) -> None:
    spelled = slug(name)
    assert len(spelled) <= 64
    assert all(char == "-" or unicodedata.category(char)[0] in "LNM" for char in spelled)
    assert "--" not in spelled
    assert spelled == spelled.strip("-")


@given(ANY)
def test_canonically_equal_names_have_one_slug(name: str) -> None:
    assert slug(unicodedata.normalize("NFD", name)) == slug(unicodedata.normalize("NFC", name))
