"""Servers that share a journal over Redis, as their users run them."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.builders import Server, Value, wait_until
from tests.conftest import Serve
from tests.redis_server import RedisServer, pass_time
from tests.side_by_side import MEMBERS, a_town, agree_side_by_side, items, write
from tests.test_redis_failures import FAILURES, RECOVERY, agent

AT_ONCE = 1.0
"""Seconds for a page on a machine that others use, too; what waits for Redis takes more."""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return a_town(tmp_path)


def start(serve: Serve, redis: RedisServer, town: Path, number: int = 0, interval: str = "1s") -> Server:
    """Start one of several machines: each has a journal of its own."""
    return serve(
        str(town),
        REDIS_URL=redis.url,
        FEEDSVC_STATE__PATH=f"{number}.db",
        FEEDSVC_INGEST__INTERVAL=interval,
        FEEDSVC_SITE__BASE_URL="https://feeds.example.org",
        FEEDSVC_SITE__ID="town",
    )


def test_four_machines_agree_to_the_byte_and_read_once_a_tick(
    serve: Serve, server: RedisServer, town: Path
) -> None:
    agree_side_by_side([start(serve, server, town, number) for number in range(MEMBERS)], town, enough=6)


@pytest.mark.long
def test_four_machines_agree_for_three_minutes(serve: Serve, server: RedisServer, town: Path) -> None:
    agree_side_by_side([start(serve, server, town, number) for number in range(MEMBERS)], town, seconds=180)


def test_the_claims_of_a_killed_machine_are_taken_over_within_15_seconds(
    serve: Serve, server: RedisServer, client: Value, town: Path
) -> None:
    with agent(server.url, town.parent / "owner.db") as owner:
        other = start(serve, server, town)
        other.wait_until_ready()
        wait_until(lambda: owner.ask("claim town") != "0", "between two ticks")
        owner.kill()
    killed = time.monotonic() - 9
    pass_time(client, 9)
    write(town, 2)
    assert "Story 2" not in items(other)
    wait_until(lambda: "Story 2" in items(other), "the other one reads")
    assert time.monotonic() - killed < 15


@contextmanager
def asking(server: Server) -> Iterator[list[int]]:
    """Ask a server again and again for as long as the block lasts; yield the status of every answer."""
    statuses: list[int] = []
    over = Event()

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        while not over.wait(0.02):
            connection.request("GET", "/latest.atom")
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


def first_read(serve: Serve, redis: RedisServer, town: Path, number: int = 0) -> tuple[Server, float]:
    """Start a server; return it and the seconds of its first tick, most of which go to start extractors."""
    server = start(serve, redis, town, number)
    wait_until(lambda: server.status("/healthz") == 200, "it serves")
    began = time.monotonic()
    return server.wait_until_ready(), time.monotonic() - began


def until_shown(title: str, *servers: Server) -> float:
    """Wait until all servers show an article; return the seconds."""
    began = time.monotonic()
    for server in servers:
        wait_until(lambda: title in items(server), f"it shows {title}", 60)  # noqa: B023 (at once)
    return time.monotonic() - began


def test_while_redis_is_away_every_answer_is_a_good_one_and_ingest_goes_on_within_5_seconds(
    serve: Serve, server: RedisServer, town: Path
) -> None:
    first, usual = first_read(serve, server, town)
    second = start(serve, server, town, 1).wait_until_ready()
    write(town, 2)
    until_shown("Story 2", first, second)
    for number, (failure, (break_down, mend)) in enumerate(FAILURES.items(), 3):
        story = f"Story {number}"
        with asking(first) as here, asking(second) as there:
            break_down(server)
            write(town, number)
            wait_until(lambda: b"is wrong" in first.get("/status.json").body, f"{failure} shows")
            waited = []
            for _ in range(3):  # a busy machine may spoil one
                began = time.monotonic()
                opened = first.get("/status")
                waited.append(time.monotonic() - began)
                assert (opened.status, b"<li>the journal: " in opened.body) == (200, True), failure
            assert min(waited) < AT_ONCE, failure
            assert items(first) == items(second)
            assert story not in items(first)
            mend(server)
            assert until_shown(story, first, second) < RECOVERY + usual, failure
        assert set(here) == set(there) == {200}, failure
        wait_until(lambda: b"is wrong" not in first.get("/status.json").body, f"{failure} is over")
        assert first.get("/latest.atom").body == second.get("/latest.atom").body


def test_a_tick_that_found_no_redis_comes_again_at_its_return_not_an_interval_later(
    serve: Serve, server: RedisServer, town: Path
) -> None:
    other, usual = first_read(serve, server, town, 1)
    assert other.terminate() == 0
    server.kill()
    late = start(serve, server, town, interval="1h")
    wait_until(lambda: late.status("/healthz") == 200, "it serves")
    wait_until(lambda: "Redis" in late.said(), "it says what is wrong")
    server.start()
    back = time.monotonic()
    late.wait_until_ready()
    assert time.monotonic() - back < RECOVERY + usual


def test_what_came_while_redis_took_nothing_is_read_at_its_return_not_an_interval_later(
    serve: Serve, server: RedisServer, town: Path
) -> None:
    one = start(serve, server, town, interval="1h").wait_until_ready()
    break_down, mend = FAILURES["out of memory"]
    break_down(server)
    write(town, 2)
    wait_until(lambda: b"is wrong" in one.get("/status.json").body, "it shows")
    mend(server)
    assert until_shown("Story 2", one) < RECOVERY
    wait_until(lambda: b"is wrong" not in one.get("/status.json").body, "it is over")


def test_answers_are_as_quick_while_redis_is_away(serve: Serve, server: RedisServer, town: Path) -> None:
    asked = start(serve, server, town).wait_until_ready()
    usual, frozen = list[float](), list[float]()
    for _ in range(6):
        usual += timed(asked)
        server.freeze()
        wait_until(lambda: "Timeout" in asked.said(), "it has noticed")
        frozen += timed(asked)
        server.thaw()
    ratio = statistics.median(frozen) / statistics.median(usual)
    assert ratio <= 1.5


def timed(server: Server) -> list[float]:
    """Return how long each of many answers took, in seconds."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    seconds = []
    for _ in range(400):
        began = time.perf_counter()
        connection.request("GET", "/latest.atom")
        response = connection.getresponse()
        response.read()
        seconds.append(time.perf_counter() - began)
        assert response.status == 200
    connection.close()
    return seconds
