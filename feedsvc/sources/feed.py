"""The feed source: entries of a feed of others, as it says them or with the full text of their pages."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

from msgspec import structs

from feedsvc import weburl
from feedsvc.errors import AbsentError, BarredError, SourceError
from feedsvc.fetch import due
from feedsvc.listed import ENTRY, Entry, FeedListed, encoded
from feedsvc.model import Document, Known, Skipped, Upstream
from feedsvc.sources.asking import Asked, List, Web, ask, called
from feedsvc.sources.base import NEVER_MET, NOTE, Found, Scan, digest
from feedsvc.sources.queue import AGAIN, TRIES, Waiting, fetched, spell, spelt, waiting

PAGES = 10
"""Pages of a feed that are read (RFC 5005 section 3), the newest first."""
PATIENCE = 3
"""Tries to get an entry's page before the entry itself has to do."""
LEFT = "left the feed"
"""The version of an entry that its feed no longer has: it stays as it is."""
_FULL = "full text"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Read = Callable[[bytes, str, str | None], FeedListed]
"""Reads a feed: its content, its address and the charset that its head declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The entries of a feed; what leaves it stays published."""

    name: str
    url: str
    web: Web
    entries: Read
    now: Callable[[], datetime]
    full_text: bool = False
    """Whether an entry's page is fetched for the whole of the article."""
    kind: ClassVar[str] = "feed"

    @property
    def location(self) -> str:
        """Return the feed's address."""
        return self.url

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        """Ask whether the feed changed, and find the entries that are new or say something else by now."""
        what = List(source=self.name, url=self.url, mark=_FULL if self.full_text else "")
        met = {key: each for key, each in known.items() if not key.startswith(NOTE)}
        cut = _cut(known.get(_further(what)))
        held = cut is not None and cut.until is not None and cut.until > now
        again = cut is not None and not held
        anew = again or any(_is_due(each, now) for each in met.values())
        asked = ask(self.web, what, known, anew=anew)
        notes = {what.note: asked.note}
        if asked.content is None:
            return Scan(notes=notes, fresh_for=asked.fresh_for, moved=asked.moved)
        read = self._read(asked, asked.content, met)
        if read.broken:  # it is asked for again as if it had not been read
            notes[what.note] = structs.replace(asked.note, version="", digest="")
        entries, missed = self._entries(read, asked, met, reach=1 if held else PAGES, whole=again)
        later = self._later(cut, missed, now) if missed else None
        if later or again:
            notes[_further(what)] = Known(version=spell(later), digest="") if later else NEVER_MET
        until = later.until if later else cut.until if cut and held else None
        absent = {key: each for key, each in met.items() if key not in entries}
        shared = _pages_of_parts({*met, *entries}) if self.full_text else frozenset[str]()
        found = (
            self._found(each, about, met.get(key), now, shared) for key, (each, about) in entries.items()
        )
        return Scan(
            found=tuple(sorted(filter(None, found), key=_published)),
            notes={**notes, **dict(_missed(absent, until))},
            skipped=tuple(self._told(read.problem, missed)),
            fresh_for=asked.fresh_for,
            moved=asked.moved,
        )

    def read(self, found: Found) -> Document | Skipped:
        """Return an entry, or its page; the entry has to do where the page cannot be had."""
        if found.document or found.listed is None:
            return found.document or Skipped(key=found.key, reason="never asked for", retry=True)
        entry = found.listed
        page = fetched(self.web, self.name, found, self.now)
        if isinstance(page, Document):
            return replace(
                page, key=found.key, location=entry.location, entry=entry.content, upstream=entry.upstream
            )
        passing = not page.gone and page.version.startswith("{")
        if passing and spelt(page.version).tries < PATIENCE:
            return page
        return replace(entry, instead=page.reason)

    def _read(self, asked: Asked, content: bytes, met: Mapping[str, Known]) -> FeedListed:
        read = self.entries(content, asked.url, asked.charset)
        if read.problem and not read.entries:
            raise SourceError(self.name, f"{asked.url}: {read.problem}")
        if met and not read.entries:
            raise SourceError(self.name, f"{asked.url}: no entries any more, where there were {len(met)}")
        return read

    def _entries(
        self, first: FeedListed, asked: Asked, met: Mapping[str, Known], *, reach: int, whole: bool
    ) -> tuple[Mapping[str, tuple[Entry, Upstream]], SourceError | None]:
        """Return the entries of so many pages, and why a further page cannot be had, None where all could.

        But for the `whole`, the last page is the first that has nothing new, once none is waited for.
        """
        page, seen, entries = first, {asked.url, self.url}, dict[str, tuple[Entry, Upstream]]()
        about = self._about(first)
        expected = {key for key, each in met.items() if waiting(each)}
        for number in range(1, reach + 1):
            keys = [called(entry.key, self.url, asked, met) for entry in page.entries]
            for key, entry in zip(keys, page.entries, strict=True):
                entries.setdefault(key, (replace(entry, key=key), about))
            is_met = all(key in met for key in keys) and expected <= entries.keys()
            if number == reach or not page.next or page.next in seen or (is_met and not whole):
                break
            seen.add(page.next)
            try:
                page = self._next(page.next)
            except SourceError as error:
                return entries, error
        return entries, None

    def _next(self, url: str) -> FeedListed:
        """Return a further page; raise SourceError for one that cannot be had.

        One that is not there is the end: it says nothing of the feed itself, whatever the last page names.
        """
        try:
            asked = ask(self.web, List(source=self.name, url=url), {})
        except AbsentError:
            return FeedListed()
        return self.entries(asked.content or b"", asked.url, asked.charset)

    def _later(self, cut: Waiting | None, missed: SourceError, now: datetime) -> Waiting | None:
        """Return when to ask for further pages again, None where that was tried often enough."""
        tries = (cut.tries if cut else 0) + 1
        if tries >= TRIES:
            return None
        until = due.after_failure(now, AGAIN, tries, name=self.url, retry_after=missed.retry_after)
        return Waiting(tries=tries, until=until)

    def _told(self, problem: str, missed: SourceError | None) -> Iterator[Skipped]:
        """Yield what a reader of the feed misses; that a page may not be asked is no failure."""
        if problem:
            yield Skipped(key=self.url, reason=problem)
        if missed:
            yield Skipped(key=self.url, reason=missed.message, expected=isinstance(missed, BarredError))

    def _about(self, read: FeedListed) -> Upstream:
        return Upstream(
            id=read.id or self.url,
            title=read.title or self.url,
            url=self.url,
            updated=read.updated.astimezone(UTC) if read.updated and read.updated.tzinfo else _EPOCH,
        )

    def _found(
        self, entry: Entry, about: Upstream, known: Known | None, now: datetime, shared: Container[str]
    ) -> Found | None:
        """Return an entry that is worth reading; None for one that was read as it is, or waits.

        The `shared` pages have parts that are entries of their own.
        """
        content = encoded(entry)
        version = f"{digest(content)}{_FULL if self.full_text else ''}"
        wait = (known and waiting(known)) or Waiting()
        if known and (known.version == version or (wait.until and wait.until > now)):
            return None
        part = weburl.part(entry.link or "")
        is_part = bool(part) and entry.key.endswith(part) and entry.key.removesuffix(part) in shared
        further = self.full_text and bool(entry.link) and not is_part
        document = Document(
            source=self.name,
            key=entry.key,
            media_type=ENTRY,
            content=content,
            location=entry.link or entry.key,
            url=entry.link,
            charset="utf-8",
            upstream=about,
        )
        return Found(
            key=entry.key,
            version=version,
            address=entry.link or entry.key,
            memo=spell(replace(wait, version=version, published=entry.published)),
            document=None if further else document,
            listed=document if further else None,
        )


