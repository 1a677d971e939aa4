"""A page as a row of blocks: the pieces that are kept or left out as a whole.

A block is an element that holds text and no other block; loose text beside blocks is wrapped to be one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.extract.markup import BLOCKS, CELLS, one_space

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKING = BLOCKS - CELLS - {"br", "hr"}
_WHOLE = HEADINGS | {"pre"}  # never looked into
_LOOSE = BLOCKS - {"br"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page."""

    element: "HtmlElement"
    text: str
    """On one line."""
    linked: int
    """Characters of the text that are links."""
    above: "tuple[HtmlElement, ...]"
    """The element and those around it, innermost first."""

    @property
    def tag(self) -> str:
        """Return the name of the element."""
        return str(self.element.tag)

    @property
    def link_share(self) -> float:
        """Return which share of the text is links."""
        return self.linked / len(self.text)

    def within(self, *tags: str) -> bool:
        """Tell whether a block is such an element or stands in one."""
        return any(element.tag in tags for element in self.above)


def divide(tree: "HtmlElement") -> list[Block]:
    """Return the blocks of a page, in order. Changes the tree: loose text is wrapped into paragraphs."""
    holders = _holders(tree)
    for element in holders:
        _wrap(element, holders)
    return list(_blocks(tree, holders))


def _holders(tree: "HtmlElement") -> "dict[HtmlElement, None]":
    """Return the elements that hold a block, in no order; what is within a whole one holds none."""
    found: dict[HtmlElement, None] = {tree: None}
    whole = {below for element in tree.iter(*_WHOLE) for below in element.iter()}
    for element in tree.iter(*_BREAKING, "br"):
        if element.getparent() in whole or (element.tag == "br" and not _doubled(element)):
            continue
        above = element.getparent()
        while above is not None and above not in found:
            found[above] = None
            above = above.getparent()
    return found


def _wrap(holder: "HtmlElement", holders: "dict[HtmlElement, None]") -> None:
    """Wrap each run of loose text and inline elements between an element's blocks."""
    run = _wrapped_text(holder) if (holder.text or "").strip() else None
    for child in list(holder):
        if child is run:
            continue
        if child.tag in _LOOSE or child in holders:
            run = _wrapped_tail(child) if (child.tail or "").strip() else None
        elif child.tag == "br" and _doubled(child):
            run = None
        elif run is None and _speaks(child):
            run = holder.makeelement("p")
            child.addprevious(run)
            run.append(child)
        elif run is not None:
            run.append(child)


def _wrapped_text(holder: "HtmlElement") -> "HtmlElement":
    run = holder.makeelement("p")
    run.text, holder.text = holder.text, None
    holder.insert(0, run)
    return run


def _wrapped_tail(child: "HtmlElement") -> "HtmlElement":
    run = child.makeelement("p")
    run.text, child.tail = child.tail, None
    child.addnext(run)
    return run


def _doubled(line_break: "HtmlElement") -> bool:
    """Tell whether another line break follows at once, as between paragraphs."""
    after = line_break.getnext()
    return after is not None and after.tag == "br" and not (line_break.tail or "").strip()


def _speaks(element: "HtmlElement") -> bool:
    return bool((element.tail or "").strip()) or any(piece.strip() for piece in element.itertext())


def _blocks(tree: "HtmlElement", holders: "dict[HtmlElement, None]") -> Iterator[Block]:
    waiting: list[tuple[HtmlElement, tuple[HtmlElement, ...]]] = [(tree, (tree,))]
    while waiting:
        element, above = waiting.pop()
        if element in holders:
            waiting += [(child, (child, *above)) for child in reversed(element)]
        elif written := _written(element):
            in_link = any(around.tag == "a" for around in above)
            linked = len(written) if in_link else sum(len(_written(link)) for link in element.iter("a"))
            yield Block(element, written, min(linked, len(written)), above)


def _written(element: "HtmlElement") -> str:
    pieces: Iterable[str] = element.itertext()
    parted = element.tag == "tr" or next(element.iter("br"), None) is not None
    return one_space((" " if parted else "").join(pieces))
