from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.ingest.decide import after_failure, after_success, gone, is_due, revised
from feedsvc.model import Health, Incident, Known, Provenance
from tests.builders import article

WHEN = article().published

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
HEALTH = Health(source="town", kind="folder")


def known(count: int) -> dict[str, Known]:
    return {str(number): Known(version="1", digest="d") for number in range(count)}


def some(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_an_entry_of_which_a_feed_says_only_when_it_changed_stays_published_when_it_was() -> None:
    origin = (Provenance(field="published", origin="upstream updated"),)
    first = article(published=WHEN, published_from="upstream", updated=WHEN, provenance=origin)
    later = replace(first, title="Edited", published=WHEN + HOUR, updated=WHEN + HOUR)
    edited = revised(first, later, WHEN + 9 * HOUR)
    assert edited
    assert (edited.title, edited.published, edited.updated) == ("Edited", WHEN, WHEN + HOUR)
    told = replace(later, provenance=(Provenance(field="published", origin="upstream published"),))
    moved = revised(first, told, WHEN + 9 * HOUR)
    assert moved
    assert moved.published == WHEN + HOUR


def test_a_source_is_due_at_first_and_then_at_its_next_check_or_a_moment_early() -> None:
    assert is_due(HEALTH, MINUTE, WHEN)
    checked = after_success(HEALTH, WHEN, WHEN + MINUTE)
    assert not is_due(checked, MINUTE, WHEN + 59 * SECOND)
    assert is_due(checked, MINUTE, WHEN + MINUTE - timedelta(milliseconds=400))
    assert is_due(checked, MINUTE, WHEN + MINUTE)


def test_a_wall_clock_that_goes_back_does_not_put_a_source_to_sleep() -> None:
    checked = after_success(HEALTH, WHEN, WHEN + MINUTE)
    assert is_due(checked, MINUTE, WHEN - HOUR)


def test_what_is_missing_is_gone_only_when_a_second_look_confirms_it() -> None:
    confirmed, missing = gone(known(3), {}, ["0"], WHEN)
    assert (confirmed, missing) == (frozenset(), {"0": WHEN})
    confirmed, missing = gone(known(3), missing, ["0", "1"], WHEN + MINUTE)
    assert confirmed == {"0"}
    assert missing == {"1": WHEN + MINUTE}


def test_what_reappears_starts_anew_when_it_goes_missing_again() -> None:
    _, missing = gone(known(3), {}, ["0"], WHEN)
    _, missing = gone(known(3), missing, [], WHEN + MINUTE)
    assert missing == {}
    assert gone(known(3), missing, ["0"], WHEN + 2 * MINUTE) == (frozenset(), {"0": WHEN + 2 * MINUTE})


@pytest.mark.parametrize(
    ("documents", "lost", "waits"),
    [
        (9, 9, False),
        (10, 5, False),
        (10, 6, True),
        (11, 5, False),
        (11, 6, True),
        (100, 51, True),
        (1, 1, False),
    ],
)
def test_more_than_half_of_ten_or_more_wait_for_an_hour(documents: int, lost: int, *, waits: bool) -> None:
    everything = known(documents)
    _, missing = gone(everything, {}, some(lost), WHEN)
    confirmed, missing = gone(everything, missing, some(lost), WHEN + MINUTE)
    assert confirmed == (frozenset() if waits else frozenset(some(lost)))
    if waits:
        assert gone(everything, missing, some(lost), WHEN + HOUR - SECOND)[0] == frozenset()
        assert gone(everything, missing, some(lost), WHEN + HOUR) == (frozenset(some(lost)), {})


def test_a_loss_that_grows_past_half_holds_back_what_was_missing_already() -> None:
    _, missing = gone(known(10), {}, some(3), WHEN)
    confirmed, missing = gone(known(10), missing, some(8), WHEN + MINUTE)
    assert confirmed == frozenset()
    confirmed, _ = gone(known(10), missing, some(8), WHEN + HOUR)
    assert confirmed == frozenset(some(3))


def test_a_loss_that_shrinks_below_half_is_confirmed_at_once() -> None:
    _, missing = gone(known(10), {}, some(8), WHEN)
    assert gone(known(10), missing, some(2), WHEN + MINUTE)[0] == frozenset(some(2))


@given(st.integers(0, 14), st.sets(st.sampled_from(some(14))), st.sets(st.sampled_from(some(14))))
def test_what_is_missing_is_gone_or_remembered_and_never_both(
    documents: int, earlier: set[str], missing: set[str]
) -> None:
    confirmed, since = gone(known(documents), dict.fromkeys(earlier, WHEN), missing, WHEN + MINUTE)
    assert confirmed | since.keys() == missing
    assert not confirmed & since.keys()
    assert confirmed <= earlier


def test_a_new_article_is_published_as_it_is() -> None:
    assert revised(None, article(), WHEN) == article()


def test_an_article_that_says_the_same_is_not_published_again() -> None:
    stored = article(sequence=4, acknowledged=WHEN, updated=WHEN + HOUR)
    assert revised(stored, article(), WHEN + 2 * HOUR) is None
    assert revised(stored, article(updated=WHEN + 9 * HOUR), WHEN + 2 * HOUR) is None


def test_an_edit_is_updated_at_the_second_it_was_seen() -> None:
    stored = article(sequence=4, acknowledged=WHEN)
    edited = revised(stored, article(title="Edited"), WHEN + HOUR + timedelta(milliseconds=5))
    assert edited == article(title="Edited", sequence=4, acknowledged=WHEN, updated=WHEN + HOUR)


@pytest.mark.parametrize(("said", "updated"), [(1, 1), (3, 3), (4, 3), (-1, 3), (0, 3)])
def test_an_edit_was_made_when_the_document_says_so_if_that_is_news_and_past(said: int, updated: int) -> None:
    edited = revised(article(), article(title="Edited", updated=WHEN + said * HOUR), WHEN + 3 * HOUR)
    assert edited is not None
    assert edited.updated == WHEN + updated * HOUR


@pytest.mark.parametrize("rung", ["file time", "first seen"])
def test_a_date_that_says_when_we_met_the_document_stays_the_first(rung: str) -> None:
    later = WHEN + 5 * HOUR
    touched = article(published=later, updated=later, published_from=rung)
    assert revised(article(published_from=rung), touched, later) is None
    edited = revised(
        article(), article(title="Edited", published=later, updated=later, published_from=rung), later
    )
    assert edited == article(title="Edited", updated=later)


def test_a_date_that_the_document_corrects_is_taken() -> None:
    earlier = WHEN - 5 * HOUR
    edited = revised(
        article(published_from="file time"), article(published=earlier, updated=earlier), WHEN + HOUR
    )
    assert edited == article(published=earlier, updated=WHEN + HOUR)


def test_a_page_that_shows_when_it_was_published_again_keeps_when_it_was_first() -> None:
    old = article(published_from="metadata")
    later = WHEN + 9 * HOUR
    again = article(title="Edited", published_from="byline", published=later, updated=later)
    edited = revised(old, again, WHEN + 10 * HOUR)
    assert edited is not None
    assert (edited.published, edited.published_from, edited.updated) == (WHEN, "metadata", later)
    corrected = revised(old, replace(again, published=WHEN - HOUR), WHEN + 10 * HOUR)
    assert corrected is not None
    assert corrected.published == WHEN - HOUR


def test_a_document_that_was_only_renamed_is_the_same_to_a_reader() -> None:
    stored = article(sequence=4, acknowledged=WHEN, updated=WHEN + HOUR)
    renamed = revised(stored, article(key="b.md"), WHEN + 2 * HOUR)
    assert renamed == article(key="b.md", sequence=4, acknowledged=WHEN, updated=WHEN + HOUR)


def test_an_incident_opens_with_the_first_failure_and_keeps_its_beginning() -> None:
    first = after_failure(HEALTH, "no such\x1b folder", WHEN, WHEN + MINUTE)
    assert first.incident == Incident(source="town", reason="no such folder", opened=WHEN)
    second = after_failure(first, "other words", WHEN + MINUTE, WHEN + 2 * MINUTE)
    assert second.incident == first.incident
    assert (second.failures, second.last_attempt, second.last_success) == (2, WHEN + MINUTE, None)
    assert second.next_check == WHEN + 2 * MINUTE


def test_a_success_closes_the_incident_and_forgets_the_failures() -> None:
    failed = after_failure(HEALTH, "gone", WHEN, WHEN + MINUTE)
    well = after_success(failed, WHEN + MINUTE, WHEN + 2 * MINUTE)
    assert (well.incident, well.failures, well.last_success) == (None, 0, WHEN + MINUTE)
    assert well.next_check == WHEN + 2 * MINUTE
