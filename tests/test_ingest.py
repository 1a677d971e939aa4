import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from feedsvc.errors import JournalError, SourceError
from feedsvc.extract import article_id
from feedsvc.extract.pool import AnyJob, ExtractionPool
from feedsvc.ingest import Ingest, Intake, Progress, SourceReport
from feedsvc.ingest.ingest import AGAIN
from feedsvc.ingest.visit import TRIES
from feedsvc.model import Article, Document, Health, Hints, Incident, Known, Skipped
from feedsvc.sources import Arrivals, Folder, Scan
from feedsvc.store import LATEST, Limits, SqliteJournal, Store
from feedsvc.topics import Topics
from tests.builders import PLAIN, Value, wait_until
from tests.fakes import WHEN, Hands, MemorySource, PoolInThisProcess

FIVE_MINUTES = timedelta(minutes=5)
GARBAGE = "\x00\x01\x02\x00\x00"


@dataclass
class World:
    """Sources, a store, and ticks five minutes apart."""

    sources: Sequence[MemorySource]
    topics: tuple[str, ...] = ()
    pool: ExtractionPool = field(default_factory=PoolInThisProcess)
    hands: Hands = field(default_factory=Hands)

    def __post_init__(self) -> None:
        health = [Health(source=each.name, kind=each.kind) for each in self.sources]
        self.store = Store(PLAIN, health, Limits(), SqliteJournal(None))
        self.intakes = [
            Intake(source=each, hints=Hints(source=each.name), interval=FIVE_MINUTES, topics=self.topics)
            for each in self.sources
        ]
        self.ingest = Ingest(self.intakes, Topics(), self.store, pool=self.pool, look_again=0)

    def tick(self, progress: Progress | None = None) -> SourceReport:
        """Let five minutes pass, tick, and return the first source's report without its duration."""
        self.hands.move(minutes=5)
        return self.ingest.tick(self.hands, progress).sources[0].timed(0)

    @property
    def titles(self) -> list[str]:
        return sorted(each.title for each in self.store.edition.lists[LATEST].shown)

    @property
    def reasons(self) -> dict[str, str]:
        """What the first source's health says of documents that gave no article."""
        health = self.store.edition.health[self.sources[0].name]
        return {skipped.key: skipped.reason for skipped in health.skipped}

    def article(self, key: str) -> Article:
        own = key if "." in key else f"\0{key}"  # an id that a document gives itself is no path
        return self.store.edition.articles[article_id("feedsvc", self.sources[0].name, own)]


def written(title: str, id_: str = "", date: str = "2024-04-30") -> str:
    """Return a Markdown document with front matter."""
    named = f"id: {id_}\n" if id_ else ""
    return f"---\ntitle: {title}\ndate: {date}\n{named}---\nIt was said in town that {title.lower()} today.\n"


def a_world(**documents: str) -> tuple[World, MemorySource]:
    """Return a world whose one source holds documents by the stem of their key."""
    source = MemorySource()
    for stem, content in documents.items():
        source.write(f"{stem}.md", content)
    return World([source]), source


def report(**counts: int) -> SourceReport:
    return SourceReport(source="town", **counts)  # type: ignore[arg-type]  # all of them are counts


def test_new_changed_touched_and_unchanged_documents_are_told_apart() -> None:
    world, source = a_world(a=written("A"), b=written("B"), c=written("C"))
    assert world.tick() == report(new=3)
    source.write("a.md", written("A edited"))
    source.touch("b.md")
    source.write("d.md", written("D"))
    assert world.tick() == report(new=1, changed=1, unchanged=2)
    assert world.titles == ["A edited", "B", "C", "D"]
    assert world.tick() == report(unchanged=4)


def test_a_document_is_removed_after_one_confirming_tick() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    del source.files["a.md"]
    assert world.tick() == report(unchanged=1, missing=1)
    assert world.titles == ["A", "B"]
    assert world.tick() == report(unchanged=1, removed=1)
    assert world.titles == ["B"]
    assert world.store.edition.health["town"].documents == 1
    assert world.tick() == report(unchanged=1)


