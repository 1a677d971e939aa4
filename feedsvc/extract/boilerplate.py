"""The article within a page, by trafilatura (its one place)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedsvc.extract import markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 25_000  # elements, at 50 µs each; long documentation pages hold 20,000
_DEEPEST = (
    500_000  # the depths of all elements added up, 1 µs each; such a documentation page has half of that
)
_WIDEST = 500  # cells of a row; trafilatura takes the square of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What trafilatura says of a page: the body as HTML, and metadata."""

    html: str
    title: str = ""
    authors: str = ""
    """Names joined by `; `."""
    date: str = ""
    """Year-month-day, searched for in the whole page."""


def too_much(tree: "HtmlElement") -> str | None:
    """Return what of a page would take too long here, or None."""
    if sum(1 for _ in tree.iter()) > _MOST:
        return f"it has more than {_MOST:,} elements"
    if markup.total_depth(tree) > _DEEPEST:
        return "its elements are nested too deep"
    if any(len(row) > _WIDEST for row in tree.iter("tr")):
        return f"a table has more than {_WIDEST} columns"
    return None


def find(tree: "HtmlElement", now: datetime) -> Extracted | None:
    """Return the article of a page, or None where trafilatura finds none. Leaves the tree as it was."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - 50 MB, loaded with the first page
    from trafilatura.htmlprocessing import convert_to_html  # noqa: PLC0415

    search = {"original_date": True, "extensive_search": False, "max_date": now.date().isoformat()}
    found = bare_extraction(
        tree,
        fast=True,
        with_metadata=True,
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_images=True,
        date_extraction_params=search,
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return None
    for ordered in found.body.iterfind(".//list[@rend='ol']"):
        ordered.tag = "ol"
    return Extracted(
        html=markup.serialise(convert_to_html(found.body)),
        title=found.title or "",
        authors=found.author or "",
        date=found.date or "",
    )
