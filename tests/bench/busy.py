"""Polls while a tick takes in a thousand documents, beside polls while nothing happens.

The bound is on the time until a 304 arrives, not on its cost: one connection, no cores assigned.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.serving import PROGRAMS as SERVING
from tests.bench.serving import Served, feedsvc, polled
from tests.bench.table import Row, compared
from tests.builders import Server, note, wait_until

PROGRAMS = tuple(program for program in SERVING if program != "nginx")
DOCUMENTS = 1_000
_QUIET = 10  # seconds that a file has to have been left alone, and more


def rows(rounds: int) -> Iterator[Row]:
    """Yield the row; a round is one quiet second and one tick."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "town").mkdir()
        _add(folder, 0, 60)
        with feedsvc(folder, "town", pinned=False) as server:
            served = Served(pid=server.process.pid, port=server.port)
            measured = [_round(folder, server, served, number) for number in range(1, rounds + 1)]
            yield compared("304 while a tick reads 1,000 documents", measured, "ms", "idle", wanted="≥ 0.5")


def _round(folder: Path, server: Server, served: Served, number: int) -> tuple[float, float]:
    """Return the median time of a 304 while a tick reads, and before it."""
    idle = polled(served).median
    ticks = server.said().count(f" {DOCUMENTS} new,")
    _add(folder, number, DOCUMENTS)
    taken: list[float] = []
    while server.said().count(f" {DOCUMENTS} new,") == ticks:
        taken.append(polled(served).median)
    wait_until(lambda: server.status("/readyz") == 200)
    within = taken[1:-1] or taken  # the first began, and the last ended, while nothing happened
    return median(within), idle


def _add(folder: Path, number: int, count: int) -> None:
    """Put documents into the source all at once, left alone for long enough to be finished."""
    stage = folder / f"stage{number}"
    stage.mkdir()
    past = time.time() - _QUIET
    for each in range(count):
        path = stage / f"{each}.md"
        path.write_text(note(f"Report {number}-{each}", 1 + each % 28), encoding="utf-8")
        os.utime(path, (past, past))
    stage.rename(folder / "town" / f"part{number}")
