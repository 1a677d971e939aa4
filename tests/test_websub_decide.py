from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.store import NEVER
from feedsvc.websub.decide import (
    TRIES,
    Ledger,
    Ping,
    Trial,
    Verdict,
    after,
    delay,
    judge,
    next_ping,
    noticing,
)
from tests.builders import START

A, B, C = (f"https://feeds.example.org/{name}.atom" for name in ("a", "b", "c"))
SECOND = timedelta(seconds=1)
NOW = START + timedelta(hours=1)
CHANGED = NOW - SECOND
"""When a feed was modified that is to be told of now."""
NO_WAIT = timedelta(0)


def first(ledger: Ledger, feeds: Mapping[str, datetime], now: datetime = NOW) -> Ping:
    """Return the ping that comes next; there is one."""
    ping = next_ping(ledger, feeds, now)
    assert ping is not None
    return ping


def told_in_order(ledger: Ledger, feeds: Mapping[str, datetime]) -> list[str]:
    """Return the feeds in the order in which a hub that takes everything is told of them."""
    feeds_told: list[str] = []
    while ping := next_ping(ledger, feeds, NOW):
        assert ping.wait == NO_WAIT
        feeds_told.append(ping.feed)
        ledger = after(ledger, ping, "told", NOW)
    return feeds_told


def failed(ledger: Ledger, feeds: Mapping[str, datetime], at: datetime = NOW) -> Ledger:
    return after(ledger, first(ledger, feeds, at), "again", at)


def test_a_hub_that_knows_all_is_told_nothing() -> None:
    assert next_ping(Ledger(), {}, NOW) is None
    assert next_ping(Ledger(told={A: START}), {A: START}, NOW) is None


def test_a_feed_that_never_held_anything_is_not_told() -> None:
    assert next_ping(Ledger(), {A: NEVER}, NOW) is None


def test_a_feed_that_changed_or_is_new_is_told_once() -> None:
    feeds = {A: CHANGED, B: START, C: CHANGED}
    assert told_in_order(Ledger(told={A: START, B: START}), feeds) == [C, A]


def test_a_feed_that_became_empty_is_told() -> None:
    assert first(Ledger(told={A: START}), {A: START + SECOND}).feed == A


def test_a_change_is_told_a_second_after_its_second_has_come() -> None:
    feeds = {A: NOW + SECOND}
    for milliseconds in (2000, 1999, 1):
        left = timedelta(milliseconds=milliseconds)
        assert first(Ledger(), feeds, NOW + 2 * SECOND - left).wait == left
    assert first(Ledger(), feeds, NOW + 2 * SECOND).wait == NO_WAIT


def test_a_change_that_lies_far_ahead_was_made_before_the_clock_was_set_back() -> None:
    assert first(Ledger(), {A: NOW + timedelta(hours=1)}).wait == NO_WAIT


def test_what_can_be_told_goes_before_what_cannot_yet() -> None:
    ping = first(Ledger(), {A: NOW, B: NOW - SECOND})
    assert (ping.feed, ping.wait) == (B, NO_WAIT)


def test_a_slow_hub_hears_of_every_feed_even_if_all_change_all_the_time() -> None:
    ledger, heard = Ledger(), []
    for second in range(6):
        now = NOW + second * SECOND
        ping = first(ledger, dict.fromkeys((A, B, C), now - SECOND), now)
        heard.append(ping.feed)
        ledger = after(ledger, ping, "told", now)
    assert heard == [A, B, C, A, B, C]


def test_a_change_during_the_request_is_told_afterwards() -> None:
    ledger = after(Ledger(), first(Ledger(), {A: START}), "told", NOW)
    assert first(ledger, {A: NOW}).modified == NOW
    assert next_ping(after(ledger, first(ledger, {A: NOW}), "told", NOW), {A: NOW}, NOW) is None


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_2xx_is_success(status: int) -> None:
    assert judge(status, 0) == judge(status, TRIES) == "told"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422, 499])
def test_4xx_is_final(status: int) -> None:
    assert judge(status, 0) == judge(status, TRIES) == "refused"


@pytest.mark.parametrize("status", [None, 100, 199, 301, 307, 399, 408, 429, 500, 503, 599])
def test_anything_else_is_tried_again_so_many_times(status: int | None) -> None:
    assert [judge(status, failures) for failures in range(TRIES)] == ["again"] * (TRIES - 1) + ["given up"]


def test_the_delay_doubles_from_ten_seconds_to_an_hour() -> None:
    seconds = [delay(failures).total_seconds() for failures in range(1, 13)]
    assert seconds == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    assert delay(10**9) == timedelta(hours=1)


def test_a_change_is_tried_for_over_three_hours() -> None:
    assert timedelta(hours=3) < sum(map(delay, range(1, TRIES)), NO_WAIT) < timedelta(hours=4)


def test_a_change_that_failed_waits_longer_each_time() -> None:
    ledger, now, feeds = Ledger(), NOW, {A: START}
    for failures in range(1, 5):
        ledger = failed(ledger, feeds, now)
        ping = first(ledger, feeds, now)
        assert (ping.failures, ping.wait) == (failures, delay(failures))
        assert first(ledger, feeds, now + 3 * SECOND).wait == delay(failures) - 3 * SECOND
        now += delay(failures)
        assert first(ledger, feeds, now).wait == NO_WAIT


