"""feedsvc as its users run it: real processes, real sockets, real signals."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest

from tests.builders import (
    FLATTENED,
    HEADLINES,
    PARAGRAPHS,
    Answer,
    Server,
    free_port,
    note,
    wait_until,
)
from tests.conftest import ROOT, Serve, beside, child_environ, serving

SUFFIXES = ("rss", "atom", "json")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a folder with a flattened Chinese page and two notes."""
    folder = tmp_path / "town"
    folder.mkdir()
    fill(folder, ["page.txt", "lake.md", "bridge.md"])
    return folder


def fill(folder: Path, names: list[str]) -> None:
    """Write the documents in the order named."""
    documents = {
        "page.txt": FLATTENED,
        "lake.md": note("The lake froze", 2, tags="[社区, Nature]", author="Nora Whitlock"),
        "bridge.md": note("The bridge is open", 3, tags="[Nature]"),
    }
    for name in names:
        (folder / name).write_text(documents[name], encoding="utf-8")


def feeds(server: Server, *lists: str) -> dict[str, Answer]:
    paths = [f"{quote(path)}.{suffix}" for path in lists for suffix in SUFFIXES]
    answers = {path: server.get(path) for path in paths}
    assert {answer.status for answer in answers.values()} == {200}
    return answers


def bytes_and_tags(answers: dict[str, Answer]) -> dict[str, tuple[bytes, str]]:
    return {path: (answer.body, answer.headers["etag"]) for path, answer in answers.items()}


def same(answer: Answer) -> tuple[bytes, dict[str, str]]:
    return answer.body, {name: value for name, value in answer.headers.items() if name != "date"}


