import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics import Term, parse
from feedsvc.topics.looks import Look, is_word
from feedsvc.topics.rules import Pattern
from tests.builders import Value, article


def look(title: str = "", body: str = "", **changes: Value) -> Look:
    return Look.of(article(title=title, text=body, **changes))


def holds(line: str, term: str) -> bool:
    return look(line).holds(Term(text=term))


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
        ("溪口區稅務局發佈", "税务局"),
        ("溪口区税务局发布", "稅務局"),
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
    seen = look("new tax", "office opens\n\nat noon\nsharp")
    terms = ("tax office", "opens at", "noon sharp")
    assert [seen.holds(Term(text=term)) for term in terms] == [False, False, True]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("intitle:tax", True),
        ("intitle:office", False),
        ("intext:office", True),
        ("intext:tax", False),
        ('author:"ann lee"', True),
        ("author:le", False),
        ("author:邓", True),
        ('source:"Town Hall"', True),
        ("source:town", False),
        ("inurl:NEWS/2024", True),
        ("inurl:ews", True),
        ("inurl:office", False),
        ("lang:ZH", True),
        ("lang:zh-hans", True),
        ("lang:z", False),
        ("lang:zh-Hans-CN", False),
        ("#Open_Data", True),
        ("#data", False),
        ("/t.x/", True),
        ("/T.X/", True),
        ("/^office$/", False),
        ("/^the office opens$/", True),
        ("/new tax.office/", False),
        ("intitle:/office/", False),
        ("intext:/office/i", True),
        ("author:/l.e$/", True),
        ("source:/^town-/", True),
        ("inurl:/\\d{4}/", True),
        ("lang:/^zh/", True),
        ("/稅/", True),
        ("/ＴＡＸ/", True),
    ],
)
def test_a_field_is_where_a_term_is_looked_for(rule: str, found: bool) -> None:  # noqa: FBT001 - an outcome
    term = parse(rule)
    assert isinstance(term, Term | Pattern)
    seen = Look.of(
        article(
            title="New tax",
            text="The office opens\n\n税务",
            authors=("Ann Lee", "鄧一"),
            source="town-hall",
            url="https://example.org/news/2024/a?b=tax",
            language="zh-Hans",
        ),
        frozenset({"open-data"}),
    )
    assert seen.holds(term) is found


def test_an_article_without_language_url_and_authors_matches_no_such_field() -> None:
    seen = look("a", "a", url=None, language=None)
    rules = ("lang:en", "inurl:a", "author:a", "lang:/./")
    assert not any(seen.holds(term) for term in map(parse, rules) if isinstance(term, Term | Pattern))


@given(st.text(), st.text())
def test_texts_of_han_characters_are_searched_like_strings(before: str, after: str) -> None:
    assert holds(f"{before}\u3000税务\u3000{after}", "税务")


@given(st.text(st.sampled_from("ab c-,1\n"), max_size=12), st.sampled_from(["a", "ab", "1a", "b c"]))
def test_latin_terms_are_found_between_the_borders_of_regular_expressions(line: str, term: str) -> None:
    words = " ".join(line.split())
    assert holds(words, term) == bool(re.search(rf"(?<!\w){term}(?!\w)", words))


@given(st.text(max_size=9), st.integers(0, 4), st.integers(0, 4))
def test_what_stands_alone_is_a_word(line: str, start: int, length: int) -> None:
    end = min(len(line), start + length)
    if start < end and not line[max(start - 1, 0) : start].isalnum() and not line[end : end + 1].isalnum():
        marks = {c for c in line if not c.isalnum()}
        assert is_word(line, start, end) or marks
