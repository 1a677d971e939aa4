"""Pictures beside the documents of a folder."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.model import Document, Known
from feedsvc.sources import Folder, Found, digest, folder
from feedsvc.sources.folder import WAITING, version

TYPES = {".txt": "text/plain", ".md": "text/markdown", ".html": "text/html"}
LAKE = b"\x89PNG\r\n\x1a\n"


def town(root: Path, *exclude: str) -> Folder:
    return Folder(name="town", path=root, media_types=TYPES, exclude=exclude)


def write(root: Path, path: str, content: bytes = LAKE) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def beside(source: Folder, name: str) -> tuple[str, ...]:
    found = source.find(name)
    assert isinstance(found, Found)
    document = source.read(found)
    assert isinstance(document, Document)
    return document.beside


def referring(*names: str) -> bytes:
    return "\n".join(f'<img src="{name}">' for name in names).encode()


def test_a_document_is_read_with_the_pictures_that_it_names_and_that_are_there(tmp_path: Path) -> None:
    for path in ("a.png", "notes/a_files/湖 1.jpg", "notes/b.png", "notes/c.svg", "notes/.hidden/d.png"):
        write(tmp_path, path)
    (tmp_path / "notes" / "folder.png").mkdir()
    write(tmp_path, "notes/fake.png", b"<script>alert(1)</script>")
    write(tmp_path, "notes/empty.png", b"")
    names = ("../a.png", "a_files/湖%201.jpg", "c.svg", ".hidden/d.png", "gone.png", "folder.png")
    write(tmp_path, "notes/a.md", referring(*names, "fake.png", "empty.png", "n" * 300 + ".png"))
    assert beside(town(tmp_path), "notes/a.md") == ("../a.png", "a_files/湖 1.jpg")


def test_nothing_outside_the_root_is_beside_not_even_by_a_link(tmp_path: Path) -> None:
    write(tmp_path, "out.png")
    write(tmp_path, "root/in.png")
    (tmp_path / "root" / "link.png").symlink_to(tmp_path / "out.png")
    (tmp_path / "root" / "up").symlink_to(tmp_path)
    write(tmp_path, "root/a.html", referring("../out.png", "link.png", "up/out.png", "in.png"))
    source = town(tmp_path / "root")
    assert beside(source, "a.html") == ("in.png",)
    for name in ("../out.png", "link.png", "up/out.png", "gone.png"):
        assert source.picture("a.html", name) is None


def test_what_is_excluded_is_not_beside(tmp_path: Path) -> None:
    write(tmp_path, "private/a.png")
    write(tmp_path, "a.md", b"![a](private/a.png)")
    source = town(tmp_path, "private/")
    assert beside(source, "a.md") == ()
    assert source.picture("a.md", "private/a.png") is None
    assert beside(town(tmp_path), "a.md") == ("private/a.png",)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_names_are_found_in_other_encodings(tmp_path: Path, charset: str) -> None:
    write(tmp_path, "图片/湖.png")
    write(tmp_path, "a.html", '湖上结冰了<img src="图片/湖.png">'.encode(charset))
    assert beside(town(tmp_path), "a.html") == ("图片/湖.png",)


def test_plain_text_shows_no_pictures(tmp_path: Path) -> None:
    write(tmp_path, "a.png")
    write(tmp_path, "a.txt", referring("a.png"))
    assert beside(town(tmp_path), "a.txt") == ()


def test_a_document_whose_path_is_no_text_has_none(tmp_path: Path) -> None:
    write(tmp_path, "a.png")
    name = os.fsdecode(b"\xff.md")
    write(tmp_path, name, referring("a.png"))
    assert beside(town(tmp_path), name) == ()


def test_a_picture_is_given_with_when_it_was_put_there(tmp_path: Path) -> None:
    write(tmp_path, "notes/a.png")
    os.utime(tmp_path / "notes" / "a.png", (1, 1))  # copied with its old date
    picture = town(tmp_path).picture("notes/a.md", "a.png")
    assert picture is not None
    assert picture.content == LAKE
    assert abs(datetime.now(UTC) - picture.modified) < timedelta(minutes=1)


def test_an_empty_or_an_enormous_file_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LARGEST", 100)
    for name, size in (("empty", 0), ("most", 100), ("more", 101)):
        write(tmp_path, f"{name}.png", b"x" * size)
    source = town(tmp_path)
    given = {name: source.picture("a.md", f"{name}.png") for name in ("empty", "most", "more")}
    assert [name for name, picture in given.items() if picture] == ["most"]
    write(tmp_path, "more.png", LAKE + b"x" * 100)
    write(tmp_path, "a.md", b"![a](more.png)")
    assert beside(source, "a.md") == ()


def test_a_root_that_goes_away_leaves_a_document_without_pictures(tmp_path: Path) -> None:
    found = Found(key="a.md", version="", address="a.md")
    assert list(town(tmp_path / "gone")._beside(found, b"![a](a.png)")) == []  # noqa: SLF001


def again(root: Path, known: dict[str, Known], **age: float) -> list[Found]:
    now = datetime.now(UTC) + timedelta(seconds=5) + timedelta(**age)
    return list(town(root).scan(known, now).found)


def remembered(found: list[Found]) -> dict[str, Known]:
    return {each.key: Known(version=each.version, digest="d") for each in found}


def test_a_new_document_is_read_again_when_pictures_come_or_go(tmp_path: Path) -> None:
    write(tmp_path, "a.md", b"![a](a.png)")
    write(tmp_path, "b.txt", b"text")
    known = remembered(again(tmp_path, {}))
    assert again(tmp_path, known) == []
    for change in ("come", "go"):
        if change == "come":
            write(tmp_path, "a.png")
        else:
            (tmp_path / "a.png").unlink()
        found = again(tmp_path, known)
        assert [each.key for each in found] == ["a.md"]
        assert isinstance(town(tmp_path).read(found[0]), Document)
        known |= remembered(found)
        assert again(tmp_path, known) == []


def test_an_old_document_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.md", b"![a](a.png)")
    days = WAITING / timedelta(days=1)
    known = remembered(again(tmp_path, {}, days=days))
    assert known["a.md"].version == version((tmp_path / "a.md").stat())
    write(tmp_path, "a.png")
    assert again(tmp_path, known, days=days) == []


def test_other_pictures_make_a_document_another_one() -> None:
    assert digest(b"a") == digest(b"a", ())
    assert len({digest(b"a", beside) for beside in ((), ("a.png",), ("b.png",), ("a.png", "b.png"))}) == 4
