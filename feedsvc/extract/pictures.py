"""Pictures of a page that are its article's: those that stand with its text and are not called otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from feedsvc.extract import markup, region
from feedsvc.extract.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SMALL = 50  # pixels; smaller pictures are buttons and counters
_FURNITURE = re.compile(
    r"avatar|share|social|qr[-_]?code|erweima|weixin|wechat|(?:^|[\s_-])(?:logos?|icons?|ewm|emoji)(?=$|[\s_-])",
    re.IGNORECASE,
)  # classes and ids of pictures that come with the page's design
_NO_PHOTO = re.compile(
    r"gravatar|/avatars?[/_.-]|qr[-_]?code|erweima|二维码|二維碼|\.svg(?=$|[\s?#])|pixel|vgwort|//stats?\.",
    re.IGNORECASE,
)  # in addresses and descriptions: of portraits, codes, drawings and what counts readers
_PIXELS = re.compile(r"\s*(\d{1,5}(?:\.\d{1,5})?)\s*(?:px)?\s*")
_STYLED = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(\d{1,5}(?:\.\d{1,5})?)px", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an article's pictures stand, as places in the order of its page's elements."""

    places: "dict[HtmlElement, int]"
    opening: int
    first: int
    last: int
    closing: int

    def holds(self, element: "HtmlElement") -> bool:
        """Tell whether an element without words of its own is a picture of the article."""
        place = self.places[element]
        if not self.opening < place < self.closing or not _is_picture(element):
            return False
        return self.first < place < self.last or not _is_furniture(element)


def reach(tree: "HtmlElement", foreign: Sequence[Block], kept: Sequence[Block], title: Block | None) -> Reach:
    """Return where an article's pictures stand: from its title to the next words below its last block.

    Where no title is known they begin below the words above the first block; these and those below the last
    stand in what holds all blocks.
    """
    places = {element: index for index, element in enumerate(tree.iter())}
    first, last = places[kept[0].element], places[kept[-1].element]
    holder = _common_holder(kept)
    start, end = places[holder], places[holder] + sum(1 for _ in holder.iter())
    others = [places[block.element] for block in foreign]
    above = max((place for place in others if place < first), default=start)
    below = min((place for place in others if place > last), default=end)
    opening = places[title.element] if title else max(start, above)
    return Reach(places, opening, first, last, min(end, below))


def _common_holder(kept: Sequence[Block]) -> "HtmlElement":
    """Return the innermost element around all of an article's blocks."""
    common = set(kept[0].above[1:]).intersection(*(block.above[1:] for block in kept))
    return next(element for element in kept[0].above if element in common)


def _is_picture(element: "HtmlElement") -> bool:
    """Tell whether an element shows something, and is neither a button nor called an advertisement."""
    shown = list(element.iter("img"))
    refused = any(region.called(each) for picture in shown for each in _around(picture, element))
    return any(map(markup.picture, shown)) and not refused and all(map(_is_large, shown))


def _around(picture: "HtmlElement", outermost: "HtmlElement") -> "Iterator[HtmlElement]":
    """Yield a picture and what stands around it; its caption may be called whatever captions hold."""
    path = (picture, *picture.iterancestors())
    yield from takewhile(lambda element: element is not outermost, path)
    yield outermost


def _is_large(picture: "HtmlElement") -> bool:
    return all(size >= _SMALL for size in _sizes(picture))


def _sizes(picture: "HtmlElement") -> "Iterator[float]":
    """Yield width and height in pixels, as far as the page gives them."""
    stated = (_PIXELS.fullmatch(picture.get(name) or "") for name in ("width", "height"))
    styled = _STYLED.finditer(picture.get("style") or "")
    yield from (float(found[1]) for found in (*stated, *styled) if found)


def _is_furniture(element: "HtmlElement") -> bool:
    """Tell whether what stands above or below a text is the page's: a portrait, a code, a button, a teaser.

    A picture that leads to a page shows what is told there; one of the article leads to itself in large.
    """
    for picture in element.iter("img"):
        address, said = markup.picture(picture), picture.get("alt") or ""
        if _NO_PHOTO.search(f"{address} {said}"):
            return True
        if not (said or _FILE.search(address) or any(_sizes(picture))):
            return True  # what counts readers has no words, no size and no file
        for each in _around(picture, element):
            if _FURNITURE.search(f"{each.get('class') or ''} {each.get('id') or ''}"):
                return True
            if each.tag == "a" and not _FILE.search(each.get("href") or ""):
                return True
    return False
