"""One list: its slots, its archive pages, its dates, what it tells of withdrawals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article, Tombstone
from feedsvc.store import NEVER, PAGE, ArticleList, Limits
from feedsvc.store.lists import (
    LARGEST,
    MOURNING,
    Lately,
    Places,
    Revision,
    empty_list,
    next_modified,
    revised_list,
    shown_list,
    state_of,
)
from tests.builders import START, Value, article

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BRIEF = Limits(count=5, time=timedelta(0))


@dataclass
class Told:
    """A list and the articles that its revisions are made of."""

    limits: Limits = BRIEF
    articles: dict[str, Article] = field(default_factory=dict)
    now: ArticleList = field(default_factory=lambda: empty_list(BRIEF))

    def __post_init__(self) -> None:
        self.now = empty_list(self.limits)

    def revise(
        self,
        *numbers: int,
        at: datetime = START,
        withdrawn: Iterable[int] = (),
        moved: Iterable[int] = (),
        revived: Iterable[int] = (),
        **changes: Value,
    ) -> ArticleList:
        """Let articles join or change, leave the list or leave their source; return what it is then."""
        fresh = [article(number, revised=at, sequence=number, **changes) for number in numbers]
        self.articles |= {each.id: each for each in fresh}
        leaving = frozenset(id_of(number) for number in (*withdrawn, *moved))
        revision = Revision(
            at=at,
            joining=tuple(each for each in fresh if each.id not in self.now.slots),
            changed=tuple(each.id for each in fresh if each.id in self.now.slots),
            leaving=leaving & set(self.now.ids),
            tombstones=tuple(Tombstone(id=id_of(number), at=at) for number in withdrawn),
            revived=frozenset(map(id_of, revived)),
        )
        self.now = revised_list(self.now, revision, self.articles, self.limits)
        return self.now


def id_of(number: int) -> str:
    return article(number).id


def numbers(ids: Iterable[str | None]) -> list[int | None]:
    return [int(id_[-12:]) if id_ else None for id_ in ids]


def shown(listed: ArticleList) -> set[int | None]:
    return set(numbers(each.id for each in listed.shown))


def mourned(listed: ArticleList) -> list[int | None]:
    return numbers(each.id for each in listed.tombstones)


def test_a_list_begins_with_nothing_and_a_date_that_says_so() -> None:
    empty = empty_list(Limits())
    assert (empty.shown, empty.ids, empty.tombstones, empty.last_page) == ((), (), (), 0)
    assert empty.modified == empty.updated == empty.newest == NEVER
    assert empty.window.covered == timedelta(hours=48)


def test_a_place_is_given_once_and_left_empty_for_ever() -> None:
    told = Told()
    told.revise(1, 2, 3)
    told.revise(4, at=START + HOUR, withdrawn=[2])
    assert numbers(told.now.slots) == [1, None, 3, 4]
    assert numbers(told.now.ids) == [1, 3, 4]
    told.revise(2, at=START + 2 * HOUR)
    assert numbers(told.now.slots) == [1, None, 3, 4, 2]


def test_an_edit_keeps_the_place_of_an_article() -> None:
    told = Told()
    told.revise(1, 2, 3)
    told.revise(1, at=START + HOUR, title="Edited")
    assert numbers(told.now.slots) == [1, 2, 3]


def test_an_edit_brings_an_old_article_back_for_the_time_of_the_window() -> None:
    told = Told(Limits(count=5, time=2 * HOUR))
    told.revise(*range(1, 1 + PAGE))
    told.revise(70, at=START + 5 * HOUR)
    assert shown(told.now) == {47, 48, 49, 50, 70}
    told.revise(1, at=START + 6 * HOUR, title="Edited")
    assert shown(told.now) == {1, 47, 48, 49, 50, 70}
    told.revise(71, at=START + 8 * HOUR)
    assert shown(told.now) == {1, 48, 49, 50, 70, 71}
    told.revise(72, at=START + 8 * HOUR + SECOND)
    assert shown(told.now) == {49, 50, 70, 71, 72}


def test_time_passes_in_a_list_only_when_it_changes() -> None:
    told = Told(Limits(count=1, time=HOUR))
    told.revise(*range(1, 1 + PAGE))
    told.revise(99, at=START + DAY)
    assert shown(told.now) == {99}
    told.revise(98, at=START + DAY + HOUR / 2)
    assert shown(told.now) == {98, 99}


def test_the_clock_going_back_brings_nothing_back_and_ends_nothing() -> None:
    told = Told(Limits(count=1, time=HOUR))
    told.revise(*range(1, 1 + PAGE))
    told.revise(99, at=START + DAY)
    told.revise(98, at=START)
    assert told.now.newest == START + DAY
    assert {98, 99} >= shown(told.now) >= {98}


def test_a_list_knows_every_source_that_ever_gave_it_an_article() -> None:
    told = Told()
    told.revise(1, source="town")
    told.revise(2, source="away")
    told.revise(withdrawn=[1, 2])
    assert told.now.sources == {"town", "away"}


@pytest.mark.parametrize(
    ("previous", "at", "following"),
    [
        (0.0, 5.0, 5),
        (0.0, 5.9, 5),
        (5.0, 5.0, 6),
        (5.0, 5.9, 6),
        (6.0, 5.9, 6),
        (6.0, 5.0, 6),
        (6.0, 6.0, 7),
        (7.0, 5.9, 8),
        (3600.0, 5.0, 3601),
    ],
)
def test_a_date_is_the_second_of_its_commit_or_the_next_that_was_not_shown(
    previous: float, at: float, following: int
) -> None:
    moment = next_modified(START + previous * SECOND, START + at * SECOND)
    assert moment == START + following * SECOND


@given(st.lists(st.integers(0, 400), min_size=1).map(sorted))
def test_a_date_never_runs_ahead_by_more_than_a_second_nor_back(tenths: list[int]) -> None:
    modified = NEVER
    for tenth in tenths:
        at = START + tenth * SECOND / 10
        following = next_modified(modified, at)
        assert following >= modified
        assert at.replace(microsecond=0) <= following <= at.replace(microsecond=0) + SECOND
        assert following > modified or modified > at  # or the earlier one was not shown yet
        modified = following


def test_a_list_that_reads_as_before_keeps_its_date() -> None:
    told = Told()
    told.revise(*range(1, 1 + PAGE))
    told.revise(*range(51, 1 + 2 * PAGE))
    told.revise(101, at=START + HOUR)
    before = told.now
    told.revise(at=START + 2 * HOUR, moved=[3])  # stands on the first page, outside the window
    assert told.now.modified == before.modified
    assert told.now.updated == before.updated
    assert told.now.pages[0] > before.pages[0]
    assert told.now.pages[1] is before.pages[1]


def test_updated_is_the_newest_change_and_never_goes_back() -> None:
    told = Told()
    told.revise(1, updated=START)
    told.revise(2, updated=START + DAY)
    assert told.now.updated == START + DAY
    told.revise(withdrawn=[2], at=START + HOUR)
    assert told.now.updated == START + DAY
    told.revise(withdrawn=[1], at=START + 2 * DAY)
    assert told.now.updated == START + 2 * DAY
    told.revise(3, updated=START - DAY)
    assert told.now.updated == START + 2 * DAY


def test_a_withdrawal_is_told_of_and_a_mere_departure_is_not() -> None:
    told = Told()
    told.revise(1, 2, 3)
    told.revise(withdrawn=[1], moved=[2], at=START + HOUR)
    assert told.now.tombstones == (Tombstone(id=id_of(1), at=START + HOUR),)
    assert shown(told.now) == {3}


def test_withdrawals_are_told_the_newest_first_for_thirty_days_of_the_list() -> None:
    told = Told()
    told.revise(1, 2, 3)
    told.revise(withdrawn=[1], at=START + DAY)
    told.revise(withdrawn=[2], at=START + 2 * DAY)
    assert mourned(told.now) == [2, 1]
    told.revise(4, at=START + DAY + MOURNING)
    assert mourned(told.now) == [2, 1]
    told.revise(5, at=START + DAY + MOURNING + SECOND)
    assert mourned(told.now) == [2]
    told.revise(6, at=START + 99 * DAY)
    assert mourned(told.now) == []


def test_the_newest_withdrawals_are_told_as_far_as_they_fill_a_quarter_of_the_feed() -> None:
    told = Told(Limits(count=1, size=240_000))
    told.revise(*range(1200))
    for first in range(0, 1100, 100):
        told.revise(withdrawn=range(first, first + 100), at=START + first * SECOND)
    assert len(told.now.tombstones) == 400
    assert set(mourned(told.now)) == set(range(700, 1100))


def test_what_comes_back_is_mourned_no_more_in_lists_it_does_not_return_to_either() -> None:
    told = Told()
    told.revise(1, 2, 3)
    told.revise(withdrawn=[1, 2], at=START + HOUR)
    before = told.now
    told.revise(revived=[2], at=START + 2 * HOUR)
    assert mourned(told.now) == [1]
    assert told.now.modified > before.modified
    told.revise(1, at=START + 3 * HOUR)
    assert mourned(told.now) == []
    assert shown(told.now) == {1, 3}


def test_a_page_is_counted_from_the_oldest_and_linked_once_it_is_full() -> None:
    told = Told()
    told.revise(*range(1, PAGE))
    assert (told.now.last_page, told.now.pages) == (0, ())
    told.revise(PAGE, at=START + HOUR)
    assert told.now.last_page == 1
    assert numbers(told.now.page(1)) == [*range(1, PAGE + 1)]
    told.revise(*range(PAGE + 1, 2 * PAGE), at=START + 2 * HOUR)
    assert told.now.last_page == 1
    told.revise(2 * PAGE, at=START + 3 * HOUR)
    assert told.now.last_page == 2
    assert numbers(told.now.page(2)) == [*range(PAGE + 1, 2 * PAGE + 1)]


def test_before_it_is_full_a_page_is_linked_only_where_the_window_cannot_hold_it() -> None:
    told = Told(Limits(size=10_000))
    told.revise(*range(1, 4))
    assert told.now.last_page == 0
    told.revise(*range(4, 20), at=START + HOUR)
    assert len(told.now.shown) < 19
    assert told.now.last_page == 1
    assert told.now.page_modified(1) == told.now.modified


def test_the_tail_that_no_page_holds_is_shown_until_its_page_is_full() -> None:
    told = Told()
    for number in range(1, PAGE):
        told.revise(number, at=START + number * DAY)
    assert len(told.now.shown) == PAGE - 1
    told.revise(PAGE, at=START + PAGE * DAY)
    assert len(told.now.shown) == 5


def test_a_page_changes_when_an_article_on_it_leaves_and_at_no_other_time() -> None:
    told = Told()
    told.revise(*range(1, 2 * PAGE + 1))
    pages = told.now.pages
    told.revise(*range(101, 120), at=START + HOUR)
    told.revise(3, 60, at=START + 2 * HOUR, title="Edited")
    assert told.now.pages == pages
    told.revise(withdrawn=[110], at=START + 3 * HOUR)
    assert told.now.pages == pages
    told.revise(withdrawn=[60], at=START + 4 * HOUR)
    assert told.now.pages == (pages[0], START + 4 * HOUR)
    assert numbers(told.now.page(2)) == [*range(51, 60), *range(61, 101)]
    assert told.now.page_modified(1) == pages[0]


def test_a_page_that_lost_every_article_is_still_a_page() -> None:
    told = Told()
    told.revise(*range(1, PAGE + 3))
    told.revise(withdrawn=range(1, PAGE + 1), at=START + HOUR)
    assert told.now.page(1) == ()
    assert told.now.last_page == 1


def test_reaching_goes_past_the_window_by_sequence_and_never_past_what_there_is() -> None:
    told = Told()
    told.revise(*range(1, PAGE + 4))
    assert numbers(each.id for each in told.now.reaching(2, told.articles)) == [53, 52]
    assert len(told.now.reaching(40, told.articles)) == 40
    assert len(told.now.reaching(500, told.articles)) == PAGE + 3
    told.revise(withdrawn=[53], at=START + HOUR)
    assert numbers(each.id for each in told.now.reaching(2, told.articles)) == [52, 51]


def test_reaching_ends_before_the_feed_gets_too_big_for_readers() -> None:
    told = Told(Limits(size=10_000))
    told.revise(*range(1, 9), html="x" * (LARGEST // 4))
    assert len(told.now.reaching(500, told.articles)) == 3


STEPS = st.lists(
    st.tuples(
        st.sets(st.integers(1, 150), max_size=60),
        st.sets(st.integers(1, 150), max_size=4),
        st.sets(st.integers(1, 150), max_size=2),
        st.integers(0, 200_000),
    ),
    max_size=8,
)
"""Numbers that come or change, are withdrawn, leave the list alone; seconds until the next step."""
LIMITS = st.builds(
    Limits,
    count=st.integers(1, 120),
    time=st.sampled_from([timedelta(0), 2 * HOUR, 48 * HOUR]),
    size=st.sampled_from([5_000, 40_000, 1_000_000]),
    per_source=st.none() | st.integers(1, 20),
)
Step = tuple[set[int], set[int], set[int], int]


@given(STEPS, LIMITS)
def test_the_window_and_the_pages_hold_every_article_and_no_place_ever_shifts(
    steps: list[Step], limits: Limits
) -> None:
    told, at = Told(limits), START
    for coming, withdrawn, moved, seconds in steps:
        at += seconds * SECOND
        before = told.now
        staying = set(numbers(before.ids)) - coming
        after = told.revise(*sorted(coming), at=at, withdrawn=withdrawn & staying, moved=moved & staying)
        assert all(
            old in (new, None) or new is None for old, new in zip(before.slots, after.slots, strict=False)
        )
        met = {each.id for each in after.shown}
        met |= {id_ for number in range(after.last_page) for id_ in after.page(number + 1)}
        assert met == set(after.ids)
        assert len(after.ids) == len(set(after.ids))
        assert after.updated >= before.updated
        assert (after.modified > before.modified) or reads(before) == reads(after) or before.modified > at


def reads(listed: ArticleList) -> tuple[object, ...]:
    return listed.shown, listed.tombstones, listed.last_page


@given(STEPS)
def test_the_date_of_a_page_says_whether_it_changed(steps: list[Step]) -> None:
    told, at = Told(), START
    for coming, withdrawn, moved, seconds in steps:
        at += (seconds + 2) * SECOND
        before = told.now
        staying = set(numbers(before.ids)) - coming
        after = told.revise(*sorted(coming), at=at, withdrawn=withdrawn & staying, moved=moved & staying)
        assert len(after.pages) == len(after.slots) // PAGE
        for number in range(1, len(before.pages) + 1):
            changed = before.page(number) != after.page(number)
            assert (after.page_modified(number) > before.page_modified(number)) == changed


def test_the_page_being_filled_tells_when_an_article_leaves_it_unseen() -> None:
    told = Told(Limits(size=10_000, time=HOUR))
    told.revise(*range(1, 20))
    told.revise(20, at=START + DAY)
    assert 1 not in shown(told.now)
    assert 1 in numbers(told.now.page(told.now.last_page))
    before = told.now.page_modified(1)
    told.revise(moved=[1], at=START + 2 * DAY)
    assert 1 not in numbers(told.now.page(1))
    assert told.now.page_modified(1) > before


def recent(listed: ArticleList, articles: Mapping[str, Article]) -> list[datetime]:
    return [replace(articles[id_]).revised or NEVER for id_ in filter(None, listed.recent.ids)]


@given(STEPS)
def test_what_was_taken_lately_is_kept_in_the_order_it_was_taken(steps: list[Step]) -> None:
    told, at = Told(Limits(count=1)), START
    for coming, withdrawn, moved, seconds in steps:
        at += seconds * SECOND
        staying = set(numbers(told.now.ids)) - coming
        told.revise(*sorted(coming), at=at, withdrawn=withdrawn & staying, moved=moved & staying)
        moments = recent(told.now, told.articles)
        assert moments == sorted(moments)
        assert set(told.now.recent.ids) <= set(told.now.ids)


@given(STEPS, st.sampled_from([1, 3_000, 8_000]))
def test_a_window_shows_the_same_however_many_are_kept_as_recent(steps: list[Step], size: int) -> None:
    told, at = Told(Limits(count=1, size=size, time=timedelta(seconds=100))), START
    for coming, withdrawn, moved, seconds in steps:
        at += seconds * SECOND
        staying = set(numbers(told.now.ids)) - coming
        now = told.revise(*sorted(coming), at=at, withdrawn=withdrawn & staying, moved=moved & staying)
        everybody = Places(all=now.places, shown=now.slots, lately=Lately(ids=now.slots))
        afresh = shown_list(state_of(now), everybody, told.articles, told.limits)
        assert now.window == afresh.window
        assert len(now.recent.ids) <= 2 * (size // 1_000 + 1)