def test_an_article_keeps_its_id_after_an_edit_and_after_its_return() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    first = world.article("a.md")
    source.write("a.md", written("A edited"))
    world.tick()
    edited = world.article("a.md")
    assert (edited.id, edited.sequence, edited.published) == (first.id, first.sequence, first.published)
    assert edited.updated == WHEN + 2 * FIVE_MINUTES
    del source.files["a.md"]
    world.tick()
    world.tick()
    assert world.titles == []
    source.write("a.md", written("A again"))
    world.tick()
    assert world.article("a.md").id == first.id


def test_a_document_that_is_missed_once_and_comes_back_was_never_away() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    content = source.files.pop("a.md")
    before = world.store.edition.lists
    world.tick()
    source.files["a.md"] = content
    assert world.tick() == report(unchanged=2)
    del source.files["a.md"]
    world.tick()
    assert world.store.edition.lists is before


def test_more_than_half_of_ten_documents_are_removed_only_after_an_hour() -> None:
    world, source = a_world(**{f"a{number}": written(f"A{number}") for number in range(10)})
    world.tick()
    for key in sorted(source.files)[:6]:
        del source.files[key]
    for _ in range(12):
        assert world.tick() == report(unchanged=4, missing=6)
    assert len(world.titles) == 10
    assert world.tick() == report(unchanged=4, removed=6)


def test_a_tick_without_news_changes_no_list() -> None:
    world, source = a_world(a=written("A"), b=GARBAGE)
    world.tick()
    before = world.store.edition
    source.touch("a.md")
    world.tick()
    assert world.store.edition.lists is before.lists
    assert world.store.edition.generation == before.generation + 1


def test_a_document_that_changes_without_saying_anything_new_is_not_published_again() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    before = world.store.edition
    source.write("a.md", written("A") + "\n\n")
    assert world.tick() == report(unchanged=1)
    assert world.store.edition.lists is before.lists


def test_a_document_that_vanishes_between_scan_and_read_is_reported_and_looked_for_again() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    source.write("a.md", written("A edited"))
    source.vanishing.add("a.md")
    told = world.tick()
    assert [skipped.reason for skipped in told.skipped] == ["vanished before it was read"]
    assert world.titles == ["A", "B"]
    source.vanishing.clear()
    source.write("a.md", written("A written anew"))
    assert world.tick() == report(changed=1, unchanged=1)
    assert world.reasons == {}


def test_of_two_documents_with_one_id_the_first_is_kept_and_the_other_reported_until_the_id_is_free() -> None:
    world, source = a_world(a=written("A", id_="x"), b=written("B", id_="x"), c=written("C"))
    told = world.tick()
    assert (told.new, [skipped.key for skipped in told.skipped]) == (2, ["b.md"])
    assert world.titles == ["A", "C"]
    assert world.tick().skipped == told.skipped
    assert world.reasons == {"b.md": "same id as a.md"}
    del source.files["a.md"]
    assert world.tick() == report(changed=1, unchanged=1, missing=1)
    assert world.tick() == report(unchanged=2)
    assert world.titles == ["B", "C"]
    assert world.reasons == {}


def test_an_id_that_its_document_gives_up_in_the_same_tick_is_free() -> None:
    world, source = a_world(a=written("A", id_="x"))
    world.tick()
    source.write("a.md", written("A", id_="y"))
    source.write("b.md", written("B", id_="x"))
    assert world.tick() == report(new=1, changed=1)
    assert (world.article("y").title, world.article("x").title) == ("A", "B")


def test_an_id_stays_with_the_later_document_that_had_it_first() -> None:
    world, source = a_world(b=written("B", id_="x"))
    world.tick()
    source.write("a.md", written("A", id_="x"))
    source.write("b.md", written("B edited", id_="x"))
    told = world.tick()
    assert [skipped.reason for skipped in told.skipped] == ["same id as b.md"]
    assert world.titles == ["B edited"]


def test_a_renamed_document_with_an_id_of_its_own_keeps_its_article() -> None:
    world, source = a_world(a=written("A", id_="x"), c=written("C"))
    world.tick()
    before = world.article("x")
    source.write("b.md", source.files.pop("a.md").decode())
    world.tick()
    renamed = world.article("x")
    assert (renamed.key, renamed.sequence, renamed.updated) == ("b.md", before.sequence, before.updated)
    assert world.tick() == report(unchanged=2)
    assert world.titles == ["A", "C"]


