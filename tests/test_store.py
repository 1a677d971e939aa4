import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import JournalError
from feedsvc.model import (
    Article,
    Assignment,
    Change,
    Commit,
    Health,
    Incident,
    Known,
    Tombstone,
)
from feedsvc.store import LATEST, NEVER, PAGE, Edition, Limits, ListKey, SqliteJournal, Store
from feedsvc.store.edition import INCIDENTS
from feedsvc.topics import TopicRule
from tests.builders import LIMITS, PLAIN, Value, article

WHEN = article().published

TOWN: ListKey = ("source", "town")
SECOND = timedelta(seconds=1)
BRIEF = Limits(count=1, time=timedelta(0))


def named(number: int, *topics: str, day: int = 0, **changes: Value) -> Article:
    """Return an article told by its number, under some topics, published some days later."""
    return article(
        id=f"urn:uuid:{number}",
        key=f"{number}.md",
        published=WHEN + timedelta(days=day),
        updated=WHEN + timedelta(days=day),
        topics=tuple(
            Assignment(slug=slug, name=slug.title(), source="explicit", matched="") for slug in topics
        ),
        **changes,
    )


def a_store(limits: Limits = LIMITS) -> Store:
    health = [Health(source=name, kind="folder") for name in ("town", "city")]
    return Store(
        replace(PLAIN, rules=(TopicRule(slug="tax", name="Tax"),)), health, limits, SqliteJournal(None)
    )


def seen(at: datetime = WHEN, incident: Incident | None = None, source: str = "town") -> Health:
    success = None if incident else at
    return Health(source=source, kind="folder", last_attempt=at, last_success=success, incident=incident)


def commit(
    store: Store,
    *articles: Article,
    withdrawn: Sequence[str] = (),
    at: datetime = WHEN,
    complete: bool = True,
) -> Edition:
    change = Change(health=seen(at), articles=articles, withdrawn=tuple(withdrawn))
    return store.commit(Commit(at=at, change=change), complete=complete)


def attend(store: Store, at: datetime, incident: Incident | None, source: str = "town") -> Edition:
    return store.commit(Commit(at=at, change=Change(health=seen(at, incident, source))))


def numbers(articles: Iterable[Article]) -> list[int]:
    return [int(each.id.rpartition(":")[2]) for each in articles]


def window(edition: Edition, key: ListKey = LATEST) -> list[int]:
    return numbers(edition.lists[key].shown)


def in_sequence(edition: Edition, key: ListKey = LATEST) -> list[int]:
    return numbers(edition.articles[id_] for id_ in edition.lists[key].ids)


def test_before_the_first_tick_configured_topics_and_sources_have_empty_lists() -> None:
    edition = a_store().edition
    assert set(edition.lists) == {LATEST, ("topic", "tax"), TOWN, ("source", "city")}
    assert all(not each.shown and each.modified == each.updated == NEVER for each in edition.lists.values())
    assert (edition.ready, edition.generation, edition.sequence) == (False, 0, 0)


def test_within_a_commit_sequence_goes_by_date_then_id() -> None:
    edition = commit(a_store(), named(3, day=1), named(2, day=0), named(1, day=1))
    assert {each.id[-1]: each.sequence for each in edition.articles.values()} == {"2": 1, "1": 2, "3": 3}
    assert all(each.acknowledged == WHEN for each in edition.articles.values())
    assert edition.sequence == 3


def test_a_later_commit_comes_after_an_earlier_one_however_old_its_dates() -> None:
    store = a_store()
    commit(store, named(1, day=9))
    edition = commit(store, named(2, day=-9), at=WHEN + SECOND)
    assert in_sequence(edition) == [1, 2]
    assert edition.articles["urn:uuid:2"].acknowledged == WHEN + SECOND


def test_articles_are_shown_by_date_in_whatever_order_they_came() -> None:
    store = a_store()
    commit(store, named(1, day=5), named(2, day=6))
    assert window(commit(store, named(3, day=0), named(4, day=1))) == [2, 1, 4, 3]


def test_articles_of_one_date_are_shown_by_id() -> None:
    assert window(commit(a_store(), named(2), named(3), named(1))) == [1, 2, 3]


