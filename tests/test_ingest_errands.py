import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event

import pytest
from msgspec import structs

from feedsvc.extract import feed as feeds
from feedsvc.ingest import Intake
from feedsvc.ingest.errands import Errands
from feedsvc.ingest.visit import Before
from feedsvc.model import Document, Health, Hints, Known, Skipped
from feedsvc.sources import Feed, Found, Scan
from tests.fakes import WHEN, MemorySource
from tests.websites import Answers, atom

pytestmark = pytest.mark.real_time

BEFORE = Before(health=Health(source="osk", kind="feed"), known={}, missing={}, sample={}, articles={})
TWO = Scan(found=tuple(Found(key=key, version="1", address=key) for key in ("a", "b")))


@dataclass
class Gated(MemorySource):
    """A source whose first document is read when a test says so."""

    gate: Event = field(default_factory=Event)
    reading: Event = field(default_factory=Event)

    def read(self, found: Found) -> Document | Skipped:
        self.reading.set()
        assert self.gate.wait(20)
        return Skipped(key=found.key, reason="read")


def intake(source: MemorySource, name: str = "osk") -> Intake:
    source.name = name
    return Intake(source=source, hints=Hints(source=name), interval=timedelta(minutes=5), remote=True)


def scanning(known: Mapping[str, Known] | None = None) -> Scan:
    return Scan(found=TWO.found, notes=known or {})


def test_an_errand_brings_what_a_scan_found_as_far_as_there_was_time() -> None:
    source = Gated()
    source.gate.set()
    errands = Errands(seconds=0)
    errands.start(intake(source), BEFORE, scanning)
    brought = errands.wait("osk", lambda: False)
    assert brought
    assert brought.outcome == Scan(notes=dict.fromkeys("ab", Known(version="", digest="")))
    assert not errands


def test_a_feed_that_stays_as_it_is_gives_the_next_errand_what_one_had_no_time_for() -> None:
    web = Answers()
    web.put("https://osk.example/feed", atom("osk", range(2)))
    source = Feed(
        name="osk",
        url="https://osk.example/feed",
        web=web,
        entries=feeds.read,
        now=lambda: WHEN,
        full_text=True,
    )
    errands = Errands(seconds=0)
    errands.start(
        Intake(source=source, hints=Hints(source="osk"), interval=timedelta(minutes=5)),
        BEFORE,
        lambda: source.scan({}, WHEN),
    )
    brought = errands.wait("osk", lambda: False)
    assert brought
    assert isinstance(brought.outcome, Scan)
    assert len(source.scan(brought.outcome.notes, WHEN).found) == 2


def test_what_is_left_unread_keeps_what_was_known_of_it() -> None:
    source = Gated()
    errands = Errands(seconds=0)
    met = Known(version="1", digest="d", article="urn:1")
    errands.start(intake(source), replace(BEFORE, known={"a": met}, notes={"b": met}), scanning)
    brought = errands.wait("osk", lambda: False)
    assert brought
    assert isinstance(brought.outcome, Scan)
    assert brought.outcome.notes == dict.fromkeys("ab", structs.replace(met, version=""))


def test_a_scan_that_takes_long_leaves_time_to_read() -> None:
    source = Gated()
    source.gate.set()
    errands = Errands(seconds=0.5)

    def slowly() -> Scan:
        time.sleep(0.6)
        return TWO

    errands.start(intake(source), BEFORE, slowly)
    brought = errands.wait("osk", lambda: False)
    assert brought
    assert isinstance(brought.outcome, Scan)
    assert [each.key for each in brought.outcome.found] == ["a", "b"]


def test_who_stops_waits_for_nobody_and_begins_nothing_more() -> None:
    source, told = Gated(), list[int]()
    errands = Errands(lambda: told.append(1))
    for number in range(10):  # more than go out at once
        errands.start(
            intake(source if number == 0 else Gated(gate=source.gate), f"s{number}"), BEFORE, scanning
        )
    assert source.reading.wait(20)
    assert errands.wait("s0", lambda: True) is None
    assert "s0" in errands
    assert list(errands.back()) == []
    errands.stop()
    source.gate.set()
    brought = errands.wait("s0", lambda: False)
    assert brought
    assert isinstance(brought.outcome, Scan)
    assert [each.key for each in brought.outcome.found] == ["a"]  # and nothing after it
    assert told == []
    assert "s9" not in {each.intake.source.name for each in errands.back()}


def test_whoever_stopped_begins_nothing_more() -> None:
    source = Gated()
    errands = Errands()
    errands.start(intake(source), BEFORE, scanning)
    source.gate.set()
    for each in (errands, Errands()):  # one that began something, and one that did not
        each.stop()
        each.start(intake(Gated(), "hill"), BEFORE, scanning)
        assert "hill" not in each
