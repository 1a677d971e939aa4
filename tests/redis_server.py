"""A Redis of a test's own: on a free port, in a folder of its own, ended by its process id."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from feedsvc.store import Journal, SqliteJournal
from feedsvc.store.shared.journal import Shared
from feedsvc.store.shared.server import Server
from tests.builders import Value, free_port, wait_until

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")


@dataclass
class RedisServer:
    """A server that can be stopped, frozen and started again, with or without what it held."""

    folder: Path
    port: int = field(default_factory=free_port)
    prefix: tuple[str, ...] = ()
    """What to start the server with: `ip netns exec …`."""
    options: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    @property
    def client(self) -> Value:
        """Return what tests meddle with the server by."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis(host=self.host, port=self.port, socket_timeout=300, retry=once, protocol=2)

    def start(self) -> None:
        line = [*self.prefix, str(SERVER), "--port", str(self.port), "--dir", str(self.folder)]
        line += ["--save", "", "--bind", self.host, *self.options]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=subprocess.STDOUT)
        if not self.prefix:
            wait_until(self._answers)

    def _answers(self) -> bool:
        client = self.client
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def save(self) -> None:
        client = self.client
        client.save()
        client.close()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=20)
            self.process = None

    def restart(self) -> None:
        """Start again with what was last saved: nothing, mostly."""
        self.kill()
        self.start()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)


def require_redis() -> None:
    """Skip where no server is installed."""
    if SERVER is None:
        pytest.skip("no redis-server here: apt-get install redis-server")


@contextmanager
def redis_server(*options: str) -> Iterator[RedisServer]:
    """Yield a running server; skip where none is installed."""
    require_redis()
    with TemporaryDirectory() as folder:
        server = RedisServer(folder=Path(folder), options=options)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def pass_time(client: Value, seconds: float) -> None:
    """Let seconds pass for all claims on a server."""
    for key in client.keys("feedsvc:*:claim:*"):
        left = client.pttl(key) - round(seconds * 1000)
        if left > 0:
            client.pexpire(key, left)
        else:
            client.delete(key)


def machine(
    server: RedisServer, local: Journal | None = None, *, window: float = 0, via: Server | None = None
) -> Shared:
    """Return the journal of one more machine, by default with a journal of its own in memory."""
    return Shared(
        local or SqliteJournal(None, kept=4),
        via or Server(server.url, "town"),
        readable=lambda _key, _value: None,
        aside=lambda _delta: "nothing",
        window=window,
    )
