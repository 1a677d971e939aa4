"""The blocks of an article, cut out of their page as a tree of clean structure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from feedsvc.extract import pictures, region
from feedsvc.extract.blocks import HEADINGS, Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TEXT = HEADINGS | {
    "p", "li", "dt", "dd", "pre", "blockquote", "figcaption", "caption", "tr", "td", "th",
}  # elements that may hold text in an article  # fmt: skip
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_COLUMNS = 2


def cut_out(
    tree: "HtmlElement", page: Sequence[Block], kept: Sequence[Block], title: Block | None = None
) -> None:
    """Leave of a page's tree the blocks of an article and its pictures, which may stand with its title."""
    chosen = {block.element for block in kept}
    foreign = [block for block in page if block.element not in chosen and not region.is_caption(block)]
    spoken = {element for block in foreign for element in block.above}
    captions = {block.element for block in page if region.is_caption(block) and not block.within("figure")}
    reach = pictures.reach(tree, foreign, kept, title)
    holders = {element for block in kept for element in block.above} - chosen
    beside = [element for element in title.above[1:] if element not in holders] if title else []
    for holder in holders.union(beside):
        for child in list(holder):
            if child in chosen or child in holders or child in beside:
                continue
            if child in spoken or not reach.holds(child):
                holder.remove(child)
            elif not captions.isdisjoint(child.iter()):
                child.tag = "figure"  # so that its caption is known as one
    for element in beside:
        _drop_empty(element)
    for block in page:
        _rename(block, chosen)
    _unfold_layout(tree, holders.union(beside))


def _drop_empty(element: "HtmlElement") -> None:
    parent = element.getparent()
    if parent is not None and next(element.iter("img"), None) is None:
        parent.remove(element)


def _rename(block: Block, chosen: "set[HtmlElement]") -> None:
    """Give an element the name of what it holds."""
    if block.element not in chosen:
        if block.within("figure") and block.tag != "figcaption":
            block.element.tag = "figcaption"
    elif block.tag not in _TEXT:
        block.element.tag = "p"


def _unfold_layout(tree: "HtmlElement", holders: "set[HtmlElement]") -> None:
    """Take away tables that place an article on the page: no row has two cells with something in them."""
    for table in list(tree.iter("table")):
        cells = [element for element in _of_table(table) if element.tag in {"td", "th"}]
        rows = [element for element in _of_table(table) if element.tag == "tr"]
        if any(cell in holders for cell in cells) and all(_filled(row) < _COLUMNS for row in rows):
            for element in (table, *_of_table(table)):
                element.tag = "div"


def _filled(row: "HtmlElement") -> int:
    return sum(any(piece.strip() for piece in cell.itertext()) for cell in row)


def _of_table(table: "HtmlElement") -> "Iterator[HtmlElement]":
    """Yield the rows and cells of a table, not those of tables within it."""
    for child in list(table):
        if child.tag in _TABLE and child.tag != "table":
            yield child
            yield from _of_table(child)
