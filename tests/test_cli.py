"""The command line: what it prints, and with which exit code."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli import main
from tests.builders import FLATTENED, note

Json = Any


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with a folder of one note in it."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("FEEDSVC_") or name == "PORT"]:
        monkeypatch.delenv(name)
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "lake.md").write_text(note("The lake froze", tags="[Nature]"), encoding="utf-8")
    return tmp_path


def run(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


def lines(result: Result) -> list[Json]:
    return [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]


REFUSED = {
    "nothing to read": ([], {}, "nothing to read: name a folder"),
    "no such folder": (["/nonexistent"], {}, "/nonexistent: no such folder"),
    "a file": (["town/lake.md"], {}, "town/lake.md: is a file; name its folder"),
    "PORT alone": (["town"], {"PORT": "8080"}, "environment variable PORT: links would point nowhere"),
    "PORT is no number": (["town"], {"PORT": "http"}, "environment variable PORT"),
    "a value": (["town"], {"FEEDSVC_FEEDS__WINDOW": "0"}, "how many articles a feed shows, 1 to 500"),
    "equal names": (["town", "town"], {}, "two sources are named 'town'"),
    "an address": (["town"], {"FEEDSVC_SERVER__HOST": "192.0.2.1"}, "site.base_url"),
    "an address of others": (
        ["town"],
        {"FEEDSVC_SERVER__HOST": "192.0.2.1", "FEEDSVC_SITE__BASE_URL": "https://example.org"},
        "cannot listen on 192.0.2.1:8000",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.usefixtures("here")
def test_serve_refuses_what_cannot_work_in_one_line(case: str) -> None:
    arguments, variables, words = REFUSED[case]
    result = run("serve", *arguments, **variables)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert words in line
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[feeds]\nwindow = 0\n", "feedsvc.toml:2: feeds.window"),
        ("[site]\ntitle = 'x'\ntimezone = 'Mars/Base'\n", "feedsvc.toml:3: site.timezone"),
        ("[site]\ntitel = 'x'\n", "feedsvc.toml:2: site.titel: unknown key 'titel'; did you mean 'title'?"),
        ("[site\n", "feedsvc.toml:1: not valid TOML"),
        ("[[source]]\npath = 'town'\n\n[[source]]\npath = 'gone'\n", "feedsvc.toml:5: gone: no such folder"),
        ("[[source]]\npath = 'town'\n[[topic]]\nname = 'T'\nmatch = '(a'\n", "feedsvc.toml:5: "),
    ],
)
def test_a_wrong_configuration_is_told_with_file_line_and_what_would_be_right(
    here: Path, toml: str, words: str
) -> None:
    (here / "feedsvc.toml").write_text(toml, encoding="utf-8")
    result = run("serve")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {words}")
    assert "Traceback" not in result.stderr


def test_a_named_configuration_must_exist(here: Path) -> None:
    result = run("serve", "--config", str(here / "none.toml"))
    assert result.exit_code == 1
    assert "none.toml: cannot be read" in result.stderr


@pytest.mark.usefixtures("here")
def test_a_port_out_of_range_is_a_usage_error() -> None:
    assert run("serve", "town", "--port", "70000").exit_code == 2


def test_ingest_exits_0_when_only_unsupported_files_were_left_out(here: Path) -> None:
    (here / "town").rename(here / "seeds")  # what is read when nothing is named
    (here / "seeds" / "photo.jpg").write_bytes(b"\xff\xd8")
    result = run("ingest")
    assert result.exit_code == 0
    assert result.stdout.startswith("seeds: 1 new, 0 changed, 0 unchanged, 0 removed, 1 skipped (")
    assert result.stdout.endswith("  photo.jpg: unsupported: .jpg\n")


def test_ingest_exits_1_when_a_document_or_a_source_failed_and_reads_the_others(here: Path) -> None:
    (here / "town" / "blob.txt").write_bytes(bytes(range(256)))
    result = run("ingest", "/nonexistent", "town")
    assert result.exit_code == 1
    assert "nonexistent: failed: /nonexistent: No such file or directory" in result.stdout
    assert "town: 1 new" in result.stdout
    assert "  blob.txt: binary" in result.stdout


def test_ingest_that_cannot_open_its_journal_says_so_in_one_line_and_exits_1(here: Path) -> None:
    with closing(sqlite3.connect(here / "feedsvc.db")) as another:
        another.execute("CREATE TABLE orders (number INTEGER)")
    result = run("ingest", "town")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the database of another program" in result.stderr


def test_ingest_of_a_source_that_failed_exits_1() -> None:
    assert run("ingest", "/nonexistent").exit_code == 1


@pytest.mark.usefixtures("here")
def test_ingest_without_a_source_is_refused() -> None:
    result = run("ingest")
    assert result.exit_code == 1
    assert "nothing to read" in result.stderr


def test_extract_prints_a_line_for_every_document_of_files_and_folders(here: Path) -> None:
    (here / "town" / "deep").mkdir()
    (here / "town" / "deep" / "page.txt").write_text(FLATTENED, encoding="utf-8")
    (here / "town" / "empty.txt").touch()
    (here / "link.md").symlink_to("town/lake.md")
    result = run("extract", "town", "link.md", "--timezone", "Asia/Shanghai", "--language", "fr")
    assert result.exit_code == 1  # for the empty one
    told = {line["document"]: line for line in lines(result)}
    assert list(told) == ["town/deep/page.txt", "town/lake.md", "link.md", "town/empty.txt"]
    assert told["town/empty.txt"] == {"document": "town/empty.txt", "problems": ["empty"]}
    page = told["town/deep/page.txt"]
    assert (page["title"], page["published"]) == ("溪口区18个社区书屋全部开门迎客", "2023-06-14T16:00:00Z")
    assert (page["published_from"], len(page["related"])) == ("byline", 100)
    assert told["link.md"] == told["town/lake.md"] | {"document": "link.md"}
    assert told["town/lake.md"]["topics"] == [
        {"slug": "nature", "name": "Nature", "source": "explicit", "matched": "front matter"}
    ]


def test_extract_says_why_a_file_gives_no_article(here: Path) -> None:
    (here / "photo.jpg").write_bytes(b"\xff\xd8")
    (here / "blob.txt").write_bytes(bytes(range(256)))
    os.mkfifo(here / "pipe.txt")
    result = run("extract", "photo.jpg", "pipe.txt", "blob.txt")
    assert result.exit_code == 1
    told = {line["document"]: line["problems"][0] for line in lines(result)}
    assert told["photo.jpg"] == "unsupported: .jpg"
    assert told["pipe.txt"] == "a FIFO"
    assert told["blob.txt"].startswith("binary")


def test_extract_of_nothing_but_unsupported_files_is_no_failure(here: Path) -> None:
    (here / "photo.jpg").write_bytes(b"\xff\xd8")
    assert run("extract", "photo.jpg").exit_code == 0


@pytest.mark.parametrize("path", ["none.txt", "dangling.txt", "x" * 5000, "town/none/none.txt"])
def test_extract_refuses_a_path_that_is_not_there(here: Path, path: str) -> None:
    (here / "dangling.txt").symlink_to("nowhere")
    result = run("extract", path)
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr
    assert result.stdout == ""


@pytest.mark.usefixtures("here")
def test_extract_refuses_a_time_zone_that_is_none() -> None:
    result = run("extract", "town", "--timezone", "Mars/Base")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: command line: site.timezone: no such time zone: 'Mars/Base'; "
        'it is an IANA time zone such as "Asia/Shanghai" or "UTC"\n'
    )


def test_extract_speaks_utf_8_whatever_the_locale_and_takes_names_that_are_no_utf_8(
    here: Path, environ: dict[str, str]
) -> None:
    name = b"na\xffme.md"
    Path(os.fsdecode(name)).write_text(note("湖面结冰"), encoding="utf-8")
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"feedsvc", b"extract", name],
        cwd=here,
        env=environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    line = json.loads(done.stdout.decode("utf-8"))
    assert (line["document"], line["title"]) == ("na\\xffme.md", "湖面结冰")


def test_help_names_every_command() -> None:
    said = run("--help").stdout
    assert all(command in said for command in ("serve", "ingest", "extract"))
