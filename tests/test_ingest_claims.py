"""Several processes that read: claims, what becomes of a late commit, and what is due when."""

import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import JournalError, StaleClaimError
from feedsvc.ingest import Ingest, Intake, Wish
from feedsvc.ingest.claims import Claims
from feedsvc.ingest.decide import is_due, vanished, waiting
from feedsvc.model import Change, Commit, Health, Hints, Known
from feedsvc.sources import Found, Scan
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.topics import Topics
from tests.builders import PLAIN, wait_until
from tests.fakes import WHEN, Hands, MemorySource, PoolInThisProcess

pytestmark = pytest.mark.real_time

MINUTE = timedelta(minutes=1)


@dataclass
class Moments:
    """The machine's monotonic clock, moved by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Process:
    """One of several that read the same sources into one journal."""

    path: Path
    sources: list[MemorySource]
    moments: Moments = field(default_factory=Moments)
    hands: Hands = field(default_factory=Hands)

    def __post_init__(self) -> None:
        health = [Health(source=each.name, kind=each.kind) for each in self.sources]
        journal = SqliteJournal(self.path, clock=self.moments)
        self.store = Store(PLAIN, health, Limits(), journal)
        self.intakes = [
            Intake(source=each, hints=Hints(source=each.name), interval=MINUTE) for each in self.sources
        ]
        self.ingest = Ingest(self.intakes, Topics(), self.store, pool=PoolInThisProcess(), look_again=0)

    def tick(self, wish: Wish | None = None) -> list[str]:
        report = self.ingest.tick(self.hands, None, wish or Wish())
        return [str(each.timed(0)) for each in report.sources]


@dataclass
class Interrupted(MemorySource):
    """Something happens while it is looked at."""

    meanwhile: Callable[[], object] = lambda: None

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        self.meanwhile()
        return super().scan(known, now)


def source(name: str = "town", kind: type[MemorySource] = MemorySource) -> MemorySource:
    made = kind(name=name)
    made.write(
        "a.md", f"---\ntitle: News of {name}\ndate: 2024-04-30\n---\nIt was said that there are news.\n"
    )
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedsvc.db"


def test_what_another_process_reads_is_passed_over_in_silence(path: Path) -> None:
    here, there = Process(path, [source()]), Process(path, [source()])
    claim = there.store.claim("town", 12)
    assert claim
    assert here.tick() == []
    assert not here.store.edition.finished
    there.store.release(claim)
    assert here.tick() == ["town: 1 new, 0 changed, 0 unchanged, 0 removed, 0 skipped (0 ms)"]
    assert there.tick() == []
    assert there.store.edition == here.store.edition


def test_a_claim_is_given_back_after_the_tick_even_where_the_source_failed(path: Path) -> None:
    failing = source()
    failing.failure = "away"
    here, there = Process(path, [failing]), Process(path, [source()])
    assert here.tick() == ["town: failed: away (0 ms)"]
    assert there.store.claim("town", 12)


def test_a_folder_that_others_have_when_an_article_leaves_it_bereft_is_looked_at_by_the_next_tick(
    path: Path,
) -> None:
    one, two = source("one"), source("two")
    two.write("b.md", "---\ntitle: B\ndate: 2024-04-30\n---\nIt was said that it moved.\n")
    here, there = Process(path, [one, two]), Process(path, [one, two])
    here.intakes[0] = replace(here.intakes[0], interval=60 * MINUTE)
    here.ingest = Ingest(here.intakes, Topics(), here.store, pool=PoolInThisProcess(), look_again=0)
    here.tick()
    one.write("b.md", two.files.pop("b.md").decode())
    here.hands.move(hours=1)
    here.tick()
    claim = there.store.claim("one", 12)
    assert claim
    here.hands.move(minutes=1)
    assert here.tick() == ["two: 0 new, 0 changed, 1 unchanged, 1 removed, 0 skipped (0 ms)"]
    assert here.tick() == []
    there.store.release(claim)
    assert here.ingest.next_check(here.hands()) == here.hands() + timedelta(seconds=1)
    assert here.tick() == ["one: 1 new, 0 changed, 1 unchanged, 0 removed, 0 skipped (0 ms)"]
    assert here.tick() == []


def test_of_two_processes_that_start_at_once_one_reads_all_sources(path: Path) -> None:
    first, other = Process(path, [source(), source("hill")]), Process(path, [source(), source("hill")])
    claim = first.store.claim("town", 12)
    assert claim
    assert other.tick() == []
    first.store.release(claim)
    assert len(first.tick()) == 2
    assert first.store.edition.generation == 1


def test_what_another_process_read_just_before_the_claim_is_not_read_again(path: Path) -> None:
    here, there = Process(path, [source()]), Process(path, [source()])
    claim = here.store.claim

    def beaten(name: str, seconds: float) -> object:
        if here.store.edition.generation == 0:
            there.tick()
        return claim(name, seconds)

    here.store.claim = beaten  # type: ignore[method-assign,assignment]  # the one moment that cannot be awaited
    assert here.tick() == []
    assert here.sources[0].scans == 0
    assert here.store.edition == there.store.edition
    assert there.store.claim("town", 12)


def test_the_late_commit_of_a_source_that_was_taken_over_is_left_out(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost = source("hill", Interrupted)
    here, there = Process(path, [source(), lost]), Process(path, [source(), source("hill")])

    def taken_over() -> None:
        there.moments.now += 100
        assert there.store.claim("hill", 12)

    assert isinstance(lost, Interrupted)
    lost.meanwhile = taken_over
    assert here.tick() == ["town: 1 new, 0 changed, 0 unchanged, 0 removed, 0 skipped (0 ms)"]
    assert {each.source for each in here.store.edition.articles.values()} == {"town"}
    assert here.store.known("hill") == {}
    assert "another process has taken over source 'hill'" in caplog.text


def test_a_tick_that_lost_all_it_read_acknowledges_nothing(path: Path) -> None:
    lost = source("town", Interrupted)
    here, there = Process(path, [lost]), Process(path, [source()])

    def taken_over() -> None:
        there.moments.now += 100
        assert there.store.claim("town", 12)

    assert isinstance(lost, Interrupted)
    lost.meanwhile = taken_over
    assert here.tick() == []
    assert here.store.edition.generation == 0


def test_a_first_tick_is_not_over_while_another_process_is_still_at_it(path: Path) -> None:
    here, there = Process(path, [source()]), Process(path, [source()])
    health = Health(source="town", kind="memory", last_attempt=WHEN, last_success=WHEN)
    here.store.commit(Commit(at=WHEN, change=Change(health=health)), complete=False)
    claim = here.store.claim("town", 12)
    assert claim
    there.tick()
    assert not there.store.edition.finished


def test_who_asks_for_a_pass_waits_for_another_and_is_told_when_that_takes_too_long(path: Path) -> None:
    here, there = Process(path, [source()]), Process(path, [source()])
    here.ingest = Ingest(
        here.intakes, Topics(), here.store, pool=PoolInThisProcess(), look_again=0, patience=0.3
    )
    claim = there.store.claim("town", 12)
    assert claim
    assert here.tick(Wish(now=True)) == ["town: failed: another process is reading it (0 ms)"]
    assert not here.store.edition.finished
    there.store.release(claim)
    assert "1 new" in here.tick(Wish(now=True))[0]
    assert "1 unchanged" in here.tick(Wish(now=True))[0]
    assert here.tick() == []


def test_what_cannot_be_claimed_or_committed_is_told_and_stays_as_it_was(path: Path) -> None:
    broken = source("town", Interrupted)
    here = Process(path, [broken])
    here.tick()
    before = here.store.edition.articles
    broken.write("b.md", "---\ntitle: More\n---\nMore news came to the town today, and it was said.\n")
    here.hands.move(minutes=1)
    assert isinstance(broken, Interrupted)
    broken.meanwhile = here.store.close
    assert here.tick() == ["town: failed: the journal is closed (0 ms)"]
    here.hands.move(minutes=1)
    assert here.tick() == ["town: failed: the journal is closed (0 ms)"]
    assert here.store.edition.articles == before
    assert here.store.edition.incidents[0].reason == "the journal is closed"


def test_a_claim_is_renewed_until_it_is_given_back(path: Path) -> None:
    here, there = Process(path, []), Process(path, [])
    with Claims(here.store, seconds=12, every=0.01) as claims:
        assert claims.take("town")
        assert claims.token("hill") is None
        token = claims.token("town")
        for _ in range(3):
            here.moments.now += 8
            there.moments.now += 8
            wait_until(lambda: until(path) > here.moments.now + 11, "it is renewed")
            assert there.store.claim("town", 12) is None
        assert claims.token("town") == token
        claims.give_back("town")
        claims.give_back("town")
        taken = there.store.claim("town", 12)
        assert taken
    assert there.store.claim("town", 12) == taken


def until(path: Path) -> float:

    with closing(sqlite3.connect(path)) as reading:
        return float(reading.execute("SELECT until FROM claim").fetchone()[0])


def test_a_claim_that_was_lost_meanwhile_is_not_kept_and_its_commit_is_refused(path: Path) -> None:
    here, there = Process(path, [source()]), Process(path, [source()])
    with Claims(here.store, seconds=12, every=0.01) as claims:
        assert claims.take("town")
        lost = claims.token("town")
        with closing(sqlite3.connect(path)) as another:  # took it over and gave it back
            another.execute("UPDATE claim SET owner = '', token = token + 1")
            another.commit()
        wait_until(lambda: token(path) > (lost or 0) + 1, "a renewal takes it anew")
        wait_until(lambda: there.store.claim("town", 12), "and gives it back")
        assert claims.token("town") == lost
        change = Change(health=here.store.edition.health["town"])
        with pytest.raises(StaleClaimError):
            here.store.commit(Commit(at=WHEN, change=change, token=lost))


def token(path: Path) -> int:
    with closing(sqlite3.connect(path)) as reading:
        return int(reading.execute("SELECT token FROM claim").fetchone()[0])


def test_a_journal_that_fails_while_claims_are_renewed_ends_no_thread(path: Path) -> None:
    here = Process(path, [])
    with Claims(here.store, seconds=12, every=0.01) as claims:
        assert claims.take("town")
        here.store.close()
        wait_until(lambda: here.store.edition.troubles, "a renewal failed")
        with pytest.raises(JournalError):
            claims.take("hill")


@pytest.mark.parametrize(
    ("interval", "early", "due"),
    [(1, 0.09, True), (1, 0.11, False), (4, 0.39, True), (300, 0.49, True), (300, 0.51, False)],
)
def test_a_tick_may_come_early_by_half_a_second_but_by_no_more_than_a_tenth_of_its_interval(
    interval: int, early: float, *, due: bool
) -> None:
    health = Health(source="town", kind="folder", next_check=WHEN)
    assert is_due(health, timedelta(seconds=interval), WHEN - timedelta(seconds=early)) is due


def test_waiting_counts_only_while_somebody_looks() -> None:
    before = {"a": WHEN - timedelta(hours=3)}
    assert waiting(before, WHEN - 3 * MINUTE, MINUTE, WHEN) == before
    assert waiting(before, WHEN - 4 * MINUTE, MINUTE, WHEN) == {"a": WHEN}
    assert waiting(before, None, MINUTE, WHEN) == {"a": WHEN}


def test_that_most_are_gone_is_believed_only_of_the_same_place() -> None:
    health = Health(source="town", kind="folder", place="1:2")
    empty = Scan(missing=frozenset("ab"), place="3:4")
    assert "2 of 2 documents are missing" in vanished(health, set("ab"), empty)
    assert not vanished(health, set("ab"), Scan(missing=frozenset("ab"), place="1:2"))
    assert "2 of 3 documents are missing" in vanished(health, set("abc"), empty)
    assert not vanished(health, set("abcd"), empty)
    assert not vanished(health, set(), Scan(place="3:4"))
    assert not vanished(health, set("abc"), replace(empty, unwanted=frozenset("ab")))
    assert not vanished(Health(source="town", kind="folder"), set("ab"), empty)
    found = (Found(key="c", version="", address="c"),)
    assert vanished(health, set("ab"), Scan(missing=frozenset("ab"), found=found, place="3:4"))
    assert not vanished(health, set("ab"), Scan(missing=frozenset("a"), found=found, place="3:4"))


def test_what_was_missing_before_says_nothing_of_another_place() -> None:
    health = Health(source="town", kind="folder", place="1:2")
    renumbered = Scan(missing=frozenset("abc"), place="3:2")
    assert not vanished(health, set("de"), renumbered)
    assert vanished(health, set("de"), Scan(missing=frozenset("abcde"), place="3:4"))


def test_a_first_tick_that_died_before_its_second_look_is_begun_again_at_once(path: Path) -> None:
    writing = source()
    writing.writing["a.md"] = 1
    dying = Process(path, [writing])
    dying.ingest = Ingest(dying.intakes, Topics(), dying.store, pool=PoolInThisProcess(), look_again=60)
    before = threading.Thread(target=dying.tick)
    before.start()
    wait_until(lambda: dying.store.edition.generation, "the first look is committed")
    dying.ingest.stop()
    before.join()
    assert not dying.store.edition.finished
    here = Process(path, [source()])
    assert here.tick() == ["town: 1 new, 0 changed, 0 unchanged, 0 removed, 0 skipped (0 ms)"]
    assert here.store.edition.finished
    assert here.tick() == []
