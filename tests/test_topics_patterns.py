import sys
import time

import pytest

from feedsvc.errors import RuleError
from feedsvc.topics import parse
from feedsvc.topics.patterns import found, refused


@pytest.mark.parametrize(
    ("pattern", "folded"),
    [("TAX", "a tax"), ("^b", "a\nb"), ("税.局$", "税务局\nb"), ("稅", "税"), ("a|b", "b")],
)
def test_a_pattern_is_found_in_folded_text(pattern: str, folded: str) -> None:
    assert found(pattern, folded)


def test_a_pattern_does_not_reach_over_a_line() -> None:
    assert not found("a.b", "a\nb")


@pytest.mark.parametrize("pattern", ["(a", "[", "a**", "(?=a)", r"\1", "a{1001}", "(((((a{99}){99}){99})))"])
def test_a_pattern_that_the_engine_refuses_says_why(pattern: str) -> None:
    assert refused(pattern).startswith("not a regular expression: ")


def test_a_pattern_that_makes_others_backtrack_is_found_in_no_time() -> None:
    started = time.perf_counter()
    assert not found("(a+)+$", "a" * 20_000 + "b")
    assert time.perf_counter() - started < 5  # others would take longer than the universe is old


def test_without_the_extra_a_pattern_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(RuleError, match=r"pip install 'feedsvc\[regex\]'") as caught:
        parse("tax /never compiled before/")
    assert caught.value.pointed.splitlines()[1] == "        ^"
    assert parse("tax")
