"""Open and list what lies beneath a root, and nothing else.

Every name of a path is opened by itself, relative to the folder before it and never through a symbolic link,
so that no swap between a check and its use leads outside. Only the root itself may be a link.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EINVAL, ELOOP
from stat import S_ISREG

from feedsvc.sources.globs import Choice

DEPTH = 100
"""Folders within folders that are looked into; opening by name costs the square of this."""

LINK = "symbolic link"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name beneath the root: a file with its stat, or an obstacle."""

    key: str
    path: str
    """As the file system spells it, undecodable bytes as surrogates."""
    stat: os.stat_result | None = None
    obstacle: str = ""
    """Why it, and whatever may lie in it, could not be looked at."""


def entries(root: str | os.PathLike[str], choice: Choice) -> Iterator[Entry]:
    """Walk what is not excluded, always in the same order; raise OSError when the root cannot be listed."""
    with _opened(root) as descriptor:
        yield from _walk(descriptor, choice)


def met(root: str | os.PathLike[str], paths: Iterable[str], choice: Choice) -> Iterator[Entry]:
    """Yield those of the paths that a walk would meet as files, in the order given.

    Raise OSError when the root cannot be opened.
    """
    with _opened(root) as descriptor:
        for path in paths:
            folder, _, name = path.rpartition("/")
            hidden = any(each.startswith(".") for each in path.split("/"))
            if hidden or path.count("/") > DEPTH or not choice.takes(key := spelled(path)):
                continue
            with suppress(OSError), _beneath(descriptor, folder, _FOLDER) as within:
                seen = os.stat(name, dir_fd=within, follow_symlinks=False)
                yield Entry(key=key, path=path, stat=seen)


def read(root: str | os.PathLike[str], path: str, limit: int) -> tuple[os.stat_result, bytes, os.stat_result]:
    """Return at most `limit` bytes of a file with its stat before and after; raise OSError, never wait."""
    file = _reached(os.open(root, _FOLDER), path, _FILE)
    try:
        before = os.fstat(file)
        if not S_ISREG(before.st_mode):
            raise OSError(EINVAL, "not a regular file")
        # One more than it has, to see that it ends there; a buffer of a megabyte costs more than most files.
        return before, _content(file, min(limit, before.st_size + 1)), os.fstat(file)
    finally:
        os.close(file)


def beginnings(
    root: str | os.PathLike[str], paths: Iterable[str], count: int, largest: int
) -> Iterator[tuple[str, bytes]]:
    """Yield those of the paths that are files of at most `largest` bytes, with their first `count` bytes.

    What cannot be opened is none of them; raise OSError when the root cannot.
    """
    with _opened(root) as descriptor:
        for path in paths:
            if beginning := _beginning(descriptor, path, count, largest):
                yield path, beginning


def spelled(path: str) -> str:
    """Return a path that every encoder takes; bytes that are not UTF-8 as a backslash, `x` and two digits."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def reason(error: OSError) -> str:
    """Say why something could not be opened."""
    return LINK if error.errno == ELOOP else f"unreadable: {error.strerror}"


def _beginning(root: int, path: str, count: int, largest: int) -> bytes:
    try:
        with _beneath(root, path, _FILE) as file:
            seen = os.fstat(file)
            return os.read(file, count) if S_ISREG(seen.st_mode) and seen.st_size <= largest else b""
    except OSError:
        return b""


def _walk(root: int, choice: Choice) -> Iterator[Entry]:
    folders = [Entry(key="", path="")]
    while folders:
        folder = folders.pop()
        try:
            listed = _listed(root, folder, choice)
        except OSError as error:
            if not folder.key:
                raise
            yield Entry(key=folder.key, path=folder.path, obstacle=reason(error))
            continue
        yield from (entry for entry in listed if entry.stat or entry.obstacle)
        folders += reversed([entry for entry in listed if not (entry.stat or entry.obstacle)])


def _listed(root: int, folder: Entry, choice: Choice) -> list[Entry]:
    """List one folder; what has neither stat nor obstacle is a folder to look into."""
    if folder.path.count("/") >= DEPTH:
        raise OSError(EINVAL, f"more than {DEPTH} folders deep")
    path = f"{folder.path}/" if folder.path else ""
    key = f"{folder.key}/" if folder.key else ""
    with _beneath(root, folder.path, _FOLDER) as descriptor, os.scandir(descriptor) as listing:
        found = sorted(
            (item for item in listing if not item.name.startswith(".")), key=lambda item: item.name
        )
        met = (_met(item, key + spelled(item.name), path + item.name, choice) for item in found)
        return [entry for entry in met if entry]


def _met(item: os.DirEntry[str], key: str, path: str, choice: Choice) -> Entry | None:
    try:
        if item.is_symlink():
            return Entry(key=key, path=path, obstacle=LINK) if choice.allows(key) else None
        if item.is_dir(follow_symlinks=False):
            return Entry(key=key, path=path) if choice.enters(key) else None
        if not choice.takes(key):
            return None
        return Entry(key=key, path=path, stat=item.stat(follow_symlinks=False))
    except FileNotFoundError:
        return None  # gone since the listing, so proven absent
    except OSError as error:
        return Entry(key=key, path=path, obstacle=reason(error))


def _content(file: int, limit: int) -> bytes:
    chunks, left = [], limit
    while left and (chunk := os.read(file, min(left, _CHUNK))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


@contextmanager
def _beneath(root: int, path: str, flags: int) -> Iterator[int]:
    """Open a path beneath a folder that stays open."""
    found = _reached(os.dup(root), path, flags)
    try:
        yield found
    finally:
        os.close(found)


def _reached(current: int, path: str, flags: int) -> int:
    """Open a path name by name from a folder, whose descriptor is closed; the empty path is the folder."""
    *folders, last = path.split("/") if path else ["."]
    try:
        for folder in folders:
            current = _stepped(current, folder, _FOLDER)
        return _stepped(current, last, flags)
    except OSError:
        os.close(current)
        raise


def _stepped(current: int, name: str, flags: int) -> int:
    """Return the descriptor of a name in a folder and close the folder's."""
    if name in {"", ".."}:
        raise OSError(EINVAL, "outside the root")
    following = os.open(name, flags | os.O_NOFOLLOW, dir_fd=current)
    os.close(current)
    return following


@contextmanager
def _opened(root: str | os.PathLike[str]) -> Iterator[int]:
    descriptor = os.open(root, _FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