def test_a_document_that_is_renamed_and_renamed_back_keeps_its_article() -> None:
    world, source = a_world(a=written("A", id_="x"))
    world.tick()
    source.write("b.md", source.files.pop("a.md").decode())
    world.tick()
    source.write("a.md", source.files.pop("b.md").decode())
    world.tick()
    world.tick()
    world.tick()
    assert world.titles == ["A"]
    assert world.article("x").key == "a.md"


def test_a_renamed_document_without_an_id_is_another_article() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    source.write("b.md", source.files.pop("a.md").decode())
    assert world.tick() == report(new=1, missing=1)
    assert world.tick() == report(unchanged=1, removed=1)
    assert list(world.store.edition.articles) == [world.article("b.md").id]


def test_an_edit_that_changes_the_id_withdraws_the_old_article() -> None:
    world, source = a_world(a=written("A", id_="x"))
    world.tick()
    source.write("a.md", written("A", id_="y"))
    assert world.tick() == report(new=1, removed=1)
    assert list(world.store.edition.articles) == [world.article("y").id]


def test_an_edit_to_garbage_keeps_the_last_good_article_and_says_why_until_it_is_mended() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    source.write("a.md", GARBAGE)
    told = world.tick()
    assert (told.unchanged, told.failed, [skipped.key for skipped in told.skipped]) == (1, True, ["a.md"])
    reasons = world.reasons
    assert set(reasons) == {"a.md"}
    world.tick()
    source.touch("a.md")
    world.tick()
    assert world.reasons == reasons
    assert world.titles == ["A", "B"]
    source.write("a.md", written("A"))
    assert world.tick() == report(unchanged=2)
    assert world.reasons == {}


def test_garbage_that_is_removed_takes_its_last_good_article_and_its_report_along() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    source.write("a.md", GARBAGE)
    world.tick()
    del source.files["a.md"]
    world.tick()
    assert set(world.reasons) == {"a.md"}
    world.tick()
    assert (world.titles, world.reasons) == ([], {})


def test_garbage_from_the_beginning_is_reported_once_and_kept_in_mind() -> None:
    world, source = a_world(a=GARBAGE, b=written("B"))
    told = world.tick()
    assert (told.new, told.unchanged, len(told.skipped)) == (1, 0, 1)
    assert world.tick() == report(unchanged=2)
    assert set(world.reasons) == {"a.md"}
    source.writing["a.md"] = 2
    world.tick()
    assert world.reasons == {"a.md": "still being written"}


def test_new_garbage_does_not_count_against_what_is_unchanged() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    source.write("c.md", GARBAGE)
    assert world.tick().unchanged == 2


def test_a_failing_source_keeps_its_articles_and_opens_one_incident_and_closes_it_once() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    before = world.store.edition.lists
    source.failure = "no such folder"
    told = [world.tick() for _ in range(3)]
    assert {(each.failure, each.failed) for each in told} == {("no such folder", True)}
    health = world.store.edition.health["town"]
    assert (health.failures, health.last_success) == (3, WHEN + FIVE_MINUTES)
    opened = Incident(source="town", reason="no such folder", opened=WHEN + 2 * FIVE_MINUTES)
    assert world.store.edition.incidents == (opened,)
    source.failure = ""
    world.tick()
    world.tick()
    (closed,) = world.store.edition.incidents
    assert (closed.opened, closed.closed) == (opened.opened, WHEN + 5 * FIVE_MINUTES)
    assert world.store.edition.lists is before


def test_a_failure_between_two_looks_does_not_confirm_a_removal() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    del source.files["a.md"]
    world.tick()
    source.failure = "away"
    world.tick()
    assert world.titles == ["A"]
    source.failure = ""
    assert world.tick().removed == 1


def test_one_failing_source_does_not_hold_back_another() -> None:
    town, city = MemorySource(failure="away"), MemorySource(name="city")
    city.write("a.md", written("A"))
    world = World([town, city])
    world.tick()
    assert world.titles == ["A"]
    assert world.store.edition.ready


def test_only_what_is_due_is_looked_at() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    world.hands.move(minutes=4)
    assert world.ingest.tick(world.hands).sources == ()
    assert source.scans == 1
    world.hands.move(minutes=1)
    world.ingest.tick(world.hands)
    assert source.scans == 2