def _is_due(known: Known, now: datetime) -> bool:
    """Tell whether an entry is to be read although its feed may not have changed."""
    wait = waiting(known)
    return wait is not None and (wait.until is None or wait.until <= now)


def _further(what: List) -> str:
    """Return the name of what is remembered of a feed whose further pages could not be had."""
    return f"{what.note} further"


def _cut(note: Known | None) -> Waiting | None:
    """Return when to ask for further pages again, None where none is missed."""
    return spelt(note.version) if note and note.version else None


def _missed(absent: Mapping[str, Known], until: datetime | None) -> Iterator[tuple[str, Known]]:
    """Yield what to remember of entries that are to be read and were not met.

    They may stand on a further page that is not asked for `until` then, None where all were: they left.
    """
    for key, known in absent.items():
        if wait := waiting(known):
            version = spell(replace(wait, until=max(wait.until or until, until))) if until else LEFT
            yield key, structs.replace(known, version=version)


def _pages_of_parts(keys: Iterable[str]) -> frozenset[str]:
    """Return the pages that several entries are parts of: `changes` of `changes#v1` and `changes#v2`.

    Where each page has one entry, the fragments say something else, such as where a reader came from.
    """
    pages = Counter(page for key in keys for page, sign, _ in [key.partition("#")] if sign)
    return frozenset(page for page, count in pages.items() if count > 1)


def _published(found: Found) -> datetime:
    when = spelt(found.memo).published
    return when.replace(tzinfo=when.tzinfo or UTC) if when else _EPOCH
