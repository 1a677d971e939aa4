"""How far a long look at a source has come."""

import logging

import pytest

from feedsvc.ingest import Step, Underway
from feedsvc.ingest.underway import EVERY


def test_progress_is_kept_until_all_documents_are_read() -> None:
    underway = Underway()
    assert underway.step() is None
    underway.hear("town", 2, 1_000)
    assert underway.step() == Step(source="town", done=2, total=1_000)
    underway.hear("town", 1_000, 1_000)
    assert underway.step() is None


def test_a_tick_that_ends_early_leaves_nothing_underway() -> None:
    underway = Underway()
    underway.hear("town", 2, 1_000)
    underway.end()
    assert underway.step() is None


def test_a_long_look_is_logged_now_and_then_and_a_short_one_never(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    moment = 0.0
    underway = Underway(lambda: moment)
    for done in range(100, 400):
        moment = (done - 100) // 100 * EVERY
        underway.hear("town", done, 400)
    moment += EVERY
    underway.hear("town", 400, 400)
    underway.hear("away", 1, 2)
    assert caplog.messages == ["town: 200 of 400 documents read", "town: 300 of 400 documents read"]