def test_a_document_still_being_written_is_looked_at_again_in_the_same_tick() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    source.writing["b.md"] = 1
    assert world.tick() == report(new=2)
    assert world.store.edition.ready
    assert source.scans == 2


def test_the_first_tick_is_not_finished_before_its_second_look() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    source.writing["b.md"] = 1
    ready: list[bool] = []

    def watched() -> datetime:
        ready.append(world.store.edition.ready)
        return world.hands.moment

    world.ingest.tick(watched)
    assert ready == [False] * 4  # when the tick, its second look and both commits began
    assert world.store.edition.ready


def test_a_document_written_for_long_is_reported_and_comes_with_a_later_tick() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    source.writing["b.md"] = 3
    told = world.tick()
    assert (told.new, [skipped.reason for skipped in told.skipped]) == (1, ["still being written"])
    assert world.store.edition.ready
    assert world.tick() == report(new=1, unchanged=1)


def test_the_second_look_of_a_tick_does_not_confirm_a_removal() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    content = source.files.pop("a.md")
    source.writing["b.md"] = 1
    source.write("b.md", written("B edited"))
    world.tick()
    assert world.titles == ["A", "B edited"]
    source.files["a.md"] = content
    world.tick()
    assert world.titles == ["A", "B edited"]


def test_a_second_look_that_fails_is_reported_and_keeps_what_the_first_found() -> None:
    class Unsteady(MemorySource):
        def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
            self.failure = "went away" if self.scans else ""
            return super().scan(known, now)

    source = Unsteady(writing={"b.md": 5})
    source.write("a.md", written("A"))
    world = World([source])
    told = world.tick()
    assert (told.new, told.failure) == (1, "went away")
    assert world.titles == ["A"]


def test_articles_are_filed_under_the_topics_of_their_source() -> None:
    source = MemorySource()
    source.write("a.md", written("A"))
    world = World([source], topics=("Local News",))
    world.tick()
    assert [topic.slug for topic in world.article("a.md").topics] == ["local-news"]


def test_progress_counts_the_documents_of_each_source() -> None:
    steps: list[tuple[str, int, int]] = []
    world, _ = a_world(a=written("A"), b=GARBAGE)
    world.tick(lambda name, done, total: steps.append((name, done, total)))
    assert steps == [("town", 1, 2), ("town", 2, 2)]


def test_the_order_of_files_does_not_matter() -> None:
    documents = {stem: written(stem.upper(), date=f"2024-04-{10 + n % 3}") for n, stem in enumerate("abcdef")}
    one, _ = a_world(**documents)
    other, _ = a_world(**dict(reversed(documents.items())))
    one.tick()
    other.tick()
    assert one.store.edition == other.store.edition


def test_stopping_between_documents_acknowledges_nothing_and_what_was_read_comes_again() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.hands.move(minutes=5)
    told = world.ingest.tick(world.hands, lambda *_: world.ingest.stop())
    assert told.sources == ()
    assert (world.titles, world.store.edition.generation, dict(world.store.known("town"))) == ([], 0, {})
    assert world.ingest.tick(world.hands).sources == ()
    assert source.scans == 1
    assert World([source]).tick() == report(new=2)


def test_stopping_while_waiting_for_the_second_look_keeps_what_the_first_found() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    source.writing["b.md"] = 9
    ingest = Ingest(world.intakes, Topics(), world.store, pool=PoolInThisProcess(), look_again=600)
    tick = Thread(target=lambda: ingest.tick(world.hands))
    tick.start()
    wait_until(lambda: world.store.edition.generation)
    ingest.stop()
    tick.join(20)
    assert not tick.is_alive()
    assert (world.titles, world.store.edition.ready, source.scans) == (["A"], False, 1)


def test_after_stop_no_source_is_looked_at() -> None:
    world, source = a_world(a=written("A"))
    world.ingest.stop()
    assert world.ingest.tick(world.hands).sources == ()
    assert (source.scans, world.store.edition.generation) == (0, 0)


def hang(document: Document, hints: Hints, now: datetime) -> Article | Skipped:
    """Never come to an end; runs in a process of the pool."""
    del document, hints, now
    while True:
        pass


