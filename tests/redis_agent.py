"""One machine of several, as a process of its own: does what its input says, a line each, and answers so.

python -m tests.redis_agent URL FILE
"""

import os
import signal
import sys
import time
from pathlib import Path

from feedsvc.errors import JournalError
from feedsvc.store import SqliteJournal
from feedsvc.store.journal import Delta
from feedsvc.store.shared import put_aside
from feedsvc.store.shared.filling import WINDOW
from feedsvc.store.shared.journal import Shared
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import INLINE


class Agent:
    """Answers orders; an error is an answer, too."""

    def __init__(self, url: str, path: Path, window: float) -> None:
        self._made = url, path, window
        self._journal = Shared(
            SqliteJournal(path),
            Server(url, "town"),
            readable=lambda *_: None,
            aside=lambda delta: put_aside(delta, path),
            window=window,
        )
        self._token = 0

    def answer(self, order: str, argument: str) -> str:
        try:
            return str(getattr(self, order)(argument))
        except JournalError as error:
            return f"{type(error).__name__} {error}".replace("\n", " ")

    def claim(self, source: str) -> int:
        claim = self._journal.claim(source, f"{os.getpid()}", 12)
        self._token = claim.token if claim else 0
        return self._token

    def write(self, name: str) -> str:
        """Commit a row on the newest generation."""
        return self._write(name, {})

    def late(self, source: str) -> str:
        """Commit for a source, having slept between claim and commit for who knows how long."""
        os.kill(os.getpid(), signal.SIGSTOP)
        return self._write(source, {source: self._token})

    def read(self, _: str) -> int:
        return self._journal.read(0).generation

    def rows(self, _: str) -> str:
        return " ".join(sorted(key[1] for key in self._journal.read(0).rows))

    def forever(self, name: str) -> str:
        """Commit until the process is killed, and say of each commit that it was acknowledged."""
        for number in range(10**9):
            self._write(f"{name}-{number}", {})
            say(f"{name}-{number}")
        return "done"

    def doomed(self, argument: str) -> str:
        """Fork a machine that commits until it is killed, some time after its first commit.

        Return what it said. A fork is a hundred times quicker than an interpreter; this process itself
        never asked anything.
        """
        name, seconds = argument.split()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.dup2(writing, sys.stdout.fileno())
            Agent(*self._made).forever(name)
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as told:
            first = told.readline()
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            whole, _, _ = (first + told.read()).rpartition("\n")
        return " ".join(whole.split())

    def _write(self, name: str, claims: dict[str, int]) -> str:
        base = self._journal.read(2**53).generation
        length = INLINE if base % 3 == 0 else 1  # now in one script, now staged in parts
        rows = {("article", name): b"x" * length, ("ledger", ""): name.encode()}
        self._journal.write(Delta(generation=base + 1, rows=rows), base, claims)
        return "acknowledged"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    agent = Agent(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]) if sys.argv[3:] else WINDOW)
    say("ready")
    for line in sys.stdin:
        order, _, argument = line.strip().partition(" ")
        say(agent.answer(order, argument))


if __name__ == "__main__":
    main()
