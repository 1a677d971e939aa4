"""The contract of every journal, and what all processes owe to it: the same editions, bytes and tags."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.errors import BehindError, JournalError, StaleClaimError
from feedsvc.feeds import FORMATS
from feedsvc.kept import Body, pack
from feedsvc.model import Article, Change, Commit, Health, Incident, Known, Skipped
from feedsvc.store import Edition, Journal, Limits, ListKey, SqliteJournal, Store
from feedsvc.store.apply import apply
from feedsvc.store.decide import everything
from feedsvc.store.edition import blank
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.memory import Memory, remember
from feedsvc.topics import TopicRule
from feedsvc.web import Catalogue, Responses
from feedsvc.web.addresses import list_path
from feedsvc.web.conditional import Prepared
from tests.builders import PLAIN, SITE, START, article, topic
from tests.redis_server import machine, pass_time, redis_server

LONG = pack(Body(text="long"))


@dataclass
class Shelf:
    """Where journals of one kind lie: every `open` gives one more process's hold on the same rows."""

    open: Callable[[], Journal]
    wait: Callable[[float], None]
    """Lets seconds pass for claims."""


@dataclass
class Moments:
    """A monotonic clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


@contextmanager
def sqlite_file() -> Iterator[Shelf]:
    moments, opened = Moments(), list[Journal]()

    def another() -> Journal:
        opened.append(SqliteJournal(Path(folder, "feedsvc.db"), clock=moments, kept=4))
        return opened[-1]

    with TemporaryDirectory() as folder:
        yield Shelf(another, moments.move)
        for journal in opened:
            journal.close()


@contextmanager
def sqlite_memory() -> Iterator[Shelf]:
    moments = Moments()
    only = SqliteJournal(None, clock=moments, kept=4)
    yield Shelf(lambda: only, moments.move)
    only.close()


@contextmanager
def redis_of_machines() -> Iterator[Shelf]:
    opened = list[Journal]()

    def another() -> Journal:
        opened.append(machine(server))
        return opened[-1]

    with redis_server() as server, closing(server.client) as client:
        yield Shelf(another, partial(pass_time, client))
        for journal in opened:
            journal.close()


SHELVES = {
    "SQLite in a file": sqlite_file,
    "SQLite in memory": sqlite_memory,
    "Redis and several machines": redis_of_machines,
}


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    with SHELVES[request.param]() as made:
        yield made


def row(name: str, kind: str = "article") -> RowKey:
    return kind, name


def write(journal: Journal, generation: int, rows: dict[RowKey, bytes | None], **claims: int) -> None:
    journal.write(Delta(generation=generation, rows=rows), generation - 1, claims)


def test_a_new_journal_is_at_generation_0_and_has_no_rows(shelf: Shelf) -> None:
    delta = shelf.open().read(0)
    assert (delta.generation, dict(delta.rows)) == (0, {})
    assert delta.origin


def test_what_one_process_wrote_all_read(shelf: Shelf) -> None:
    here, there = shelf.open(), shelf.open()
    write(here, 1, {row("a"): b"A", row("a", "body"): LONG})
    delta = there.read(0)
    assert delta.rows == {row("a"): b"A", row("a", "body"): LONG}
    assert (delta.generation, delta.whole) == (1, True)
    assert delta.origin == here.read(1).origin


def test_only_what_changed_since_is_read_and_nothing_where_nothing_did(shelf: Shelf) -> None:
    journal = shelf.open()
    write(journal, 1, {row("a"): b"A", row("b"): b"B"})
    write(journal, 2, {row("b"): b"B2"})
    since = journal.read(1)
    assert (since.generation, dict(since.rows), since.whole) == (2, {row("b"): b"B2"}, False)
    assert dict(journal.read(2).rows) == {}


def test_a_jump_over_generations_reads_the_last_value_of_each_row(shelf: Shelf) -> None:
    journal = shelf.open()
    write(journal, 1, {row("a"): b"A"})
    write(journal, 2, {row("a"): b"A2", row("b"): b"B"})
    write(journal, 3, {row("a"): b"A3", row("b"): None, row("c"): b""})
    assert journal.read(1).rows == {row("a"): b"A3", row("b"): None, row("c"): b""}


def test_a_deletion_is_told_to_followers_and_not_to_who_reads_everything(shelf: Shelf) -> None:
    journal = shelf.open()
    write(journal, 1, {row("a"): b"A", row("b", "body"): LONG})
    write(journal, 2, {row("a"): None, row("b", "body"): None})
    assert journal.read(1).rows == {row("a"): None, row("b", "body"): None}
    assert dict(journal.read(0).rows) == {}


def test_who_was_away_for_longer_than_deletions_are_remembered_reads_everything(shelf: Shelf) -> None:
    journal = shelf.open()
    write(journal, 1, {row("gone"): b"G", row("kept"): b"K"})
    write(journal, 2, {row("gone"): None, row("gone", "body"): None})
    for generation in range(3, 20):
        write(journal, generation, {row("n"): str(generation).encode()})
    late = journal.read(1)
    assert (late.whole, late.generation) == (True, 19)
    assert late.rows == {row("kept"): b"K", row("n"): b"19"}
    assert not journal.read(18).whole


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from([b"1", b"2", None]), max_size=3),
        min_size=2,
        max_size=6,
    ),
    st.integers(0, 5),
)
def test_what_is_read_is_what_was_written_merged(written: list[dict[str, bytes | None]], jump: int) -> None:
    with sqlite_memory() as shelf:
        journal = shelf.open()
        deltas = [
            Delta(generation=n, rows={row(name): value for name, value in rows.items()})
            for n, rows in enumerate(written, 1)
        ]
        for delta in deltas:
            journal.write(delta, delta.generation - 1, {})
        since = jump % len(deltas)
        merged = Delta(generation=since, whole=since == 0)
        for delta in deltas[since:]:
            merged = merged.then(delta)
        found = journal.read(since)
        deletable = {key: value for key, value in found.rows.items() if value is not None or since}
        assert (found.generation, deletable) == (merged.generation, merged.rows)
        assert found.whole == merged.whole
        whole = Delta(generation=99, whole=True)
        assert merged.then(whole) is whole


def test_a_generation_may_be_left_out(shelf: Shelf) -> None:
    journal = shelf.open()
    journal.write(Delta(generation=7, rows={row("a"): b"A"}), 0, {})
    assert journal.read(0).generation == 7


def test_a_whole_delta_replaces_all_rows_for_everybody(shelf: Shelf) -> None:
    here, there = shelf.open(), shelf.open()
    write(here, 1, {row("a"): b"A", row("b"): b"B", row("b", "body"): LONG})
    here.write(Delta(generation=5, rows={row("b"): b"B5"}, whole=True), 1, {})
    followed = there.read(1)
    assert (followed.whole, followed.generation, dict(followed.rows)) == (True, 5, {row("b"): b"B5"})


def test_a_delta_decided_on_another_generation_is_refused(shelf: Shelf) -> None:
    here, there = shelf.open(), shelf.open()
    write(here, 1, {row("a"): b"A"})
    with pytest.raises(BehindError, match="decided on generation 0, but the journal is at 1"):
        write(there, 1, {row("a"): b"other"})
    assert there.read(0).rows == {row("a"): b"A"}


def test_a_delta_for_another_journal_is_refused(shelf: Shelf) -> None:
    journal = shelf.open()
    with pytest.raises(BehindError):
        journal.write(Delta(generation=1, rows={row("a"): b"A"}, origin="another"), 0, {})
    journal.write(Delta(generation=1, rows={row("a"): b"A"}, origin=journal.read(0).origin), 0, {})


def test_of_two_owners_one_has_the_source(shelf: Shelf) -> None:
    here, there = shelf.open(), shelf.open()
    first = here.claim("town", "one", 12)
    assert first is not None
    assert (first.source, first.owner) == ("town", "one")
    assert there.claim("town", "two", 12) is None
    assert there.claim("hill", "two", 12) is not None


def test_a_renewal_keeps_the_token_and_lasts_from_then_on(shelf: Shelf) -> None:
    journal = shelf.open()
    first = journal.claim("town", "one", 12)
    shelf.wait(8)
    assert journal.claim("town", "one", 12) == first
    shelf.wait(8)
    assert journal.claim("town", "two", 12) is None


def test_a_claim_that_ran_out_goes_to_the_next_with_a_higher_token(shelf: Shelf) -> None:
    journal = shelf.open()
    first = journal.claim("town", "one", 12)
    shelf.wait(12.5)
    second = journal.claim("town", "two", 12)
    assert first is not None
    assert second is not None
    assert second.token > first.token


def test_a_claim_given_back_is_free_at_once_and_its_token_stale(shelf: Shelf) -> None:
    journal = shelf.open()
    first = journal.claim("town", "one", 12)
    assert first is not None
    journal.release(first)
    with pytest.raises(StaleClaimError):
        write(journal, 1, {row("a"): b"A"}, town=first.token)
    second = journal.claim("town", "two", 12)
    assert second is not None
    assert second.token > first.token
    journal.release(first)
    assert journal.claim("town", "three", 12) is None


def test_the_owner_that_asks_again_after_giving_back_gets_a_higher_token(shelf: Shelf) -> None:
    journal = shelf.open()
    first = journal.claim("town", "one", 12)
    assert first is not None
    journal.release(first)
    again = journal.claim("town", "one", 12)
    assert again is not None
    assert again.token > first.token


def test_the_late_commit_of_an_owner_that_lost_its_claim_is_refused_whole(shelf: Shelf) -> None:
    here, there = shelf.open(), shelf.open()
    first, hill = here.claim("town", "one", 12), here.claim("hill", "one", 60)
    assert first is not None
    assert hill is not None
    shelf.wait(12.5)
    second = there.claim("town", "two", 12)
    assert second is not None
    with pytest.raises(StaleClaimError, match="'town'") as caught:
        write(here, 1, {row("late"): b"L"}, hill=hill.token, town=first.token)
    assert caught.value.source == "town"
    assert here.read(0).generation == 0
    write(there, 1, {row("new"): b"N"}, town=second.token)
    assert here.read(0).rows == {row("new"): b"N"}


def test_a_claim_that_ran_out_and_that_nobody_took_still_counts(shelf: Shelf) -> None:
    journal = shelf.open()
    first = journal.claim("town", "one", 12)
    assert first is not None
    shelf.wait(60)
    write(journal, 1, {row("a"): b"A"}, town=first.token)
    assert journal.claim("town", "one", 12) == first


def test_a_token_for_a_source_that_nobody_claimed_is_refused(shelf: Shelf) -> None:
    with pytest.raises(StaleClaimError):
        write(shelf.open(), 1, {}, town=1)


def test_a_closed_journal_refuses_everything(shelf: Shelf) -> None:
    journal = shelf.open()
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        journal.read(0)
    with pytest.raises(JournalError, match="closed"):
        write(journal, 1, {})


# One store writes, others follow; all of them owe the same editions to the same rows.

LIMITS = Limits(count=3, time=timedelta(hours=2), size=30_000, per_source=4)
SOURCES = ("town", "hill")
CONFIGURED = replace(PLAIN, rules=(TopicRule(slug="tax", name="Tax", aliases=("levy",)),))


def a_store(journal: Journal, sources: Sequence[str] = SOURCES) -> Store:
    return Store(CONFIGURED, [Health(source=name, kind="folder") for name in sources], LIMITS, journal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit as hypothesis thinks of it."""

    source: str
    numbers: tuple[int, ...]
    topics: tuple[str, ...]
    text: str
    withdrawn: tuple[int, ...]
    seconds: float
    failing: bool
    complete: bool
    bulk: int
    looks: bool = field(default=False)
    """Whether the follower looks after it."""


