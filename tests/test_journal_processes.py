"""Several processes on one journal: killed, stopped, side by side."""

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.errors import StaleClaimError
from feedsvc.ingest.claims import Claims
from feedsvc.model import Change, Commit, Health
from feedsvc.store import Edition, Limits, SqliteJournal, Store
from tests.builders import PLAIN, START, Server, article, wait_until
from tests.conftest import Serve, child_environ
from tests.side_by_side import MEMBERS, a_town, agree_side_by_side, items, write

pytestmark = pytest.mark.real_time

ARTICLES = 200


def a_store(path: Path) -> Store:
    return Store(PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(path))


def commit_one(store: Store, number: int, title: str, token: int | None = None) -> Edition:
    fresh = article(number % ARTICLES, title=title)
    health = replace(store.edition.health["town"], last_success=START)
    return store.commit(Commit(at=START, change=Change(health=health, articles=(fresh,)), token=token))


def run_rounds(path: Path, rounds: int, seed: int) -> None:
    """Kill a process that commits at a random moment, load what it left, again and again."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for number in range(rounds):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            commit_for_ever(path, number, writing)
        os.close(writing)
        assert select.select([reading], [], [], 20)[0], "it has begun"
        time.sleep(chance.uniform(0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, encoding="ascii") as told:
            acknowledged = [int(line) for line in told if line.endswith("\n")]
        assert_kept(path, number, acknowledged)
    checking = sqlite3.connect(path)
    assert checking.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    checking.close()
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]
    sys.stdout.write("kept\n")


def commit_for_ever(path: Path, number: int, told: int) -> None:
    """Commit one article after another and tell each once it is acknowledged."""
    store = a_store(path)
    first = store.edition.generation
    for count in range(1, 100_000):
        edition = commit_one(store, count, f"{number}-{count}")
        assert edition.generation == first + count
        os.write(told, f"{edition.generation}\n".encode())


def assert_kept(path: Path, number: int, acknowledged: Sequence[int]) -> None:
    """Assert that all that was acknowledged is there, and at most the one commit that was under way."""
    store = a_store(path)
    edition = store.edition
    store.close()
    assert edition.generation - acknowledged[-1] in {0, 1}
    assert not edition.troubles
    titles = {each.title for each in edition.articles.values()}
    count = len(acknowledged)
    for kept in range(max(1, count + 2 - ARTICLES), count + 1):
        assert f"{number}-{kept}" in titles, f"{count} were acknowledged, {kept} is lost"


def rounds(folder: Path, number: int) -> None:
    seed = random.randrange(1 << 30)  # noqa: S311 (no secret)
    call = f"run_rounds(t.Path({str(folder / 'feedsvc.db')!r}), {number}, {seed})"
    done = subprocess.run(
        [sys.executable, "-c", f"import tests.test_journal_processes as t; t.{call}"],
        env=child_environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "kept\n", f"seed {seed}: {done.stderr}"


def test_kill_9_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rounds(tmp_path, 50)


@pytest.mark.long
def test_a_thousand_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rounds(tmp_path, 1000)


def hold_claims(path: Path, seconds: float) -> None:
    """Claim, say so, and commit when told to: the child of the tests below."""
    store = a_store(path)
    for line in sys.stdin:
        with Claims(store, seconds=seconds, every=seconds / 3) as claims:
            while not claims.take("town"):
                time.sleep(0.01)
            sys.stdout.write("claimed\n")
            sys.stdout.flush()
            sys.stdin.readline()
            try:
                commit_one(store, int(line), f"late {line}", claims.token("town"))
                sys.stdout.write("acknowledged\n")
            except StaleClaimError:
                sys.stdout.write("refused\n")
            sys.stdout.flush()


@contextmanager
def holder(path: Path, seconds: float) -> Iterator["subprocess.Popen[str]"]:
    code = f"import tests.test_journal_processes as t; t.hold_claims(t.Path({str(path)!r}), {seconds})"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=child_environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def stop_past_its_claim(path: Path, times: int) -> None:
    """Stop an owner past its claim, take over, let it go on: its late commit must be refused."""
    journal = SqliteJournal(path)
    with holder(path, 0.15) as owner:
        for number in range(times):
            say(owner, str(number))
            assert hear(owner) == "claimed"
            owner.send_signal(signal.SIGSTOP)
            wait_until(lambda: journal.claim("town", "other", 12), "the claim runs out")
            taken = journal.claim("town", "other", 12)
            assert taken
            owner.send_signal(signal.SIGCONT)
            say(owner, "commit")
            assert hear(owner) == "refused"
            journal.release(taken)
    assert journal.read(0).generation == 0
    journal.close()


def test_the_late_commit_of_an_owner_that_was_stopped_past_its_claim_is_refused(tmp_path: Path) -> None:
    stop_past_its_claim(tmp_path / "feedsvc.db", 25)


@pytest.mark.long
def test_a_thousand_late_commits_are_refused(tmp_path: Path) -> None:
    stop_past_its_claim(tmp_path / "feedsvc.db", 1000)


def test_an_owner_that_works_for_longer_than_a_claim_lasts_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    journal = SqliteJournal(path)
    with holder(path, 0.3) as owner:
        say(owner, "1")
        assert hear(owner) == "claimed"
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            assert journal.claim("town", "other", 12) is None
        say(owner, "commit")
        assert hear(owner) == "acknowledged"
    journal.close()


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return a_town(tmp_path)


def start(serve: Serve, *arguments: str) -> Server:
    """Start one of several servers on one journal; they say the same of themselves."""
    return serve(
        *arguments,
        FEEDSVC_STATE__PATH="feedsvc.db",
        FEEDSVC_INGEST__INTERVAL="1s",
        FEEDSVC_SITE__BASE_URL="https://feeds.example.org",
    )


def newest_token(path: Path) -> int:
    reading = sqlite3.connect(path)
    (token,) = reading.execute("SELECT max(token) FROM claim").fetchone()
    reading.close()
    return int(token)


def pass_time(path: Path, seconds: float) -> None:
    """Let seconds pass for all claims in a journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as meddling:
        meddling.execute("UPDATE claim SET until = until - ?", (seconds,))


