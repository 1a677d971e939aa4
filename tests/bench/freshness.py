"""From the rename of a finished file to the new bytes at /latest.atom, while 64 connections poll it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.serving import CONNECTIONS, Served, etag
from tests.bench.serving import PROGRAMS as SERVING
from tests.bench.table import Row, alone
from tests.builders import Server, note
from tests.conftest import child_environ, serving

PROGRAMS = tuple(program for program in SERVING if program == "wrk")
PATH = "/latest.atom"
APART = 1.3
"""Seconds between changes: a feed is published once a second at most."""
CHANGES = 4
"""In a round."""
_LOOK = 0.002
_BOUND = 20.0


def rows(rounds: int) -> Iterator[Row]:
    """Yield the row; the timer is far away, so that only the watch brings news."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "town").mkdir()
        for number in range(100):
            _add(folder, f"Report {number}")
        environ = child_environ() | {"FEEDSVC_STATE__PATH": "feedsvc.db", "FEEDSVC_INGEST__INTERVAL": "1h"}
        with serving(folder, environ) as start:
            server = start("town")
            server.wait_until_ready()
            assert server.status(PATH) == 200
            taken = [_seen(folder, server, f"Change {each}") for each in range(2)]  # its processes start up
            with _polled(server):
                taken = [_seen(folder, server, f"News {each}") for each in range(rounds * CHANGES)]
        what = f"a rename to new bytes, {CONNECTIONS} connections polling"
        yield alone(what, [1000 * each for each in taken], "ms", "≤ 150")


def _seen(folder: Path, server: Server, title: str) -> float:
    """Return the seconds from the rename of a file until its title is served."""
    time.sleep(APART)
    began = _add(folder, title)
    while title.encode() not in server.get(PATH).body:
        assert time.monotonic() - began < _BOUND, server.said()
        time.sleep(_LOOK)
    return time.monotonic() - began


def _add(folder: Path, title: str) -> float:
    """Write a file, then rename it into the folder; return when that was."""
    stage = folder / "stage.md"
    stage.write_text(note(title, 1), encoding="utf-8")
    began = time.monotonic()
    stage.rename(folder / "town" / f"{title}.md")
    return began


@contextmanager
def _polled(server: Server) -> Iterator[None]:
    """Have all connections ask whether something changed."""
    served = Served(pid=server.process.pid, port=server.port)
    url = f"http://127.0.0.1:{served.port}{PATH}"
    call = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d600s", "-H", f"If-None-Match: {etag(served)}", url]
    process = subprocess.Popen(call, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