def test_an_article_stands_in_latest_in_its_source_and_in_each_of_its_topics() -> None:
    edition = commit(a_store(), named(1, "tax", "art"))
    assert {key for key, each in edition.lists.items() if each.ids} == {
        LATEST,
        TOWN,
        ("topic", "tax"),
        ("topic", "art"),
    }


def test_lists_that_a_commit_does_not_touch_are_the_same_objects() -> None:
    store = a_store()
    before = commit(store, named(1, "tax"), named(2, "art"))
    after = commit(store, named(3, "art", source="city"))
    same = {key for key in before.lists if before.lists[key] is after.lists[key]}
    assert same == {("topic", "tax"), TOWN}


def an_archive(*topics: str, limits: Limits = BRIEF) -> Store:
    """Return a store whose first page is full, of articles dated and taken ever later."""
    store = a_store(limits)
    for number in range(1, PAGE + 1):
        commit(store, named(number, *topics, day=number), at=WHEN + number * SECOND)
    return store


DAY = timedelta(days=1)


def test_an_edit_brings_an_article_back_into_the_window_of_all_its_lists() -> None:
    store = an_archive("tax")
    before = store.edition
    assert window(before) == [PAGE]
    after = commit(store, named(1, "tax", title="Edited"), at=WHEN + DAY)
    for key in (LATEST, TOWN, ("topic", "tax")):
        assert window(after, key) == [PAGE, 1]
        assert after.lists[key].modified == WHEN + DAY
        assert in_sequence(after, key) == in_sequence(before, key)


def test_an_article_that_only_got_another_key_changes_no_list() -> None:
    store = an_archive("tax")
    before = store.edition
    after = commit(store, replace(before.articles["urn:uuid:1"], key="renamed.md"), at=WHEN + DAY)
    assert after.articles["urn:uuid:1"].key == "renamed.md"
    for key in (LATEST, TOWN, ("topic", "tax")):
        assert window(after, key) == window(before, key)
        assert after.lists[key].modified == before.lists[key].modified


def test_an_archive_page_shows_articles_as_they_were_first_published() -> None:
    store = an_archive("tax")
    for title in ("Edited", "Edited again"):
        edition = commit(store, named(1, "tax", title=title), at=WHEN + DAY)
    assert edition.articles["urn:uuid:1"].title == "Edited again"
    for key in (LATEST, TOWN, ("topic", "tax")):
        page = edition.archived(key, 1)
        assert numbers(page) == [*range(PAGE, 0, -1)]
        assert page[-1].title == "Story 1"


def test_an_archive_page_shows_a_returned_article_as_it_was_when_it_returned() -> None:
    store = an_archive()
    commit(store, named(1, title="Edited"), at=WHEN + DAY)
    commit(store, withdrawn=["urn:uuid:1"], at=WHEN + 2 * DAY)
    edition = commit(store, named(1, title="Back"), at=WHEN + 3 * DAY)
    assert "urn:uuid:1" not in edition.lists[LATEST].page(1)
    assert edition.archived(LATEST, 2)[-1].title == "Back"
    edition = commit(store, named(1, title="Back and edited"), at=WHEN + 4 * DAY)
    assert edition.archived(LATEST, 2)[-1].title == "Back"


def test_a_share_of_a_source_counts_in_feeds_of_several_and_not_in_its_own() -> None:
    store = a_store(Limits(per_source=2))
    edition = commit(store, *(named(number, "tax") for number in range(1, 6)))
    assert len(window(edition)) == len(window(edition, ("topic", "tax"))) == 2
    assert len(window(edition, TOWN)) == 5


def test_a_withdrawal_is_told_in_every_list_it_stood_in_and_in_no_other() -> None:
    store = an_archive("tax")
    commit(store, named(99, "art", source="city"), at=WHEN + DAY)
    edition = commit(store, withdrawn=["urn:uuid:1"], at=WHEN + 2 * DAY + SECOND / 2)
    stone = Tombstone(id="urn:uuid:1", at=WHEN + 2 * DAY)
    assert edition.gone == {"urn:uuid:1": stone}
    for key in (LATEST, TOWN, ("topic", "tax")):
        assert edition.lists[key].tombstones == (stone,)
        assert edition.lists[key].modified == WHEN + 2 * DAY
    assert edition.lists["topic", "art"].tombstones == edition.lists["source", "city"].tombstones == ()


