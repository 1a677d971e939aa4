"""Redis, the machines and the network between them, failing as they do."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedsvc.errors import JournalError
from feedsvc.store import SqliteJournal
from feedsvc.store.journal import Delta
from feedsvc.store.shared.filling import WINDOW
from feedsvc.store.shared.journal import Shared
from tests.builders import free_port, wait_until
from tests.conftest import ROOT, child_environ
from tests.redis_server import RedisServer, machine, pass_time, require_redis

pytestmark = pytest.mark.real_time

RECOVERY = 5.0
"""Seconds after which commits are taken again once Redis is back."""


@dataclass
class Agent:
    """A machine in a process of its own (`redis_agent`)."""

    process: subprocess.Popen[str]

    def ask(self, order: str) -> str:
        self.send(order)
        return self.heard()

    def send(self, order: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> list[str]:
        """Kill the process; return what it had said that was not heard yet."""
        self.process.kill()
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        said = self.process.stdout.read()
        whole, _, _ = said.rpartition("\n")
        self.process.stdout.close()
        self.process.stdin.close()
        self.process.wait(timeout=20)
        return whole.splitlines()


@contextmanager
def agent(url: str, path: Path, *prefix: str, window: float = WINDOW) -> Iterator[Agent]:
    line = [*prefix, sys.executable, "-m", "tests.redis_agent", url, str(path), str(window)]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=child_environ()
    )
    started = Agent(process)
    try:
        assert started.heard() == "ready"
        yield started
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            started.kill()


def write(journal: Shared, name: str) -> None:
    base = journal.read(2**53).generation
    journal.write(Delta(generation=base + 1, rows={("article", name): b"row"}), base, {})


def names(journal: Shared) -> set[str]:
    return {key[1] for key in journal.read(0).rows}


def writes(journal: Shared, name: str) -> bool:
    try:
        write(journal, name)
    except JournalError:
        return False
    return True


# Redis


def configure(server: RedisServer, name: str, value: str) -> None:
    with closing(server.client) as client:
        client.config_set(name, value)


def follow(server: RedisServer, *arguments: str) -> None:
    with closing(server.client) as client:
        client.execute_command("REPLICAOF", *arguments)


FAILURES: dict[str, tuple[Callable[[RedisServer], None], Callable[[RedisServer], None]]] = {
    "stopped, and back empty": (RedisServer.kill, RedisServer.start),
    "frozen": (RedisServer.freeze, RedisServer.thaw),
    "out of memory": (
        lambda server: configure(server, "maxmemory", "1"),
        lambda server: configure(server, "maxmemory", "0"),
    ),
    "read-only": (
        lambda server: follow(server, "127.0.0.1", str(free_port())),
        lambda server: follow(server, "NO", "ONE"),
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_while_redis_is_away_reading_goes_on_and_afterwards_nothing_is_lost(
    server: RedisServer, failure: str
) -> None:
    here, there = machine(server, window=WINDOW), machine(server, window=WINDOW)
    assert here.claim("town", "one", 60) is not None
    write(here, "before")
    assert names(there) == {"before"}
    break_down, mend = FAILURES[failure]
    break_down(server)
    began = time.monotonic()
    assert names(there) == {"before"}
    assert time.monotonic() - began < 1.0
    attempts: tuple[Callable[[], object], ...] = (
        lambda: write(here, "lost"),
        lambda: there.claim("hill", "two", 12),
    )
    for attempt in attempts:
        began = time.monotonic()
        with pytest.raises(JournalError, match="Redis"):
            attempt()
        assert time.monotonic() - began < 3.0
    mend(server)
    began = time.monotonic()
    wait_until(lambda: there.read(0) and writes(here, "after"), "Redis takes commits", RECOVERY)
    wait_until(lambda: {"before", "after"} <= names(there), "the other machine has it", RECOVERY)
    assert time.monotonic() - began < RECOVERY
    assert names(machine(server)) == names(here) == names(there)


# Machines


@pytest.mark.parametrize("times", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_the_late_commit_of_an_owner_that_was_stopped_is_refused_every_time(
    server: RedisServer, tmp_path: Path, times: int
) -> None:
    here = machine(server)
    refused = 0
    with agent(server.url, tmp_path / "late.db", window=0) as late, closing(server.client) as client:
        for number in range(times):
            source = f"source-{number}"
            assert late.ask(f"claim {source}") != "0"
            late.send(f"late {source}")
            _, status = os.waitpid(late.process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            pass_time(client, 13)
            assert here.claim(source, "the next", 12) is not None
            late.process.send_signal(signal.SIGCONT)
            refused += late.heard().startswith("StaleClaimError")
    assert refused == times
    assert names(here) == set()


@pytest.mark.parametrize("rounds", [50, pytest.param(200, marks=pytest.mark.long)])
def test_whatever_was_acknowledged_survives_a_kill_at_any_moment(
    server: RedisServer, tmp_path: Path, rounds: int
) -> None:
    path, acknowledged = tmp_path / "feedsvc.db", set[str]()
    moments = random.Random(4)  # noqa: S311 (moments, no secrets)
    with agent(server.url, path, window=0) as parent:
        for number in range(rounds):
            # The kill falls anywhere within a commit; the child is a process with a journal of its own.
            said = parent.ask(f"doomed {number} {moments.uniform(0, 0.05)}")
            acknowledged.update(said.split())
    assert len(acknowledged) > rounds
    local = SqliteJournal(path)
    kept = {key[1] for key in local.read(0).rows}
    again = machine(server, local)
    assert acknowledged <= names(again)
    assert names(machine(server)) == names(again)
    # Only the very last commit may have reached Redis alone.
    assert len(names(again) - kept) <= 1
    assert not list(tmp_path.glob("*.aside-*"))


# The network


HOSTS = ("east", "west", "cache")


@dataclass
class Network:
    """Three hosts at one switch, each a network namespace; links can be cut."""

    name: str

    def host(self, host: str) -> tuple[str, ...]:
        """Return what a command on a host begins with."""
        return ("ip", "netns", "exec", f"{self.name}-{host}")

    def address(self, host: str) -> str:
        return f"10.213.7.{HOSTS.index(host) + 1}"

    def cut(self, host: str) -> None:
        self._link(host, "down")

    def heal(self, host: str) -> None:
        self._link(host, "up")

    def _link(self, host: str, state: str) -> None:
        ip("-n", f"{self.name}-switch", "link", "set", host, state)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)  # noqa: S607 (where it lies differs)


@pytest.fixture
def network() -> Iterator[Network]:
    """Return three hosts; skip where namespaces cannot be made."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and iproute2")
    made = Network(f"feedsvc{os.getpid()}")
    switch = f"{made.name}-switch"
    with ExitStack() as undo:
        for host in (*HOSTS, "switch"):
            try:
                ip("netns", "add", f"{made.name}-{host}")
            except subprocess.CalledProcessError as error:
                pytest.skip(f"no network namespaces here: {error.stderr.decode().strip()}")
            undo.callback(ip, "netns", "del", f"{made.name}-{host}")
        ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        ip("-n", switch, "link", "set", "bridge", "up")
        for host in HOSTS:
            space = f"{made.name}-{host}"
            ip("-n", switch, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("-n", switch, "link", "set", host, "master", "bridge", "up")
            ip("-n", space, "addr", "add", f"{made.address(host)}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "eth0", "up")
            ip("-n", space, "link", "set", "lo", "up")
        yield made


@pytest.mark.parametrize("cut", HOSTS)
def test_a_cut_between_hosts_heals_without_a_split(network: Network, tmp_path: Path, cut: str) -> None:
    redis = RedisServer(
        folder=tmp_path,
        port=6379,
        host=network.address("cache"),
        prefix=network.host("cache"),
        options=("--protected-mode", "no"),
    )
    with ExitStack() as stack:
        require_redis()
        redis.start()
        stack.callback(redis.kill)
        east, west = (
            stack.enter_context(agent(redis.url, tmp_path / f"{host}.db", *network.host(host)))
            for host in ("east", "west")
        )
        acknowledged = {"first"}
        wait_until(lambda: east.ask("write first") == "acknowledged")
        wait_until(lambda: west.ask("rows 0") == east.ask("rows 0"))
        network.cut(cut)
        for number in range(2):
            for side, other in ((east, "east"), (west, "west")):
                name = f"{other}-{number}"
                answer = side.ask(f"write {name}")
                if answer.startswith("BehindError"):
                    answer = side.ask(f"write {name}")
                assert (answer == "acknowledged") == (cut not in {other, "cache"}), answer
                if answer == "acknowledged":
                    acknowledged.add(name)
        network.heal(cut)
        began = time.monotonic()
        wait_until(lambda: east.ask("write east-healed") == "acknowledged", "east commits", RECOVERY)
        wait_until(lambda: west.ask("write west-healed") == "acknowledged", "west commits", RECOVERY)
        assert time.monotonic() - began < RECOVERY
        wait_until(lambda: east.ask("rows 0") == west.ask("rows 0"), "both are alike", RECOVERY)
        there = set(east.ask("rows 0").split())
        assert acknowledged <= there
        assert east.ask("read 0") == west.ask("read 0")
        assert not list(tmp_path.glob("*.aside-*"))
