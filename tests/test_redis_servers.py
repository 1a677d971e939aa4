"""Servers that share a journal over Redis, as their users run them."""

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.builders import Server, wait_until
from tests.conftest import Serve
from tests.redis_server import RedisServer, redis_server
from tests.test_journal_processes import generation, items, write
from tests.test_redis_failures import FAILURES, RECOVERY

MEMBERS = 4


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a folder with a finished note in it."""
    folder = tmp_path / "town"
    folder.mkdir()
    write(folder, 1)
    return folder


def start(serve: Serve, redis: RedisServer, town: Path, number: int = 0, interval: str = "1s") -> Server:
    """Start one of several machines: each has a journal of its own."""
    return serve(
        str(town),
        REDIS_URL=redis.url,
        FEEDSVC_STATE__PATH=f"{number}.db",
        FEEDSVC_INGEST__INTERVAL=interval,
        FEEDSVC_SITE__BASE_URL="https://feeds.example.org",
    )


def serve_side_by_side(serve: Serve, redis: RedisServer, town: Path, seconds: float) -> None:
    """Let four machines tick; a story comes whenever all of them show the one before."""
    servers = [start(serve, redis, town, number) for number in range(MEMBERS)]
    for server in servers:
        server.wait_until_ready()
    said: defaultdict[int, set[tuple[str, bytes]]] = defaultdict(set)
    newest = [(0, 0)] * MEMBERS
    stories, began = 1, time.monotonic()
    ticks = sum(server.ticks() for server in servers)
    while time.monotonic() - began < seconds:
        for index, server in enumerate(servers):
            answer = server.get("/latest.json")
            assert answer.status == 200
            shown = len(json.loads(answer.body)["items"])
            said[shown].add((answer.headers["etag"], answer.body))
            now = (generation(server), shown)
            assert now >= newest[index]
            assert shown >= newest[index][1]
            newest[index] = now
        if stories < 50 and all(shown == stories for _, shown in newest):
            stories += 1
            write(town, stories)
    ticks = sum(server.ticks() for server in servers) - ticks
    wait_until(lambda: all(len(items(each)) == stories for each in servers), "all show all")
    assert all(len(found) == 1 for found in said.values()), "the same articles are the same bytes"
    assert stories > 2
    wait_until(lambda: news(servers) >= stories, "whoever read a story says so")
    assert news(servers) == stories, "each story is read by one"
    assert stories - 2 <= ticks <= seconds + 2, "each source is read once a tick"
    for server in servers:
        assert server.terminate(seconds=10) == 0
        assert "Traceback" not in server.said()


def news(servers: list[Server]) -> int:
    """Return how many lines about a new story there are."""
    return sum(" 1 new, " in line for server in servers for line in server.said().splitlines())


def test_four_machines_agree_to_the_byte_and_read_once_a_tick(
    serve: Serve, redis: RedisServer, town: Path
) -> None:
    serve_side_by_side(serve, redis, town, 15)


@pytest.mark.long
def test_four_machines_agree_for_three_minutes(serve: Serve, redis: RedisServer, town: Path) -> None:
    serve_side_by_side(serve, redis, town, 180)


def test_the_claims_of_a_killed_machine_are_taken_over_within_15_seconds(
    serve: Serve, redis: RedisServer, town: Path
) -> None:
    servers = [start(serve, redis, town, number).wait_until_ready() for number in range(2)]
    servers[0].process.kill()
    killed = time.monotonic()
    write(town, 2)
    wait_until(lambda: "Story 2" in items(servers[1]), "the other one reads")
    assert time.monotonic() - killed < 15


@contextmanager
def asking(server: Server) -> Iterator[list[int]]:
    """Ask a server again and again for as long as the block lasts; yield the status of every answer."""
    statuses: list[int] = []
    over = Event()

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
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


def until_shown(title: str, *servers: Server) -> float:
    """Wait until all servers show an article; return the seconds: much of them go to start the extractors."""
    began = time.monotonic()
    for server in servers:
        wait_until(lambda: title in items(server), f"it shows {title}", 60)  # noqa: B023 (at once)
    return time.monotonic() - began


@pytest.mark.parametrize("failure", FAILURES)
def test_while_redis_is_away_every_answer_is_a_good_one_and_ingest_goes_on_within_5_seconds(
    serve: Serve, redis: RedisServer, town: Path, failure: str
) -> None:
    first, second = (start(serve, redis, town, number).wait_until_ready() for number in range(2))
    write(town, 2)
    usual = until_shown("Story 2", first, second)
    break_down, mend = FAILURES[failure]
    with asking(first) as here, asking(second) as there:
        break_down(redis)
        write(town, 3)
        wait_until(lambda: b"Redis" in first.get("/status.json").body, "an incident shows")
        assert items(first) == items(second)
        assert "Story 3" not in items(first)
        mend(redis)
        assert until_shown("Story 3", first, second) < RECOVERY + usual
    assert len(here) > 20
    assert set(here) == set(there) == {200}
    assert first.get("/latest.atom").body == second.get("/latest.atom").body


def test_a_tick_that_found_no_redis_comes_again_at_its_return_not_an_interval_later(
    serve: Serve, redis: RedisServer, town: Path
) -> None:
    other = start(serve, redis, town, 1).wait_until_ready()
    write(town, 2)
    usual = until_shown("Story 2", other)
    assert other.terminate() == 0
    redis.kill()
    server = start(serve, redis, town, interval="1h")
    wait_until(lambda: server.status("/healthz") == 200, "it serves")
    wait_until(lambda: "Redis" in server.said(), "it says what is wrong")
    redis.start()
    back = time.monotonic()
    server.wait_until_ready()
    assert time.monotonic() - back < RECOVERY + usual


def test_answers_are_as_quick_while_redis_is_away(serve: Serve, redis: RedisServer, town: Path) -> None:
    server = start(serve, redis, town).wait_until_ready()
    usual, frozen = list[float](), list[float]()
    for _ in range(6):
        usual += timed(server)
        redis.freeze()
        wait_until(lambda: "Timeout" in server.said(), "it has noticed")
        frozen += timed(server)
        redis.thaw()
    ratio = statistics.median(frozen) / statistics.median(usual)
    assert ratio <= 1.5


def timed(server: Server) -> list[float]:
    """Return how long each of many answers took, in seconds."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
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
