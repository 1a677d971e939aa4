import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ConfigurationError, RuleError
from feedsvc.text import slug, width
from feedsvc.topics import AllOf, AnyOf, Not, Pattern, Rule, Term, parse, spell
from feedsvc.topics.parse import DEPTH, LENGTH
from feedsvc.topics.patterns import refused
from feedsvc.topics.tokens import FIELDS, Field


def term(text: str, field: Field = "") -> Term:
    return Term(text=text, field=field)


def pattern(text: str, field: Field = "") -> Pattern:
    return Pattern(text=text, field=field)


def everything(*parts: Rule) -> AllOf:
    return AllOf(parts=parts)


def either(*parts: Rule) -> AnyOf:
    return AnyOf(parts=parts)


def no(part: Rule) -> Not:
    return Not(part=part)


a, b, c = term("a"), term("b"), term("c")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("税务", term("税务")),
        ("  Tax\n", term("Tax")),
        ("a b", everything(a, b)),
        ("a AND b c", everything(a, b, c)),
        ("a OR b OR c", either(a, b, c)),
        ("a b OR c", either(everything(a, b), c)),
        ("a (b OR c)", everything(a, either(b, c))),
        ("a(b OR c)", everything(a, either(b, c))),
        ("(a b) c", everything(everything(a, b), c)),
        ("((a))", a),
        ("a !b", everything(a, no(b))),
        ("a -b", everything(a, no(b))),
        ("a NOT b", everything(a, no(b))),
        ("a AND NOT b", everything(a, no(b))),
        ("a OR NOT b", either(a, no(b))),
        ("!a", no(a)),
        ("! a", no(a)),
        ("!!a", no(no(a))),
        ("--a", no(no(a))),
        ("-(a b)", no(everything(a, b))),
        ('-"a b"', no(term("a b"))),
        ('"a b" c', everything(term("a b"), c)),
        ('"AND" a', everything(term("AND"), a)),
        ('"intitle:a"', term("intitle:a")),
        (r'"say \"a\" \\ \n"', term('say "a" \\ \\n')),
        ('a"b"', everything(a, b)),
        ("intitle:税务 !intext:招聘", everything(term("税务", "intitle:"), no(term("招聘", "intext:")))),
        ('author:"Ann Lee" source:town', everything(term("Ann Lee", "author:"), term("town", "source:"))),
        ("inurl:a/b?c=1 lang:zh", everything(term("a/b?c=1", "inurl:"), term("zh", "lang:"))),
        ("inurl:https://example.org", term("https://example.org", "inurl:")),
        ("intitle:“减税 降费”", term("减税 降费", "intitle:")),
        (
            '#税务 OR #"open data" -#a',
            either(term("税务", "#"), everything(term("open data", "#"), no(term("a", "#")))),
        ),
        ("/a.*b/", pattern("a.*b")),
        ("/a b/i c", everything(pattern("a b"), c)),
        (r"(/a\/b\.c/ OR /d/)", either(pattern(r"a/b\.c"), pattern("d"))),
        (r"/\\\//", pattern(r"\\/")),
        ("!intitle:/^(a|b)$/", no(pattern("^(a|b)$", "intitle:"))),
        ("1/2 C# a#b", everything(*map(term, ["1/2", "C#", "a#b"]))),
        ("and or not", everything(term("and"), term("or"), term("not"))),
        (
            "“减税 降费” （税务 OR 公安）！招聘",
            everything(term("减税 降费"), either(term("税务"), term("公安")), no(term("招聘"))),
        ),
        (
            "covid-19 yahoo! C++ 12:30 1,000 AT&T 🎉",
            everything(*map(term, ["covid-19", "yahoo!", "C++", "12:30", "1,000", "AT&T", "🎉"])),
        ),
    ],
)
def test_a_rule_means_what_people_expect(written: str, meant: Rule) -> None:
    assert parse(written) == meant


