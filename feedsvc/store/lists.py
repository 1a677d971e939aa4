"""One list of articles: its order, its archive pages, the window that its feed shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from feedsvc.model import Article, Tombstone
from feedsvc.store.rows import NEVER, ListState
from feedsvc.store.slots import Slots
from feedsvc.store.window import Candidates, Limits, Window, choose, needed, newest_fitting

PAGE = 50
"""Articles on an archive page (RFC 5005 section 4)."""
MOURNING = timedelta(days=30)
"""How long a feed tells of a withdrawal, counted back from its newest acknowledgement."""
LARGEST = 5_000_000
"""Bytes of a feed that readers and validators still take."""
_HEAD = 5_000  # bytes of what a feed says of itself
_TOMBSTONE = 150  # bytes of one; they take a quarter of a feed at most
_STATE = tuple(each.name for each in fields(ListState))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """Who came or changed lately, as far as a window may need to know."""

    ids: Sequence[str | None] = ()
    cut: bool = False
    """Whether some were left out, all of them before these."""


class Choice:
    """Who is recent in a list and what its window shows: worked out once, when first asked for.

    A warm start of a thousand lists answers for none of them before somebody asks.
    """

    def __init__(self, work: Callable[[], tuple[Lately, Window]]) -> None:
        self._work: Callable[[], tuple[Lately, Window]] | None = work
        self._done = (Lately(), Window(covered=timedelta(0)))

    @classmethod
    def of(cls, window: Window) -> "Choice":
        """Return a choice that was made."""
        return cls(lambda: (Lately(), window))

    def made(self) -> tuple[Lately, Window]:
        """Return who is recent and the window; two threads that ask at once do the same work."""
        work = self._work
        if work is not None:
            self._done = work()
            self._work = None  # and let go of the articles that it was worked out from
        return self._done

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and self.made() == other.made()

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleList(ListState):
    """One list of articles and the window on it that its feed shows."""

    places: Slots = field(default_factory=Slots)
    """Its slots as they are remembered, with articles of sources that are not configured now."""
    slots: Slots = field(default_factory=Slots)
    """Of these, what can be shown; None for the others."""
    choice: Choice

    @property
    def recent(self) -> Lately:
        """Who was taken or revised within the window's time, by (revised, sequence)."""
        return self.choice.made()[0]

    @property
    def window(self) -> Window:
        """What the feed shows."""
        return self.choice.made()[1]

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
        return newest_fitting(self.slots, articles, count, LARGEST)

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
    """The moment of acknowledgement, which never goes back."""
    now: datetime | None = None
    """What the clock said, where it went back; validators must tell that commit, too."""
    joining: tuple[Article, ...] = ()
    """In order of sequence."""
    changed: tuple[str, ...] = ()
    """Members with a new version."""
    leaving: frozenset[str] = frozenset()
    tombstones: tuple[Tombstone, ...] = ()
    """Of those leaving that left their source, too."""
    redated: frozenset[str] = frozenset()
    """Of those changed, the ones that archive pages show as they are now."""
    revived: frozenset[str] = frozenset()
    """Ids whose tombstones go, since their documents came back."""


def empty_list(limits: Limits) -> ArticleList:
    """Return a list before its first article."""
    return ArticleList(choice=Choice.of(Window(covered=limits.time)))


