"""Polls, beside nginx that serves the same bytes from a file.

Both servers run on one core and the 64 connections of `wrk` on another, one server at a time, in alternating
order: a machine that others use, too, changes its pace, so only ratios within a round mean something. What is
compared is processor time a request, of all processes of a service, with its clock ticking.
"""

import random
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.processes import family, seconds
from tests.bench.table import Row, compared
from tests.builders import Server, free_port, note, wait_until
from tests.conftest import child_environ, serving

PROGRAMS = ("wrk", "nginx", "taskset")
TOPICS = 200
DOCUMENTS = 1_000
CONNECTIONS = 64
LARGEST = 80_000
"""What a feed may weigh, so that its RSS has about 30 KB."""
LENGTH = 1
"""Seconds of one run of wrk."""
PATH = "/latest.rss"
_SERVER_CORE, _CLIENT_CORE = "0", "1"
_NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    gzip_static on;
    default_type application/rss+xml;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that is asked."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """What is asked for."""
        return f"http://127.0.0.1:{self.port}{PATH}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of wrk came to."""

    microseconds: float
    """Of processor time a request."""
    median: float
    """Milliseconds until an answer."""


CASES: Mapping[str, tuple[dict[str, str], str]] = {
    "200": ({}, "0.40"),
    "200 gzip": ({"Accept-Encoding": "gzip"}, "0.45"),
    "304": ({"If-None-Match": "*"}, "0.40"),
}
"""By the name of the answer: what the request says, and the least share of nginx's speed."""


def rows(rounds: int) -> Iterator[Row]:
    """Yield a row for each kind of answer."""
    with TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        write_documents(folder / "town")
        ours = stack.enter_context(feedsvc(folder, "town"))
        theirs = stack.enter_context(nginx(folder, ours))
        servers = (Served(pid=ours.process.pid, port=ours.port), theirs)
        for case, (_, least) in CASES.items():
            for server in servers:
                run(server, case)
            results = [alternating(servers, case, number) for number in range(rounds)]
            told = [(one.microseconds, other.microseconds) for one, other in results]
            yield compared(f"{case}, {TOPICS} topics, ticking", told, "µs", "nginx", wanted=f"≥ {least}")


def alternating(servers: Sequence[Served], case: str, number: int) -> tuple[Run, ...]:
    """Ask each server once, in the other order than in the round before."""
    turned = servers if number % 2 else servers[::-1]
    results = {server.port: run(server, case) for server in turned}
    return tuple(results[server.port] for server in servers)


def run(server: Served, case: str) -> Run:
    """Ask a server for a while with all connections, from another core."""
    return _asked(server, ["taskset", "-c", _CLIENT_CORE, *_wrk(CONNECTIONS)], _fields(server, case))


def polled(server: Served) -> Run:
    """Ask a server whether something changed, one question at a time."""
    return _asked(server, _wrk(1), {"If-None-Match": etag(server)})


def _wrk(connections: int) -> list[str]:
    return ["wrk", "-t1", f"-c{connections}", f"-d{LENGTH}s", "--latency"]


def _asked(server: Served, line: list[str], fields: Mapping[str, str]) -> Run:
    """Run wrk and return what it came to; answers must be good ones."""
    said = [part for name, value in fields.items() for part in ("-H", f"{name}: {value}")]
    pids = family(server.pid)
    before = seconds(pids)
    told = subprocess.run([*line, *said, server.url], capture_output=True, text=True, check=True)
    spent = seconds(pids) - before
    requests = re.search(r"(\d+) requests in", told.stdout)
    median = re.search(r"50%\s+([\d.]+)(us|ms|s)", told.stdout)
    assert requests, told.stdout
    assert median, told.stdout
    assert "Non-2xx" not in told.stdout, told.stdout
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[median[2]]
    return Run(microseconds=1e6 * spent / int(requests[1]), median=float(median[1]) * scale)


def _fields(server: Served, case: str) -> dict[str, str]:
    """Return the fields of a request; who asks whether something changed has each server's own tag."""
    return CASES[case][0] if case != "304" else {"If-None-Match": etag(server)}


def etag(server: Served) -> str:
    """Return the entity tag of what a server has."""
    known = Server(process=None, port=server.port, log=Path())  # type: ignore[arg-type]
    return known.get(PATH).headers["etag"]


def write_documents(folder: Path) -> None:
    """Write a thousand notes under all topics, in words that compress as words do."""
    folder.mkdir()
    chosen = random.Random(7)  # noqa: S311 - the same documents each time
    words = ["".join(chosen.choices("aeiounrstlkm", k=chosen.randint(2, 9))) for _ in range(3_000)]
    for number in range(DOCUMENTS):
        tags = f"[Topic {number % TOPICS}, Topic {(number * 7 + 1) % TOPICS}]"
        body = " ".join(chosen.choices(words, k=40))
        told = note(f"Report {number} of the harbour", 1 + number % 28, tags=tags) + f"\n{body}.\n"
        (folder / f"{number}.md").write_text(told, encoding="utf-8")


@contextmanager
def feedsvc(folder: Path, source: str, *, pinned: bool = True) -> Iterator[Server]:
    """Yield a feedsvc that read its documents and ticks every second, on its core."""
    said = {"FEEDSVC_INGEST__INTERVAL": "1s", "FEEDSVC_FEEDS__MAX_BYTES": str(LARGEST)}
    with serving(folder, child_environ() | said) as start:
        server = start(source)
        server.wait_until_ready()
        assert server.status(PATH) == 200
        for pid in family(server.process.pid) if pinned else ():
            subprocess.run(["taskset", "-acp", _SERVER_CORE, str(pid)], check=True, capture_output=True)  # noqa: S607
        yield server


@contextmanager
def nginx(folder: Path, ours: Server) -> Iterator[Served]:
    """Yield an nginx that serves what `ours` answers, on the same core."""
    for coding, name in ((None, "latest.rss"), ("gzip", "latest.rss.gz")):
        fields = {"Accept-Encoding": coding} if coding else {}
        wait_until(partial(_is_coded, ours, fields), "it is compressed")
        (folder / name).write_bytes(ours.get(PATH, headers=fields).body)
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, port=port), encoding="utf-8")
    line = ["taskset", "-c", _SERVER_CORE, "nginx", "-p", str(folder), "-c", str(configuration)]
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(line, stderr=log)
    served = Served(pid=process.pid, port=port)
    asked = Server(process=process, port=port, log=folder / "nginx.log")
    try:
        wait_until(lambda: asked.status(PATH) == 200, "nginx is ready")
        yield served
    finally:
        process.terminate()
        process.wait(timeout=10)


def _is_coded(ours: Server, fields: Mapping[str, str]) -> bool:
    """Tell whether an answer is in the coding that is asked for."""
    answer = ours.get(PATH, headers=fields)
    return answer.headers.get("content-encoding") == fields.get("Accept-Encoding")
