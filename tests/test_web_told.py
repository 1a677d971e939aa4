"""What programs say, in Chinese."""

import re

import pytest

from feedsvc.errors import RuleError
from feedsvc.search import read_query
from feedsvc.web.wording.told import TOLD
from feedsvc.web.words import Words
from tests.builders import ZONE

ENGLISH, CHINESE = (Words(language=code, zone=ZONE) for code in ("en", "zh"))


@pytest.mark.parametrize("english", TOLD)
def test_a_phrase_and_its_chinese_leave_the_same_blanks(english: str) -> None:
    blanks = re.compile(r"{\w+}")
    assert sorted(blanks.findall(english)) == sorted(blanks.findall(TOLD[english]))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("empty", "空文件"),
        ("given up: 404 {x}", "已放弃：404 {x}"),
        ("given up: no text found", "已放弃：没有找到正文"),
        ("byline '2026年1月1日'", "署名行 '2026年1月1日'"),
        ("never heard of", "never heard of"),
    ],
)
def test_what_is_known_is_told_in_chinese_with_what_it_quotes(english: str, chinese: str) -> None:
    assert CHINESE.said(english) == chinese
    assert ENGLISH.said(english) == english


@pytest.mark.parametrize(
    "search",
    [
        "(a",
        "a)",
        "()",
        'a "b',
        "a OR",
        "OR",
        "!",
        "a AND",
        "lang:",
        "x" * 301,
        " ".join("abcdefghijklmnopqrstuvwxyz"),
    ],
)
def test_every_fault_of_a_search_is_told_in_chinese(search: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_query(search)
    said = CHINESE.said(caught.value.message)
    assert said != caught.value.message
    assert re.search("[一-鿿]", said)
