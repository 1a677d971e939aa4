"""One list of articles: its order, its archive pages, the window that its feed shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from feedsvc.model import Article, Tombstone
from feedsvc.store.window import Candidates, Limits, Window, choose

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""What a feed says of its last change before its first article."""
PAGE = 50
"""Articles on an archive page (RFC 5005 section 4)."""
MOURNING = timedelta(days=30)
"""How long a feed tells of a withdrawal, counted back from its newest acknowledgement."""
LARGEST = 5_000_000
"""Bytes of a feed that readers and validators still take."""
_HEAD = 5_000  # bytes of what a feed says of itself
_TOMBSTONE = 150  # bytes of one; they take a quarter of a feed at most


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleList:
    """One list of articles and the window on it that its feed shows."""

    slots: tuple[str | None, ...] = ()
    """Ids in the order they came, by sequence; None where one left, so that no archive page ever shifts."""
    recent: tuple[str, ...] = ()
    """Ids taken or revised within the window's time, the newest last."""
    window: Window
    tombstones: tuple[Tombstone, ...] = ()
    """Of what left its source within the last 30 days, the newest first."""
    sources: frozenset[str] = frozenset()
    """All that ever gave it an article."""
    newest: datetime = NEVER
    """The commit that last changed it."""
    updated: datetime = NEVER
    """The newest change among its articles and tombstones; never goes back."""
    modified: datetime = NEVER
    """Its Last-Modified; grows with every publication (RFC 9110 8.8.2.2)."""
    pages: tuple[datetime, ...] = ()
    """Last-Modified of its full archive pages, the oldest page first."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, in order of sequence."""
        return tuple(filter(None, self.slots))

    @property
    def shown(self) -> tuple[Article, ...]:
        """The articles of the window, newest first."""
        return self.window.articles

    @property
    def last_page(self) -> int:
        """The number of the newest archive page, 0 before the first.

        A page is linked once it is full, and before that only where the window leaves out what it holds.
        """
        return self.last_page_beside(self.shown)

    def last_page_beside(self, articles: Iterable[Article]) -> int:
        """Return the number of the newest archive page that someone who has these articles needs."""
        full = len(self.pages)
        seen = {article.id for article in articles}
        return full if seen.issuperset(filter(None, self.slots[full * PAGE :])) else full + 1

    def reaching(self, count: int, articles: Mapping[str, Article]) -> tuple[Article, ...]:
        """Return the newest `count` articles, past the window if need be; fewer where they get too big."""
        candidates = Candidates(recent=(), slots=self.slots, unarchived=0)
        limits = Limits(count=count, time=timedelta(0), size=LARGEST)
        return choose(candidates, articles, limits, self.newest).articles

    def page(self, number: int) -> tuple[str, ...]:
        """Return the ids on an archive page, in order of sequence."""
        return tuple(filter(None, self.slots[(number - 1) * PAGE : number * PAGE]))

    def page_modified(self, number: int) -> datetime:
        """Return when an archive page changed last; the one being filled changes with the list."""
        return self.pages[number - 1] if number <= len(self.pages) else self.modified


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a commit does to one list."""

    at: datetime
    joining: tuple[Article, ...] = ()
    """In order of sequence."""
    changed: tuple[str, ...] = ()
    """Members with a new version."""
    leaving: frozenset[str] = frozenset()
    tombstones: tuple[Tombstone, ...] = ()
    """Of those leaving that left their source, too."""
    revived: frozenset[str] = frozenset()
    """Ids whose tombstones go, since their documents came back."""


def empty_list(limits: Limits) -> ArticleList:
    """Return a list before its first article."""
    return ArticleList(window=Window(covered=limits.time))


def revised_list(
    old: ArticleList, revision: Revision, articles: Mapping[str, Article], limits: Limits
) -> ArticleList:
    """Return the list after a commit; `articles` are those of the new edition."""
    newest = max(old.newest, revision.at)
    slots = _emptied(old.slots, revision.leaving) + tuple(article.id for article in revision.joining)
    recent = _recent(old.recent, revision, articles, newest - limits.time)
    unarchived = len(slots) % PAGE
    candidates = Candidates(recent=recent, slots=slots, unarchived=unarchived)
    tombstones = _mourned(old.tombstones, revision, newest)[: limits.size // _TOMBSTONE // 4]
    room = replace(limits, size=limits.size - _HEAD - len(tombstones) * _TOMBSTONE)
    window = choose(candidates, articles, room, newest)
    at = next_modified(old.modified, revision.at)
    stamps = [articles[id_].updated for id_ in revision.changed]
    stamps += [article.updated for article in revision.joining]
    stamps += [tombstone.at for tombstone in revision.tombstones]
    new = replace(
        old,
        slots=slots,
        recent=recent,
        window=window,
        tombstones=tombstones,
        sources=old.sources | {article.source for article in revision.joining},
        newest=newest,
        updated=max([old.updated, *stamps]),
        pages=_pages(old, slots, revision.leaving, at),
    )
    return new if _reads_alike(old, new) else replace(new, modified=at)


def _reads_alike(old: ArticleList, new: ArticleList) -> bool:
    """Tell whether the feed stayed the same, as when an article outside its window leaves a topic."""
    linked = (old.last_page, old.page(old.last_page)) == (new.last_page, new.page(new.last_page))
    return linked and old.window == new.window and old.tombstones == new.tombstones


def next_modified(previous: datetime, at: datetime) -> datetime:
    """Return the Last-Modified after a commit: the second of the commit, but never one that was shown before.

    The second after the commit's own is still to come: what is waiting for it is published together. One
    further ahead was shown before the clock went back.
    """
    second = at.replace(microsecond=0)
    waiting = previous == second + timedelta(seconds=1)
    return previous if waiting else max(previous + timedelta(seconds=1), second)


def _emptied(slots: tuple[str | None, ...], leaving: frozenset[str]) -> tuple[str | None, ...]:
    return tuple(None if id_ in leaving else id_ for id_ in slots) if leaving else slots


def _recent(
    recent: tuple[str, ...], revision: Revision, articles: Mapping[str, Article], horizon: datetime
) -> tuple[str, ...]:
    """Return the ids taken since the horizon; what a commit touches moves to the end."""
    touched = (*revision.changed, *(article.id for article in revision.joining))
    gone = revision.leaving.union(revision.changed)
    stay = tuple(id_ for id_ in recent if id_ not in gone) if gone else recent
    first = next((n for n, id_ in enumerate(stay) if _is_since(articles[id_], horizon)), len(stay))
    return stay[first:] + touched


def _is_since(article: Article, horizon: datetime) -> bool:
    return article.revised is not None and article.revised >= horizon


def _mourned(tombstones: Iterable[Tombstone], revision: Revision, newest: datetime) -> tuple[Tombstone, ...]:
    """Return the tombstones that are still told of."""
    back = revision.revived.union(article.id for article in revision.joining)
    all_of_them = (*revision.tombstones, *tombstones)
    kept = (each for each in all_of_them if each.id not in back and newest - each.at <= MOURNING)
    return tuple(kept)


def _pages(
    old: ArticleList, slots: tuple[str | None, ...], leaving: frozenset[str], modified: datetime
) -> tuple[datetime, ...]:
    """Return the dates of the full pages: a page changes only when an article on it leaves."""
    full = len(slots) // PAGE
    dates = list(old.pages)
    if leaving:
        positions = (n for n, id_ in enumerate(old.slots[: len(dates) * PAGE]) if id_ in leaving)
        for number in {position // PAGE for position in positions}:
            dates[number] = modified
    return (*dates, *[modified] * (full - len(dates)))
