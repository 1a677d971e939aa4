"""JSON-LD: the article a page describes, and whoever it refers to by `@id`."""

import json
from collections.abc import Iterator, Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = Mapping[str, Any]

_ARTICLES = ("article", "blogposting", "newsarticle", "liveblogposting", "discussionforumposting", "report")
_PAGES = frozenset({"webpage", "itempage", "faqpage", "aboutpage", "collectionpage", "medicalwebpage"})
_SITES = frozenset({"website", "organization", "newsmediaorganization", "corporation"})
_NODES = 200  # of JSON-LD looked at
_LENGTH = 1 << 18  # characters of one JSON-LD block
_NAMES = 30  # of authors


def nodes(tree: "HtmlElement") -> tuple[Node, ...]:
    """Return the objects of a page's JSON-LD, outer ones first; what is broken is passed over."""
    return tuple(node for script in tree.iter("script") for node in _of(script))


def article(found: tuple[Node, ...]) -> Node:
    """Return the article that JSON-LD describes, an empty object where it describes none."""
    return next((node for node in found if any(name.endswith(_ARTICLES) for name in types(node))), {})


def page(found: tuple[Node, ...]) -> Node:
    """Return the page that JSON-LD describes, an empty object where it describes none."""
    return next((node for node in found if _PAGES & types(node)), {})


def sites(found: tuple[Node, ...]) -> Iterator[str]:
    """Yield the names of the site and of its publisher."""
    for node in found:
        if _SITES & types(node) and "person" not in types(node):
            yield string(node.get("name"))
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and "person" not in types(publisher):
            yield string(publisher.get("name"))


def authors(node: Node, found: tuple[Node, ...]) -> Iterator[tuple[str, bool]]:
    """Yield a node's authors and whether each is called a person; one with an `@id` alone is looked up."""
    known = {key: each for each in found if "name" in each and (key := string(each.get("@id")))}
    for entry in listed(node.get("author") or node.get("creator"))[:_NAMES]:
        author = known.get(string(entry.get("@id")), entry) if isinstance(entry, dict) else {"name": entry}
        for name in map(string, listed(author.get("name"))):
            if name:
                yield name, "person" in types(author)


def types(node: Node) -> set[str]:
    """Return what a node is, in lower case."""
    return {string(name).lower().rpartition("/")[2] for name in listed(node.get("@type"))}


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return a value as a list, as which JSON-LD may write any."""
    return value if isinstance(value, list) else [value]


def string(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a string as a reader sees it, "" for anything else."""
    return unescape(value).strip() if isinstance(value, str) else ""


def _of(script: "HtmlElement") -> Iterator[Node]:
    written = script.text or ""
    if "ld+json" not in (script.get("type") or "").lower() or len(written) > _LENGTH:
        return
    try:
        waiting = [json.loads(written, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, list | dict)]
