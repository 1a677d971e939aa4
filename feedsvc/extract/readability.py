"""What readability-lxml takes for a page's article (its one place)."""

import logging
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from feedsvc.extract import markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def lines(tree: "HtmlElement") -> list[str]:
    """Return the lines of the article readability finds in a stripped tree. Leaves it as it was."""
    document = _reader()(tree)
    document.summary(html_partial=True)
    return markup.visible_lines(document.html).split("\n")


@cache
def _reader() -> Any:  # noqa: ANN401 - a class of a library without types
    from readability import Document  # noqa: PLC0415 - loaded with the first page

    logging.getLogger("readability").setLevel(logging.CRITICAL)  # it logs what it then raises

    class Reader(Document):  # type: ignore[misc]
        """Readability that reads a stripped tree and leaves its findings as one.

        Its cleaner takes half of its time and finds nothing left to clean; its regexes over HTML take the
        square of a page.
        """

        def _parse(self, tree: "HtmlElement") -> "HtmlElement":
            self.encoding = "utf-8"
            return deepcopy(tree)

        def get_clean_html(self) -> str:
            return markup.serialise(self.html)

    return Reader