def test_the_tombstone_of_a_returning_article_goes_from_every_list() -> None:
    store = an_archive("tax")
    commit(store, withdrawn=["urn:uuid:1", "urn:uuid:2"], at=WHEN + DAY)
    edition = commit(store, named(1, "art"), at=WHEN + 2 * DAY)
    assert edition.gone.keys() == {"urn:uuid:2"}
    for key in (LATEST, TOWN, ("topic", "tax")):
        assert [stone.id for stone in edition.lists[key].tombstones] == ["urn:uuid:2"]
        assert edition.lists[key].modified == WHEN + 2 * DAY


def test_a_commit_without_news_changes_no_list_and_no_time() -> None:
    store = a_store()
    before = commit(store, named(1, "tax"))
    after = commit(store, at=WHEN + SECOND)
    assert after.lists is before.lists
    assert after.articles is before.articles
    assert after.topics is before.topics
    assert after.incidents_modified == before.incidents_modified == NEVER
    assert after.generation == before.generation + 1
    assert after.health["town"].last_success == WHEN + SECOND


def test_modified_is_the_second_of_the_commit() -> None:
    edition = commit(a_store(), named(1), at=WHEN + timedelta(milliseconds=700))
    assert edition.lists[LATEST].modified == WHEN


def test_changes_within_a_second_share_the_next_and_a_clock_that_falls_back_takes_nothing_back() -> None:
    store = a_store()
    moments = [WHEN, WHEN, WHEN + timedelta(milliseconds=300), WHEN - timedelta(hours=1)]
    modified = [commit(store, named(n), at=at).lists[LATEST].modified for n, at in enumerate(moments)]
    assert modified == [WHEN, WHEN + SECOND, WHEN + SECOND, WHEN + 2 * SECOND]
    assert store.edition.committed == store.edition.ticked == WHEN + 3 * SECOND


def test_only_what_feeds_show_dates_them_and_every_commit_dates_pages() -> None:
    store = a_store()
    first = commit(store, named(1, "tax"))
    assert (first.committed, first.ticked) == (WHEN, WHEN)
    quiet = commit(store, at=WHEN + 9 * SECOND)
    assert (quiet.committed, quiet.ticked) == (WHEN, WHEN + 9 * SECOND)
    edited = commit(store, replace(quiet.articles[named(1).id], title="B"), at=WHEN + 20 * SECOND)
    assert edited.committed == edited.ticked == WHEN + 20 * SECOND
    withdrawn = commit(store, withdrawn=[named(1).id], at=WHEN + 30 * SECOND)
    assert withdrawn.committed == WHEN + 30 * SECOND
    store.settle("another configuration", WHEN + 40 * SECOND)
    assert store.edition.committed == WHEN + 40 * SECOND


def test_a_source_that_is_read_for_the_first_time_dates_the_list_of_feeds() -> None:
    store = a_store()
    commit(store, named(1))
    incident = Incident(source="city", reason="gone", opened=WHEN)
    assert attend(store, WHEN + 5 * SECOND, incident, "city").committed == WHEN
    assert attend(store, WHEN + 6 * SECOND, None, "city").committed == WHEN + 6 * SECOND
    assert attend(store, WHEN + 7 * SECOND, None, "city").committed == WHEN + 6 * SECOND


def test_changes_further_apart_have_a_second_each() -> None:
    store = a_store()
    moments = [WHEN + tenths * SECOND / 10 for tenths in (0, 10, 12, 20, 31)]
    modified = [commit(store, named(n), at=at).lists[LATEST].modified for n, at in enumerate(moments)]
    assert modified == [WHEN + seconds * SECOND for seconds in (0, 1, 2, 3, 4)]


