import os
import shutil
from pathlib import Path

from feedsvc.sources import beneath
from feedsvc.sources.globs import Choice


class Meddler(Choice):
    """Wants everything, and meddles with the tree while it is walked."""

    __slots__ = ("root",)
    root: Path

    def takes(self, path: str) -> bool:
        (self.root / path).unlink()
        return True

    def enters(self, folder: str) -> bool:
        shutil.rmtree(self.root / folder)
        if folder == "swapped":
            (self.root / folder).symlink_to("../outside")
        return True


def meddler(root: Path) -> Meddler:
    choice = Meddler.of([], [])
    object.__setattr__(choice, "root", root)
    return choice


def test_a_file_that_vanishes_during_the_walk_is_absent(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"news")
    assert list(beneath.entries(tmp_path, meddler(tmp_path))) == []


def test_folders_that_vanish_or_become_links_during_the_walk_are_obstacles(tmp_path: Path) -> None:
    for folder in ("root/gone", "root/swapped", "outside"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_bytes(b"news")
    found = list(beneath.entries(tmp_path / "root", meddler(tmp_path / "root")))
    assert [(entry.key, entry.obstacle) for entry in found] == [
        ("gone", "unreadable: No such file or directory"),
        ("swapped", "unreadable: Not a directory"),
    ]


def test_the_order_of_a_walk_does_not_depend_on_the_order_of_writing(tmp_path: Path) -> None:
    names = [f"{folder}{name}" for folder in ("", "x/", "x/y/", "a/") for name in ("b.txt", "a.txt", "c.txt")]
    for root, order in (("one", names), ("two", names[::-1])):
        for name in order:
            (tmp_path / root / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / name).write_bytes(b"news")
    walks = [
        [entry.key for entry in beneath.entries(tmp_path / root, Choice.of([], []))]
        for root in ("one", "two")
    ]
    assert walks[0] == walks[1]
    assert sorted(walks[0]) == sorted(names)


def test_a_read_stops_at_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    _, content, _ = beneath.read(tmp_path, "a.txt", 4)
    assert content == b"0123"


def test_a_path_is_spelled_so_that_every_encoder_takes_it() -> None:
    assert beneath.spelled(os.fsdecode("税\\".encode() + b"\xe9\n")) == "税\\\\xe9\n"
