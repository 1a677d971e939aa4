"""The items of a listing page: the links that look like articles, or those that a selector names.

Links that stand alike in the page's tree are a group; the group whose links are worth most (title, heading,
date, address) is the list, and groups alike in worth and addresses go with it, such as a lead story's.
"""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from feedsvc import weburl
from feedsvc.extract import charset, linked, markup, prescan, urls
from feedsvc.extract.listing.anchors import Anchor, collect, within
from feedsvc.extract.listing.groups import choose
from feedsvc.extract.listing.rows import dated, rows_of
from feedsvc.listed import Item, Listed
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["links", "selector_problem"]

_FEW = 3  # items; an ItemList of fewer is no list


def links(content: bytes, base: str | None, declared: str | None = None, *, items: str = "") -> Listed:
    """Return the items of a page at `base`; `declared` is the transport's charset, `items` a CSS selector.

    Without a base, the page's own word for its address stands for it.
    """
    decoded = charset.decode(content, declared)
    if decoded is None:
        return Listed(problem="binary, not text")
    written = markup.readable(decoded.text)
    if refusal := prescan.refusal(written):
        return Listed(problem=refusal)
    tree = markup.parse(written)
    if tree is None:
        return Listed(problem="no links found")
    here = urls.base_of(tree, base or _own(tree)) or ""
    if items:
        return _selected(tree, here, items)
    told = {item.url: item for item in _told(tree, here)}
    chosen = choose(collect(tree, here), frozenset(told))
    shown = sum(anchor.url in told for anchor in chosen)
    if len(told) >= max(_FEW, len(chosen)) and shown * 2 < len(told):  # written by a script in browsers
        return Listed(items=tuple(told.values()))
    return _items(chosen) if chosen else Listed(problem="no links found that look like articles")


def selector_problem(selector: str) -> str | None:
    """Return why a CSS selector cannot be used, or None."""
    from cssselect import SelectorError  # noqa: PLC0415 - asked for by few configurations
    from lxml.cssselect import CSSSelector  # noqa: PLC0415

    try:
        CSSSelector(selector, translator="html")
    except SelectorError as error:
        return str(error)
    return None


def _selected(tree: "HtmlElement", base: str, selector: str) -> Listed:
    """Return the links that a selector names: themselves, or the first within each element."""
    if problem := selector_problem(selector):
        return Listed(problem=f"items = {selector!r}: {problem}")
    chosen = within(tree.cssselect(selector, translator="html"), base)
    return _items(chosen) if chosen else Listed(problem=f"items = {selector!r} names no link")


def _items(chosen: list[Anchor]) -> Listed:
    around = rows_of(chosen)
    return Listed(
        items=tuple(
            Item(url=each.url, title=each.title, published=dated(around[each.url])[0]) for each in chosen
        )
    )


def _own(tree: "HtmlElement") -> str:
    """Return the address that a page gives as its own, "" where it gives none."""
    named = (each.get("href") for each in tree.iter("link") if (each.get("rel") or "").lower() == "canonical")
    shared = (each.get("content") for each in tree.iter("meta") if each.get("property") == "og:url")
    return next((url for each in chain(named, shared) if (url := weburl.absolute(each))), "")


def _told(tree: "HtmlElement", base: str) -> Iterator[Item]:
    """Yield the items of the page's ItemLists in JSON-LD."""
    for node in linked.nodes(tree):
        for entry in linked.listed(node.get("itemListElement")) if "itemlist" in linked.types(node) else ():
            item = entry.get("item", entry) if isinstance(entry, dict) else entry
            said = item if isinstance(item, dict) else {"url": item}
            address = linked.string(said.get("url")) or linked.string(said.get("@id"))
            if named := weburl.key(address, base):
                title = linked.string(said.get("name")) or linked.string(said.get("headline"))
                yield Item(url=named, title=one_line(title))
