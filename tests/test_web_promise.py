"""What people are told of how often a feed has to be polled."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.store import LATEST, PAGE, ArticleList, Choice, Limits, Window
from feedsvc.store.lists import empty_list
from feedsvc.store.slots import Slots
from feedsvc.web.promise import promise
from feedsvc.web.words import Words
from tests.builders import START, ZONE, article

LIMITS = Limits()
ENGLISH, CHINESE = (Words(language=code, zone=ZONE) for code in ("en", "zh"))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def covering(covered: timedelta, articles: int = 3, pages: int = 0) -> ArticleList:
    shown = tuple(article(number) for number in range(articles))
    window = Window(articles=shown, covered=covered)
    slots = Slots.of((*[None] * (pages * PAGE), *(each.id for each in shown)))
    return replace(empty_list(LIMITS), choice=Choice.of(window), slots=slots, pages=(START,) * pages)


@pytest.mark.parametrize(
    ("time", "often"),
    [
        (48 * HOUR, "48 h"),
        (HOUR, "1 h"),
        (90 * MINUTE, "1 h"),
        (59 * MINUTE, "59 min"),
        (timedelta(seconds=30), "30 s"),
    ],
)
def test_a_feed_that_holds_all_of_its_time_promises_that_time(time: timedelta, often: str) -> None:
    said = promise(LATEST, covering(time), Limits(time=time), ENGLISH)
    assert said == f"A reader that polls at least every {often} misses nothing."


@pytest.mark.parametrize(
    ("covered", "often"),
    [
        (47.99 * HOUR, "47 h"),
        (HOUR, "1 h"),
        (HOUR - timedelta(seconds=1), "59 min"),
        (MINUTE, "1 min"),
    ],
)
def test_a_feed_that_was_cut_says_how_much_it_covers_and_never_too_much(
    covered: timedelta, often: str
) -> None:
    assert promise(LATEST, covering(covered, pages=1), LIMITS, ENGLISH) == (
        "More arrived lately than the feed may hold: only a reader that polls at least every "
        f"{often} misses nothing, the archive has the rest."
    )


@pytest.mark.parametrize("covered", [timedelta(0), timedelta(seconds=59)])
def test_what_nobody_could_poll_often_enough_is_not_promised(covered: timedelta) -> None:
    assert promise(LATEST, covering(covered, articles=7, pages=2), LIMITS, ENGLISH) == (
        "More arrived lately than the feed may hold: it shows 7 of them, the archive has the rest."
    )


def test_before_the_first_page_the_rest_is_still_to_come() -> None:
    assert promise(LATEST, covering(HOUR), LIMITS, ENGLISH).endswith("the rest follows in its archive.")
    assert promise(LATEST, covering(timedelta(0)), LIMITS, ENGLISH).endswith(
        "the rest follows in its archive."
    )


def test_a_combination_has_no_archive_and_promises_none() -> None:
    said = promise(("topic", "a+b"), covering(HOUR, pages=1), LIMITS, ENGLISH)
    assert said.endswith("the rest stands in the feeds of its topics.")


def test_an_empty_feed_promises_all_of_its_time() -> None:
    assert (
        promise(LATEST, empty_list(LIMITS), LIMITS, ENGLISH)
        == "A reader that polls at least every 48 h misses nothing."
    )


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(seconds=1), timedelta(days=9)))
def test_no_promise_is_longer_than_what_is_covered(covered: timedelta, time: timedelta) -> None:
    covered = min(covered, time)
    said = promise(LATEST, covering(covered), Limits(time=time), ENGLISH)
    words = said.split()
    if "every" in words:
        at = words.index("every")
        unit = {"h": HOUR, "min": MINUTE, "s": timedelta(seconds=1)}[words[at + 2]]
        assert timedelta(0) < int(words[at + 1]) * unit <= covered


def test_a_feed_without_a_time_promises_none() -> None:
    said = promise(LATEST, covering(timedelta(0)), Limits(time=timedelta(0)), ENGLISH)
    assert "every 0" not in said


def test_the_promise_is_told_in_chinese_too() -> None:
    assert (
        promise(LATEST, empty_list(LIMITS), LIMITS, CHINESE)
        == "阅读器至少每 48 小时轮询一次，就不会错过任何文章。"
    )
