"""What Prometheus is told."""

import os
import subprocess
import sys
from datetime import timedelta
from itertools import product

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from feedsvc.store import PAGE
from feedsvc.web.front import PERSON
from feedsvc.web.metrics import Ticks
from tests.builders import START, Town, article, topic, town

SOON = START + timedelta(seconds=9)


def told(place: Town) -> dict[str, float]:
    """Return every sample by its name, with its labels where it has some."""
    response = Client(place.web).get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        sample.name + (f" {' '.join(sample.labels.values())}" if sample.labels else ""): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def answers(place: Town) -> dict[str, float]:
    """Return how many answers there were, by status and format."""
    counted, name = told(place), "feedsvc_answers_total "
    return {each.removeprefix(name): value for each, value in counted.items() if each.startswith(name)}


def test_answers_are_counted_by_format_and_status() -> None:
    place = town()
    place.tick(article())
    client = Client(place.web)
    tag = client.get("/latest.rss").headers["ETag"]
    for _ in range(3):
        assert client.get("/latest.rss", headers={"If-None-Match": tag}).status_code == 304
    assert client.head("/latest.rss").status_code == 200
    assert client.get("/latest.rss", headers={"If-Match": '"other"'}).status_code == 412
    client.get("/feeds.opml")
    client.get("/feeds.opml")
    assert client.get("/none").status_code == 404
    assert answers(place) == {"304 rss": 3, "200 rss": 2, "412 rss": 1, "200 opml": 2, "404 page": 1}


@pytest.mark.parametrize(
    "path", ["/search.atom?q=story", "/topics/a+b.atom", "/latest.atom?limit=3", "/latest/archive/1.atom"]
)
def test_a_feed_that_the_application_answers_counts_as_a_feed(path: str) -> None:
    place = town()
    place.tick(*(article(number, topics=(topic("a"), topic("b"))) for number in range(2 * PAGE)))
    client = Client(place.web)
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert answers(place) == {"200 atom": 1, "304 atom": 1}


@pytest.mark.parametrize(
    ("path", "status"), [("/latest", 200), ("/search?q=story", 200), ("/latest.atom", 303), ("/feed", 308)]
)
def test_what_is_no_feed_counts_as_a_page(path: str, status: int) -> None:
    place = town()
    place.tick(article())
    assert Client(place.web).get(path, headers={"Sec-Fetch-Dest": PERSON}).status_code == status
    assert answers(place) == {f"{status} page": 1}


def test_what_is_held_is_told() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2))
    place.tick(failing="gone", at=SOON)
    counted = told(place)
    assert counted["feedsvc_articles"] == 2
    assert counted["feedsvc_topics"] == 1
    assert counted["feedsvc_generation"] == place.store.edition.generation == 2
    assert counted["feedsvc_ready"] == 1
    assert counted["feedsvc_incidents_open"] == 1
    assert counted["feedsvc_journal_troubles"] == 0
    assert counted["feedsvc_source_failures town"] == 1
    assert counted["feedsvc_source_last_success_timestamp_seconds town"] == START.timestamp()
    assert "feedsvc_source_last_success_timestamp_seconds away" not in counted
    assert counted["feedsvc_source_documents away"] == 0


def test_a_trouble_with_the_journal_is_told_until_it_is_over() -> None:
    place = town()
    place.store.note("it cannot be read", START)
    assert told(place)["feedsvc_journal_troubles"] == 1


def test_feeds_that_are_rendered_and_kept_are_told() -> None:
    place = town()
    place.tick(article())
    for path, _ in product(("/latest.rss", "/latest.atom", "/latest.atom?limit=3"), range(3)):
        Client(place.web).get(path)
    counted = told(place)
    assert counted["feedsvc_feeds_rendered_total"] == 3
    assert counted["feedsvc_feeds_kept"] == 2
    assert counted["feedsvc_kept_bytes entries"] > 500
    assert counted["feedsvc_kept_bytes ad hoc"] > 500


def test_ticks_are_counted_with_those_that_fail() -> None:
    ticks = Ticks()
    done: list[int] = []
    ticks.timed(lambda: done.append(1))()

    def fail() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        ticks.timed(fail)()
    assert done == [1]
    assert (ticks.count, ticks.failed) == (2, 1)
    assert 0 <= ticks.seconds < 5


def test_processes_that_it_started_are_told_and_the_memory_of_its_own() -> None:
    place = town()
    before = told(place)
    assert before["process_resident_memory_bytes"] > 1_000_000
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert told(place)["feedsvc_processes"] == before["feedsvc_processes"] + 1
        child.communicate(os.linesep.encode())


def test_a_tick_that_is_timed_still_tells_the_clock_when_the_next_is_wanted() -> None:
    assert Ticks().timed(lambda: START)() == START
