"""The blocks of an article, cut out of their page as a tree of clean structure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from feedsvc.extract import region
from feedsvc.extract.blocks import HEADINGS, Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TEXT = HEADINGS | {
    "p", "li", "dt", "dd", "pre", "blockquote", "figcaption", "caption", "tr", "td", "th",
}  # elements that may hold text in an article  # fmt: skip
_SMALL = 50  # pixels; smaller pictures are buttons and counters
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_COLUMNS = 2


def cut_out(tree: "HtmlElement", page: Sequence[Block], kept: Sequence[Block]) -> None:
    """Leave of a page's tree the blocks of an article and the pictures between them."""
    chosen = {block.element for block in kept}
    holders = {element for block in kept for element in block.above} - chosen
    spoken = {
        element
        for block in page
        if block.element not in chosen and not region.is_caption(block)
        for element in block.above
    }
    places = {element: index for index, element in enumerate(tree.iter())}
    first, last = (places[block.element] for block in (kept[0], kept[-1]))
    for holder in holders:
        for child in list(holder):
            if child in chosen or child in holders:
                continue
            if child in spoken or not first < places[child] < last or not _is_picture(child):
                holder.remove(child)
    for block in page:
        _rename(block, chosen)
    _unfold_layout(tree, holders)


def _is_picture(element: "HtmlElement") -> bool:
    """Tell whether an element shows something, and is neither a button nor called an advertisement."""
    pictures = list(element.iter("img"))
    refused = any(region.called(below) for below in element.iter())
    return bool(pictures) and not refused and all(map(_is_large, pictures))


def _is_large(picture: "HtmlElement") -> bool:
    sizes = [picture.get(name, "").removesuffix("px") for name in ("width", "height")]
    return all(not size.isdecimal() or int(size[:5]) >= _SMALL for size in sizes)


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