@pytest.mark.parametrize(
    ("written", "position", "message"),
    [
        ("", 0, "an empty rule"),
        (" \t\n", 0, "an empty rule"),
        ("a OR", 4, "OR needs a word after it"),
        ("a AND OR b", 6, "AND needs a word after it"),
        ("OR a", 0, "OR joins two parts"),
        ("AND", 0, "AND joins two parts"),
        ("a (OR b)", 3, "OR joins two parts"),
        ("NOT", 3, "NOT needs a word after it"),
        ("a !", 3, "! needs a word after it"),
        ("(a OR )", 6, "OR needs a word after it"),
        ("(a b", 0, "never closed"),
        ("a (b (c)", 2, "never closed"),
        ("(", 1, "a word is missing"),
        ("a)", 1, "closes nothing"),
        (")", 0, "closes nothing"),
        ("a ()", 3, "nothing in these parentheses"),
        ('a "b', 2, 'quote " has no partner'),
        ("“b", 0, "quote “ has no partner"),
        ("b”", 1, "quote ” has no partner"),
        ('""', 0, "an empty phrase"),
        ("a “ ”", 2, "an empty phrase"),
        ("a | b", 2, "| is no word"),
        ("a && b", 2, "&& is no word"),
        ("a - b", 2, "- is no word"),
        ("Intitle:a", 0, "no field Intitle: is known, did you mean intitle:"),
        ('a content:"b c"', 2, "no field content: is known, did you mean intext:"),
        ("intitle:", 0, "intitle: needs a word"),
        ("a intitle: b", 2, "intitle: needs a word"),
        ("intitle:(a OR b)", 0, "intitle: needs a word"),
        ('intitle:""', 0, "an empty phrase"),
        ('intitle:"b', 8, 'quote " has no partner'),
        ("intitle:!!", 0, "!! is no word"),
        ("intitle:b*", 0, 'quote it if you mean the sign: intitle:"b*"'),
        ("通知:税务", 0, "no field 通知: is known"),
        ("a # tax", 2, "# begins a tag and needs its name"),
        ("##", 0, "# begins a tag"),
        ('#"!!!"', 0, "# needs a name with a letter"),
        ('source:"…"', 0, "source: needs a name with a letter"),
        ("#/a/", 0, "a tag is no regular expression"),
        ("a /b", 2, "/ begins a regular expression and needs a / behind it"),
        ("/", 0, "/ begins a regular expression"),
        ("//", 0, "// is no word"),
        ("a /b/gi", 5, "no flag but i, not gi"),
        ("a intitle:/(b/", 10, "not a regular expression: missing )"),
        ("/(?=a)/", 0, "not a regular expression: invalid perl operator"),
        (r"/(a)\1/", 0, "not a regular expression: invalid escape sequence"),
        ("'a b'", 0, "' begins nothing"),
        ("+a", 0, "+ begins nothing"),
        ("tax*", 0, "a * stands for nothing"),
        ("tax, police", 0, ", separates nothing"),
        ("a ;b", 2, "; separates nothing"),
        ("税务、公安", 0, "、 separates nothing"),
        ("税务：公安", 0, "： separates nothing"),
        ("税务！招聘", 0, "！ separates nothing"),
        ("(" * (DEPTH + 2) + "a", DEPTH + 1, "write it flatter"),
        ("!" * (DEPTH + 2) + "a", DEPTH + 1, "write it flatter"),
        ("NOT " * (DEPTH + 2) + "a", (DEPTH + 1) * 4, "write it flatter"),
        ("(" * 100_000, 60, f"at most {LENGTH} characters, not 100000"),
    ],
)
def test_a_rule_that_says_nothing_is_refused_at_its_place(written: str, position: int, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(written)
    assert message in caught.value.message
    line, caret = caught.value.pointed.splitlines()
    assert len(caret) == len("    ^") + width(line[4:][:position])


@pytest.mark.parametrize(
    ("written", "line", "columns"),
    [
        ("tax )", "tax )", 4),
        ("税务 )", "税务 )", 5),
        ("ＡＢ )", "ＡＢ )", 5),
        ("cafe\u0301 )", "cafe\u0301 )", 5),
        ("税务 OR\n  tax ) more", "税务 OR   tax ) more", 14),
        ("\t\ta\u2028)\r\nb", "  a )  b", 4),
        ("税务 OR", "税务 OR", 7),
        ("", "", 0),
    ],
)
def test_the_caret_stands_under_the_fault(written: str, line: str, columns: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse(written)
    assert caught.value.pointed == f"    {line}\n    {' ' * columns}^"


def test_a_refusal_says_where_the_rule_stands() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse("税务\n) 公安", where="feedsvc.toml:12")
    assert str(caught.value).splitlines()[0].startswith("feedsvc.toml:12: this parenthesis closes nothing")
    assert str(caught.value).splitlines()[1:] == ["    税务 ) 公安", "         ^"]


def test_a_rule_as_long_and_as_deep_as_allowed_is_read() -> None:
    deep = "(" * DEPTH + "a" + ")" * DEPTH
    assert parse(deep) == a
    assert parse("a" * LENGTH) == term("a" * LENGTH)


TEXTS = st.one_of(
    st.sampled_from(
        ["AND", "OR", "NOT", "and", "a", "税务", 'a"b', "“a”", "\\", "!a", "-a", "in:a", "a*", "#a", "a,"]
    ),
    st.text(min_size=1, max_size=8).filter(str.strip),
)
FIELDED = st.builds(term, TEXTS.filter(slug), st.sampled_from(("", *FIELDS)))
PATTERNS = st.builds(
    pattern,
    st.sampled_from(["a", "a/b", r"\\/", "a|b c", r"\d+(年|月)", '"', "^税.务$", "[/]", "a\\"]),
    st.sampled_from(("", "intitle:", "inurl:", "author:")),
)
RULES: st.SearchStrategy[Rule] = st.recursive(
    TEXTS.map(term) | FIELDED | PATTERNS.filter(lambda rule: not refused(rule.text)),
    lambda rules: st.one_of(
        rules.map(no),
        st.lists(rules, min_size=2, max_size=3).map(lambda parts: everything(*parts)),
        st.lists(rules, min_size=2, max_size=3).map(lambda parts: either(*parts)),
    ),
    max_leaves=12,
)


@given(RULES)
def test_every_rule_is_spelled_so_that_it_parses_to_itself(rule: Rule) -> None:
    assert parse(spell(rule)) == rule


@given(
    st.text(st.sampled_from("ab!-()（）\"“”'\\ ANDORT:#/*,税、\n"), max_size=30)
    | st.text(string.printable)
    | st.lists(
        st.sampled_from(["intitle:", "lang:", "#", "/", "a", " ", '"', "(", ")", "\\", "!", "OR "]),
        max_size=12,
    ).map("".join)
)
def test_any_text_is_a_rule_that_prints_back_or_is_refused_within_it(written: str) -> None:
    try:
        rule = parse(written)
    except RuleError as refusal:
        line, caret = refusal.pointed.splitlines()
        assert caret.lstrip(" ") == "^"
        assert len("    ^") <= len(caret) <= len("^") + width(line)
    else:
        assert parse(spell(rule)) == rule


@pytest.mark.parametrize(
    "written",
    [
        "a b (c OR d) !e",
        '"a b" OR c !(d e)',
        "!!a",
        '"AND" "x y" "#tag" 税务',
        r'intitle:a !#tag lang:zh /a\/b c/ author:"Ann Lee" intext:/^x/',
    ],
)
def test_a_rule_in_its_shortest_spelling_stays_as_it_is(written: str) -> None:
    assert spell(parse(written)) == written
