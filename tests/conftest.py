"""Fixtures that more than one file of tests uses."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import hypothesis
import pytest

from tests.builders import Server, Value, free_port
from tests.redis_server import RedisServer, redis_server

hypothesis.settings.register_profile("everywhere", deadline=None)  # machines are shared and noisy
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "everywhere")

# Under nohup and in the background they are ignored, and the servers that tests start would inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
"""Schemas and the reference document; they lie beside the repository, not in it."""


REAL_TIME = frozenset({"serve", "server", "network"})
"""Fixtures that start servers; what uses them runs in real time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what runs in real time try three times: a machine that others use may hold up any one run."""
    for item in items:
        started = REAL_TIME.intersection(getattr(item, "fixturenames", ()))
        if started or item.get_closest_marker("real_time"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture
def environ() -> dict[str, str]:
    """Return the environment of a child process."""
    return child_environ()


def child_environ() -> dict[str, str]:
    """Return our environment without what would configure feedsvc."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    ours = {name: value for name, value in ours.items() if name not in {"PORT", "REDIS_URL"}}
    path = os.pathsep.join(filter(None, [str(ROOT), ours.get("PYTHONPATH", "")]))
    return ours | {"PYTHONPATH": path, "PYTHONUTF8": "1", "FEEDSVC_STATE__PATH": ":memory:"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what would be skipped where CI says that everything a test needs is there."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {item.nodeid}: {report.longrepr}"
    return report


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path, environ: dict[str, str]) -> Iterator[Serve]:
    """Return what starts a server; none outlives the test."""
    with serving(tmp_path, environ) as start:
        yield start


@contextmanager
def serving(folder: Path, environ: dict[str, str]) -> Iterator[Serve]:
    """Yield what starts a server in a folder, and end all that were started."""
    started: list[Server] = []

    def start(*arguments: str, port: int = 0, **variables: str) -> Server:
        port = port or free_port()
        log = folder / f"{len(started)}.log"
        line = [sys.executable, "-m", "feedsvc", "serve", *arguments]
        with log.open("wb") as written:
            process = subprocess.Popen(
                line if "PORT" in variables else [*line, "--port", str(port)],
                cwd=folder,
                env=environ | variables,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(Server(process=process, port=port, log=log))
        return started[-1]

    try:
        yield start
    finally:
        for server in started:
            end(server)


def end(server: Server) -> None:
    """End a server, kindly if it can, and whatever is left of its session."""
    with suppress(subprocess.TimeoutExpired):
        server.terminate()
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(timeout=20)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Return a Redis of the test's own."""
    with redis_server() as running:
        yield running


@pytest.fixture
def client(server: RedisServer) -> Iterator[Value]:
    """Return what the test meddles with its Redis by."""
    with closing(server.client) as opened:
        yield opened


@pytest.fixture(scope="session")
def schemas() -> Path:
    """Return the folder of the schemas of Atom and JSON Feed."""
    return beside("checks/schemas")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the reference document."""
    return beside("seeds/reference.txt")


def beside(path: str) -> Path:
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{path} does not lie in shared/ beside the repository")
    return found


@pytest.fixture
def patient_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a Redis that is slow because the machine is busy not taken for one that is away."""
    monkeypatch.setattr("feedsvc.store.shared.server.QUICK", 1.5)
