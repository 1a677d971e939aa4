import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from watchdog.observers.api import BaseObserver

from feedsvc.sources import Arrivals, Folder, Watch
from feedsvc.sources import watch as watching
from tests.builders import wait_until

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a file is finished"),
]

TYPES = {".txt": "text/plain"}


def folder(root: Path, name: str = "town") -> Folder:
    return Folder(name=name, path=root, media_types=TYPES)


@contextmanager
def started(watch: Watch) -> Iterator[Event]:
    """Start a watch; the event is set whenever it tells of something."""
    told = Event()
    watch.start(told.set)
    try:
        yield told
    finally:
        watch.stop()


def arrived(told: Event, watch: Watch, name: str = "town") -> Arrivals:
    assert told.wait(20)
    return watch.taken(name)


def test_a_file_closed_after_writing_or_moved_in_is_told_by_its_path_and_only_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    outside = tmp_path / "b.txt"
    outside.write_text("news")
    watch = Watch([folder(root)])
    with started(watch) as told:
        (root / "deep" / "a.txt").write_text("news")
        assert arrived(told, watch) == Arrivals(names=frozenset({"deep/a.txt"}))
        assert watch.taken("town") == Arrivals()
        told.clear()
        outside.rename(root / "b.txt")
        assert arrived(told, watch).names == {"b.txt"}
        told.clear()
        (root / "b.txt").rename(root / "c.txt")
        assert arrived(told, watch).names == {"c.txt"}


def test_a_file_that_is_still_open_is_not_told_of(tmp_path: Path) -> None:
    watch = Watch([folder(tmp_path)])
    with started(watch) as told:
        with (tmp_path / "slow.txt").open("w") as file:
            file.write("half of the ne")
            file.flush()
            (tmp_path / "quick.txt").write_text("news")
            assert arrived(told, watch).names == {"quick.txt"}
        told.clear()
        assert arrived(told, watch).names == {"slow.txt"}


def test_files_that_leave_are_left_to_the_timer(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "root" / name).write_text("news")
    watch = Watch([folder(tmp_path / "root")])
    with started(watch) as told:
        (tmp_path / "root" / "a.txt").unlink()
        (tmp_path / "root" / "b.txt").rename(tmp_path / "b.txt")
        (tmp_path / "root" / "last.txt").write_text("news")
        assert arrived(told, watch).names == {"last.txt"}


def test_a_folder_that_is_moved_in_asks_for_a_scan(tmp_path: Path) -> None:
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "a.txt").write_text("news")
    (tmp_path / "root").mkdir()
    watch = Watch([folder(tmp_path / "root")])
    with started(watch) as told:
        (tmp_path / "batch").rename(tmp_path / "root" / "batch")
        assert arrived(told, watch) == Arrivals(scan=True)


def test_a_folder_that_is_copied_in_asks_for_a_scan_as_files_came_before_it_was_watched(
    tmp_path: Path,
) -> None:
    watch = Watch([folder(tmp_path)])
    with started(watch) as told:
        (tmp_path / "batch").mkdir()
        (tmp_path / "batch" / "a.txt").write_text("news")
        assert arrived(told, watch).scan


def test_hidden_names_are_not_told_of(tmp_path: Path) -> None:
    watch = Watch([folder(tmp_path)])
    with started(watch) as told:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".a.txt.swp").write_text("news")
        (tmp_path / "a.txt").write_text("news")
        assert arrived(told, watch) == Arrivals(names=frozenset({"a.txt"}))


def test_many_files_ask_for_a_scan_and_one_folder_says_nothing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MANY", 3)
    for name in ("town", "village"):
        (tmp_path / name).mkdir()
    watch = Watch([folder(tmp_path / "town"), folder(tmp_path / "village", "village")], gathering=0.3)
    with started(watch) as told:
        for number in range(4):
            (tmp_path / "town" / f"{number}.txt").write_text("news")
        (tmp_path / "village" / "a.txt").write_text("news")
        wait_until(lambda: arrived(told, watch, "village").names == {"a.txt"})
        assert watch.taken("town").scan


def test_another_folder_in_the_place_of_the_first_is_watched_once_somebody_looks(tmp_path: Path) -> None:
    root = tmp_path / "root"
    watch = Watch([folder(root)])
    with started(watch) as told:  # which is not there yet
        root.mkdir()
        watch.renew()
        watch.renew()
        (root / "a.txt").write_text("news")
        wait_until(lambda: arrived(told, watch).names == {"a.txt"})
        told.clear()
        root.rename(tmp_path / "old")
        root.mkdir()
        watch.renew()
        (root / "b.txt").write_text("news")
        wait_until(lambda: arrived(told, watch).names == {"b.txt"})


def test_a_bug_in_what_is_told_does_not_end_the_watch(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def fail() -> None:
        calls.append(watch.taken("town"))
        raise RuntimeError

    watch = Watch([folder(tmp_path)])
    watch.start(fail)
    try:
        for number in range(2):
            (tmp_path / f"{number}.txt").write_text("news")
            wait_until(lambda: len(calls) > number)  # noqa: B023 (called at once)
    finally:
        watch.stop()
    assert "bug after a file came" in caplog.text


def test_where_nothing_can_be_watched_scans_go_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> BaseObserver:
        raise OSError(24, "Too many open files")

    watch = Watch([folder(tmp_path)], observe=refuse)
    with started(watch):
        assert "not watched, only scanned" in caplog.text
        watch.renew()
    nothing = Watch(())
    with started(nothing) as told:
        assert not told.is_set()


def test_a_folder_that_cannot_be_watched_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    with caplog.at_level(logging.WARNING), started(watch := Watch([folder(tmp_path)])):
        watch.renew()
    assert caplog.text.count("is not watched, only scanned") == 1


def test_other_systems_are_scanned_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with started(Watch([folder(tmp_path)])) as told:
        (tmp_path / "a.txt").write_text("news")
        assert not told.wait(0.1)
