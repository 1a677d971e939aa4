"""First ingests: all processes of a service, from files to feeds, beside extraction alone in one process.

Both read the same files, one after the other in alternating order, as a busy machine changes its pace. The
service writes its journal to disk, and its time counts from the start of its program to its first feed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench import stock
from tests.bench.processes import family, seconds
from tests.bench.table import Row, alone, compared
from tests.builders import Server
from tests.conftest import ROOT, child_environ, serving

PAGES = int(os.environ.get("BENCH_PAGES", "10000"))
FLATTENED = int(os.environ.get("BENCH_FLATTENED", "100000"))
"""Documents; fewer of them tell nearly the same, sooner."""
ROUNDS = 3
"""At most: a round takes minutes."""
_LOOK = 0.2
_CORES = {1: "0", 2: "0,1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What a first ingest took, in seconds."""

    processor: float
    wall: float


def rows(rounds: int) -> Iterator[Row]:
    """Yield the rows of both kinds of document."""
    rounds = min(rounds, ROUNDS)
    with TemporaryDirectory() as place:
        yield from _pages(Path(place, "html"), rounds)
    with TemporaryDirectory() as place:
        folder = Path(place, "flattened")
        stock.write(folder / "town", FLATTENED, stock.flattened)
        measured = [FLATTENED / ingested(folder).processor for _ in range(rounds)]
        yield alone(f"{FLATTENED:,} flattened pages, files to feeds", measured, "a second of CPU", "≥ 1,500")


def _pages(folder: Path, rounds: int) -> Iterator[Row]:
    stock.write(folder / "town", PAGES, stock.html)
    met: list[tuple[float, float]] = []
    walls: dict[int, list[float]] = {1: [], 2: []}
    for number in range(rounds):
        ours, theirs = _both(folder, turned=bool(number % 2))
        met.append((1000 * ours.processor / PAGES, 1000 * theirs / PAGES))
        walls[2].append(ours.wall)
    walls[1].append(ingested(folder, processes=1).wall)
    yield compared(f"an HTML page of {PAGES:,}, files to feeds", met, "ms", "extraction alone", "≥ 0.87")
    for processes, taken in walls.items():
        yield alone(f"{PAGES:,} HTML pages on {processes} core(s), wall", [median(taken)], "s")


def _both(folder: Path, *, turned: bool) -> tuple[Ingested, float]:
    order: tuple[Callable[[Path], object], ...] = (ingested, extracted)
    told = {call: call(folder) for call in (order[::-1] if turned else order)}
    ours, theirs = told[ingested], told[extracted]
    assert isinstance(ours, Ingested)
    assert isinstance(theirs, float)
    return ours, theirs


def ingested(folder: Path, processes: int = 2) -> Ingested:
    """Serve a folder whose documents nobody read before, on so many cores, until its feed is there."""
    for old in folder.glob("feedsvc.db*"):
        old.unlink()
    environ = child_environ() | {"FEEDSVC_STATE__PATH": "feedsvc.db", "FEEDSVC_INGEST__INTERVAL": "1h"}
    before, cores = os.sched_getaffinity(0), {int(core) for core in _CORES[processes].split(",")}
    began = time.monotonic()
    os.sched_setaffinity(0, cores & before or before)  # what is started inherits it
    try:
        with serving(folder, environ) as start:
            server = start("town")
            os.sched_setaffinity(0, before)
            _wait(server)
            for suffix in ("rss", "atom", "json"):
                assert server.status(f"/latest.{suffix}") == 200
            spent = seconds(family(server.process.pid))
            return Ingested(processor=spent, wall=time.monotonic() - began)
    finally:
        os.sched_setaffinity(0, before)


def extracted(folder: Path) -> float:
    """Return the seconds of processor time that extraction alone takes."""
    call = [sys.executable, "-m", "tests.bench.once", str(folder / "town")]
    done = subprocess.run(call, env=child_environ(), cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _wait(server: Server) -> None:
    """Wait without asking so often that it counts."""
    while server.status("/readyz") != 200:
        assert server.process.poll() is None, server.said()
        time.sleep(_LOOK)