def test_the_claim_of_a_killed_owner_is_taken_over_within_15_seconds(
    serve: Serve, town: Path, tmp_path: Path
) -> None:
    with holder(tmp_path / "feedsvc.db", 12) as owner:
        say(owner, "1")
        assert hear(owner) == "claimed"
        server = start(serve, str(town))
        wait_until(lambda: server.status("/healthz") == 200, "it serves")
        before = newest_token(tmp_path / "feedsvc.db")
        owner.kill()
        killed = time.monotonic() - 9
        pass_time(tmp_path / "feedsvc.db", 9)
        assert newest_token(tmp_path / "feedsvc.db") == before, "not before it has run out"
        wait_until(lambda: newest_token(tmp_path / "feedsvc.db") > before, "the claim is taken over")
        assert time.monotonic() - killed < 15
        server.wait_until_ready()
    assert list(items(server)) == ["Story 1"]


def test_four_servers_on_one_journal_agree_to_the_byte_and_read_once_a_tick(serve: Serve, town: Path) -> None:
    agree_side_by_side([start(serve, str(town)) for _ in range(MEMBERS)], town, enough=6)


@pytest.mark.long
def test_four_servers_agree_for_three_minutes(serve: Serve, town: Path) -> None:
    agree_side_by_side([start(serve, str(town)) for _ in range(MEMBERS)], town, seconds=180)


@contextmanager
def reading(folder: Path) -> Iterator[Server]:
    """Run a process that only reads the town."""
    log = folder / "reader.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "feedsvc", "ingest", "--forever", "town"],
            cwd=folder,
            env=child_environ() | {"FEEDSVC_STATE__PATH": "feedsvc.db", "FEEDSVC_INGEST__INTERVAL": "1s"},
            stderr=written,
        )
    try:
        yield Server(process=process, port=0, log=log)
    finally:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("town")
def test_who_only_serves_shows_within_a_second_what_who_only_reads_committed(
    serve: Serve, tmp_path: Path
) -> None:
    server = start(serve, "town", "--no-clock")
    wait_until(lambda: server.status("/healthz") == 200, "it serves")
    assert server.status("/readyz") == 503
    with reading(tmp_path) as reader:
        wait_until(lambda: " 1 new" in reader.said(), "the first story is read")
        server.wait_until_ready()
        waited = []
        for number in (2, 3, 4):  # a busy machine may spoil one
            write(tmp_path / "town", number)
            wait_until(lambda: reader.said().count(" 1 new") == number, "the story is read")  # noqa: B023
            told = time.monotonic()
            wait_until(lambda: f"Story {number}" in items(server), "it follows")  # noqa: B023 (at once)
            waited.append(time.monotonic() - told)
        assert min(waited) < 2  # one to follow, one because a feed is published once a second
    assert server.get("/readyz").body == b"ready\n"
    assert server.ticks() == 0


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_only_reads_ends_in_good_order_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with reading(tmp_path) as reader:
        wait_until(lambda: " 1 new" in reader.said(), "the first story is read")
        reader.process.send_signal(number)
        assert reader.process.wait(timeout=20) == 0
        assert "Traceback" not in reader.said()
    journal = SqliteJournal(tmp_path / "feedsvc.db")
    assert journal.claim("town", "another", 12), "its claim was given back"
    journal.close()


def test_a_restarted_server_answers_before_its_first_tick_with_the_same_bytes(
    serve: Serve, town: Path
) -> None:
    first = start(serve, str(town)).wait_until_ready()
    before = first.get("/latest.rss")
    assert first.terminate() == 0
    town.rename(town.parent / "away")  # as when its disk is not mounted
    town.mkdir()
    second = start(serve, str(town))
    wait_until(lambda: second.status("/latest.rss"), "it answers")
    answer = second.get("/latest.rss")
    assert (answer.status, answer.body) == (200, before.body)
    assert answer.headers["etag"] == before.headers["etag"]
    assert answer.headers["last-modified"] == before.headers["last-modified"]
    wait_until(lambda: "1 of 1 documents are missing" in second.said(), "the empty folder is noticed")
    assert second.get("/latest.rss").body == before.body