STEPS = st.builds(
    Step,
    source=st.sampled_from(SOURCES),
    numbers=st.lists(st.integers(1, 6), max_size=4, unique=True).map(tuple),
    topics=st.lists(st.sampled_from(["tax", "parks", "市政"]), max_size=2, unique=True).map(tuple),
    text=st.sampled_from(["short", "other", "x" * 9_000]),
    withdrawn=st.lists(st.integers(1, 60), max_size=3, unique=True).map(tuple),
    seconds=st.sampled_from([0.2, 1.0, 90.0, 5400.0, -4000.0]),
    failing=st.booleans(),
    complete=st.booleans(),
    bulk=st.sampled_from([0, 0, 0, 55]),
    looks=st.booleans(),
)


def named(step: Step, number: int) -> Article:
    base = 100 if step.source == "hill" else 0
    return article(
        base + number,
        source=step.source,
        text=step.text,
        html=f"<p>{step.text}</p>",
        topics=tuple(topic(name) for name in step.topics),
        published=START + timedelta(minutes=number * 37 % 11),
    )


def take(store: Store, step: Step, at: datetime) -> Edition:
    before = store.edition.health[step.source]
    incident = Incident(source=step.source, reason="away", opened=at) if step.failing else None
    arriving = {
        named(step, number).id: named(step, number) for number in (*step.numbers, *range(10, 10 + step.bulk))
    }
    known = {each.key: Known(version=str(at), digest="d", article=each.id) for each in arriving.values()}
    leaving = [named(step, number) for number in step.withdrawn]
    change = Change(
        health=replace(
            before,
            last_attempt=at,
            last_success=at,
            incident=(before.incident and incident) or incident,
            skipped=(Skipped(key="x", reason="empty"),),
        ),
        articles=tuple(arriving.values()),
        withdrawn=tuple(each.id for each in leaving),
        known=known,
        missing={each.key: at for each in leaving[:1]},
        forgotten=tuple(each.key for each in leaving[1:]),
    )
    return store.commit(Commit(at=at, change=change), complete=step.complete)