def children(pid: int) -> set[int]:
    """Return all processes below one."""
    parents = {int(entry.name): parent_of(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found


def parent_of(entry: Path) -> int:
    """Return the parent of a process in /proc; 0 for one that is gone or only waits to be collected."""
    try:
        state, parent = entry.joinpath("stat").read_bytes().rpartition(b")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state == b"Z" else int(parent)


def is_alive(pid: int) -> bool:
    return parent_of(Path(f"/proc/{pid}")) > 0


def assert_tells(server: Server, title: str, paragraphs: tuple[str, ...], headlines: list[str]) -> None:
    """Assert what a reader must find of a flattened page, in every format."""
    (item,) = json.loads(server.get("/latest.json").body)["items"]
    assert item["title"] == title
    assert item["content_text"] == "\n\n".join(paragraphs)
    assert "authors" not in item
    for suffix in ("rss", "atom"):
        parsed = feedparser.parse(server.get(f"/latest.{suffix}").body, sanitize_html=False)
        assert not parsed.bozo
        (entry,) = parsed.entries
        assert (entry.title, entry.id) == (title, item["id"])
        assert entry.content[0].value == item["content_html"]
        assert "author" not in entry
    for furniture in ("热线", "仅供参考", "关于我们", "admin", *headlines):
        assert furniture not in item["content_html"]
    line = json.loads(server.get(f"/articles/{item['id'].removeprefix('urn:uuid:')}.json").body)
    assert [headline["title"] for headline in line["related"]] == headlines
    assert line["authors"] == []
    assert line["published"] == item["date_published"]


def test_a_flattened_page_becomes_one_whole_article(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    fill(tmp_path / "town", ["page.txt"])
    server = serve("town", FEEDSVC_SITE__TIMEZONE="Asia/Shanghai").wait_until_ready()
    assert_tells(server, "溪口区18个社区书屋全部开门迎客", PARAGRAPHS, list(HEADLINES))
    (item,) = json.loads(server.get("/latest.json").body)["items"]
    assert item["date_published"] == "2023-06-14T16:00:00Z"
    assert item["language"] == "zh-Hans"


def test_the_reference_document_becomes_one_whole_article(serve: Serve, reference: Path) -> None:
    lines = reference.read_text(encoding="utf-8").splitlines()
    paragraphs = tuple(line.strip() for line in lines if line.startswith("  ") and line.endswith("。"))
    headlines = [line.split(". ", 1)[1].strip() for line in lines if line[2:4].strip(".").isdigit()]
    assert (len(paragraphs), len(headlines)) == (4, 100)
    server = serve(str(reference.parent), FEEDSVC_SITE__TIMEZONE="Asia/Shanghai").wait_until_ready()
    assert_tells(server, lines[2], paragraphs, headlines)
    (item,) = json.loads(server.get("/latest.json").body)["items"]
    assert item["date_published"] == "2022-04-20T16:00:00Z"


def test_restart_port_and_file_order_change_no_byte_and_a_quiet_tick_no_header(
    serve: Serve, town: Path, tmp_path: Path
) -> None:
    base = "https://feeds.example.org"
    settled = {"FEEDSVC_SITE__BASE_URL": base, "FEEDSVC_INGEST__INTERVAL": "1s"}
    lists = ("/latest", "/status", "/sources/town", "/topics/nature", "/topics/社区")

    first = serve("town", PYTHONHASHSEED="1", **settled).wait_until_ready()
    before = feeds(first, *lists)
    ticks = first.ticks()
    wait_until(lambda: first.ticks() >= ticks + 2, "two more ticks")
    after = feeds(first, *lists)
    assert {path: same(answer) for path, answer in after.items()} == {
        path: same(answer) for path, answer in before.items()
    }
    assert first.terminate() == 0

    town.rename(tmp_path / "old")
    town.mkdir()
    fill(town, ["bridge.md", "lake.md", "page.txt"])
    second = serve("town", PYTHONHASHSEED="2", **settled).wait_until_ready()
    assert second.port != first.port
    assert bytes_and_tags(feeds(second, *lists)) == bytes_and_tags(before)
    assert all(base.encode() in answer.body for answer in before.values())


def procfile_command() -> list[str]:
    """Return what the Procfile runs, by the interpreter of the tests."""
    (line,) = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    kind, _, command = line.partition(": ")
    assert (kind, command.split()[:2]) == ("web", ["feedsvc", "serve"])
    return command.split()[2:]


def test_the_command_of_the_procfile_serves_on_port_with_one_clock(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    fill(folder, ["lake.md"])
    port = free_port()
    public = "https://town.example.org/news"
    server = serve(
        *procfile_command(),
        port=port,
        PORT=str(port),
        FEEDSVC_SITE__BASE_URL=public,
        FEEDSVC_INGEST__INTERVAL="1s",
    ).wait_until_ready()
    assert f"<link>{public}/latest</link>".encode() in server.get("/latest.rss").body
    ticks, began = server.ticks(), time.monotonic()
    wait_until(lambda: server.ticks() >= ticks + 3, "three more ticks")
    assert time.monotonic() - began > 1.8  # two clocks would have needed a second and a half
    assert server.terminate() == 0


def test_a_signal_ends_it_in_time_even_during_a_long_first_ingest(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.md").write_text(note(f"Story {number}", 1 + number % 28), encoding="utf-8")
    server = serve("many")
    wait_until(lambda: server.status("/healthz") == 200, "it answers")
    assert server.status("/readyz") == 503
    early = server.get("/latest.rss")
    assert early.status == 503
    assert int(early.headers["retry-after"]) > 0
    assert early.headers["cache-control"] == "no-store"
    assert server.status("/") == server.status("/status") == 200
    wait_until(lambda: len(children(server.process.pid)) > 1, "documents are being extracted")
    below = children(server.process.pid)
    assert server.terminate() == 0
    wait_until(lambda: not any(map(is_alive, below)), "its processes are gone")
    assert "Traceback" not in server.said()
    assert "refused to gracefully stop" not in server.said()


@pytest.mark.usefixtures("town")
def test_a_terminal_that_is_closed_ends_it_too(serve: Serve) -> None:
    server = serve("town").wait_until_ready()
    below = children(server.process.pid)
    server.process.send_signal(signal.SIGHUP)
    assert server.process.wait(timeout=20) == 0
    wait_until(lambda: not any(map(is_alive, below)), "its processes are gone")


def test_whoever_kills_the_parent_ends_the_worker_and_its_processes(town: Path) -> None:
    # What is killed would leave half a file of coverage behind.
    unmeasured = {name: value for name, value in child_environ().items() if not name.startswith("COV")}
    with serving(town.parent, unmeasured) as start:
        server = start("town")
        wait_until(lambda: server.status("/healthz") == 200, "it answers")
        wait_until(lambda: len(children(server.process.pid)) > 1, "documents are being extracted")
        below = children(server.process.pid)
        assert below
        server.process.kill()
        server.process.wait(timeout=20)
        wait_until(lambda: not any(map(is_alive, below)), "the worker is gone")
        assert server.status("/healthz") == 0


EARLY = """
import os, signal
from dataclasses import replace
from feedsvc import server
from feedsvc.settings import load
server._worker(load({}, sources=["town"]), os.getppid() - {orphaned})
os.kill(os.getpid(), signal.SIGTERM)
raise AssertionError("it still runs")
"""


@pytest.mark.parametrize(("orphaned", "code"), [(0, 0), (1, 1)])
def test_a_worker_ends_on_a_signal_or_as_an_orphan_before_it_listens(
    orphaned: int, code: int, town: Path, environ: dict[str, str]
) -> None:
    program = EARLY.replace("{orphaned}", str(orphaned))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=town.parent, env=environ, timeout=60, check=False
    )
    assert done.returncode == code


@pytest.fixture
def bad_input(tmp_path: Path) -> Path:
    """Return a folder of everything that is no article, and one document that is."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 64)
    with (folder / "long.txt").open("wb") as sparse:
        sparse.truncate(11 << 20)
    os.mkfifo(folder / "pipe.txt")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    Path(os.fsdecode(os.fsencode(folder) + b"/na\xffme.md")).write_text(note("An odd name"), encoding="utf-8")
    odd = note("Contr\x01ol \ufffe \x85 characters").replace("paragraph", "para\x0bgraph\x00")
    (folder / "control.md").write_text(odd, encoding="utf-8")
    (folder / "lone.txt").write_bytes(b"Lone surrogates\n\nThe bytes " + b"\xed\xa0\x80 are no text.\n")
    return folder


def test_bad_input_is_reported_and_the_feeds_stay_valid(serve: Serve, bad_input: Path) -> None:
    server = serve(str(bad_input), FEEDSVC_INGEST__INTERVAL="1s").wait_until_ready()
    wait_until(lambda: server.ticks() > 1, "what the first tick says was written")
    said = server.said()
    for line in (
        "empty.txt: empty",
        "long.txt: over 10 MiB",
        "pipe.txt: a FIFO",
        "photo.jpg: unsupported: .jpg",
        "binary.txt: binary",
    ):
        assert line in said
    assert "Traceback" not in said
    for suffix in ("rss", "atom"):
        parsed = feedparser.parse(server.get(f"/latest.{suffix}").body)
        assert not parsed.bozo
        titles = {entry.title for entry in parsed.entries}
        assert "An odd name" in titles
        assert any(title.startswith("Control") for title in titles)
    assert b"photo.jpg" in server.get("/status").body
    ticks = server.ticks()
    wait_until(lambda: server.ticks() > ticks, "the next tick")
    assert server.said().count("photo.jpg") == 1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that tests share which change nothing."""
    folder = tmp_path_factory.mktemp("shared") / "town"
    folder.mkdir()
    fill(folder, ["page.txt", "lake.md", "bridge.md"])
    with serving(folder.parent, child_environ()) as start:
        yield start("town").wait_until_ready()


def test_a_topic_in_chinese_is_served_conditionally(server: Server) -> None:
    path = quote("/topics/社区.atom")
    whole = server.get(path)
    assert whole.status == 200
    assert whole.headers["content-type"] == "application/atom+xml; charset=utf-8"
    for name, value in (
        ("If-None-Match", whole.headers["etag"]),
        ("If-None-Match", f'"other", W/{whole.headers["etag"]}'),
        ("If-Modified-Since", whole.headers["last-modified"]),
    ):
        unchanged = server.get(path, headers={name: value})
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert unchanged.headers["etag"] == whole.headers["etag"]
    head = server.get(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.body))
    assert server.get(quote("/topics/社区/") + "?a=b").headers["location"] == quote("/topics/社区") + "?a=b"
    assert server.get(quote("/topics/没有") + ".rss").status == 404
    assert server.get("//evil.example/").headers.get("location", "/").startswith("/evil.example")
    assert server.get(path, "POST").status == 405


def test_a_second_feedsvc_on_a_port_is_refused_in_one_line(server: Server, serve: Serve, town: Path) -> None:
    second = serve(str(town), port=server.port)
    assert second.process.wait(timeout=20) == 1
    (line,) = second.said().splitlines()
    assert f"cannot listen on 127.0.0.1:{server.port}: something listens there already" in line
    assert server.status("/healthz") == 200


def test_many_readers_at_once_get_the_same(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: server.get("/sources/town.atom"), range(40)))
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}


def test_it_says_what_to_open(server: Server) -> None:
    said = server.said()
    for suffix in SUFFIXES:
        assert f"http://127.0.0.1:{server.port}/latest.{suffix}" in said


def test_an_interrupt_from_the_keyboard_ends_it_as_well(serve: Serve, town: Path) -> None:
    server = serve(str(town))
    wait_until(lambda: server.status("/healthz") == 200, "it answers")
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.wait(timeout=20) == 0


CHECKED = (
    *("/latest", "/topics/nature", "/sources/town", "/topics/quiet", "/topics/nature,quiet", "/status"),
    "/latest/archive/1",
)
"""All articles, a topic, a source, an empty topic, a combination, incidents, a page of an archive."""


def test_every_feed_passes_every_check_of_http_in_every_format(serve: Serve, town: Path) -> None:
    checks = beside("checks/feed_http.py")
    fill(town, ["page.txt", "lake.md", "bridge.md"])
    for number in range(60):
        (town / f"{number}.md").write_text(note(f"Story {number}", 1 + number % 28), encoding="utf-8")
    (town.parent / "feedsvc.toml").write_text('[[topic]]\nname = "Quiet"\n', encoding="utf-8")
    server = serve("town", FEEDSVC_INGEST__INTERVAL="1s").wait_until_ready()
    gone = article_page(server, "The lake froze")
    (town / "lake.md").unlink()
    wait_until(lambda: server.status(gone) == 410, "the article is withdrawn")

    def failures(path: str) -> list[str]:
        line = [sys.executable, str(checks), f"http://127.0.0.1:{server.port}{path}"]
        done = subprocess.run(
            [*line, "--gone", gone, "--moved", "/feed"], capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()
        assert lines[-1].startswith("TOTAL"), done.stdout + done.stderr
        return [f"{path}: {line}" for line in lines if line.startswith(("FAIL", "WARN"))]

    paths = [f"{path}.{suffix}" for path in CHECKED for suffix in SUFFIXES]
    paths += [f"/search.{suffix}?q=story%20%21lake" for suffix in SUFFIXES]
    with ThreadPoolExecutor(2) as pool:
        assert [line for lines in pool.map(failures, paths) for line in lines] == []


def article_page(server: Server, title: str) -> str:
    """Return the path of an article's page."""
    found = json.loads(server.get("/topics/nature.json").body)["items"]
    (id_,) = (item["id"] for item in found if item["title"] == title)
    return f"/articles/{id_.removeprefix('urn:uuid:')}"
