import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli import main
from feedsvc.cli_links import Fetched, command

PAGE = "".join(
    f'<li><a href="/n/{number}">渡轮修理后恢复通航 no. {number}</a> <i>2026-11-0{number}</i></li>'
    for number in range(1, 4)
)


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "page.html").write_bytes(f"<meta charset=gbk>{PAGE}".encode("gbk"))
    return str(tmp_path / "page.html")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["links", *arguments])


def test_a_saved_page_gives_a_line_an_item(page: str) -> None:
    result = run(page, "--base", "https://osk.example/news/")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]
    assert lines[0] == {
        "url": "https://osk.example/n/1",
        "title": "渡轮修理后恢复通航 no. 1",
        "published": "2026-11-01T00:00:00",
    }
    assert len(lines) == 3


def test_a_selector_names_the_items(page: str) -> None:
    result = run(page, "--base", "https://osk.example/", "--items", "li:last-child")
    assert [json.loads(line)["url"] for line in result.stdout.splitlines()] == ["https://osk.example/n/3"]


def test_a_page_without_items_exits_1_and_says_what_helps(page: str) -> None:
    result = run(page)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no links found" in result.stderr
    assert "--base" in result.stderr
    result = run(page, "--base", "https://osk.example/", "--items", "table")
    assert "names no link" in result.stderr
    assert "--base" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--base", "osk.example"), "not an address: osk.example"),
        (("--items", "li["), "--items"),
    ],
)
def test_a_wrong_option_is_a_usage_error(page: str, arguments: tuple[str, ...], words: str) -> None:
    result = run(page, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize("name", ["none.html", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_a_usage_error(name: str) -> None:
    result = run(name)
    assert result.exit_code == 2
    assert "cannot read" in result.stderr


def test_an_address_is_asked_for_and_read_from_where_it_answered() -> None:
    def fetch(url: str) -> Fetched:
        assert url == "HTTPS://osk.example/old"
        return Fetched(url="https://osk.example/new/", content=PAGE.encode("gbk"), charset="gbk")

    result = CliRunner().invoke(command(fetch), ["HTTPS://osk.example/old"])
    assert json.loads(result.stdout.splitlines()[0])["url"] == "https://osk.example/n/1"
    result = CliRunner().invoke(
        command(fetch), ["HTTPS://osk.example/old", "--base", "https://vell.example/"]
    )
    assert json.loads(result.stdout.splitlines()[0])["url"] == "https://vell.example/n/1"
