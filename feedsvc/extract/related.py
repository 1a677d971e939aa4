"""Headlines that a page lists as related: the links below a heading that says so."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import lines, urls, vocabulary
from feedsvc.model import Headline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LISTS = 5  # of one page; more are a template's slip or an attack
_LONGEST = 100  # headlines of a list
_TITLE = range(8, 200)  # columns; shorter links are a menu's


def headlines(tree: "HtmlElement", base: str | None) -> Iterator[Headline]:
    """Yield the related headlines of a page with their links."""
    named = (
        heading
        for heading in tree.iter(*_HEADINGS)
        if lines.label(text.one_line(heading.text_content()[:_LONGEST])) in vocabulary.RELATED
    )
    for heading in islice(named, _LISTS):
        for link in islice(_links(heading), _LONGEST):
            title = text.one_line(link.text_content())
            if len(title) < _TITLE.stop and text.width(title) in _TITLE:
                yield Headline(title=title, url=urls.absolute(link.get("href"), base))


def _links(heading: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield the links between a heading and the next one."""
    listed = next((links for links in _candidates(heading) if links), [])
    yield from listed


def _candidates(heading: "HtmlElement") -> Iterator[list["HtmlElement"]]:
    """Yield the links that follow a heading, then those that follow the element it is wrapped in."""
    for element in (heading, heading.getparent()):
        found: list[HtmlElement] = []
        for sibling in element.itersiblings():
            if sibling.tag in _HEADINGS:
                break
            found += sibling.iter("a")
        yield found