def test_stopping_while_a_document_hangs_returns_at_once_and_acknowledges_nothing() -> None:
    source = MemorySource()
    source.write("a.md", written("A"))
    world = World([source], pool=ExtractionPool(workers=1, seconds=600, run=hang))
    tick = Thread(target=lambda: world.ingest.tick(world.hands))
    tick.start()
    wait_until(multiprocessing.active_children)
    world.ingest.stop()
    tick.join(20)
    assert not tick.is_alive()
    assert world.store.edition.generation == 0


def test_by_default_documents_are_extracted_in_processes_of_their_own() -> None:
    source = MemorySource()
    source.write("a.md", written("A"))
    store = Store(PLAIN, [Health(source="town", kind="memory")], Limits(), SqliteJournal(None))
    intake = Intake(source=source, hints=Hints(source="town"), interval=FIVE_MINUTES)
    told = Ingest([intake], Topics(), store).tick(Hands())
    assert told.sources[0].new == 1


def test_the_tick_after_a_second_look_comes_a_whole_interval_after_the_first() -> None:
    world, source = a_world(a=written("A"))
    source.writing["a.md"] = 1
    began = WHEN + FIVE_MINUTES

    class Slow(Hands):
        def __call__(self) -> datetime:
            self.moment += timedelta(seconds=2)  # each look of a tick comes later than the tick
            return self.moment

    world.hands = Slow(moment=began - timedelta(seconds=2))
    world.ingest.tick(world.hands)
    assert world.store.edition.health["town"].next_check == began + FIVE_MINUTES
    source.write("b.md", written("B"))
    world.hands.moment = began + FIVE_MINUTES - timedelta(seconds=2)
    world.ingest.tick(world.hands)
    assert world.titles == ["A", "B"]


class Interrupting(PoolInThisProcess):
    """Cuts the extraction of one document short, as a deadline does."""

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        for job, outcome in super().extract(jobs):
            key = job.document.key
            late = Skipped(key=key, reason="extraction took over 5 s", retry=True)
            yield job, late if b"slow" in job.document.content else outcome


def test_a_document_whose_extraction_is_cut_short_is_tried_three_times_and_again_when_it_changes() -> None:
    source = MemorySource()
    source.write("a.md", written("A slow one"))
    world = World([source], pool=Interrupting())
    for _ in range(TRIES):
        assert [skipped.reason for skipped in world.tick().skipped] == ["extraction took over 5 s"]
    assert world.tick().skipped == ()
    assert world.reasons == {"a.md": "extraction took over 5 s"}
    source.write("a.md", written("A quick one"))
    world.tick()
    assert (world.titles, world.reasons) == (["A quick one"], {})


def test_a_document_whose_extraction_was_cut_short_once_is_published_when_it_is_not() -> None:
    source = MemorySource()
    source.write("a.md", written("A slow one"))
    world = World([source], pool=Interrupting())
    world.tick()
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=PoolInThisProcess(), look_again=0)
    assert world.tick().new == 1
    assert world.store.known("town")["a.md"].tries == 0


class Unstartable(PoolInThisProcess):
    """Finds no process to extract in."""

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        for job in jobs:
            raise SourceError(job.document.source, "extraction processes cannot start")
        yield from ()


def test_processes_that_cannot_start_are_an_incident_and_no_try_at_a_document() -> None:
    source = MemorySource()
    source.write("a.md", written("A"))
    world = World([source], pool=Unstartable())
    for _ in range(TRIES + 1):
        assert world.tick().failure == "extraction processes cannot start"
    (incident,) = world.store.edition.incidents
    assert incident.reason == "extraction processes cannot start"
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=PoolInThisProcess(), look_again=0)
    assert world.tick().new == 1


class Broken(MemorySource):
    """A source with a bug."""

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        scans = {"town": super().scan(known, now)}
        return scans["bug"]


def test_a_bug_in_one_source_is_its_incident_and_hurts_no_other(caplog: pytest.LogCaptureFixture) -> None:
    well = MemorySource(name="well")
    well.write("a.md", written("A"))
    world = World([Broken(), well])
    assert world.tick().failure == "internal error: KeyError('bug')"
    assert world.titles == ["A"]
    assert world.store.edition.ready
    (incident,) = world.store.edition.incidents
    assert (incident.source, incident.reason) == ("town", "internal error: KeyError('bug')")
    assert "Traceback" in caplog.text


