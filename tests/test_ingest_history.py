"""The last ticks in numbers."""

from datetime import timedelta

from feedsvc.ingest import History, Report, SourceReport, Ticked
from feedsvc.ingest.history import TICKS
from tests.builders import START


def test_a_tick_is_kept_with_what_all_of_its_sources_brought() -> None:
    history = History()
    report = Report(
        sources=(
            SourceReport(source="town", new=3, changed=1, removed=2),
            SourceReport(source="away", new=1, failure="no such folder"),
        )
    )
    history.note(report, START, 1.5)
    assert history.ticks() == (Ticked(started=START, seconds=1.5, new=4, changed=1, dropped=2, failed=True),)


def test_only_the_last_ticks_are_kept() -> None:
    history = History()
    for number in range(TICKS + 5):
        history.note(Report(), START + timedelta(minutes=number), number)
    kept = history.ticks()
    assert (len(kept), kept[0].seconds, kept[-1].seconds) == (TICKS, 5, TICKS + 4)
    assert not kept[0].failed
