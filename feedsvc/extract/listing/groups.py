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
from feedsvc.extract.listing.places import Places
from feedsvc.extract.listing.rows import dated, rows_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FULL = 50  # columns of a title that says it all
_ALIKE = 0.6  # of the best group's worth a link, from which another group is of the same kind
_WEAK = 0.5  # of its group's worth a link
_COMMON = 3  # links of a shape
_WORD = 16  # characters; the name of a section, not of an article
_RARE = 5  # of so many links one has a shape that is usual
_SLUG = re.compile(r"(?:[^-_]+[-_]){2,}[^-_]+|.*\d{4}|.{24,}")
_NUMBERED = re.compile(
    r"([A-Za-z]+(?=[-_]\d|\d{3})|(?=\d))[\d_-]*(?:\.\w+)?$"
)  # "thread" of `thread-17-1.html`
_PLACES = frozenset({
    "tag", "tags", "category", "categories", "author", "authors", "user", "users", "profile", "profiles",
    "member", "login", "signin", "signup", "register", "account", "search", "about", "contact", "privacy",
    "terms", "page", "subscribe", "company", "people", "help", "legal", "careers", "advertise", "newsletters",
    "feed", "rss",
})  # fmt: skip
"""Among the last three segments of the addresses of people, subjects and services."""


Shape = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Links that stand alike, with what each is worth as an item."""

    place: int
    anchors: tuple[Anchor, ...]
    worths: tuple[float, ...]
    shapes: tuple[Shape, ...]

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
    first = max(groups, key=lambda group: group.total)
    parts = _parts(first)
    best = max(parts, key=lambda group: group.total)
    there = [best, *_apart(best, [part for part in parts if part is not best])]
    shapes = {shape for group in there for shape in group.shapes}
    others = [group for group in groups if group is not first and _alike(group, best, shapes)]
    kept = {url for group in there for url in _strong(group, best, _usual(group))}
    kept |= {url for group in others for url in _strong(group, best, shapes)}
    return [anchor for anchor in found if anchor.url in kept]


def _groups(found: Sequence[Anchor], listed: frozenset[str]) -> list[Group]:
    places = Places()
    alike: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in found:
        alike[places.of(anchor.element)].append(anchor)
    return [_group(place, tuple(members), listed) for place, members in alike.items()]


def _parts(group: Group) -> list[Group]:
    """Return a group's links by the shapes of their addresses, those of rare shapes as one part.

    The title, the author and the comments of a row may stand alike; their addresses are of different kinds.
    """
    common = {each for each, count in Counter(group.shapes).items() if count >= _COMMON}
    parts: dict[Shape, list[int]] = defaultdict(list)
    for index, each in enumerate(group.shapes):
        parts[each if each in common else ()].append(index)
    return [_part(group, indexes) for indexes in parts.values()]


def _part(group: Group, indexes: Sequence[int]) -> Group:
    return Group(
        group.place,
        tuple(group.anchors[index] for index in indexes),
        tuple(group.worths[index] for index in indexes),
        tuple(group.shapes[index] for index in indexes),
    )


def _apart(best: Group, parts: Sequence[Group]) -> Iterator[Group]:
    """Yield the parts of a group that are of the best one's worth and have rows of their own."""
    taken = {element for row in rows_of(best.anchors).values() for element in row}
    for part in parts:
        inside = sum(not taken.isdisjoint(_around(anchor.element)) for anchor in part.anchors)
        if inside * 2 < len(part.anchors) and part.mean >= _ALIKE * best.mean:
            yield part


def _around(element: "HtmlElement") -> "Iterator[HtmlElement]":
    yield element
    yield from element.iterancestors()


def _strong(group: Group, best: Group, usual: set[Shape]) -> Iterator[str]:
    """Yield a group's addresses without those that are of no usual shape and worth little."""
    for anchor, worth, each in zip(group.anchors, group.worths, group.shapes, strict=True):
        if worth >= _WEAK * best.mean or each in usual:
            yield anchor.url


def _usual(group: Group) -> set[Shape]:
    return {each for each, count in Counter(group.shapes).items() if count * _RARE >= len(group.anchors)}


def _group(place: int, members: tuple[Anchor, ...], listed: frozenset[str]) -> Group:
    around = rows_of(members)
    worths = tuple(
        _worth(anchor, has_date=dated(around[anchor.url])[1], listed=anchor.url in listed)
        for anchor in members
    )
    return Group(place, members, worths, tuple(shape(anchor.url) for anchor in members))


def _worth(anchor: Anchor, *, has_date: bool, listed: bool) -> float:
    """Return what speaks for a link as an item: a title of some length, a heading, a date, its address."""
    words = min(text.width(anchor.title), _FULL) / _FULL
    path = urlsplit(anchor.url).path
    segments = [segment for segment in path.split("/") if segment]
    said = bool(segments and _SLUG.fullmatch(segments[-1])) or dates.in_url(path) is not None
    worth = words + 0.5 * anchor.headed + 0.5 * has_date + 0.3 * said + 0.5 * listed
    return worth * (anchor.trust or 1) * (0.3 if _PLACES & set(segments[-3:]) else 1)


def shape(url: str) -> Shape:
    """Return what addresses of one kind on one site have in common: where they begin and how they go on."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    ending = segments[-1].rpartition(".")[2] if segments and "." in segments[-1] else ""
    kinds = [_kind(segment) for segment in segments[1:-1]]
    numbered = _NUMBERED.match(segments[-1]) if segments else None
    script = segments[-1] if segments and parts.query else ""  # "item" and "user" of `item?id=17`
    kind = numbered[1] or "#" if numbered else script
    first = segments[0] if len(segments) > 1 and not segments[0].isdigit() else str(len(segments))
    site = ".".join(weburl.site(url).split(".")[-2:])
    asked = sorted(pair.partition("=")[0] for pair in parts.query.split("&"))
    return (site, first, kind, *kinds, ending, *asked)


def _kind(segment: str) -> str:
    """Return a word of an address as it is, anything else as what it is made of."""
    return segment if segment.isalpha() and len(segment) < _WORD else "n" if segment.isdigit() else "s"


def _alike(group: Group, best: Group, shapes: set[Shape]) -> bool:
    """Tell whether links that stand elsewhere go with the best: as worthy, and to addresses of its shapes."""
    shared = sum(each in shapes for each in group.shapes)
    return group.mean >= _ALIKE * best.mean and shared * 2 >= len(group.anchors)