def test_articles_of_a_first_tick_are_numbered_by_date_over_all_sources_and_later_ones_as_they_come() -> None:
    one, two = MemorySource(name="one"), MemorySource(name="two")
    one.write("a.md", written("First", date="2024-01-01"))
    one.write("b.md", written("Third", date="2024-03-01"))
    two.write("a.md", written("Second", date="2024-02-01"))
    world = World([one, two])
    world.tick()
    one.write("c.md", written("Fifth", date="2024-04-02"))
    two.write("c.md", written("Fourth", date="2024-04-01"))
    generation = world.store.edition.generation
    world.tick()
    numbered = sorted(world.store.edition.articles.values(), key=lambda each: each.sequence)
    assert [each.title for each in numbered] == ["First", "Second", "Third", "Fifth", "Fourth"]
    assert world.store.edition.generation == generation + 2  # a source is not held back by another


def test_a_document_that_becomes_a_draft_again_leaves_at_once_and_returns_with_its_id() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    id_ = world.article("a.md").id
    source.write("a.md", written("A").replace("---\n", "---\ndraft: true\n", 1))
    assert world.tick().removed == 1
    assert (world.titles, world.reasons) == (["B"], {"a.md": "draft"})
    source.write("a.md", written("A"))
    world.tick()
    assert (world.titles, world.article("a.md").id) == (["A", "B"], id_)


def test_what_is_missing_is_told_while_it_waits_to_be_confirmed() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    del source.files["a.md"]
    assert (world.tick().missing, world.store.edition.health["town"].missing) == (1, 1)
    assert (world.tick().missing, world.store.edition.health["town"].missing) == (0, 0)


def test_a_commit_is_dated_when_it_is_made_not_when_its_look_began() -> None:
    world, _ = a_world(a=written("A"))

    class Slow(Hands):
        def __call__(self) -> datetime:
            self.moment += timedelta(seconds=2)
            return self.moment

    world.ingest.tick(Slow())
    edition = world.store.edition
    assert edition.health["town"].last_attempt == WHEN + timedelta(seconds=2)
    assert {each.acknowledged for each in edition.articles.values()} == {WHEN + timedelta(seconds=4)}
    assert edition.lists[LATEST].modified == WHEN + timedelta(seconds=4)


def under(world: World, **hints: Value) -> None:
    """Restart a world's ingest with another configuration of its source."""
    world.intakes = [replace(each, hints=replace(each.hints, **hints)) for each in world.intakes]
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0)


def test_documents_are_read_anew_when_the_configuration_reads_them_otherwise() -> None:
    world, source = a_world(a=written("A", date="2024-04-30 08:00"), b=written("B"))
    world.tick()
    first, reads = world.article("a.md"), source.reads
    under(world, timezone="Asia/Shanghai")
    assert world.tick() == report(changed=2)
    assert world.article("a.md").published == first.published - timedelta(hours=8)
    assert world.article("a.md").id == first.id
    assert source.reads == reads + 2
    assert world.tick() == report(unchanged=2)
    assert source.reads == reads + 2


def test_an_article_that_comes_out_equal_under_another_configuration_changes_nothing() -> None:
    world, source = a_world(a=written("A", date="2024-04-30 08:00+02:00"))
    world.tick()
    before, reads = world.store.edition.lists, source.reads
    under(world, timezone="Asia/Shanghai")
    assert world.tick() == report(unchanged=1)
    assert source.reads == reads + 1
    assert world.store.edition.lists is before


def test_a_new_site_id_gives_every_article_a_new_id_at_once() -> None:
    world, _ = a_world(a=written("A"), b=written("B"))
    world.tick()
    before = set(world.store.edition.articles)
    under(world, site_id="harbour")
    assert world.tick() == report(new=2, removed=2)
    after = world.store.edition
    assert set(after.articles) == {article_id("harbour", "town", key) for key in ("a.md", "b.md")}
    assert set(after.gone) == before


def test_another_configuration_is_due_at_once() -> None:
    world, _ = a_world(a=written("A"))
    world.tick()
    under(world, language="en")
    assert world.ingest.tick(world.hands).sources[0].changed == 1
    assert world.article("a.md").language == "en"


