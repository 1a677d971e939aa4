"""The sitemap source: the documents that a site's sitemaps name, or those that its robots.txt names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from feedsvc import listed, weburl
from feedsvc.errors import AbsentError, FetchError, SourceError
from feedsvc.listed import Item
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources.asking import Asked, List, Web, ask, called, dated, unread
from feedsvc.sources.base import NOTE, Found, Scan
from feedsvc.sources.queue import fetched, queue

MAPS = 20
"""Sitemaps that are asked in one check; the others wait for the next."""
DEPTH = 3
"""Of indexes in indexes."""
MOST = 50_000
"""Documents from which on a check asks for no further sitemap; one holds no more than as many again."""
_ABSENT = Known(version="\n\nabsent", digest="absent")
"""What is remembered of a sitemap that is not there: nobody asks again until its index says it changed."""
_ROOTS = frozenset({"", "/", "/robots.txt"})

Read = Callable[[bytes, str | None], listed.Sitemap]
"""Reads a sitemap: its content and the charset that its head declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The documents that sitemaps name; the address of a site stands for what its robots.txt names."""

    name: str
    url: str
    web: Web
    maps: Read
    now: Callable[[], datetime]
    kind: ClassVar[str] = "sitemap"

    @property
    def location(self) -> str:
        """Return the address as configured."""
        return self.url

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        """Ask which sitemaps changed, and find what they name that was never read, or changed since."""
        walk = _Walk(source=self, known=known, now=now)
        walk.begin(self._beginnings())
        found, waiting = queue(walk.items.values(), known, now)
        return Scan(
            found=found,
            notes={**waiting, **walk.notes},
            skipped=tuple(walk.failed),
            fresh_for=walk.fresh_for,
            moved=walk.moved,
        )

    def read(self, found: Found) -> Document | Skipped:
        """Return a document that a sitemap names."""
        return found.document or fetched(self.web, self.name, found, self.now)

    def _beginnings(self) -> tuple[str, ...]:
        """Return the sitemaps to begin with: the configured one, or those of the site's robots.txt."""
        if urlsplit(self.url).path not in _ROOTS:
            return (self.url,)
        try:
            named = self.web.sitemaps(self.url)
        except FetchError as error:
            raise SourceError(self.name, str(error), error.retry_after) from error
        addresses = (weburl.key(each, self.url) for each in named)
        usual = weburl.key("/sitemap.xml", self.url) or self.url
        return tuple(dict.fromkeys(filter(None, addresses))) or (usual,)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One check of a site's sitemaps."""

    source: Sitemap
    known: Mapping[str, Known]
    now: datetime
    items: dict[str, Item] = field(default_factory=dict)
    notes: dict[str, Known] = field(default_factory=dict)
    failed: list[Skipped] = field(default_factory=list)
    fresh_for: timedelta | None = None
    moved: str = ""
    asked: int = 0
    _seen: set[str] = field(default_factory=set)

    def begin(self, urls: tuple[str, ...]) -> None:
        """Ask for the sitemaps that everything else follows from; raise SourceError where none can be had."""
        lists = self._in_turn(map(self._list, urls))
        failures = [error for each in lists if (error := self._visited(each, DEPTH))]
        if len(failures) == len(urls):
            raise failures[0] if urls == (self.source.url,) else _passing(failures)
        self.failed += [Skipped(key=self.source.url, reason=error.message) for error in failures]
        self._go_on()

    def _go_on(self) -> None:
        """Ask for sitemaps that an unchanged index named and that do not tell by it whether they changed."""
        noted = {name.removeprefix(NOTE): note for name, note in self.known.items() if name.startswith(NOTE)}
        open_ = (
            self._list(url, dated(note)) for url, note in noted.items() if not (dated(note) and note.digest)
        )
        for each in self._in_turn(open_):
            self._try(each, DEPTH - 1)

    def _in_turn(self, lists: Iterable[List]) -> Iterator[List]:
        """Yield what is news first, then what may be, which of many are others in every minute."""
        unsure, news = list[List](), list[List]()
        for each in lists:
            (unsure if self._is_unsure(each) else news).append(each)
        begin = int(self.now.timestamp()) // 60 * MAPS % max(1, len(unsure))
        yield from (*news, *unsure[begin:], *unsure[:begin])

    def _is_unsure(self, what: List) -> bool:
        """Tell whether only asking tells that a sitemap, read before, changed."""
        before = self.known.get(what.note)
        return bool(before and before.digest and not what.dated)

    def _leave(self, what: List) -> None:
        """Have a sitemap asked by the next check, though its index be unchanged then."""
        if not self._is_unsure(what):  # which is asked anyway, and better with its validators
            self.notes[what.note] = unread(what)

    def _try(self, what: List, depth: int) -> None:
        """Take in what a further sitemap names; one that fails is told, one that is not there left out."""
        error = self._visited(what, depth)
        if error:
            self.failed.append(Skipped(key=what.url, reason=error.message))
        if isinstance(error, AbsentError):
            self.notes[what.note] = _ABSENT
        elif error:
            self._leave(what)

    def _visited(self, what: List, depth: int) -> SourceError | None:
        """Take in what a sitemap names, or leave it for another check; return why it cannot be had."""
        if what.url in self._seen:
            return None
        self._seen.add(what.url)
        before = self.known.get(what.note)
        if before and before.digest and what.dated and dated(before) == what.dated:
            return None
        if self.asked == MAPS or len(self.items) >= MOST:
            self._leave(what)
            return None
        self.asked += 1
        try:
            asked = ask(self.source.web, what, self.known)
            if asked.content is not None:
                self._take(asked, asked.content, depth)
        except SourceError as error:
            return error
        self.notes[what.note] = asked.note
        if depth == DEPTH:
            self.fresh_for, self.moved = asked.fresh_for, asked.moved
        return None

    def _take(self, asked: Asked, content: bytes, depth: int) -> None:
        read = self.source.maps(content, asked.charset)
        if read.problem and not (read.items or read.sitemaps):
            raise SourceError(self.source.name, f"{asked.url}: {read.problem}")
        if depth == DEPTH and not (read.items or read.sitemaps) and any(map(_is_document, self.known)):
            raise SourceError(self.source.name, f"{asked.url}: names nothing any more")
        for item in read.items:
            url = called(item.url, self.source.url, asked, self.known)
            self.items[url] = replace(item, url=url)
        if depth:
            for each in self._in_turn(self._children(read)):
                self._try(each, depth - 1)

    def _children(self, index: listed.Sitemap) -> Iterator[List]:
        """Yield the sitemaps of an index, those that changed last first."""
        children = sorted(index.sitemaps, key=_changed, reverse=True)
        yield from (self._list(each.url, _changed(each)) for each in children)

    def _list(self, url: str, changed: str = "") -> List:
        return List(source=self.source.name, url=url, dated=changed)


def _passing(failures: list[SourceError]) -> SourceError:
    """Return a failure of what a robots.txt names, which may name others tomorrow: it ends no source."""
    first = failures[0]
    return SourceError(first.source, first.message, first.retry_after)


def _is_document(name: str) -> bool:
    return not name.startswith(NOTE)


def _changed(item: Item) -> str:
    return item.modified.isoformat() if item.modified else ""
