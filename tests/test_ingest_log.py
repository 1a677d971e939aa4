import logging

import pytest

from feedsvc.ingest import Report, SourceReport, TickLog
from feedsvc.model import Skipped

BAD = Skipped(key="a\x1b.txt", reason="empty")
ODD = Skipped(key="b.pdf", reason="unsupported: .pdf", expected=True)


def report(*skipped: Skipped, source: str = "town") -> Report:
    return Report(sources=(SourceReport(source=source, skipped=skipped),))


def test_what_was_said_before_warns_no_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log = TickLog()
    for _ in range(3):
        log.write(report(BAD))
    levels = [record.levelname for record in caplog.records if record.message.startswith("town")]
    assert levels == ["WARNING", "INFO", "INFO"]


def test_each_source_is_a_line_and_what_it_left_out_is_said_when_it_is_news(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    log = TickLog()
    log.write(report(BAD, ODD))
    log.write(report(BAD, ODD))
    assert caplog.messages == [
        "town: 0 new, 0 changed, 0 unchanged, 0 removed, 2 skipped (0 ms)",
        "  a.txt: empty",
        "  b.pdf: unsupported: .pdf",
        "town: 0 new, 0 changed, 0 unchanged, 0 removed, 2 skipped (0 ms)",
    ]


def test_what_was_mended_and_comes_back_is_said_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log = TickLog()
    for skipped in ((BAD,), (), (BAD,)):
        log.write(report(*skipped))
    assert caplog.messages.count("  a.txt: empty") == 2


def test_a_tick_that_looks_at_another_source_makes_nothing_news(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log = TickLog()
    for source in ("town", "city", "town"):
        log.write(report(BAD, source=source))
    assert caplog.messages.count("  a.txt: empty") == 2


def test_a_failure_is_a_warning_and_what_is_left_out_by_design_is_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    TickLog().write(report(ODD))
    TickLog().write(report(BAD))
    levels = [record.levelname for record in caplog.records if record.message.startswith("town")]
    assert levels == ["INFO", "WARNING"]


def test_a_source_that_goes_on_failing_is_told_once_and_again_when_it_fails_otherwise(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = TickLog()
    for failure in ("away", "away", "closed", None, "closed"):
        log.write(Report(sources=(SourceReport(source="town", failure=failure),)))
    said = [message.removesuffix(" (0 ms)") for message in caplog.messages]
    assert said == ["town: failed: away", "town: failed: closed", "town: failed: closed"]