def test_updated_of_a_list_is_the_newest_change_and_never_goes_back() -> None:
    store = a_store()
    commit(store, named(1, day=3), named(2, day=1))
    edition = commit(store, article(id="urn:uuid:2", updated=WHEN + timedelta(days=8)))
    assert edition.lists[LATEST].updated == WHEN + timedelta(days=8)
    edition = commit(store, withdrawn=["urn:uuid:2"])
    assert edition.lists[LATEST].updated == WHEN + timedelta(days=8)


def test_a_withdrawn_article_leaves_every_list_and_an_older_one_comes_back_into_the_window() -> None:
    store = an_archive("tax")
    edition = commit(store, withdrawn=[f"urn:uuid:{PAGE}"], at=WHEN + DAY)
    assert window(edition) == window(edition, TOWN) == window(edition, ("topic", "tax")) == [PAGE - 1]
    assert edition.lists[LATEST].modified == WHEN + DAY
    assert f"urn:uuid:{PAGE}" not in edition.articles


def test_withdrawing_what_is_not_there_changes_nothing() -> None:
    store = a_store()
    before = commit(store, named(1))
    after = commit(store, withdrawn=["urn:uuid:9"], at=WHEN + SECOND)
    assert after.lists == before.lists
    assert after.articles == before.articles


def test_an_article_that_comes_in_the_commit_that_withdraws_it_stays() -> None:
    store = a_store()
    commit(store, named(1))
    edition = commit(store, named(1, title="Moved"), withdrawn=["urn:uuid:1"])
    assert [each.title for each in edition.lists[LATEST].shown] == ["Moved"]


def test_an_article_that_returns_is_news_again() -> None:
    store = a_store()
    commit(store, named(1), named(2))
    commit(store, withdrawn=["urn:uuid:1"])
    edition = commit(store, named(1), at=WHEN + SECOND)
    assert in_sequence(edition) == [2, 1]
    assert edition.articles["urn:uuid:1"].sequence == 3


def test_an_edit_keeps_sequence_and_acknowledgement() -> None:
    store = a_store()
    commit(store, named(1), named(2))
    edition = commit(store, named(1, title="Edited", day=5), at=WHEN + SECOND)
    edited = edition.articles["urn:uuid:1"]
    assert (edited.title, edited.sequence, edited.acknowledged) == ("Edited", 1, WHEN)
    assert in_sequence(edition) == [1, 2]
    assert window(edition) == [1, 2]
    assert edition.sequence == 2


def test_an_edit_may_move_an_article_between_topics_and_there_it_comes_last() -> None:
    store = a_store()
    commit(store, named(1, "tax", day=0), named(2, "art", day=1), named(3, "art", day=2))
    edition = commit(store, named(1, "art"))
    assert in_sequence(edition, ("topic", "art")) == [2, 3, 1]
    assert in_sequence(edition, ("topic", "tax")) == []
    assert edition.lists["topic", "tax"].tombstones == ()
    assert edition.lists["topic", "tax"].modified > WHEN


def test_an_article_that_joins_a_topic_in_one_commit_with_new_ones_comes_by_sequence() -> None:
    store = a_store()
    commit(store, named(1, day=0), named(2, "art", day=1))
    edition = commit(store, named(3, "art", day=0), named(1, "art", day=9), named(4, "art", day=1))
    assert in_sequence(edition, ("topic", "art")) == [2, 1, 3, 4]


def test_the_registry_of_topics_only_grows_and_keeps_the_first_name() -> None:
    store = a_store()
    commit(store, named(1, "art"), named(2, "tax"))
    renamed = Assignment(slug="art", name="ART!", source="explicit", matched="")
    edition = commit(store, article(id="urn:uuid:1", topics=(renamed,)), withdrawn=["urn:uuid:2"])
    edition = commit(store, withdrawn=["urn:uuid:1"])
    assert {slug: topic.name for slug, topic in edition.topics.items()} == {"tax": "Tax", "art": "Art"}
    assert edition.lists["topic", "art"].ids == ()


def test_an_edition_is_ready_after_a_complete_tick_that_read_something() -> None:
    failed = Incident(source="town", reason="gone", opened=WHEN)
    store = a_store()
    assert not commit(store, named(1), complete=False).ready
    assert commit(store).ready
    assert attend(store, WHEN, failed, "city").ready
    store = a_store()
    unread = attend(store, WHEN, failed)
    assert (unread.finished, unread.ready) == (True, False)
    assert commit(store, named(1)).ready


