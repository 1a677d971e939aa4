"""Elements by which a page speaks to machines: meta, microdata, RDFa, links with a relation."""

from collections.abc import Container
from typing import TYPE_CHECKING

from feedsvc import text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MANY = 20  # elements of one name that are looked at
_SHORT = 200  # characters of an element that holds a name or a date


def cited(tree: "HtmlElement") -> "frozenset[HtmlElement]":
    """Return what stands within works that an article cites, whose authors and dates are not its own."""
    return frozenset(tree.xpath(".//*[@itemprop='citation']//*"))


def meta(tree: "HtmlElement", cited: "Container[HtmlElement]") -> dict[str, list[str]]:
    """Return what meta elements say, by name in lower case."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        named = element.get("property") or element.get("name")
        name = named or _item(element, cited) or element.get("http-equiv") or ""
        if content := (element.get("content") or "").strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def items(tree: "HtmlElement", cited: "Container[HtmlElement]") -> "dict[str, list[HtmlElement]]":
    """Return the elements that microdata or RDFa name, by name in lower case without a prefix."""
    found: dict[str, list[HtmlElement]] = {}
    for element in tree.iter():
        named = _item(element, cited) or (element.get("property") if element.tag != "meta" else "") or ""
        for each in named.lower().split():
            listed = found.setdefault(each.rpartition(":")[2].rpartition("/")[2], [])
            if len(listed) < _MANY:
                listed.append(element)
    return found


def value(element: "HtmlElement") -> str:
    """Return what an element says to machines, else to people."""
    written = element.get("content") or element.get("datetime") or words(element)
    return written if len(written) < _SHORT else ""


def name(element: "HtmlElement") -> str:
    """Return the name within an element for a person."""
    named = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    return value(named)


def links(tree: "HtmlElement", relation: str) -> "list[HtmlElement]":
    """Return the links of a relation."""
    return [link for link in tree.iter("a") if relation in rel(link)][:_MANY]


def rel(element: "HtmlElement") -> list[str]:
    """Return a link's relations."""
    return (element.get("rel") or "").lower().split()


def words(element: "HtmlElement") -> str:
    """Return what an element says to people, on one line."""
    return text.one_line("".join(element.itertext()))


def first_text(tree: "HtmlElement", tag: str) -> str:
    """Return the words of the first element of a name that has any."""
    return next((said for element in tree.iter(tag) if (said := words(element))), "")


def _item(element: "HtmlElement", cited: "Container[HtmlElement]") -> str:
    return "" if element in cited else element.get("itemprop") or ""
