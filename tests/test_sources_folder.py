import os
import pickle
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ConfigurationError, SourceError
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources import Folder, Found, Scan, Source, digest
from feedsvc.sources.beneath import DEPTH
from feedsvc.sources.folder import LIMIT, is_quiet, moment

TYPES = {".txt": "text/plain", ".md": "text/markdown", ".html": "text/html"}
NOBODY = 65534


def later(seconds: float = 5) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def write(root: Path, *paths: str, content: bytes = b"news") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def folder(root: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Folder:
    return Folder(name="town", path=root, media_types=TYPES, include=include, exclude=exclude)


def scan(root: Path, known: dict[str, Known] | None = None) -> Scan:
    return folder(root).scan(known or {}, later())


def keys(result: Scan) -> list[str]:
    return [found.key for found in result.found]


def reasons(result: Scan) -> dict[str, str]:
    return {skipped.key: skipped.reason for skipped in result.skipped}


def remembered(result: Scan) -> dict[str, Known]:
    return {found.key: Known(version=found.version, digest="d") for found in result.found}


def known(*names: str) -> dict[str, Known]:
    return {name: Known(version="v", digest="d") for name in names}


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user whom permissions stop, as root is stopped by none."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def shared() -> Iterator[Path]:
    """Give a root that any user may enter and read."""
    root = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(root, NOBODY, NOBODY)
    yield root
    for each in root.iterdir():
        each.chmod(0o700)
    shutil.rmtree(root)


def give(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


def test_a_folder_is_a_source_that_the_registry_knows(tmp_path: Path) -> None:
    source: Source = Folder(name="town", path=tmp_path, media_types=TYPES)
    assert (source.kind, source.name, source.location) == ("folder", "town", str(tmp_path))
    assert pickle.loads(pickle.dumps(source)) == source  # noqa: S301 - our own bytes


def test_a_wrong_pattern_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        folder(tmp_path, exclude=("",))


def test_a_scan_finds_documents_at_any_depth_in_order_of_keys(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.MD", "a/b/c.Html", "a-1.txt", "新闻.txt")
    assert keys(scan(tmp_path)) == ["a-1.txt", "a/b/c.Html", "a/z.MD", "b.txt", "新闻.txt"]


def test_an_empty_root_has_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path) == Scan()


def test_what_is_known_and_unchanged_is_not_found_again(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    memory = remembered(scan(tmp_path))
    write(tmp_path, "c.txt")
    write(tmp_path, "b.txt", content=b"other")
    assert keys(scan(tmp_path, memory)) == ["b.txt", "c.txt"]


def test_a_change_shows_although_size_and_modification_time_stay(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    write(tmp_path, "a.txt", content=b"old")
    before = document.stat()
    memory = remembered(scan(tmp_path))
    deadline = time.monotonic() + 10
    while document.stat().st_ctime_ns == before.st_ctime_ns and time.monotonic() < deadline:
        write(tmp_path, "a.txt", content=b"new")  # until the clock of the file system has moved
        os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert keys(scan(tmp_path, memory)) == ["a.txt"]


def test_what_is_gone_is_missing(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "sub/b.txt", "gone/c.txt")
    memory = remembered(scan(tmp_path))
    (tmp_path / "a.txt").unlink()
    shutil.rmtree(tmp_path / "gone")
    assert scan(tmp_path, memory).missing == {"a.txt", "gone/c.txt"}


def test_a_document_that_cannot_be_used_any_more_is_not_missing(tmp_path: Path) -> None:
    write(tmp_path, "empty.txt", content=b"")
    (tmp_path / "link.txt").symlink_to("empty.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert scan(tmp_path, known("empty.txt", "link.txt", "pipe.txt")).missing == frozenset()


def test_patterns_choose_documents(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.txt", "news/b.md", "old/c.md", "x.pdf")
    result = folder(tmp_path, include=("*.md",), exclude=("old/",)).scan({}, later())
    assert (keys(result), result.skipped) == (["a.md", "news/b.md"], ())


def test_hidden_names_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.txt", ".git/config.txt", "a/.b.txt")
    assert scan(tmp_path) == Scan()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.pdf", "unsupported: .pdf"),
        ("a.TAR.GZ", "unsupported: .gz"),
        ("README", "unsupported: no suffix"),
        ("end.", "unsupported: no suffix"),
        ("caf\udce9.\udce9", "unsupported: .\\xe9"),
    ],
)
def test_each_unsupported_file_gives_one_reason(tmp_path: Path, name: str, reason: str) -> None:
    write(tmp_path, name)
    result = scan(tmp_path)
    assert [skipped.reason for skipped in result.skipped] == [reason]
    assert (result.found, result.pending) == ((), False)
    assert (result.skipped[0].retry, result.skipped[0].expected) == (False, True)


def test_a_directory_with_a_documents_name_is_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "x.html/a.txt")
    assert keys(scan(tmp_path)) == ["x.html/a.txt"]


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    try:
        os.chdir(tmp_path)  # a socket's path has at most 108 bytes
        listener.bind("sock.txt")
    finally:
        os.chdir(here)
        listener.close()
    assert reasons(scan(tmp_path)) == {"pipe.txt": "a FIFO", "sock.txt": "a socket"}


def test_devices_are_reported() -> None:
    result = Folder(name="devices", path=Path("/dev"), media_types=TYPES, include=("/null",)).scan(
        {}, later()
    )
    assert reasons(result)["null"] == "a device"


def test_links_are_reported_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "root/a.txt", "outside/b.txt")
    root = tmp_path / "root"
    (root / "file.txt").symlink_to("a.txt")
    (root / "folder").symlink_to("../outside")
    (root / "loop").symlink_to("loop")
    (root / "broken.txt").symlink_to("nowhere")
    result = scan(root)
    assert keys(result) == ["a.txt"]
    assert reasons(result) == dict.fromkeys(["broken.txt", "file.txt", "folder", "loop"], "symbolic link")
    assert not result.pending


def test_documents_behind_a_folder_that_became_a_link_stay(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/b.txt", "root/a.txt")
    (tmp_path / "root" / "sub").symlink_to("../elsewhere")
    assert scan(tmp_path / "root", known("sub/b.txt", "sub2/b.txt")).missing == {"sub2/b.txt"}


def test_an_excluded_link_is_not_reported(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(".")
    assert folder(tmp_path, exclude=("current",)).scan({}, later()) == Scan()


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt")
    (tmp_path / "root").symlink_to("real")
    source = folder(tmp_path / "root")
    (found,) = source.scan({}, later()).found
    assert isinstance(source.read(found), Document)


def test_folders_are_followed_to_a_limit_and_then_reported(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*["d"] * DEPTH)
    deepest.mkdir(parents=True)
    (deepest / "a.txt").write_bytes(b"news")
    below = deepest.joinpath(*["d"] * 200)
    below.mkdir(parents=True)
    (below / "b.txt").write_bytes(b"news")
    known_below = "d/" * (DEPTH + 200) + "b.txt"
    result = scan(tmp_path, known(known_below))
    assert keys(result) == ["d/" * DEPTH + "a.txt"]
    assert list(reasons(result).values()) == [f"unreadable: more than {DEPTH} folders deep"]
    assert result.missing == frozenset()


def test_names_of_255_bytes_in_a_path_beyond_the_systems_limit_are_read(tmp_path: Path) -> None:
    name = "n" * 255
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    document = os.open("a.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(document, b"news")
    os.close(document)
    os.close(here)
    (found,) = scan(tmp_path).found
    document_read = folder(tmp_path).read(found)
    assert isinstance(document_read, Document)
    assert document_read.key == f"{name}/" * 20 + "a.txt"
    shutil.rmtree(tmp_path / name)


@pytest.mark.parametrize(("size", "skipped"), [(LIMIT, {}), (LIMIT + 1, {"a.txt": "over 10 MiB"})])
def test_ten_mebibytes_are_the_limit(tmp_path: Path, size: int, skipped: dict[str, str]) -> None:
    write(tmp_path, "a.txt")
    os.truncate(tmp_path / "a.txt", size)
    result = scan(tmp_path)
    assert reasons(result) == skipped
    assert all(isinstance(folder(tmp_path).read(found), Document) for found in result.found)


def test_a_sparse_file_of_a_tebibyte_is_over_the_limit(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    os.truncate(tmp_path / "a.txt", 1 << 40)
    assert reasons(scan(tmp_path)) == {"a.txt": "over 10 MiB"}


def test_an_empty_file_is_looked_at_again(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", content=b"")
    result = scan(tmp_path)
    assert result.skipped == (Skipped(key="a.txt", reason="empty", retry=True),)
    assert not result.pending


def test_a_file_written_this_second_is_pending(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", (1, 1))  # its change time is still this second's
    write(tmp_path, "b.txt", content=b"")
    result = folder(tmp_path).scan({}, datetime.now(UTC))
    waiting = [Skipped(key=key, reason="still being written", retry=True) for key in ("a.txt", "b.txt")]
    assert result == Scan(skipped=tuple(waiting), pending=True)


def test_a_known_file_is_not_pending(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    memory = remembered(scan(tmp_path))
    assert folder(tmp_path).scan(memory, datetime.now(UTC)) == Scan()


def stamped(modified: int, changed: int) -> os.stat_result:
    return os.stat_result((0o100644, *[0] * 9), {"st_mtime_ns": modified, "st_ctime_ns": changed})


@pytest.mark.parametrize(
    ("modified", "changed", "quiet"),
    [
        (-1, -1, True),
        (-0.999, -9, False),
        (-9, -0.999, False),
        (0, 0, False),
        (-9, 30, False),  # a file server's clock runs ahead
        (-9, 60, True),
        (1e9, -9, True),
        (1e9, -0.5, False),
    ],
)
def test_a_file_is_quiet_when_no_stamp_near_now_is_younger_than_a_second(
    modified: float,
    changed: float,
    quiet: bool,  # noqa: FBT001 - a column of the table
) -> None:
    now = datetime(2024, 5, 1, 12, tzinfo=UTC)
    clock = int(now.timestamp()) * 10**9
    seen = stamped(clock + int(modified * 1e9), clock + int(changed * 1e9))
    assert is_quiet(seen, now) is quiet


def test_no_future_stamp_pends_for_ever(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", (2**31, 2**31))
    assert keys(scan(tmp_path)) == ["a.txt"]


@pytest.mark.parametrize(
    ("nanoseconds", "expected"),
    [
        (1, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_650_470_400_123_456_789, datetime(2022, 4, 20, 16, 0, 0, 123456, tzinfo=UTC)),
        (253_370_764_799_999_999_999, datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        (253_370_764_800_000_000_000, None),
        (0, None),
        (-1, None),
        (-62_135_596_800_000_000_000, None),
        (10**27, None),
    ],
)
def test_a_stamp_that_says_nothing_is_no_date(nanoseconds: int, expected: datetime | None) -> None:
    assert moment(nanoseconds) == expected


@given(st.integers())
def test_every_stamp_is_a_date_in_every_time_zone_or_none(nanoseconds: int) -> None:
    when = moment(nanoseconds)
    assert when is None or when.astimezone() == when


@pytest.mark.parametrize(
    ("seconds", "expected"), [(1_650_470_400, datetime(2022, 4, 20, 16, tzinfo=UTC)), (-5, None)]
)
def test_a_documents_date_is_its_modification_time(
    tmp_path: Path, seconds: int, expected: datetime | None
) -> None:
    write(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", (seconds, seconds))
    (found,) = scan(tmp_path).found
    document = folder(tmp_path).read(found)
    assert isinstance(document, Document)
    assert (found.modified, document.modified) == (expected, expected)


def test_a_file_that_someone_names_is_found_although_it_is_not_quiet(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "caf\udce9.txt")
    for name, key in (("a.txt", "a.txt"), ("caf\udce9.txt", "caf\\xe9.txt")):
        found = folder(tmp_path).find(name)
        assert isinstance(found, Found)
        assert (found.key, found in scan(tmp_path).found) == (key, True)
        assert isinstance(folder(tmp_path).read(found), Document)


@pytest.mark.parametrize(
    ("name", "reason", "expected"),
    [
        ("b.txt", "unreadable: No such file or directory", False),
        ("sub", "not a file", True),
        ("a.pdf", "unsupported: .pdf", True),
        ("long.txt", "over 10 MiB", False),
    ],
)
def test_a_name_that_is_no_document_gives_the_reason(
    tmp_path: Path,
    name: str,
    reason: str,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    write(tmp_path, "sub/a.txt", "a.pdf", "long.txt")
    os.truncate(tmp_path / "long.txt", LIMIT + 1)
    assert folder(tmp_path).find(name) == Skipped(key=name, reason=reason, expected=expected)


def test_a_document_is_read_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * 8192  # more than one read
    write(tmp_path, "新闻/a.HTML", content=content)
    (found,) = scan(tmp_path).found
    assert folder(tmp_path).read(found) == Document(
        source="town",
        key="新闻/a.HTML",
        media_type="text/html",
        content=content,
        location=f"{tmp_path}/新闻/a.HTML",
        modified=found.modified,
    )


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "\x1b[31m.txt", "\u202egnp.txt", "a b.txt", "%2e%2e.txt", "~.txt"]
)
def test_odd_names_are_keys_as_they_are(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    (found,) = scan(tmp_path).found
    assert found.key == name
    assert isinstance(folder(tmp_path).read(found), Document)


def test_names_that_are_not_utf8_are_readable_keys_and_files(tmp_path: Path) -> None:
    write(tmp_path, "caf\udce9/\udcff.txt", "caf\udce8/\udcff.txt")
    result = scan(tmp_path)
    assert keys(result) == ["caf\\xe8/\\xff.txt", "caf\\xe9/\\xff.txt"]
    documents = [folder(tmp_path).read(found) for found in result.found]
    locations = [document.location for document in documents if isinstance(document, Document)]
    assert locations == [f"{tmp_path}/caf\\xe8/\\xff.txt", f"{tmp_path}/caf\\xe9/\\xff.txt"]
    assert scan(tmp_path, remembered(result)) == Scan()


def test_twins_in_different_normal_forms_are_two_documents(tmp_path: Path) -> None:
    write(tmp_path, "caf\u00e9.txt", "cafe\u0301.txt")
    assert len(scan(tmp_path).found) == 2


def test_the_second_file_of_the_same_key_is_skipped(tmp_path: Path) -> None:
    write(tmp_path, "caf\udce9.txt", content=b"second")
    write(tmp_path, "caf\\xe9.txt", content=b"first")
    result = scan(tmp_path)
    (found,) = result.found
    document = folder(tmp_path).read(found)
    assert isinstance(document, Document)
    assert document.content == b"first"
    assert reasons(result) == {"caf\\xe9.txt": "another name is spelled the same in UTF-8"}


@pytest.mark.parametrize("case", ["missing", "a file", "a broken link"])
def test_a_root_that_cannot_be_read_is_an_error(tmp_path: Path, case: str) -> None:
    root = tmp_path / "root"
    if case == "a file":
        root.write_bytes(b"")
    if case == "a broken link":
        root.symlink_to("nowhere")
    with pytest.raises(SourceError, match=r"'town'.*root: (No such file|Not a directory)"):
        scan(root)


@pytest.mark.parametrize("mode", [0, 0o400])
def test_a_root_without_permission_is_an_error(shared: Path, mode: int) -> None:
    (shared / "root").mkdir(mode=mode)
    give(shared / "root")
    with nobody(), pytest.raises(SourceError, match="Permission denied"):
        scan(shared / "root")


def test_a_folder_without_permission_keeps_its_documents(shared: Path) -> None:
    write(shared, "open/a.txt", "shut/b.txt", "shut/sub/c.txt")
    memory = remembered(scan(shared)) | known("open/gone.txt")
    give(shared / "shut")
    (shared / "shut").chmod(0)
    with nobody():
        result = scan(shared, memory)
    assert result.missing == {"open/gone.txt"}
    assert result.skipped == (Skipped(key="shut", reason="unreadable: Permission denied", retry=True),)


def test_files_whose_folder_may_only_be_listed_keep_their_documents(shared: Path) -> None:
    write(shared, "listed/a.txt")
    memory = remembered(scan(shared))
    give(shared / "listed")
    (shared / "listed").chmod(0o400)
    with nobody():
        result = scan(shared, memory)
    assert result.missing == frozenset()
    assert result.skipped == (
        Skipped(key="listed/a.txt", reason="unreadable: Permission denied", retry=True),
    )


def test_a_file_without_permission_is_skipped_with_the_reason(shared: Path) -> None:
    write(shared, "a.txt")
    give(shared / "a.txt")
    (shared / "a.txt").chmod(0)
    (found,) = scan(shared).found
    with nobody():
        skipped = folder(shared).read(found)
    assert skipped == Skipped(key="a.txt", reason="unreadable: Permission denied", retry=True)


def replaced(tmp_path: Path, how: str) -> None:
    write(tmp_path, "outside/a.txt", content=b"secret")
    inner, document = tmp_path / "root" / "in", tmp_path / "root" / "in" / "a.txt"
    if how in {"folder becomes a link", "folder becomes a file", "folder vanishes"}:
        shutil.rmtree(inner)
    elif how != "written":
        document.unlink()
    match how:
        case "folder becomes a link":
            inner.symlink_to("../outside")
        case "folder becomes a file":
            inner.write_bytes(b"news")
        case "becomes a link":
            document.symlink_to("../../outside/a.txt")
        case "becomes a FIFO":
            os.mkfifo(document)
        case "becomes a folder":
            document.mkdir()
        case "written":
            document.write_bytes(b"more news")
        case "replaced":
            document.write_bytes(b"news")
            os.utime(document, (1, 1))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("vanishes", "vanished before it was read"),
        ("folder vanishes", "vanished before it was read"),
        ("folder becomes a link", "unreadable: Not a directory"),
        ("folder becomes a file", "unreadable: Not a directory"),
        ("becomes a link", "symbolic link"),
        ("becomes a FIFO", "unreadable: not a regular file"),
        ("becomes a folder", "unreadable: not a regular file"),
        ("written", "changed before it was read to the end"),
        ("replaced", "changed before it was read to the end"),
    ],
)
def test_what_changes_between_scan_and_read_is_tried_again(tmp_path: Path, how: str, reason: str) -> None:
    root = tmp_path / "root"
    write(root, "in/a.txt")
    (found,) = scan(root).found
    replaced(tmp_path, how)
    assert folder(root).read(found) == Skipped(key="in/a.txt", reason=reason, retry=True)


def test_a_read_that_fails_is_skipped_with_the_reason() -> None:
    source = Folder(name="self", path=Path("/proc/self"), media_types={".txt": "text/plain"})
    skipped = source.read(Found(key="mem.txt", version="", address="mem"))  # nothing lies at its address 0
    assert skipped == Skipped(key="mem.txt", reason="unreadable: Input/output error", retry=True)


@pytest.mark.parametrize("address", ["/etc/passwd", "../secret.txt", "in/../../secret.txt", "", "in//a.txt"])
def test_no_address_leads_outside(tmp_path: Path, address: str) -> None:
    write(tmp_path, "root/in/a.txt", "secret.txt")
    skipped = folder(tmp_path / "root").read(Found(key="a.txt", version="", address=address))
    assert isinstance(skipped, Skipped)


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_descriptors_do_not_leak(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.txt", "a/d.txt", "e.pdf", "f.txt")
    (tmp_path / "link").symlink_to("a")
    source = folder(tmp_path)
    before = open_descriptors()
    for _ in range(50):
        result = source.scan({}, later())
        assert len([source.read(found) for found in result.found]) == 3
        source.read(Found(key="x.txt", version="", address="a/nowhere/x.txt"))
        with pytest.raises(SourceError):
            scan(tmp_path / "nowhere")
    assert open_descriptors() == before


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_digests_are_equal_for_equal_bytes_only(one: bytes, other: bytes) -> None:
    assert (digest(one) == digest(other)) is (one == other)


def test_a_look_at_some_files_finds_what_a_scan_would_without_waiting_for_quiet(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "deep/b.md", ".hidden/c.txt", "d.pdf", "left/e.txt", "f.txt")
    write(tmp_path, "empty.txt", content=b"")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    source = folder(tmp_path, exclude=("left/",))
    everything = [
        *("f.txt", "a.txt", "deep/b.md", ".hidden/c.txt", "d.pdf", "left/e.txt", "empty.txt", "link.txt"),
        *("gone.txt", "../outside.txt", "deep/no/x.txt", "bad\udcff.txt"),
    ]
    result = source.look(everything, {})
    assert keys(result) == ["a.txt", "deep/b.md", "f.txt"]
    assert (result.whole, result.missing, result.skipped) == (False, frozenset(), ())
    assert result.place == source.place()
    assert keys(source.look(everything, remembered(result))) == []
    assert isinstance(source.read(result.found[0]), Document)


def test_a_look_into_a_folder_that_is_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        folder(tmp_path / "away").look(["a.txt"], {})


def test_a_document_beside_pictures_is_read_once_more_by_the_scan_after_a_look(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.png")
    source = folder(tmp_path)
    looked = remembered(source.look(["a.md"], {}))
    assert keys(source.look(["a.md"], looked)) == []
    scanned = source.scan(looked, later())
    assert keys(scanned) == ["a.md"]
    assert keys(source.look(["a.md"], remembered(scanned))) == []
