"""What stands around each item of a list and around no other: its row, and the date in it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import dates
from feedsvc.extract.listing.anchors import Anchor

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UP = 8  # elements around a link; a single one would take the page for its row
_BESIDE = 3  # elements after a row that go with it, as `dd` with `dt`
_PIECES = 60  # strings of a row that are looked at
_LONGEST = 80  # characters of a string that is a date and little else
_AGE = re.compile(
    r"\d{1,3}\s?(?:[smhdwy]\b|min|hour|day|week|month|year|分钟|小时|天前|个月|Stunden?|Tagen?|jours?|heures?)|yesterday|today|昨天|今天|前天|gestern|heute",
    re.IGNORECASE,
)


def rows_of(group: Sequence[Anchor]) -> "dict[str, list[HtmlElement]]":
    """Return the elements that belong to each item of a group alone, by its address."""
    owners: dict[HtmlElement, str | None] = {}
    for anchor in group:
        for element in (anchor.element, *anchor.element.iterancestors()):
            known = owners.setdefault(element, anchor.url)
            if known is None:
                break  # so are all above it
            if known != anchor.url:
                owners[element] = None
    return {anchor.url: list(_row(anchor, owners)) for anchor in group}


def _row(anchor: Anchor, owners: "dict[HtmlElement, str | None]") -> "Iterator[HtmlElement]":
    highest = anchor.element
    for element in islice(anchor.element.iterancestors(), _UP):
        if owners.get(element) is None or element.tag in ("body", "main"):
            break
        highest = element
    yield highest
    for sibling in islice(highest.itersiblings(), _BESIDE):
        if sibling in owners or _named(sibling) == _named(highest):  # a row of its own
            return
        yield sibling


def _named(element: "HtmlElement") -> tuple[str, str]:
    return str(element.tag), element.get("class") or ""


def dated(row: "Sequence[HtmlElement]") -> tuple[datetime | None, bool]:
    """Return the date in a row, and whether there is one, if an age such as "3 hours ago"."""
    aged = False
    for element in row:
        for time in islice(element.iter("time"), _BESIDE):
            if when := dates.parse(time.get("datetime") or ""):
                return when, True
            aged = True
    for piece in _pieces(row):
        if dates.may_hold(piece) and (when := dates.parse(piece)):
            return when, True
        aged = aged or bool(_AGE.match(piece))
    return None, aged


def _pieces(row: "Sequence[HtmlElement]") -> Iterator[str]:
    """Yield the short strings of a row."""
    strings = (piece for element in row for piece in element.itertext())
    for piece in islice(strings, _PIECES):
        if len(written := text.one_line(piece[: 4 * _LONGEST])) <= _LONGEST:
            yield written
