"""The commands with addresses: guess, say so, and read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli import main
from feedsvc.extract import article_id
from tests import websites
from tests.sites import answered
from tests.websites import Web, atom, listing, sitemap, story, title


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Return a small web, and a configuration in the current folder that may ask it."""
    monkeypatch.chdir(tmp_path)
    with websites.web() as served:
        written = f'[fetch]\nallow_private = ["127.0.0.1/32"]\nallow_ports = [{served.port}]\n'
        Path("feedsvc.toml").write_text(written, encoding="utf-8")
        served.put("/log.atom", atom("log", range(1, 4)), "application/atom+xml")
        served.put("/map.xml", sitemap(served.base, {"/a/1.html": ""}), "application/xml")
        served.put("/a/1.html", story("a", 1))
        served.put("/", listing("a", range(1, 9)))
        yield served


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_extract_guesses_what_an_address_is_and_says_so(web: Web) -> None:
    result = run("extract", f"{web.base}/log.atom", f"{web.base}/a/1.html", f"{web.base}/gone")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert f"{web.base}/log.atom is taken for a feed: <feed>" in result.stderr
    assert [line.get("title") for line in lines] == [
        *(title("log", n) for n in (1, 2, 3)),
        title("a", 1),
        None,
    ]
    assert lines[0]["id"] == article_id("feedsvc", "127-0-0-1", "tag:log,2024:1")
    assert (lines[0]["published_from"], lines[3]["published_from"]) == ("upstream", "metadata")
    assert lines[0]["topics"][0]["source"] == "explicit"
    assert "script" not in lines[0]["html"]
    assert lines[3]["url"] == f"{web.base}/a/1.html"
    assert lines[4]["document"] == f"{web.base}/gone"
    assert result.exit_code == 1


def test_extract_reads_a_configured_source_as_it_is_configured(web: Web) -> None:
    with Path("feedsvc.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'[[source]]\nname = "Log"\nkind = "page"\nurl = "{web.base}/a/1.html"\ntopics = ["Weir"]\n'
        )
    result = run("extract", f"{web.base}/a/1.html", "--timezone", "Asia/Shanghai")
    line = json.loads(result.stdout)
    assert line["id"] == article_id("feedsvc", "log", f"{web.base}/a/1.html")
    assert line["topics"][0]["name"] == "Weir"
    assert "is taken for" not in result.stderr


def test_extract_tells_what_a_list_leads_to_that_cannot_be_had(web: Web) -> None:
    web.put("/map.xml", sitemap(web.base, {"/a/1.html": "", "/b": ""}), "application/xml")
    result = run("extract", f"{web.base}/map.xml")
    lines = {line["document"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert lines[f"{web.base}/b"]["problems"] == ["answered 404 Not Found"]
    assert lines[f"{web.base}/a/1.html"]["title"] == title("a", 1)


def test_extract_of_a_source_that_fails_or_of_a_list_of_feeds_is_a_problem(web: Web) -> None:
    web.put("/subs", b'<opml><body><outline xmlUrl="https://a.example/"/></body></opml>', "text/xml")
    with Path("feedsvc.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[source]]\nkind = "feed"\nurl = "{web.base}/a/1.html"\n')
    result = run("extract", f"{web.base}/subs", f"{web.base}/a/1.html")
    problems = [json.loads(line)["problems"][0] for line in result.stdout.splitlines()]
    assert problems[0] == "a list of feeds; name one of them"
    assert "no feed" in problems[1]


def test_ingest_reads_an_address_once_and_reports(web: Web) -> None:
    result = run("ingest", f"{web.base}/log.atom")
    assert result.exit_code == 0
    assert "127-0-0-1: 3 new, 0 changed" in result.stdout
    assert "taken for a feed" in result.stderr


def test_an_address_that_does_not_answer_now_is_what_it_was_and_stops_nothing_else(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDSVC_STATE__PATH", "feedsvc.db")
    Path("town").mkdir()
    Path("town/a.md").write_text("# A\n\nWords.\n", encoding="utf-8")
    both = ("ingest", "town", f"{web.base}/log.atom")
    assert run(*both).exit_code == 0
    web.behave("/log.atom", answered(503))
    result = run(*both)
    assert "answered 503 Service Unavailable" in result.stderr
    assert "it is taken for a feed, as before" in result.stderr
    assert "town: 0 new, 0 changed, 1 unchanged" in result.stdout
    Path("feedsvc.db").unlink()
    assert "name its kind" in run(*both).stderr


def test_an_address_is_never_taken_for_a_folder_of_its_name(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDSVC_STATE__PATH", "feedsvc.db")
    Path("127.0.0.1").mkdir()
    Path("127.0.0.1/a.md").write_text("# A\n\nWords.\n", encoding="utf-8")
    assert run("ingest", "127.0.0.1").exit_code == 0
    web.behave("/log.atom", answered(503))
    assert "name its kind" in run("ingest", f"{web.base}/log.atom").stderr


def test_ingest_of_an_outline_reads_its_feeds(web: Web) -> None:
    Path("subs.opml").write_text(
        f'<opml><body><outline text="Log" xmlUrl="{web.base}/log.atom"/></body></opml>', encoding="utf-8"
    )
    result = run("ingest", "subs.opml")
    assert "subs.opml is taken for a list of feeds (1)" in result.stderr
    assert re.search(r"-log-atom-[0-9a-f]{6}: 3 new", result.stdout)


def test_check_looks_at_every_source_once_and_remembers_nothing(web: Web) -> None:
    Path("town").mkdir()
    Path("town/a.md").write_text("# A\n\nWords.\n", encoding="utf-8")
    Path("town/a.xyz").write_text("x", encoding="utf-8")
    web.move("/old.atom", "/log.atom")
    with Path("feedsvc.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'[[source]]\npath = "town"\n'
            f'[[source]]\nname = "log"\nkind = "feed"\nurl = "{web.base}/old.atom"\n'
            f'[[source]]\nname = "list"\nurl = "{web.base}/"\n'
        )
    result = run("check")
    told = result.stdout.splitlines()
    assert told[1:] == [
        f"log: feed {web.base}/old.atom: 3 documents, moved to {web.base}/log.atom",
        f"list: listing {web.base}/: 8 documents",
    ]
    assert re.fullmatch("town: folder town: [01] documents?, [12] skipped", told[0])  # just written
    assert result.exit_code == 0
    web.behave("/old.atom", answered(500))
    result = run("check")
    assert "cannot be read" in result.stdout
    assert result.exit_code == 1
    assert not Path("feedsvc.db").exists()


def test_a_selector_that_is_none_is_told_with_its_line(web: Web) -> None:
    with Path("feedsvc.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[source]]\nurl = "{web.base}/"\nitems = "li["\n')
    result = run("check")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: feedsvc.toml:6: items = 'li['")


@pytest.mark.parametrize(
    ("path", "first", "count"),
    [("/", "/a/8.html", 8), ("/log.atom", "/log/3.html", 3), ("/map.xml", "/a/1.html", 1)],
)
def test_links_prints_the_items_of_whatever_list_an_address_is(
    web: Web, path: str, first: str, count: int
) -> None:
    result = run("links", web.base + path)
    urls = [json.loads(line)["url"] for line in result.stdout.splitlines()]
    assert (urls[0], len(urls)) == (web.base + first, count)
    assert ("is taken for" in result.stderr) == (path != "/")


def test_links_of_an_address_that_does_not_answer_is_an_error(web: Web) -> None:
    result = run("links", f"{web.base}/gone")
    assert result.exit_code == 1
    assert "answered 404 Not Found" in result.stderr
