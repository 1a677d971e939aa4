from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

from feedsvc.ingest import Intake
from feedsvc.ingest.errands import Errands
from feedsvc.ingest.visit import Before
from feedsvc.model import Document, Health, Hints, Known, Skipped
from feedsvc.sources import Found, Scan
from tests.fakes import MemorySource

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
    assert brought.scan == Scan()
    assert not errands


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
    assert brought.scan
    assert [each.key for each in brought.scan.found] == ["a"]  # and nothing after it
    assert told == []
    assert "s9" not in {each.intake.source.name for each in errands.back()}


def test_stopping_before_the_first_errand_is_nothing() -> None:
    Errands().stop()
