"""Words in two languages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.web.wording import TABLE
from feedsvc.web.words import Words, fallback, understood
from tests.builders import ZONE

ENGLISH, CHINESE = (Words(language=code, zone=ZONE) for code in ("en", "zh"))
MIDNIGHT = datetime(2022, 4, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("key", TABLE)
def test_every_phrase_says_the_same_in_both_languages(key: str) -> None:
    english, chinese = TABLE[key]
    assert english
    assert chinese
    assert "|" not in chinese
    named = [set(re.findall("{([a-z]+)}", form)) for form in (*english.split("|"), chinese)]
    assert set.union(*named) == named[-1]
    assert all(names | {"n"} == named[-1] | {"n"} for names in named)


def test_english_tells_one_from_many_and_chinese_does_not() -> None:
    assert [ENGLISH("articles", n=n) for n in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]
    assert CHINESE("articles", n=1) == "1 篇文章"


def test_what_stands_in_a_phrase_is_never_taken_for_one() -> None:
    assert ENGLISH("no results", query="{n}|{why}") == "Nothing found for “{n}|{why}”."


def test_a_day_is_written_as_the_language_writes_it() -> None:
    assert ENGLISH.dated(MIDNIGHT) == "21 April 2022"
    assert CHINESE.dated(MIDNIGHT) == "2022年4月21日"
    assert CHINESE.dated(MIDNIGHT + timedelta(minutes=90)) == "2022年4月21日 01:30"
    assert ENGLISH.moment(MIDNIGHT) == "21 April 2022 00:00 CST"


def test_values_that_programs_know_have_words_or_stay() -> None:
    assert CHINESE.of("rung", "byline") == "署名行"
    assert CHINESE.of("rung", "tea leaves") == "tea leaves"


def test_what_a_program_said_in_english_is_said_again() -> None:
    assert CHINESE.said("no source could be read yet") == "还没有任何来源可以读取"
    assert CHINESE.said("anything else") == "anything else"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("ZH_hant", "zh"),
        ("en-GB", "en"),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_asks_for_a_language_that_there_is_or_for_none(tag: str | None, language: str | None) -> None:
    assert understood(tag) == language


def test_people_who_name_no_language_of_ours_get_the_sites() -> None:
    assert [fallback(tag) for tag in ("zh-Hans", "en", "de")] == ["zh", "en", "en"]


def test_pages_declare_the_script_too() -> None:
    assert (ENGLISH.tag, CHINESE.tag) == ("en", "zh-Hans")
