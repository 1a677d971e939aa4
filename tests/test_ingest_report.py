import pytest

from feedsvc.ingest import Report, SourceReport
from feedsvc.model import Skipped

BROKEN = Skipped(key="b.md", reason="binary, not text")
WRITING = Skipped(key="w.md", reason="still being written", retry=True)
DRAFT = Skipped(key="d.md", reason="a draft", expected=True)


def test_a_source_is_summed_up_in_one_line() -> None:
    report = SourceReport(source="town", new=1, changed=2, unchanged=3, removed=4, skipped=(BROKEN,))
    assert str(report.timed(0.0126)) == "town: 1 new, 2 changed, 3 unchanged, 4 removed, 1 skipped (13 ms)"


def test_what_is_missing_is_told_where_there_is_any() -> None:
    report = SourceReport(source="town", missing=6)
    assert str(report) == "town: 0 new, 0 changed, 0 unchanged, 6 missing, 0 removed, 0 skipped (0 ms)"


def test_a_failed_source_says_why_in_one_line() -> None:
    report = SourceReport(source="town", failure="\x1b[31m/srv/a\nb: no such folder")
    assert str(report) == "town: failed: [31m/srv/a b: no such folder (0 ms)"


@pytest.mark.parametrize(
    ("skipped", "line"),
    [
        (BROKEN, "b.md: binary, not text"),
        (Skipped(key="a\x1b[2J\nb\r.md", reason="empty"), "a[2J b .md: empty"),
        (Skipped(key="a.md", reason="same id as b\n\x07.md"), "a.md: same id as b .md"),
        (Skipped(key="\ud800\u2028.md", reason="empty"), ".md: empty"),
    ],
)
def test_a_skipped_document_is_one_line_whatever_it_is_called(skipped: Skipped, line: str) -> None:
    assert list(SourceReport(source="town", skipped=(skipped,)).lines()) == [line]


@pytest.mark.parametrize(
    ("report", "failed"),
    [
        (SourceReport(source="town", new=1), False),
        (SourceReport(source="town", skipped=(DRAFT,)), False),
        (SourceReport(source="town", skipped=(DRAFT, BROKEN)), True),
        (SourceReport(source="town", skipped=(WRITING,)), True),
        (SourceReport(source="town", failure="gone"), True),
    ],
)
def test_only_what_should_have_given_an_article_is_a_failure(report: SourceReport, *, failed: bool) -> None:
    assert report.failed == failed
    assert Report(sources=(SourceReport(source="city"), report)).failed == failed


def test_two_looks_of_a_tick_are_one_report() -> None:
    first = SourceReport(
        source="town", new=1, changed=1, unchanged=5, skipped=(BROKEN, DRAFT, WRITING), milliseconds=4
    )
    second = SourceReport(source="town", new=1, unchanged=7, removed=1, skipped=(DRAFT,), milliseconds=3)
    city = SourceReport(source="city", unchanged=2)
    town, other = Report(sources=(first, city)).then(Report(sources=(second,))).sources
    assert other == city
    assert town == SourceReport(
        source="town", new=2, changed=1, unchanged=5, removed=1, skipped=(BROKEN, DRAFT), milliseconds=7
    )


def test_what_only_a_later_look_was_at_is_told_after_the_others() -> None:
    first, later = Report(sources=(SourceReport(source="b"),)), Report(sources=(SourceReport(source="a"),))
    assert first.then(later).sources == (*first.sources, *later.sources)


def test_a_second_look_that_fails_is_a_failure_of_the_tick() -> None:
    report = SourceReport(source="town", new=1).then(SourceReport(source="town", failure="gone"))
    assert report.failure == "gone"
    assert report.new == 1


def test_what_is_still_being_written_at_the_second_look_is_reported_once() -> None:
    report = SourceReport(source="town", skipped=(WRITING,)).then(
        SourceReport(source="town", skipped=(WRITING,))
    )
    assert report.skipped == (WRITING,)