def test_those_who_subscribe_are_told_of_every_commit_when_its_edition_is_there() -> None:
    store, told = a_store(), list[int]()
    store.subscribe(lambda: told.append(store.edition.generation))
    commit(store, named(1))
    commit(store)
    assert told == [1, 2]


def test_a_bug_of_one_who_is_told_costs_neither_the_commit_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, told = a_store(), list[int]()

    def fail() -> None:
        raise ValueError("of a subscriber")

    store.subscribe(fail)
    store.subscribe(lambda: told.append(store.edition.generation))
    assert commit(store, named(1)).articles
    assert told == [1]
    assert "bug after a commit" in caplog.text


def test_an_incident_opens_once_and_closes_once() -> None:
    store = a_store()
    first = Incident(source="town", reason="gone", opened=WHEN)
    opened = attend(store, WHEN, first)
    assert attend(store, WHEN + SECOND, first).incidents == opened.incidents == (first,)
    assert store.edition.incidents_modified == opened.incidents_modified == WHEN
    closed = attend(store, WHEN + 2 * SECOND, None)
    assert closed.incidents == (
        Incident(source="town", reason="gone", opened=WHEN, closed=WHEN + 2 * SECOND),
    )
    again = attend(store, WHEN + 3 * SECOND, None)
    assert again.incidents == closed.incidents
    assert again.incidents_modified == closed.incidents_modified == WHEN + 2 * SECOND


def test_incidents_of_two_sources_and_of_two_times_are_told_apart_newest_first() -> None:
    store = a_store()
    town = Incident(source="town", reason="gone", opened=WHEN)
    city = Incident(source="city", reason="away", opened=WHEN + SECOND)
    attend(store, WHEN, town)
    attend(store, WHEN + SECOND, city, source="city")
    attend(store, WHEN + 2 * SECOND, None)
    second = Incident(source="town", reason="gone again", opened=WHEN + 3 * SECOND)
    edition = attend(store, WHEN + 3 * SECOND, second)
    assert [(each.reason, each.closed is None) for each in edition.incidents] == [
        ("gone again", True),
        ("away", True),
        ("gone", False),
    ]


def test_the_store_remembers_what_was_met_what_is_missing_and_what_is_forgotten() -> None:
    store = a_store()
    met = {key: Known(version="1", digest="d") for key in "ab"}
    store.commit(Commit(at=WHEN, change=Change(health=seen(), known=met)))
    assert store.known("town") == met
    assert store.known("city") == store.missing("city") == {}
    store.commit(Commit(at=WHEN, change=Change(health=seen(), missing={"a": WHEN})))
    assert store.missing("town") == {"a": WHEN}
    store.commit(Commit(at=WHEN, change=Change(health=seen(), forgotten=("a", "never"))))
    assert store.known("town") == {"b": met["b"]}
    assert store.missing("town") == {}


ARTICLES = st.builds(
    lambda number, day, topics, title: named(number, *topics, day=day, title=title),
    st.integers(1, 6),
    st.integers(0, 2),
    st.lists(st.sampled_from(["tax", "art", "sport"]), unique=True),
    st.sampled_from(["a", "b"]),
)
BATCH = st.lists(ARTICLES, max_size=5, unique_by=lambda each: each.id)
STEPS = st.lists(st.tuples(BATCH, st.sets(st.integers(1, 6), max_size=2)), max_size=5)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_no_commit_changes_an_edition_that_was_handed_out(
    steps: list[tuple[list[Article], set[int]]],
) -> None:
    store = a_store()
    for arriving, leaving in steps:
        before = store.edition
        kept = copy.deepcopy(before)
        commit(store, *arriving, withdrawn=[f"urn:uuid:{number}" for number in leaving])
        assert before == kept


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_after_any_commits_every_list_is_what_the_articles_say(
    steps: list[tuple[list[Article], set[int]]],
) -> None:
    store = a_store()
    for step, (arriving, leaving) in enumerate(steps):
        before, at = store.edition, WHEN + 2 * step * SECOND
        edition = commit(store, *arriving, withdrawn=[f"urn:uuid:{number}" for number in leaving], at=at)
        for key, listed in edition.lists.items():
            members = [each for each in edition.articles.values() if _stands_in(each, key)]
            shown = sorted(members, key=lambda each: (-each.published.timestamp(), each.id))
            assert listed.shown == tuple(shown)
            assert sorted(listed.ids) == sorted(each.id for each in members)
            old = before.lists.get(key)
            grew = listed.modified > (old.modified if old else NEVER)
            assert grew == (
                (listed.shown, listed.tombstones) != ((old.shown, old.tombstones) if old else ((), ()))
            )
            assert not edition.articles.keys() & {stone.id for stone in listed.tombstones}
        assert not edition.articles.keys() & edition.gone.keys()


