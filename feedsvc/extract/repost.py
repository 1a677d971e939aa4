"""Old texts that a page dates anew: what they expect of years that were over long before."""

import re
from collections.abc import Iterator
from datetime import datetime

_AGE = 2  # years before publication; a plan for last year is a slip of the pen
_FUTURE = re.compile(
    r"(?:力争|争取|力爭|爭取|计划|計劃|预计|預計|拟|擬|有望|目标是|目標是|将于|將於|将在|將在|确保)[^。；;！？\n]{0,12}?"
    r"(?P<zh>(?:19|20)\d\d)年(?!以来|以來|至|到|—|-|起就)"
    r"|\b(?:will|plans? to|expects? to|expected to|aims? to|hopes? to|scheduled to|set to)\b[^.!?;\n]{0,80}?"
    r"\b(?:by|in|until|for|before|from)\b(?:\sthe\s\w+\sof|\s[A-Z][a-z]+)?\s(?P<en>(?:19|20)\d\d)\b"
)
_BEFORE, _BEHIND = 160, 12  # characters about a year in which it may be expected, and is not "since" it
_YEAR = re.compile(r"(?:19|20)\d\d(?<![\d.,].{4})(?![\d.,]?\d)")  # no part of a larger number


def problem(body: str, published: datetime) -> str | None:
    """Return why a text looks older than its page says, None where nothing does.

    A retrospective names old years too, but tells what happened in them. Only a text that expects something
    of a year at least two before its date, and that names no later year, was written before that year.
    """
    latest = max(_years(body), default=published.year)
    if latest > published.year - _AGE:
        return None
    named = str(latest)
    near = body[max(0, body.find(named) - _BEFORE) : body.rfind(named) + _BEHIND]
    expected = (found["zh"] or found["en"] for found in _FUTURE.finditer(near))
    if named not in expected:
        return None
    return f"possible repost: the text still expects {latest}, published {published.year}"


def _years(body: str) -> Iterator[int]:
    """Yield the years that a text names; a pattern alone takes five times as long to find them."""
    for century in ("19", "20"):
        at = body.find(century)
        while at >= 0:
            if found := _YEAR.match(body, at):
                yield int(found[0])
            at = body.find(century, at + 1)