def test_a_newer_change_begins_anew() -> None:
    ledger = Ledger(trials={A: Trial(modified=START, failures=TRIES - 1, at=NOW)})
    assert (first(ledger, {A: CHANGED}).failures, first(ledger, {A: CHANGED}).wait) == (0, NO_WAIT)


def test_a_hub_that_failed_rests_whatever_the_feed_but_a_minute_at_most() -> None:
    feeds = {A: START, B: START}
    once = failed(Ledger(), feeds)
    assert (first(once, feeds).feed, first(once, feeds).wait) == (B, delay(1))
    often = replace(once, streak=20)
    assert first(often, feeds).wait == timedelta(minutes=1)
    assert first(often, feeds, NOW + timedelta(minutes=1)).wait == NO_WAIT


@pytest.mark.parametrize("verdict", ["told", "refused"])
def test_a_hub_that_answers_does_not_rest(verdict: Verdict) -> None:
    feeds = {A: START, B: START, C: START}
    resting = failed(Ledger(), feeds)
    assert first(after(resting, first(resting, feeds), verdict, NOW), feeds).wait == NO_WAIT


def test_what_failed_less_often_goes_first() -> None:
    feeds = {A: START, B: CHANGED}
    ledger = Ledger(trials={A: Trial(modified=START, failures=1, at=START)})
    assert told_in_order(ledger, feeds) == [B, A]


@pytest.mark.parametrize("verdict", ["told", "refused", "given up"])
def test_what_was_told_refused_or_given_up_waits_for_the_next_change(verdict: Verdict) -> None:
    ledger = failed(Ledger(), {A: START})
    done = after(ledger, first(ledger, {A: START}), verdict, NOW)
    assert next_ping(done, {A: START}, NOW + timedelta(days=1)) is None
    assert first(done, {A: NOW}).failures == 0
    assert done.trials == {}


def test_a_clock_set_back_makes_nothing_wait_longer() -> None:
    ledger = failed(Ledger(), {A: START})
    assert first(ledger, {A: START}, NOW - timedelta(hours=1)).wait == NO_WAIT


def test_feeds_that_are_gone_are_forgotten() -> None:
    trial = Trial(modified=NOW, failures=1, at=NOW)
    ledger = Ledger(told={A: START, B: START}, trials={A: trial, B: trial}, streak=2, failed=NOW)
    kept = noticing(ledger, {B: START})
    assert kept == Ledger(told={B: START}, trials={B: trial}, streak=2, failed=NOW)


def test_a_feed_that_changes_every_second_is_told_of_its_changes_all_the_same() -> None:
    ledger, told = Ledger(), []
    for second in range(60):
        now = NOW + second * SECOND
        for moment in (now, now + SECOND / 2):  # each change is published in the second after the last one
            feeds = {A: now + SECOND}
            ledger = noticing(ledger, feeds)
            ping = first(ledger, feeds, moment)
            if ping.wait == NO_WAIT:
                assert ping.modified <= moment - SECOND
                told.append(ping.modified)
                ledger = after(ledger, ping, "told", moment)
    assert 20 <= len(told) <= 30
    assert told == sorted(set(told))


def test_a_change_that_is_not_calm_is_told_after_the_one_before_it() -> None:
    ledger = noticing(noticing(Ledger(), {A: CHANGED}), {A: NOW})
    ping = first(ledger, {A: NOW})
    assert (ping.modified, ping.wait) == (CHANGED, NO_WAIT)
    following = first(after(ledger, ping, "told", NOW), {A: NOW})
    assert (following.modified, following.wait) == (NOW, SECOND)


def test_the_first_article_of_a_feed_is_not_told_too_soon() -> None:
    ledger = noticing(noticing(Ledger(), {A: NEVER}), {A: NOW})
    assert first(ledger, {A: NOW}).wait == SECOND


def test_changes_that_are_calm_are_told_at_once() -> None:
    ledger = noticing(noticing(Ledger(), {A: START}), {A: CHANGED})
    ping = first(ledger, {A: CHANGED})
    assert ping.modified == CHANGED
    assert next_ping(after(ledger, ping, "told", NOW), {A: CHANGED}, NOW) is None


MOMENTS = st.integers(0, 5).map(lambda seconds: CHANGED - seconds * SECOND)
STATUSES = st.one_of(st.none(), st.sampled_from([202, 403, 429, 500]))


@given(
    st.dictionaries(st.sampled_from((A, B, C)), MOMENTS), st.lists(STATUSES, max_size=50), st.integers(0, 9)
)
def test_whatever_a_hub_answers_every_change_is_settled_within_so_many_tries(
    feeds: dict[str, datetime], statuses: list[int | None], seconds: int
) -> None:
    answers = iter([*statuses, *[None] * TRIES * len(feeds)])
    ledger, now, tries = Ledger(), NOW, 0
    while ping := next_ping(ledger, feeds, now):
        now += ping.wait + seconds * SECOND
        ping = first(ledger, feeds, now)
        assert ping.wait == NO_WAIT
        tries += 1
        ledger = after(ledger, ping, judge(next(answers), ping.failures), now)
    assert tries <= TRIES * len(feeds)
    assert ledger.told == feeds
    assert ledger.trials == {}
