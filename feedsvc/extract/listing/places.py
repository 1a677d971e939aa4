"""Where elements stand in a page's tree, as numbers: equal numbers mean equal tags from the root down."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Places:
    """Numbers the elements of one page, each once, however deep it is."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._known: dict[HtmlElement, int] = {}

    def of(self, element: "HtmlElement") -> int:
        """Return the number of an element's tags."""
        path = []
        above: HtmlElement | None = element
        while above is not None and above not in self._known:
            path.append(above)
            above = above.getparent()
        number = -1 if above is None else self._known[above]
        for each in reversed(path):
            place = (number, str(each.tag))
            number = self._known[each] = self._numbers.setdefault(place, len(self._numbers))
        return number
