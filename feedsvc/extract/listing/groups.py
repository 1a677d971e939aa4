"""Which links of a page are its items: those that stand alike, and are worth most together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc import text, weburl
from feedsvc.extract import dates
from feedsvc.extract.listing.anchors import Anchor
from feedsvc.extract.listing.rows import dated, rows

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FULL = 50  # columns of a title that says it all
_ALIKE = 0.6  # of the best group's worth a link, from which another group is of the same kind
_WEAK = 0.5  # of its group's worth a link
_RARE = 5  # of so many links one has a shape that is usual
_SLUG = re.compile(r"(?:[^-_]+[-_]){2,}[^-_]+|.*\d{4}|.{24,}")
_NUMBERED = re.compile(r"[A-Za-z]+(?=(?:[-_]\d|\d{3})[\d_-]*(?:\.\w+)?$)")  # "thread" of `thread-17-1.html`
_PLACES = frozenset({
    "tag", "tags", "category", "categories", "author", "authors", "user", "users", "profile", "profiles",
    "member", "login", "signin", "signup", "register", "account", "search", "about", "contact", "privacy",
    "terms", "page", "subscribe", "company", "people", "help", "legal", "careers", "advertise", "newsletters",
    "feed", "rss",
})  # fmt: skip
"""Among the last three segments of the addresses of people, subjects and services."""


@dataclass(frozen=True, slots=True)
class Group:
    """Links that stand alike, with what each is worth as an item."""

    anchors: tuple[Anchor, ...]
    worths: tuple[float, ...]
    shapes: frozenset[tuple[str, ...]]

    @property
    def mean(self) -> float:
        """Return what a link of it is worth."""
        return sum(self.worths) / len(self.worths)

    @property
    def total(self) -> float:
        """Return what it is worth as the list: a long menu of short words is little."""
        return sum(worth**2 for worth in self.worths)


def choose(found: Sequence[Anchor], listed: frozenset[str]) -> list[Anchor]:
    """Return the links that are a page's items, in its order; `listed` are the addresses of an ItemList."""
    named = [anchor for anchor in found if anchor.title]
    groups = _groups([anchor for anchor in named if anchor.trust], listed) or _groups(named, listed)
    if not groups:
        return []
    best = max(groups, key=lambda group: group.total)
    kept = {url for group in groups if group is best or _alike(group, best) for url in _strong(group)}
    return [anchor for anchor in found if anchor.url in kept]


def _groups(found: Sequence[Anchor], listed: frozenset[str]) -> list[Group]:
    places = _Places()
    alike: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in found:
        alike[places.of(anchor.element)].append(anchor)
    return [_group(tuple(members), listed) for members in alike.values()]


class _Places:
    """Numbers elements by the tags from the root down to them: equal numbers, equal tags."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._known: dict[HtmlElement, int] = {}

    def of(self, element: "HtmlElement") -> int:
        """Return the number of an element's tags."""
        path = []
        above: HtmlElement | None = element
        while above is not None and above not in self._known:
            path.append(above)
            above = above.getparent()
        number = -1 if above is None else self._known[above]
        for each in reversed(path):
            place = (number, str(each.tag))
            number = self._known[each] = self._numbers.setdefault(place, len(self._numbers))
        return number


def _strong(group: Group) -> Iterator[str]:
    """Yield a group's addresses without those that are of another shape than most and worth little."""
    shapes = Counter(map(shape, (anchor.url for anchor in group.anchors)))
    usual = {each for each, count in shapes.items() if count * _RARE >= len(group.anchors)}
    for anchor, worth in zip(group.anchors, group.worths, strict=True):
        if worth >= _WEAK * group.mean or shape(anchor.url) in usual:
            yield anchor.url


def _group(members: tuple[Anchor, ...], listed: frozenset[str]) -> Group:
    around = rows(members)
    worths = tuple(
        _worth(anchor, has_date=dated(around[anchor.url])[1], listed=anchor.url in listed)
        for anchor in members
    )
    return Group(members, worths, frozenset(shape(anchor.url) for anchor in members))


def _worth(anchor: Anchor, *, has_date: bool, listed: bool) -> float:
    """Return what speaks for a link as an item: a title of some length, a heading, a date, its address."""
    words = min(text.width(anchor.title), _FULL) / _FULL
    path = urlsplit(anchor.url).path
    segments = [segment for segment in path.split("/") if segment]
    said = bool(segments and _SLUG.fullmatch(segments[-1])) or dates.in_url(path) is not None
    worth = words + 0.5 * anchor.headed + 0.5 * has_date + 0.3 * said + 0.5 * listed
    return worth * (anchor.trust or 1) * (0.3 if _PLACES & set(segments[-3:]) else 1)


def shape(url: str) -> tuple[str, ...]:
    """Return what addresses of one kind on one site have in common: where they begin and how they go on."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    ending = segments[-1].rpartition(".")[2] if segments and "." in segments[-1] else ""
    kinds = ["n" if segment.isdigit() else "s" for segment in segments[1:]]
    numbered = _NUMBERED.match(segments[-1]) if segments else None
    kind = numbered[0] if numbered else ""
    first = segments[0] if len(segments) > 1 and not segments[0].isdigit() else str(len(segments))
    site = ".".join(weburl.site(url).split(".")[-2:])
    asked = sorted(pair.partition("=")[0] for pair in parts.query.split("&"))
    return (site, first, kind, *kinds, ending, *asked)


def _alike(group: Group, best: Group) -> bool:
    shared = Counter(shape(anchor.url) in best.shapes for anchor in group.anchors)[True]
    return group.mean >= _ALIKE * best.mean and shared * 2 >= len(group.anchors)
