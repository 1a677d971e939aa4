"""The whole service in one process: wired, started, ticked by its own clock, stopped."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc import app, sections
from feedsvc.app import Service
from feedsvc.errors import ConfigurationError, RuleError
from feedsvc.settings import load
from feedsvc.store import Limits
from tests.builders import note, wait_until

pytestmark = pytest.mark.real_time

Json = Any


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one note in it, beside the current folder's configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "lake.md").write_text(note("The lake froze", 2), encoding="utf-8")
    return tmp_path / "town"


def service(folder: Path) -> Service:
    """Return the service of a folder that is looked at every second."""
    return app.build(load({"FEEDSVC_INGEST__INTERVAL": "1s"}, sources=[str(folder)]))


@contextmanager
def running(built: Service) -> Iterator[Service]:
    built.start()
    try:
        yield built
    finally:
        built.stop()


def items(built: Service, path: str = "/latest.json") -> dict[str, Json]:
    """Return the items of a feed by title, none while it is not there."""
    response = built.web.test_client().get(path)
    listed = json.loads(response.data)["items"] if response.status_code == 200 else []
    return {item["title"]: item for item in listed}


def test_a_file_shows_after_the_next_tick_when_it_is_added_edited_or_removed(folder: Path) -> None:
    with running(service(folder)) as built:
        wait_until(lambda: items(built), "the first tick")
        (folder / "bridge.md").write_text(note("The bridge is open", 3), encoding="utf-8")
        wait_until(lambda: len(items(built)) == 2, "the new file shows")
        added = items(built)["The bridge is open"]

        (folder / "bridge.md").write_text(note("The bridge is closed", 3), encoding="utf-8")
        wait_until(lambda: "The bridge is closed" in items(built), "the edit shows")
        edited = items(built)["The bridge is closed"]
        assert edited["id"] == added["id"]
        assert edited["date_published"] == added["date_published"]
        assert edited["date_modified"] > added["date_modified"]
        assert len(items(built)) == 2

        (folder / "bridge.md").unlink()
        wait_until(lambda: list(items(built)) == ["The lake froze"], "the removal shows")
        gone = built.web.test_client().get(f"/articles/{added['id'].removeprefix('urn:uuid:')}")
        assert gone.status_code == 410


def test_a_folder_that_goes_away_keeps_its_articles_and_opens_one_incident(folder: Path) -> None:
    with running(service(folder)) as built:
        wait_until(lambda: items(built), "the first tick")
        before = built.web.test_client().get("/latest.rss").data
        shutil.move(folder, folder.with_name("away"))
        wait_until(lambda: items(built, "/status.json"), "the incident")
        assert list(items(built, "/status.json")) == ["town: cannot be read"]
        assert built.web.test_client().get("/latest.rss").data == before
        shutil.move(folder.with_name("away"), folder)
        wait_until(lambda: "town: was unreadable" in items(built, "/status.json"), "the incident is over")
        assert built.web.test_client().get("/latest.rss").data == before


def test_nothing_runs_before_the_start_and_nothing_after_the_stop(folder: Path) -> None:
    before = threading.active_count()
    built = service(folder)
    assert threading.active_count() == before
    assert built.web.test_client().get("/readyz").status_code == 503
    built.start()
    wait_until(lambda: threading.active_count() > before, "the clock runs")
    built.stop()
    wait_until(lambda: threading.active_count() == before, "the clock has stopped")


def test_the_configuration_gives_a_source_its_name_zone_interval_and_topics(folder: Path) -> None:
    (folder / "x.md").write_text(note("Left out"), encoding="utf-8")
    Path("feedsvc.toml").write_text(
        f'[[source]]\npath = "{folder}"\nname = "The Town"\ntimezone = "Asia/Shanghai"\ntopics = ["Home"]\n'
        'exclude = ["x*"]\ninterval = "90s"\n'
        '[[topic]]\nname = "Cold"\nmatch = "froze"\n[[topic]]\nname = "Warm"\n',
        encoding="utf-8",
    )
    built = app.build(load({}))
    built.ingest.tick(sections.now)
    shown = items(built, "/sources/the-town.json")
    assert list(shown) == ["The lake froze"]
    assert shown["The lake froze"]["date_published"] == "2024-05-01T16:00:00Z"
    assert shown["The lake froze"]["tags"] == ["Home", "Cold", "Environment"]
    headers = built.web.test_client().get("/sources/the-town.rss").headers
    assert headers["Cache-Control"] == "max-age=60, stale-while-revalidate=60, stale-if-error=86400"
    assert items(built, "/topics/cold.json") == shown
    assert built.web.test_client().get("/topics/warm.json").status_code == 200
    assert items(built, "/topics/warm.json") == {}


def test_the_configuration_limits_feeds_and_gives_topics_their_aliases(folder: Path) -> None:
    for number in range(60):
        (folder / f"{number}.md").write_text(note(f"Story {number}"), encoding="utf-8")
    Path("feedsvc.toml").write_text(
        f'[[source]]\npath = "{folder}"\n[feeds]\nwindow = 3\nwindow_time = "24h"\nmax_bytes = 20000\n'
        'max_per_source = 2\n[[topic]]\nname = "Cold"\nmatch = "froze"\naliases = ["Ice & snow"]\n',
        encoding="utf-8",
    )
    built = app.build(load({}))
    built.ingest.tick(sections.now)
    assert built.store.edition.limits == Limits(count=3, time=timedelta(hours=24), size=20_000, per_source=2)
    assert len(items(built)) == 2
    response = built.web.test_client().get("/topics/ice-snow.json")
    assert (response.status_code, response.headers["Location"]) == (308, "/topics/cold.json")


def test_a_window_longer_than_the_calendar_is_refused_at_the_start_or_holds_everything(folder: Path) -> None:
    try:
        settings = load({"FEEDSVC_FEEDS__WINDOW_TIME": "999999d"}, sources=[str(folder)])
    except ConfigurationError:
        return
    built = app.build(settings)
    built.ingest.tick(sections.now)
    assert list(items(built)) == ["The lake froze"]


@pytest.mark.parametrize(
    ("toml", "kind", "words"),
    [
        ('[[source]]\npath = "gone"\n', ConfigurationError, r"feedsvc\.toml:2: gone: no such folder"),
        ('[[source]]\npath = "town/lake.md"\n', ConfigurationError, r"is a file; name its folder"),
        ("", ConfigurationError, "nothing to read"),
        (
            '[[source]]\npath = "town"\n[[topic]]\nname = "T"\nmatch = "(税务"\n',
            RuleError,
            r"feedsvc\.toml:5: .*\n    \(税务\n",
        ),
        (
            '[[source]]\npath = "town"\n[[topic]]\nslug = "news"\n[[topic]]\nname = "News"\n',
            ConfigurationError,
            "same slug",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_work_is_known_before_the_start(
    toml: str, kind: type[ConfigurationError], words: str
) -> None:
    Path("feedsvc.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(kind, match=words):
        app.check(load({}))


def test_what_can_work_passes_the_check(folder: Path) -> None:
    app.check(load({}, sources=[str(folder)]))


@pytest.mark.parametrize(("key", "pattern"), [("include", "!x"), ("exclude", "")])
def test_a_wrong_pattern_stops_the_start_with_its_line(folder: Path, key: str, pattern: str) -> None:
    configuration = f'[[source]]\npath = "{folder.name}"\n{key} = ["{pattern}"]\n'
    Path("feedsvc.toml").write_text(configuration, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^feedsvc\.toml:3: the pattern"):
        app.check(load({}))


def test_a_picture_that_comes_after_its_document_is_shown_and_served(folder: Path) -> None:
    (folder / "lake.md").write_text(
        f"{note('The lake froze', 2)}\n![Ice](lake_files/ice%20floes.png)\n", encoding="utf-8"
    )
    with running(service(folder)) as built:
        wait_until(lambda: items(built), "the first tick")
        assert "<img" not in items(built)["The lake froze"]["content_html"]
        (folder / "lake_files").mkdir()
        (folder / "lake_files" / "ice floes.png").write_bytes(b"\x89PNG\r\n\x1a\n...")
        wait_until(lambda: "image" in items(built)["The lake froze"], "the picture shows")
        item = items(built)["The lake froze"]
        assert f'<img src="{item["image"]}" alt="Ice">' in item["content_html"]
        base, _, path = item["image"].partition("/articles/")
        assert base == "http://127.0.0.1:8000"
        assert path.endswith("/files/lake_files/ice%20floes.png")
        answer = built.web.test_client().get(f"/articles/{path}")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_an_address_that_names_no_port_stops_the_start_with_its_place(folder: Path) -> None:
    settings = load({"REDIS_URL": "redis://127.0.0.1:port"}, sources=[str(folder)])
    with pytest.raises(ConfigurationError, match=r"^environment variable REDIS_URL: state\.shared: "):
        app.build(settings)


def test_the_clock_ticks_at_once_when_a_trouble_with_the_journal_is_over(folder: Path) -> None:
    built = app.build(load({"FEEDSVC_INGEST__INTERVAL": "1h"}, sources=[str(folder)]))
    with running(built):
        wait_until(built.clock.last_tick, "the first tick")
        first = built.clock.last_tick()
        state = folder.parent / "feedsvc.db"
        state.rename(state.with_name("away.db"))
        state.mkdir()
        wait_until(lambda: built.store.edition.troubles, "the trouble shows")
        state.rmdir()
        wait_until(lambda: built.clock.last_tick() != first, "it ticks")


def test_who_has_no_clock_hurries_nothing(folder: Path) -> None:
    built = app.build(load({}, sources=[str(folder)]), "serve")
    built.clock.hurry()
    assert built.clock.last_tick() is None
    built.store.close()


def test_a_server_that_follows_an_ingest_with_its_configuration_moves_no_date(folder: Path) -> None:
    settings = load({}, sources=[str(folder)])
    store, ingest = app.build_ingest(settings)
    ingest.tick(sections.now)
    first = store.edition
    store.close()
    built = app.build(settings)
    assert built.store.edition == first
    built.store.close()
