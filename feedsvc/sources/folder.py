"""The folder source: files beneath a root, told apart by their stat and read only when they are quiet."""

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from feedsvc import beside
from feedsvc.errors import SourceError
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources import beneath
from feedsvc.sources.base import Found, Picture, Scan
from feedsvc.sources.beneath import Entry
from feedsvc.sources.globs import Choice

LIMIT = 10 * 1024 * 1024
"""Bytes of the longest document."""
LARGEST = 20 * 1024 * 1024
"""Bytes of the largest picture."""

WAITING = timedelta(days=1)
"""For how long a document that is new or changed is read again whenever pictures come or go."""

_PLAIN = "text/plain"
_WITH = "+"
_WRITING = "still being written"
_SECOND = 1_000_000_000
_QUIET = _SECOND
# Clocks of file servers run ahead of ours by seconds; a stamp further ahead says nothing about now.
_SKEW = 60 * _SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_9999 = 253_370_764_800 * _SECOND
_OTHER_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Documents in a folder and the folders in it; hidden names and symbolic links are left alone."""

    name: str
    path: Path
    media_types: Mapping[str, str]
    """By suffix in lower case with its dot, such as ".txt"; files with another suffix are reported."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns as in a .gitignore (see `globs`); no `include` means everything."""
    kind: ClassVar[str] = "folder"

    def __post_init__(self) -> None:
        Choice.of(self.include, self.exclude)  # a wrong pattern stops the start, not a tick

    @property
    def location(self) -> str:
        """Return the root's path as configured."""
        return str(self.path)

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        """Compare every file's stat with what is known, without reading any."""
        met: dict[str, Found | Skipped | None] = {}
        closed: set[str] = set()
        twins: list[Skipped] = []  # a second name for a key would take over the first one's article
        entries = list(self._entries())
        pictures = _stamp(entries)
        for entry in entries:
            if entry.key in met:
                twins.append(Skipped(key=entry.key, reason="another name is spelled the same in UTF-8"))
                continue
            met[entry.key] = self._judged(entry, known.get(entry.key), now, pictures)
            if entry.obstacle:
                closed.add(entry.key)
        missing = frozenset(key for key in known if key not in met and not _within(key, closed))
        choice = Choice.of(self.include, self.exclude)
        unwanted = frozenset(key for key in missing if not choice.takes(key))
        return replace(_summed([*met.values(), *twins], missing), unwanted=unwanted, place=self.place())

    def look(self, names: Iterable[str], known: Mapping[str, Known]) -> Scan:
        """Compare the stat of these files alone, quiet or not: whoever names them says they are finished.

        What is no file is left to a scan, and so are names that are not UTF-8: two may share a key.
        """
        choice = Choice.of(self.include, self.exclude)
        try:
            entries = list(beneath.met(self.path, sorted(names), choice))
        except OSError as error:
            raise SourceError(self.name, f"{self.location}: {error.strerror}") from error
        outcomes = [self._looked(each, known.get(each.key)) for each in entries if each.key == each.path]
        return replace(_summed(outcomes, frozenset()), whole=False, place=self.place())

    def find(self, name: str) -> Found | Skipped:
        """Return one file of the root as a scan would, quiet or not: whoever names it says it is finished."""
        path = Path(self.path, name)
        key = beneath.spelled(name)
        try:
            seen = path.lstat()
        except OSError as error:
            return Skipped(key=key, reason=beneath.reason(error))
        refused = self._refused(key, seen)
        return refused or _found(key, name, seen)

    def read(self, found: Found) -> Document | Skipped:
        """Return the file's bytes if it stayed as the scan saw it until the last byte."""
        try:
            before, content, after = beneath.read(self.path, found.address, LIMIT + 1)
        except FileNotFoundError:
            return Skipped(key=found.key, reason="vanished before it was read", retry=True)
        except OSError as error:
            return Skipped(key=found.key, reason=beneath.reason(error), retry=True)
        if (
            not found.version.partition(_WITH)[0] == version(before) == version(after)
            or len(content) != after.st_size
        ):
            return Skipped(key=found.key, reason="changed before it was read to the end", retry=True)
        return Document(
            source=self.name,
            key=found.key,
            media_type=self.media_types[_suffix(found.key)],
            content=content,
            location=posixpath.join(beneath.spelled(self.location), found.key),
            modified=found.modified,
            beside=tuple(self._beside(found, content)),
        )

    def picture(self, key: str, name: str) -> Picture | None:
        """Return a picture by its path from the directory of the document `key`; None where there is none."""
        path = _from(key, name)
        if not Choice.of((), self.exclude).allows(path):
            return None
        try:
            _, content, after = beneath.read(self.path, path, LARGEST)
        except OSError:  # gone, a link, outside of the root
            return None
        if len(content) != after.st_size or not content:
            return None  # too large, or being written
        changed = moment(max(after.st_mtime_ns, after.st_ctime_ns)) or _EPOCH
        return Picture(content=content, modified=changed)

    def _beside(self, found: Found, content: bytes) -> Iterator[str]:
        """Yield the pictures that a document names.

        Asked for by name, not listed: beside a document may lie a hundred thousand others.
        """
        if found.key != found.address or self.media_types[_suffix(found.key)] == _PLAIN:
            return
        choice = Choice.of((), self.exclude)
        names = {_from(found.key, name): name for name in beside.references(_decoded(content))}
        try:
            wanted = filter(choice.allows, names)
            for path, beginning in beneath.beginnings(self.path, wanted, beside.BEGINNING, LARGEST):
                if beside.sniffed(beginning):
                    yield names[path]
        except OSError:
            return  # the root went away since the document was read

    def _entries(self) -> Iterator[Entry]:
        try:
            yield from beneath.entries(self.path, Choice.of(self.include, self.exclude))
        except OSError as error:
            raise SourceError(self.name, f"{self.location}: {error.strerror}") from error

    def place(self) -> str:
        """Return what differs when another file system is mounted at the path, or none any more."""
        try:
            seen = self.path.stat()
        except OSError as error:
            raise SourceError(self.name, f"{self.location}: {error.strerror}") from error
        return f"{seen.st_dev}:{seen.st_ino}"

    def _judged(
        self, entry: Entry, known: Known | None, now: datetime, pictures: str
    ) -> Found | Skipped | None:
        """Return what to do with an entry; None for an unchanged one."""
        if entry.stat is None:
            by_design = entry.obstacle == beneath.LINK
            return Skipped(key=entry.key, reason=entry.obstacle, retry=not by_design, expected=by_design)
        if refused := self._refused(entry.key, entry.stat):
            return refused
        waits = pictures and self._may_wait(entry.key, entry.stat, now)
        seen = version(entry.stat) + (pictures if waits else "")
        if known and known.version == seen:
            return None
        if not is_quiet(entry.stat, now):
            return Skipped(key=entry.key, reason=_WRITING, retry=True)
        if not entry.stat.st_size:
            return Skipped(key=entry.key, reason="empty", retry=True)
        return replace(_found(entry.key, entry.path, entry.stat), version=seen)

    def _looked(self, entry: Entry, known: Known | None) -> Found | None:
        """Return a finished file that is worth reading.

        Its version says nothing of pictures, which takes a walk: the next scan reads a document among them
        once more, and finds it unchanged.
        """
        seen = entry.stat
        if seen is None or self._refused(entry.key, seen) or not seen.st_size:
            return None
        if known and known.version.partition(_WITH)[0] == version(seen):
            return None
        return _found(entry.key, entry.path, seen)

    def _may_wait(self, key: str, seen: os.stat_result, now: datetime) -> bool:
        """Tell whether a document came so lately that its pictures may still be on their way."""
        met = moment(seen.st_ctime_ns) or _EPOCH
        return self.media_types[_suffix(key)] != _PLAIN and now - met < WAITING

    def _refused(self, key: str, seen: os.stat_result) -> Skipped | None:
        """Say why a file is never read; None for one that may be."""
        if not stat.S_ISREG(seen.st_mode):
            kind = _OTHER_KINDS.get(stat.S_IFMT(seen.st_mode), "not a file")
            return Skipped(key=key, reason=kind, expected=True)
        suffix = _suffix(key)
        if suffix not in self.media_types:
            return Skipped(key=key, reason=f"unsupported: {suffix or 'no suffix'}", expected=True)
        return Skipped(key=key, reason="over 10 MiB") if seen.st_size > LIMIT else None


