"""What trafilatura takes for a page's article (its one place)."""

from typing import TYPE_CHECKING

from feedsvc.extract import markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 25_000  # elements, at 50 µs each; long documentation pages hold 20,000
# The depths of all elements added up, at 1 µs each (such a documentation page has half of that), and those of
# all characters, at 50 ns each in readability (1 MB of text 15 deep has three quarters of that).
_DEEPEST = 500_000
_HEAVIEST = 20_000_000
_WIDEST = 500  # cells of a row; trafilatura takes the square of them


def too_much(tree: "HtmlElement") -> str | None:
    """Return what of a page would take the extractors too long, or None."""
    if sum(1 for _ in tree.iter()) > _MOST:
        return f"it has more than {_MOST:,} elements"
    elements, characters = markup.total_depth(tree)
    if elements > _DEEPEST or characters > _HEAVIEST:
        return "its elements are nested too deep"
    if any(len(row) > _WIDEST for row in tree.iter("tr")):
        return f"a table has more than {_WIDEST} columns"
    return None


def lines(tree: "HtmlElement") -> list[str]:
    """Return the lines of the article trafilatura finds, none where it finds none. Leaves the tree as it was.

    Pictures and links are not asked for: on some pages it then takes those for the article.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415 - 50 MB, loaded with the first page

    found = bare_extraction(tree, fast=True, include_comments=False)
    return [] if found is None or isinstance(found, dict) else (found.text or "").split("\n")
