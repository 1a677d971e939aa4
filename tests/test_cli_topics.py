"""The commands about topics, on a journal that `ingest` wrote."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc import app
from feedsvc.cli import main
from feedsvc.settings import load
from feedsvc.store import Edition

DATED = (
    "---\ndate: 2024-05-0{day}\n{more}---\n# {title}\n\nIt was cold, and nobody at the harbour minded much.\n"
)


def note(title: str, day: int = 1, more: str = "") -> str:
    return DATED.format(title=title, day=day, more=more)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of notes beside a configuration, and be there."""
    monkeypatch.chdir(tmp_path)
    town = tmp_path / "town"
    town.mkdir()
    for number, title in enumerate(("Ferry stays", "Ferry sails", "Bridge of Harrow County"), 1):
        (town / f"{number}.md").write_text(note(title, number, "tags: [Harbour]\n"), encoding="utf-8")
    configure()
    return town


def configure(more: str = "", origins: str = '"explicit", "rules", "entities"') -> None:
    text = f'[[source]]\npath = "town"\n[topics]\nsources = [{origins}]\nmin_docs = 2\n{more}'
    Path("feedsvc.toml").write_text(text, encoding="utf-8")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def now() -> Edition:
    return app.remembered_edition(load({}))


def test_topics_are_listed_with_state_kind_and_count(town: Path) -> None:
    assert told("topics", "list") == ""
    told("ingest")
    assert told("topics", "list").split() == ["active", "own", "3", "harbour", "Harbour"]
    assert [line.split()[:4] for line in told("topics", "list", "--all").splitlines()] == [
        ["active", "own", "3", "harbour"],
        ["candidate", "place", "1", "harrow-county"],
    ]
    assert town.is_dir()


def test_a_rule_is_tried_on_files_and_on_what_is_remembered(town: Path) -> None:
    (town / "broken.bin").write_bytes(b"\0")
    output = told("topics", "test", "intitle:ferry !sails", str(town))
    assert f"{town}/1.md: Ferry stays (intitle:ferry)" in output
    assert "1 of 3 match" in output
    assert "0 of 0 match" in told("topics", "test", "ferry")
    told("ingest")
    (town / "broken.bin").unlink()
    assert "2 of 3 match" in told("topics", "test", "#harbour ferry")
    failed = run("topics", "test", "ferry (")
    assert failed.exit_code == 1
    assert "^" in failed.output


def test_an_article_is_explained_by_its_id_or_its_page(town: Path) -> None:
    (town / "1.md").write_text(note("Ferry stays", 1, "tags: [Health]\n"), encoding="utf-8")
    configure(origins='"explicit", "rules", "subjects", "entities"')
    run("ingest")
    articles = {each.title: each.id for each in now().articles.values()}
    id_ = articles["Bridge of Harrow County"]
    output = told("topics", "explain", f"http://x.example/articles/{id_.removeprefix('urn:uuid:')}/explain")
    assert "harbour (Harbour): explicit, matched: front matter" in output
    assert (
        "harrow-county (Harrow County): entities, matched: Harrow County; no feed: 1 of at least 2" in output
    )
    health = told("topics", "explain", articles["Ferry stays"])
    assert "health (Health): explicit medtop:07000000, matched: front matter" in health
    assert run("topics", "explain", "nonsense").exit_code == 2
    assert "no article" in run("topics", "explain", "urn:uuid:00000000-0000-5000-8000-000000000000").output


@pytest.mark.usefixtures("town")
def test_articles_are_filed_anew_and_a_rehearsal_changes_nothing() -> None:
    assert "no journal" in run("topics", "retag").output
    told("ingest")
    configure('[[topic]]\nname = "Ferries"\nmatch = "ferry"\n')
    assert "new articles are filed by other rules" in told("plan")
    rehearsal = told("topics", "retag", "--dry-run")
    assert "/topics/ferries: 2 more, 0 fewer" in rehearsal
    assert "1 feeds of topics and 2 articles would change" in rehearsal
    assert now().lists["topic", "ferries"].ids == ()
    assert "1 feeds of topics and 2 articles changed" in told("topics", "retag")
    edition = now()
    assert len(edition.lists["topic", "ferries"].ids) == 2
    assert "Nothing changes" in told("plan") or "filed by other rules" not in told("plan")
    assert "0 feeds of topics and 0 articles" in told("topics", "retag")
    configure("".join(f'[[topic]]\nname = "t{n}"\nmatch = "cold"\n' for n in range(25)))
    assert "… and 6 more" in told("topics", "retag", "--dry-run")
    assert json.loads(told("plan", "--json"))["journal"] == "feedsvc.db"


def test_topics_are_merged_and_deleted(town: Path) -> None:
    (town / "4.md").write_text(note("Quay walls", 4, "tags: [Quay, Art]\n"), encoding="utf-8")
    told("ingest")
    assert "its feed leads there" in told("topics", "merge", "Quay", "harbour")
    edition = now()
    assert (edition.registry.find("quay").status, len(edition.lists["topic", "harbour"].ids)) == (308, 4)
    told("topics", "delete", "ART")
    assert now().registry.find("art").status == 410
    (quay,) = (each for each in now().articles.values() if each.title == "Quay walls")
    assert "art (Art): explicit, matched: front matter; deleted, no feed" in told(
        "topics", "explain", quay.id
    )
    assert "one topic already" in run("topics", "merge", "quay", "harbour").output
    assert "no topic nowhere" in run("topics", "delete", "nowhere").output
    configure('[[topic]]\nname = "Harbour"\n')
    assert "remove its [[topic]] first" in run("topics", "delete", "harbour").output
    assert "set merge_into" in run("topics", "merge", "harbour", "quay").output


def test_what_is_hidden_is_explained_as_such(town: Path) -> None:
    configure('[[topic]]\nname = "Harrow County"\n')
    told("ingest")
    configure('[[topic]]\nname = "Harrow County"\nhide = true\n')
    told("topics", "retag")
    (bridge,) = (each for each in now().articles.values() if "Bridge" in each.title)
    assert "harrow-county" not in told("topics", "explain", bridge.id)
    assert town.is_dir()