def _stamp(entries: Iterable[Entry]) -> str:
    """Return what differs whenever pictures came or went; "" without any."""
    changed = [entry.stat.st_ctime_ns for entry in entries if entry.stat and beside.is_picture(entry.key)]
    return f"{_WITH}{len(changed)}:{max(changed)}" if changed else ""


def _found(key: str, address: str, seen: os.stat_result) -> Found:
    return Found(key=key, version=version(seen), address=address, modified=moment(seen.st_mtime_ns))


def version(seen: os.stat_result) -> str:
    """Return what differs whenever a file's content may."""
    return f"{seen.st_ino}:{seen.st_size}:{seen.st_mtime_ns}:{seen.st_ctime_ns}"


def is_quiet(seen: os.stat_result, now: datetime) -> bool:
    """Tell whether a file was left alone for a second, by its stamps that can be believed."""
    clock = (now - _EPOCH) // timedelta(microseconds=1) * 1000
    ages = (clock - seen.st_mtime_ns, clock - seen.st_ctime_ns)
    return not any(-_SKEW < age < _QUIET for age in ages)


def moment(nanoseconds: int) -> datetime | None:
    """Return a stamp as a date; None for one that says nothing, such as 1970 or the year 9999."""
    if not 0 < nanoseconds < _YEAR_9999:
        return None
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def _from(key: str, name: str) -> str:
    """Return a path from a document's directory as one from the root; what leads outside begins with `..`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(key), name))


def _decoded(content: bytes) -> str:
    """Return a document's text well enough to find names of files in it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _suffix(key: str) -> str:
    """Return ".txt" of "a.b/c.TXT"; "" where there is none."""
    stem, _, end = key.rpartition("/")[2].rpartition(".")
    return f".{end.lower()}" if stem and end else ""


def _within(key: str, closed: set[str]) -> bool:
    """Tell whether a key lies in a folder that could not be looked into."""
    return bool(closed) and any(key[:end] in closed for end, char in enumerate(key) if char == "/")


def _summed(outcomes: Iterable[Found | Skipped | None], missing: frozenset[str]) -> Scan:
    found = sorted((each for each in outcomes if isinstance(each, Found)), key=lambda each: each.key)
    skipped = sorted((each for each in outcomes if isinstance(each, Skipped)), key=lambda each: each.key)
    pending = any(each.reason == _WRITING for each in skipped)
    return Scan(found=tuple(found), missing=missing, skipped=tuple(skipped), pending=pending)
