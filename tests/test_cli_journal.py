"""The commands about what is remembered: what they print, and with which exit code."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feedsvc import sections
from feedsvc.cli import main
from feedsvc.foretelling import fingerprint
from feedsvc.model import Change, Commit, Health
from feedsvc.opening import open_store
from feedsvc.settings import load
from feedsvc.store import Store
from tests.builders import START, article

Json = Any
TOWN = '[[source]]\npath = "town"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with a configuration and a folder to read."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("FEEDSVC_") or name == "PORT"]:
        monkeypatch.delenv(name)
    Path("town").mkdir()
    configure(TOWN)
    return tmp_path


def configure(toml: str) -> None:
    Path("feedsvc.toml").write_text(toml, encoding="utf-8")


def opened() -> Store:
    settings = load({})
    store = open_store(settings, sections.topics(settings))
    store.settle(fingerprint(settings), START)
    return store


@pytest.fixture
def journal(here: Path) -> Path:
    """Return the journal of a service that served forty articles."""
    with closing(opened()) as store:
        health = Health(source="town", kind="folder", last_attempt=START, last_success=START)
        articles = tuple(article(number) for number in range(1, 41))
        store.commit(Commit(at=START, change=Change(health=health, articles=articles)))
    return here / "feedsvc.db"


def run(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


@pytest.mark.usefixtures("journal")
def test_plan_says_that_nothing_changes() -> None:
    result = run("plan")
    assert result.output == (
        "feedsvc.db: 40 articles in 2 feeds, generation 1\nNothing changes for readers.\n"
    )
    assert result.exit_code == 0


@pytest.mark.usefixtures("journal")
def test_plan_tells_what_changes_and_why_and_exits_with_3_above_the_threshold() -> None:
    configure(f'[site]\nid = "other"\n[feeds]\nwindow = 9\n{TOWN}')
    result = run("plan")
    assert result.output == (
        "feedsvc.db: 40 articles in 2 feeds, generation 1\n"
        "40 of 40 articles get new ids: everyone sees them unread\n"
        "  site.id is 'other' instead of 'feedsvc', once they are read again\n"
        "feeds show more or fewer of their articles\n"
        "  feeds.window is 9 instead of 50\n"
    )
    assert result.exit_code == 3
    assert run("plan", "--threshold", "99.9").exit_code == 3
    assert run("plan", "--threshold", "100").exit_code == 0


@pytest.mark.usefixtures("journal")
def test_plan_gives_programs_one_object() -> None:
    configure(f'[site]\nid = "other"\n{TOWN}')
    result = run("plan", "--json", "--threshold", "50")
    assert result.exit_code == 3
    assert json.loads(result.stdout) == {
        "journal": "feedsvc.db",
        "threshold": 50,
        "exceeds": True,
        "generation": 1,
        "articles": 40,
        "feeds": 2,
        "disturbed_articles": 40,
        "lost_feeds": 0,
        "consequences": [
            {
                "kind": "new ids",
                "count": 40,
                "says": "40 of 40 articles get new ids: everyone sees them unread",
                "details": ["site.id is 'other' instead of 'feedsvc', once they are read again"],
            }
        ],
    }


def test_plan_says_plainly_that_there_is_no_journal(here: Path) -> None:
    result = run("plan")
    assert (result.exit_code, result.output) == (
        0,
        "There is no journal (no such file: feedsvc.db): nothing is published that could change.\n",
    )
    assert "(state.path keeps none)" in run("plan", FEEDSVC_STATE__PATH=":memory:").output
    assert json.loads(run("plan", "--json").stdout) == {"journal": None, "threshold": 10.0, "exceeds": False}
    assert sorted(each.name for each in here.iterdir()) == ["feedsvc.toml", "town"]


def test_plan_writes_nothing_and_a_journal_of_others_is_an_error(journal: Path) -> None:
    before = {each.name: each.read_bytes() for each in journal.parent.iterdir() if each.is_file()}
    assert run("plan").exit_code == 0
    assert {each.name: each.read_bytes() for each in journal.parent.iterdir() if each.is_file()} == before
    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("PRAGMA user_version = 99")
    result = run("plan")
    assert (result.exit_code, result.output.startswith("Error: feedsvc.db: a newer feedsvc wrote it")) == (
        1,
        True,
    )


def test_an_upgrade_is_planned_on_the_journal_as_the_older_version_left_it(journal: Path) -> None:
    of_today = run("plan").output
    with closing(sqlite3.connect(journal)) as connection:
        connection.executescript("DROP TABLE unindexed; DROP TABLE indexing; PRAGMA user_version = 1")
    before = journal.read_bytes()
    assert run("plan").output == of_today
    assert run("topics", "list", "--all").exit_code == 0
    assert [each.name for each in journal.parent.iterdir() if each.name.startswith("feedsvc.db")] == [
        "feedsvc.db"
    ]
    assert journal.read_bytes() == before
    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("PRAGMA application_id = 7")
    assert run("plan").output == "Error: feedsvc.db: this is no journal\n"


@pytest.mark.usefixtures("journal")
def test_plan_works_beside_a_running_service() -> None:
    with closing(opened()):
        assert run("plan").exit_code == 0


@pytest.mark.usefixtures("journal")
def test_plan_shows_the_first_of_many_details() -> None:
    configure(TOWN + "".join(f'[[topic]]\nname = "T{number}"\n' for number in range(25)))
    told = run("plan").output.splitlines()
    last = told.index("  /topics/t19 is new")
    assert told[last + 1] == "  … and 5 more"


@pytest.mark.usefixtures("journal")
def test_check_says_that_a_journal_is_sound() -> None:
    result = run("journal", "check")
    assert result.exit_code == 0
    assert result.output.startswith("feedsvc.db: sound; 40 articles, ")


@pytest.mark.parametrize(("lost", "words"), [(1, "1 finding"), (40, "40 findings")])
def test_check_lists_what_is_wrong(lost: int, words: str, journal: Path) -> None:
    with closing(sqlite3.connect(journal, isolation_level=None)) as connection:
        connection.execute("DELETE FROM body WHERE rowid IN (SELECT rowid FROM body LIMIT ?)", (lost,))
    result = run("journal", "check")
    assert result.exit_code == 1
    assert result.stdout.count("has no body") == lost
    assert result.stderr == f"feedsvc.db: {words}\n"


@pytest.mark.usefixtures("journal")
def test_compact_reports_bytes_and_refuses_beside_a_service() -> None:
    result = run("journal", "compact")
    assert result.exit_code == 0
    assert " bytes before, " in result.output
    with closing(opened()):
        result = run("journal", "compact", "--wait", "0.1")
    assert result.exit_code == 1
    assert result.output == "Error: feedsvc.db is in use: stop every feedsvc that has it open, then compact\n"


@pytest.mark.parametrize("command", ["check", "compact"])
@pytest.mark.usefixtures("here")
def test_there_is_nothing_to_look_after_without_a_journal(command: str) -> None:
    result = run("journal", command)
    assert (result.exit_code, result.output) == (1, "Error: there is no journal: no such file: feedsvc.db\n")
    result = run("journal", command, FEEDSVC_STATE__PATH=":memory:")
    assert (result.exit_code, result.output) == (1, "Error: state.path is :memory:: there is no journal\n")
    assert not Path("feedsvc.db").exists()


def test_help_says_what_the_exit_codes_mean() -> None:
    assert "Exit code 3" in run("plan", "--help").output
    assert {"check", "compact"} <= set(run("journal", "--help").output.split())