def revised_list(
    old: ArticleList, revision: Revision, articles: Mapping[str, Article], limits: Limits
) -> ArticleList:
    """Return the list after a commit; `articles` are those of the new edition."""
    joining = tuple(article.id for article in revision.joining)
    places = old.places.emptied(revision.leaving).joined(joining)
    newest = max(old.newest, revision.at)
    at = next_modified(old.modified, revision.now or revision.at)
    stamps = [articles[id_].updated for id_ in revision.changed]
    stamps += [article.updated for article in revision.joining]
    stamps += [tombstone.at for tombstone in revision.tombstones]
    state = ListState(
        newest=newest,
        updated=max([old.updated, *stamps]),
        modified=old.modified,
        tombstones=_mourned(old.tombstones, revision, newest)[: limits.size // _TOMBSTONE // 4],
        sources=old.sources | {article.source for article in revision.joining},
        pages=_pages(old, places, revision.leaving | revision.redated, at),
    )
    touched = (*revision.changed, *joining)
    moved = revision.leaving.union(touched)
    stay = [id_ for id_ in old.recent.ids if id_ not in moved]
    slots = places if old.slots is old.places else old.slots.emptied(revision.leaving).joined(joining)
    lately = Lately(ids=(*stay, *touched), cut=old.recent.cut)
    new = shown_list(state, Places(all=places, shown=slots, lately=lately), articles, limits)
    return new if _reads_alike(old, new) else replace(new, modified=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Who stands where in a list."""

    all: Slots
    shown: Slots
    lately: "Lately"
    """Who may have been taken or revised within the window's time."""
    archived: bool = True
    """Whether there are pages for what the window leaves out."""


def shown_list(
    state: ListState, places: Places, articles: Mapping[str, Article], limits: Limits
) -> ArticleList:
    """Return a list with what follows from what is remembered of it."""

    def chosen() -> tuple[Lately, Window]:
        recent = _recent(places, articles, limits, state.newest - limits.time)
        ids = tuple(filter(None, recent.ids))
        unarchived = len(places.shown) % PAGE if places.archived else 0
        candidates = Candidates(recent=ids, slots=places.shown, unarchived=unarchived)
        room = replace(limits, size=limits.size - _HEAD - len(state.tombstones) * _TOMBSTONE)
        return recent, choose(candidates, articles, room, state.newest)

    remembered = {name: getattr(state, name) for name in _STATE}
    return ArticleList(**remembered, places=places.all, slots=places.shown, choice=Choice(chosen))


def _recent(places: Places, articles: Mapping[str, Article], limits: Limits, horizon: datetime) -> Lately:
    """Return who was taken or revised since the horizon, the newest last, as many as a window can need.

    After a first ingest everybody is recent: keeping twice the need makes the next changes cheap.
    """
    most = needed(limits)
    there = [articles[id_] for id_ in places.lately.ids if id_ is not None]
    young = _since(horizon, there)
    cut = places.lately.cut and len(young) == len(there)  # else the horizon is past those left out
    if cut and most is not None and len(young) < most:
        young, cut = _since(horizon, (articles[id_] for id_ in places.shown if id_ is not None)), False
    ids = tuple(article.id for article in young)
    kept = ids if most is None else ids[-2 * most :]
    return Lately(ids=kept, cut=cut or len(kept) < len(ids))


def _since(horizon: datetime, articles: Iterable[Article]) -> list[Article]:
    return sorted((each for each in articles if (each.revised or NEVER) >= horizon), key=_taken)


def state_of(articles: ArticleList) -> ListState:
    """Return what is remembered of a list beside its slots."""
    return ListState(**{name: getattr(articles, name) for name in _STATE})


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


def _taken(article: Article) -> tuple[datetime, int]:
    """Return when the store took an article as it is now; those of one commit by their number."""
    return article.revised or NEVER, article.sequence


def _mourned(tombstones: Iterable[Tombstone], revision: Revision, newest: datetime) -> tuple[Tombstone, ...]:
    """Return the tombstones that are still told of."""
    back = revision.revived.union(article.id for article in revision.joining)
    all_of_them = (*revision.tombstones, *tombstones)
    kept = (each for each in all_of_them if each.id not in back and newest - each.at <= MOURNING)
    return tuple(kept)


def _pages(
    old: ArticleList, places: Slots, altered: frozenset[str], modified: datetime
) -> tuple[datetime, ...]:
    """Return the dates of the full pages: a page changes only when an article on it leaves or moves."""
    full = len(places) // PAGE
    dates = list(old.pages)
    if altered:
        positions = (n for n, id_ in enumerate(old.places[: len(dates) * PAGE]) if id_ in altered)
        for number in {position // PAGE for position in positions}:
            dates[number] = modified
    return (*dates, *[modified] * (full - len(dates)))
