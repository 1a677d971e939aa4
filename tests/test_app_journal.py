"""The whole service on a journal: warm after a restart, in its roles, where the journal cannot be had."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feedsvc import app, sections
from feedsvc.app import Role, Service
from feedsvc.cli import main
from feedsvc.errors import ConfigurationError, JournalError
from feedsvc.settings import load
from feedsvc.store import LATEST, SqliteJournal
from tests.builders import note, wait_until

pytestmark = pytest.mark.real_time

Json = Any


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one note in it, in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDSVC_STATE__PATH", raising=False)
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "lake.md").write_text(note("The lake froze", 2), encoding="utf-8")
    return tmp_path / "town"


@contextmanager
def service(role: Role = "both", *sources: str, **variables: str) -> Iterator[Service]:
    settings = load({"FEEDSVC_INGEST__INTERVAL": "1s"} | variables, sources=sources or ["town"])
    built = app.build(settings, role)
    try:
        yield built
    finally:
        built.stop()


def ask(built: Service, path: str) -> tuple[int, bytes]:
    response = built.web.test_client().get(path)
    return response.status_code, response.data


def ingested(*arguments: str) -> Json:
    return CliRunner().invoke(main, ["ingest", *arguments])


def test_a_restart_serves_the_same_bytes_before_its_first_tick_and_says_that_it_is_warm() -> None:
    with service() as built:
        assert ask(built, "/readyz")[0] == 503
        built.start()
        wait_until(lambda: ask(built, "/readyz") == (200, b"ready\n"), "the first tick")
        before = ask(built, "/latest.atom")
    with service() as again:
        assert ask(again, "/latest.atom") == before
        again.clock.start()
        wait_until(lambda: ask(again, "/readyz")[1] in {b"warm\n", b"ready\n"}, "it ticks")
        wait_until(lambda: ask(again, "/readyz") == (200, b"ready\n"), "a tick ended")
        assert ask(again, "/latest.atom") == before


def test_a_tick_that_is_under_way_after_a_restart_is_called_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    ingested("town")
    with service() as built:
        monkeypatch.setattr(type(built.clock), "next_tick", lambda _: sections.now())
        assert ask(built, "/readyz") == (200, b"warm\n")


def test_who_only_serves_is_ready_with_what_it_loaded_and_never_ticks() -> None:
    ingested("town")
    with service("serve") as built:
        built.start()
        assert ask(built, "/readyz") == (200, b"ready\n")
        assert b"none has ended yet" in ask(built, "/status")[1]
        assert built.clock.next_tick() is None


def test_a_first_seen_date_is_what_it_was_after_a_restart(folder: Path) -> None:
    (folder / "plain.md").write_text("# A plain note\n\nIt has a title and no date at all, anywhere.\n")
    ingested("town")
    with service("serve") as built:
        before = {each.title: each.published for each in built.store.edition.articles.values()}
    (folder / "plain.md").write_text("# A plain note\n\nIt has a title and no date, still, anywhere.\n")
    ingested("town")
    with service("serve") as built:
        after = {each.title: each.published for each in built.store.edition.articles.values()}
        (plain,) = (each for each in built.store.edition.articles.values() if "plain" in each.title)
    assert after == before
    assert "still" in plain.text


def test_a_source_that_is_no_longer_configured_answers_410_and_so_do_its_articles() -> None:
    ingested("town")
    (Path.cwd() / "hill").mkdir()
    with service("both", "hill") as built:
        built.ingest.tick(sections.now)
        (hidden,) = built.store.edition.attic.articles
        assert ask(built, "/sources/town.rss")[0] == 410
        assert ask(built, "/sources/town")[0] == 410
        for path in ("", "/explain", ".json", "/files/lake.png"):
            assert ask(built, f"/articles/{hidden.removeprefix('urn:uuid:')}{path}")[0] == 410, path
        assert ask(built, "/sources/never.rss")[0] == 404
        assert b"town" not in ask(built, "/sources")[1]
        assert json.loads(ask(built, "/latest.json")[1])["items"] == []
    with service() as built:
        assert ask(built, "/sources/town.rss")[0] == 200
        assert len(json.loads(ask(built, "/latest.json")[1])["items"]) == 1


def test_a_topic_that_only_hidden_sources_had_is_not_listed_but_keeps_its_feed_until_they_are_back(
    folder: Path,
) -> None:
    (folder / "lake.md").write_text(note("The lake froze", topics="[Ice]"), encoding="utf-8")
    ingested("town")
    (Path.cwd() / "hill").mkdir()
    (Path.cwd() / "hill" / "barn.md").write_text(note("A barn", topics="[Farms]"), encoding="utf-8")
    with service("both", "hill") as built:
        built.ingest.tick(sections.now)
        assert ask(built, "/topics/ice.rss")[0] == ask(built, "/topics/ice")[0] == 200
        assert ask(built, "/topics/farms.rss")[0] == 200
        for path in ("/topics", "/feeds.opml", "/"):
            assert b"topics/ice" not in ask(built, path)[1]
            assert b"topics/farms" in ask(built, path)[1]
    with service("both", "town", "hill") as built:
        assert ask(built, "/topics/ice.rss")[0] == 200
        assert b"topics/ice" in ask(built, "/topics")[1]


def test_a_topic_keeps_its_feed_while_it_is_configured(folder: Path) -> None:
    (folder / "lake.md").write_text(note("The lake froze", topics="[Ice]"), encoding="utf-8")
    (Path.cwd() / "feedsvc.toml").write_text('[[topic]]\nname = "Ice"\n', encoding="utf-8")
    ingested("town")
    (Path.cwd() / "hill").mkdir()
    with service("both", "hill") as built:
        built.ingest.tick(sections.now)
        assert ask(built, "/topics/ice.rss")[0] == 200


def test_an_incident_of_a_source_that_leaves_the_configuration_closes_once(folder: Path) -> None:
    (Path.cwd() / "hill").mkdir()
    assert ingested("town", "hill").exit_code == 0
    folder.rename(folder.with_name("elsewhere"))
    assert ingested("town", "hill").exit_code == 1
    for _ in range(2):
        with service("both", "hill") as built:
            (over,) = built.store.edition.incidents
            assert over.source == "town"
            assert over.closed
    with service("both", "town", "hill") as built:
        assert [each.closed is None for each in built.store.edition.incidents] == [False]
        built.ingest.tick(sections.now)
        assert [each.closed is None for each in built.store.edition.incidents] == [True, False]


def test_who_asks_by_date_sees_that_the_title_changed() -> None:
    ingested("town")
    with service() as built:
        modified = built.store.edition.lists[LATEST].modified
        wait_until(lambda: sections.now() > modified, "what was committed is out")
        first = built.web.test_client().get("/latest.rss")
    date = {"If-Modified-Since": first.headers["Last-Modified"]}
    with service() as built:
        assert built.web.test_client().get("/latest.rss", headers=date).status_code == 304
    asked = sections.now()
    wait_until(lambda: sections.now() > asked + timedelta(seconds=1), "a restart is in another second")
    with service(FEEDSVC_SITE__TITLE="Other news") as built:
        answer = built.web.test_client().get("/latest.rss", headers=date)
        assert answer.status_code == 200
        assert b"Other news" in answer.data


def test_a_folder_that_cannot_be_written_is_told_and_memory_does_meanwhile() -> None:
    with service(FEEDSVC_STATE__PATH="/proc/feedsvc.db") as built:
        built.ingest.tick(sections.now)
        assert ask(built, "/latest.rss")[0] == 200
        (item,) = json.loads(ask(built, "/status.json")[1])["items"]
        assert item["title"] == "the journal: something is wrong"
        assert "/proc/feedsvc.db: unable to open database file" in item["content_text"]
        assert "a restart will begin anew" in item["content_text"]
        page = ask(built, "/status")[1].decode()
        assert "<li>the journal: /proc/feedsvc.db" in page


def test_a_journal_that_fails_keeps_what_is_served_and_each_tick_tries_again(folder: Path) -> None:
    with service() as built:
        built.ingest.tick(sections.now)
        before = ask(built, "/latest.rss")
        built.store.close()
        (folder / "bridge.md").write_text(note("The bridge is open", 3), encoding="utf-8")
        for _ in range(2):
            report = built.ingest.tick(lambda: sections.now().replace(year=2030))
            assert [each.failure for each in report.sources] == ["the journal is closed"]
        assert ask(built, "/latest.rss") == before
        (item,) = json.loads(ask(built, "/status.json")[1])["items"]
        assert "the journal is closed" in item["content_text"]


def test_a_settlement_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ingested("town")

    def refused(*_: object) -> None:
        raise JournalError("no room")

    monkeypatch.setattr(SqliteJournal, "write", refused)
    with service(FEEDSVC_SITE__TITLE="Other news") as built:
        assert ask(built, "/latest.rss")[0] == 200
        assert "no room" in built.store.edition.troubles[0].reason


def test_a_folder_as_path_of_the_journal_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"state\.path: town is a folder"):
        app.check(load({"FEEDSVC_STATE__PATH": "town"}, sources=["town"]))


@pytest.mark.parametrize("command", [["serve", "--no-clock"], ["ingest", "--forever"]])
def test_half_a_service_is_refused_where_no_other_process_could_see_its_journal(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "town"], env={"FEEDSVC_STATE__PATH": ":memory:"})
    assert result.exit_code == 1
    assert result.output == (
        "Error: environment variable FEEDSVC_STATE__PATH: state.path: :memory: is no journal to share: "
        "no other process sees it; name the file that all of them share\n"
    )


def test_half_a_service_may_keep_its_own_journal_in_memory_where_machines_share_one() -> None:
    values = {"FEEDSVC_STATE__PATH": ":memory:", "REDIS_URL": "redis://127.0.0.1:1"}
    app.check(load(values, sources=["town"]), "serve")


def test_a_pass_looks_at_once_whatever_was_looked_at_before(folder: Path) -> None:
    assert "1 new" in ingested("town").output
    (folder / "bridge.md").write_text(note("The bridge is open", 3), encoding="utf-8")
    assert "1 new, 0 changed, 1 unchanged" in ingested("town").output


def test_accepting_removals_withdraws_at_once_what_would_wait_for_an_hour(folder: Path) -> None:
    for number in range(12):
        (folder / f"{number}.md").write_text(note(f"Story {number}"), encoding="utf-8")
    ingested("town")
    for number in range(10):
        (folder / f"{number}.md").unlink()
    for _ in range(3):
        assert "10 missing, 0 removed" in ingested("town").output
    assert "10 removed" in ingested("town", "--accept-removals").output
    with service("serve") as built:
        assert len(built.store.edition.articles) == 3
        assert len(built.store.edition.gone) == 10


def test_an_empty_mount_point_withdraws_nothing_however_often_it_is_looked_at(folder: Path) -> None:
    ingested("town")
    folder.rename(folder.with_name("mounted elsewhere"))
    folder.mkdir()
    for _ in range(3):
        told = ingested("town")
        assert told.exit_code == 1
        assert "1 of 1 documents are missing" in told.output
    with service("serve") as built:
        assert len(built.store.edition.articles) == 1
    folder.rmdir()
    folder.with_name("mounted elsewhere").rename(folder)
    assert "1 unchanged" in ingested("town").output
    folder.rename(folder.with_name("gone"))
    folder.mkdir()
    assert "1 removed" in ingested("town", "--accept-removals").output


def test_a_mount_point_with_a_file_of_a_known_name_withdraws_nothing(folder: Path) -> None:
    for name in ("pond", "sea"):
        (folder / f"{name}.md").write_text(note(f"The {name} froze"), encoding="utf-8")
    ingested("town")
    disk = folder.rename(folder.with_name("disk"))
    folder.mkdir()
    (folder / "sea.md").write_text(note("The sea froze"), encoding="utf-8")
    for _ in range(3):
        assert "2 of 3 documents are missing" in ingested("town").output
    (folder / "sea.md").unlink()
    folder.rmdir()
    disk.rename(folder)
    assert "3 unchanged" in ingested("town").output


def test_a_folder_that_is_away_at_the_start_stops_nothing_and_is_read_once_it_is_back(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ingested("town")
    away = folder.rename(folder.with_name("not mounted yet"))
    (away / "pond.md").write_text(note("The pond froze"), encoding="utf-8")
    app.check(load({}, sources=["town"]))
    assert "town: no such folder; its articles stay" in caplog.text
    with service() as built:
        built.start()
        wait_until(lambda: built.store.edition.health["town"].incident, "an incident opens")
        assert ask(built, "/sources/town.atom")[1].count(b"</entry>") == 1
        away.rename(folder)
        wait_until(lambda: len(built.store.edition.articles) == 2, "the folder is read")
        assert built.store.edition.health["town"].incident is None


@pytest.mark.parametrize("arguments", [[], ["town"]])
def test_a_folder_that_was_never_read_stops_the_start(folder: Path, arguments: list[str]) -> None:
    folder.rename(folder.with_name("city"))
    ingested("city", *arguments)
    with pytest.raises(ConfigurationError, match="town: no such folder"):
        app.check(load({}, sources=["city", "town"]))


def test_a_file_in_the_place_of_a_folder_stops_the_start(folder: Path) -> None:
    ingested("town")
    folder.rename(folder.with_name("gone"))
    folder.write_text("a note", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="town: is a file"):
        app.check(load({}, sources=["town"]))


def test_a_folder_that_may_not_be_looked_into_is_told_with_the_reason(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="File name too long"):
        app.check(load({}, sources=[str(folder / ("long" * 100))]))


def test_a_folder_that_was_emptied_is_believed_after_a_confirming_look(folder: Path) -> None:
    ingested("town")
    (folder / "lake.md").unlink()
    assert "1 missing" in ingested("town").output
    assert "1 removed" in ingested("town").output


def test_a_topic_that_is_deleted_or_merged_leaves_the_feeds_that_a_running_service_has_prepared(
    folder: Path,
) -> None:
    (folder / "lake.md").write_text(note("The lake froze", topics="[Ice, Snow, Winter]"), encoding="utf-8")
    ingested("town")
    with service("serve") as built:
        for slug in ("ice", "snow"):
            assert ask(built, f"/topics/{slug}.rss")[0] == 200
        for change in (("delete", "ice"), ("merge", "snow", "winter")):
            assert CliRunner().invoke(main, ["topics", *change]).exit_code == 0
        built.store.catch_up()
        assert ask(built, "/topics/ice.rss")[0] == 410
        assert (
            built.web.test_client().get("/topics/snow.rss").headers["Location"].endswith("/topics/winter.rss")
        )
        assert ask(built, "/topics/winter.rss")[0] == 200


def test_what_happened_to_a_folder_while_nobody_watched_shows_at_the_start_not_an_interval_later(
    folder: Path,
) -> None:
    (folder / "sea.md").write_text(note("The sea did not freeze"), encoding="utf-8")
    with service(FEEDSVC_INGEST__INTERVAL="1h") as built:
        built.start()
        wait_until(lambda: ask(built, "/readyz") == (200, b"ready\n"), "it is ready")
    (folder / "pond.md").write_text(note("The pond froze"), encoding="utf-8")
    with service(FEEDSVC_INGEST__INTERVAL="1h") as built:
        built.start()
        wait_until(lambda: len(built.store.edition.articles) == 3, "it is read")