def published(store: Store) -> dict[str, tuple[bytes, str, int]]:
    """Return bytes, ETag and Last-Modified of all feeds of a store."""
    catalogue = Catalogue(site=SITE, language="en", intervals=dict.fromkeys(SOURCES, 300))
    responses = Responses(store, catalogue, (START + timedelta(days=900)).timestamp, lambda *_: None)
    found = {}
    for key in store.edition.lists:
        pages = [list_path(key), *(f"{list_path(key)}/archive/{n + 1}" for n in range(last_page(store, key)))]
        for path in (f"{page}.{suffix}" for page in pages for suffix in FORMATS):
            prepared = responses.find(path.encode().decode("latin-1"))
            if isinstance(prepared, Prepared):
                found[path] = (prepared.identity.body, prepared.identity.etag, prepared.modified)
    return found


def last_page(store: Store, key: ListKey) -> int:
    return store.edition.lists[key].last_page


@pytest.mark.parametrize("kind", SHELVES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_live_loaded_and_following_editions_are_equal_to_the_byte(kind: str, steps: list[Step]) -> None:
    with SHELVES[kind]() as shelf:
        live, follower = a_store(shelf.open()), a_store(shelf.open())
        at = START
        for step in steps:
            at += timedelta(seconds=step.seconds)
            edition = take(live, step, at)
            if step.looks:
                assert follower.catch_up() == edition
        loaded = a_store(shelf.open())
        follower.catch_up()
        assert loaded.edition == live.edition
        assert follower.edition == live.edition
        for name in SOURCES:
            assert loaded.known(name) == follower.known(name) == live.known(name)
            assert loaded.missing(name) == follower.missing(name) == live.missing(name)
        assert published(loaded) == published(follower) == published(live)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=8), hidden=st.booleans())
def test_all_rows_of_an_edition_give_that_edition_again(steps: list[Step], *, hidden: bool) -> None:
    with sqlite_memory() as shelf:
        journal = shelf.open()
        live, at = a_store(journal), START
        for step in steps:
            at += timedelta(seconds=step.seconds)
            take(live, step, at)
        store = a_store(journal, SOURCES[:1] if hidden else SOURCES)
        memory = remember(Memory(), journal.read(0))
        rows = everything(store.edition, memory)
        assert apply(blank(store.edition.configuration), rows) == replace(
            store.edition, generation=store.edition.generation + 1
        )
        assert remember(Memory(), rows) == memory