def test_a_document_that_could_not_be_read_under_another_configuration_is_read_later() -> None:
    world, source = a_world(a=written("A"), b=written("B"))
    world.tick()
    under(world, timezone="Asia/Shanghai")
    source.unreadable.add("a.md")
    assert world.tick().changed == 1
    source.unreadable.clear()
    assert world.tick() == report(changed=1, unchanged=1)


def test_of_two_configurations_the_one_that_started_last_reads_a_source() -> None:
    world, source = a_world(a=written("A"))
    world.tick()
    older = world.ingest
    under(world, timezone="Asia/Shanghai")
    newer = world.ingest
    newer.tick(world.hands)
    reads = source.reads
    for _ in range(2):
        world.hands.move(minutes=5)
        assert not older.tick(world.hands).sources  # or both would read all of it anew, in turns
        newer.tick(world.hands)
    assert source.reads == reads
    world.hands.move(minutes=16)
    assert older.tick(world.hands).sources[0].changed == 1  # the newer one is gone


def test_the_next_check_is_the_first_that_is_still_to_come() -> None:
    first, second = MemorySource(), MemorySource(name="hill")
    world = World([first, second])
    assert world.ingest.next_check(world.hands()) is None
    world.tick()
    begun = world.hands()
    assert world.ingest.next_check(begun) == begun + FIVE_MINUTES
    assert world.ingest.next_check(begun + FIVE_MINUTES) is None


@pytest.fixture
def watched(tmp_path: Path) -> tuple[World, Path, list[Arrivals]]:
    """A world whose source is a folder; what the test puts in the list is told as finished, once."""
    told: list[Arrivals] = []
    folder = Folder(name="town", path=tmp_path, media_types={".md": "text/markdown"})
    world = World([MemorySource()])
    intake = replace(world.intakes[0], source=folder, arrivals=lambda: told.pop() if told else Arrivals())
    world.intakes = [intake]
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0)
    (tmp_path / "a.md").write_text(written("A"))
    os.utime(tmp_path / "a.md", (1, 1))
    world.hands.moment = datetime.now(UTC) + timedelta(minutes=1)
    world.tick()
    return world, tmp_path, told


def test_a_finished_file_is_read_between_two_looks_and_says_nothing_of_the_others(
    watched: tuple[World, Path, list[Arrivals]],
) -> None:
    world, root, told = watched
    before = world.store.edition.health["town"]
    (root / "a.md").unlink()
    (root / "b.md").write_text(written("B"))
    told.append(Arrivals(names=frozenset({"b.md", "nothing.md"})))
    assert world.ingest.tick(world.hands).sources[0].timed(0) == report(new=1, unchanged=1)
    assert world.titles == ["A", "B"]
    after = world.store.edition.health["town"]
    assert replace(after, documents=1) == before
    assert after.documents == 2
    assert not world.store.missing("town")


def test_what_is_told_twice_commits_once(watched: tuple[World, Path, list[Arrivals]]) -> None:
    world, root, told = watched
    (root / "b.md").write_text(written("B"))
    told.extend([Arrivals(names=frozenset({"b.md"}))] * 2)
    world.ingest.tick(world.hands)
    generation = world.store.edition.generation
    assert world.ingest.tick(world.hands).sources[0].timed(0) == report()
    assert world.store.edition.generation == generation


def test_what_was_told_while_another_process_had_the_source_is_read_once_it_is_free(
    watched: tuple[World, Path, list[Arrivals]],
) -> None:
    world, root, told = watched
    (root / "b.md").write_text(written("B"))
    claimed = world.store.claim
    world.store.claim = lambda *_: None  # type: ignore[method-assign]
    told.append(Arrivals(names=frozenset({"b.md"})))
    assert not world.ingest.tick(world.hands).sources
    assert world.ingest.next_check(world.hands()) == world.hands() + timedelta(seconds=AGAIN)
    world.store.claim = claimed  # type: ignore[method-assign]
    world.ingest.tick(world.hands)
    assert world.titles == ["A", "B"]
    assert world.ingest.next_check(world.hands()) == world.store.edition.health["town"].next_check
    assert not world.ingest.tick(world.hands).sources