@settings(max_examples=60, deadline=None)
@given(BATCH.flatmap(lambda batch: st.tuples(st.just(batch), st.permutations(batch))), st.integers(0, 5))
def test_the_order_in_which_files_are_met_does_not_matter(
    batch: tuple[list[Article], list[Article]], cut: int
) -> None:
    met, shuffled = batch
    one, other = a_store(), a_store()
    changes = (
        Change(health=seen(), articles=tuple(shuffled[:cut])),
        Change(health=seen(), articles=tuple(shuffled[cut:])),
    )
    assert commit(one, *met) == other.commit(*(Commit(at=WHEN, change=change) for change in changes))


def _stands_in(each: Article, key: ListKey) -> bool:
    kind, name = key
    topics = {assignment.slug for assignment in each.topics}
    return {"latest": True, "source": each.source == name, "topic": name in topics}[kind]


def test_the_oldest_incidents_are_forgotten() -> None:
    store = a_store()
    for hours in range(INCIDENTS + 1):
        at = WHEN + timedelta(hours=hours)
        attend(store, at, Incident(source="town", reason="gone", opened=at))
        attend(store, at, None)
    opened = [incident.opened for incident in store.edition.incidents]
    assert opened == [WHEN + timedelta(hours=hours) for hours in range(INCIDENTS, 0, -1)]


def test_an_archive_page_that_would_be_too_much_for_readers_has_long_articles_by_their_summary() -> None:
    store = a_store()
    long = "<p>" + "x" * 300_000 + "</p>"
    articles = [named(number, html=long, summary="In short.") for number in range(1, 50)]
    edition = commit(store, *articles, named(50, html="<p>Little</p>"))
    assert {each.html for each in edition.archived(LATEST, 1)} == {"<p>In short.</p>", "<p>Little</p>"}


def test_an_article_that_two_commits_of_one_batch_bring_has_one_number() -> None:
    town = Health(source="town", kind="folder")
    store = Store(PLAIN, [town], Limits(), SqliteJournal(None))
    one, again = article(1), article(1, title="As the other source has it")
    commits = [Commit(at=WHEN, change=Change(health=town, articles=(each,))) for each in (one, again)]
    edition = store.commit(*commits, Commit(at=WHEN, change=Change(health=town, articles=(article(2),))))
    assert edition.sequence == 2
    assert [each.sequence for each in edition.articles.values()] == [1, 2]
    assert edition.articles[one.id].title == "As the other source has it"


class Held(SqliteJournal):
    """A journal whose claims find it locked, by whoever commits meanwhile."""

    def __init__(self) -> None:
        super().__init__(None)
        self.meanwhile: Callable[[], object] = lambda: None

    def claim(self, _source: str, _owner: str, _seconds: float) -> None:
        self.meanwhile()
        message = "database is locked"
        raise JournalError(message)


@pytest.mark.parametrize("own", [False, True])
def test_a_journal_held_by_a_commit_of_our_own_is_no_trouble(*, own: bool) -> None:
    journal = Held()
    store = Store(PLAIN, [Health(source="town", kind="folder")], LIMITS, journal)
    if own:
        journal.meanwhile = lambda: commit(store, article(1))
    with pytest.raises(JournalError):
        store.claim("town", 12)
    assert [each.reason for each in store.edition.troubles] == ([] if own else ["database is locked"])
