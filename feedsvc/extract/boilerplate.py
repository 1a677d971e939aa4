"""The article within a page, by trafilatura (its one place)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedsvc.extract import markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What trafilatura says of a page: the body as HTML, and metadata."""

    html: str
    title: str = ""
    authors: str = ""
    """Names joined by `; `."""
    date: str = ""
    """Year-month-day, searched for in the whole page."""


def find(tree: "HtmlElement", now: datetime) -> Found | None:
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
    return Found(
        html=markup.serialise(convert_to_html(found.body)),
        title=found.title or "",
        authors=found.author or "",
        date=found.date or "",
    )