@pytest.mark.parametrize("method", ["claim", "commit"])
def test_what_was_told_while_the_journal_was_away_is_read_at_its_return(
    watched: tuple[World, Path, list[Arrivals]], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def away(*_: object, **__: object) -> None:
        raise JournalError("away")

    world, root, told = watched
    (root / "b.md").write_text(written("B"))
    told.append(Arrivals(names=frozenset({"b.md"})))
    with monkeypatch.context() as failing:
        failing.setattr(world.store, method, away)
        for _ in range(2):
            assert world.ingest.tick(world.hands).sources[0].failure == "away"
            assert world.ingest.next_check(world.hands()) == world.hands() + timedelta(seconds=AGAIN)
    world.ingest.tick(world.hands)
    assert world.titles == ["A", "B"]
    assert not world.ingest.tick(world.hands).sources


def test_a_document_that_was_missing_and_is_told_as_finished_is_missing_no_more(
    watched: tuple[World, Path, list[Arrivals]],
) -> None:
    world, root, told = watched
    (root / "a.md").unlink()
    world.tick()
    assert set(world.store.missing("town")) == {"a.md"}
    (root / "a.md").write_text(written("A again"))
    told.append(Arrivals(names=frozenset({"a.md"})))
    world.ingest.tick(world.hands)
    assert not world.store.missing("town")
    assert world.titles == ["A again"]


def test_a_look_at_another_place_scans_it_whole(watched: tuple[World, Path, list[Arrivals]]) -> None:
    world, root, told = watched
    root.rename(root.with_name("old"))
    root.mkdir()
    (root / "b.md").write_text(written("B"))
    os.utime(root / "b.md", (1, 1))
    told.append(Arrivals(names=frozenset({"b.md"})))
    (seen,) = world.ingest.tick(world.hands).sources
    assert "is it mounted?" in str(seen.failure)
    assert world.titles == ["A"]


def test_where_names_do_not_say_it_all_the_whole_source_is_looked_at(
    watched: tuple[World, Path, list[Arrivals]],
) -> None:
    world, root, told = watched
    (root / "b.md").write_text(written("B"))
    told.append(Arrivals(scan=True))
    world.hands.move(seconds=1)
    world.ingest.tick(world.hands)
    assert world.titles == ["A", "B"]
    assert world.store.edition.health["town"].last_attempt == world.hands.moment


@pytest.fixture
def moved() -> tuple[World, MemorySource]:
    """A world where a document was moved from its last source to its first, and stands there for itself.

    The first is not due for an hour, and at the next tick the last will withdraw its own.
    """
    one, two = MemorySource(name="one"), MemorySource(name="two")
    two.write("a.md", written("A"))
    world = World([one, two])
    world.intakes[0] = replace(world.intakes[0], interval=timedelta(hours=1))
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0)
    world.tick()
    one.write("a.md", two.files.pop("a.md").decode())
    world.hands.move(hours=1)
    world.tick()
    assert world.reasons == {"a.md": f"the same article as {article_id('feedsvc', 'two', 'a.md')} (two)"}
    return world, one


def test_what_was_moved_to_another_source_is_published_in_the_tick_that_withdraws_it(
    moved: tuple[World, MemorySource],
) -> None:
    world, one = moved
    world.hands.move(minutes=5)
    told = [str(each.timed(0)) for each in world.ingest.tick(world.hands).sources]
    assert told == [
        "two: 0 new, 0 changed, 0 unchanged, 1 removed, 0 skipped (0 ms)",
        "one: 1 new, 0 changed, 0 unchanged, 0 removed, 0 skipped (0 ms)",
    ]
    assert world.article("a.md").title == "A"
    scans = one.scans
    world.tick()
    assert one.scans == scans


def test_what_joined_in_the_tick_that_withdraws_what_stood_for_it_is_published_in_it() -> None:
    one, two = MemorySource(name="one"), MemorySource(name="two")
    two.write("a.md", written("A"))
    world = World([one, two])
    world.tick()
    content = two.files.pop("a.md").decode()
    world.tick()
    one.write("a.md", content)
    world.tick()
    assert world.article("a.md").title == "A"


def test_a_source_on_the_web_is_asked_when_it_is_due_whatever_left_another(
    moved: tuple[World, MemorySource],
) -> None:
    world, one = moved
    world.intakes[0] = replace(world.intakes[0], remote=True)
    world.ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0)
    scans = one.scans
    world.tick()
    assert (world.titles, one.scans) == ([], scans)
