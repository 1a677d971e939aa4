"""Old texts that a page dates anew: what they expect of years that were over long before."""

import re
from datetime import datetime

_AGE = 2  # years before publication; a plan for last year is a slip of the pen
_FUTURE = re.compile(
    r"(?:力争|争取|力爭|爭取|计划|計劃|预计|預計|拟|擬|有望|目标是|目標是|将于|將於|将在|將在|确保)[^。；;！？\n]{0,12}?"
    r"(?P<zh>(?:19|20)\d\d)年(?!以来|以來|至|到|—|-|起就)"
    r"|\b(?:will|plans? to|expects? to|expected to|aims? to|hopes? to|scheduled to|set to)\b[^.!?;\n]{0,80}?"
    r"\b(?:by|in|until|for|before|from)\b(?:\sthe\s\w+\sof|\s[A-Z][a-z]+)?\s(?P<en>(?:19|20)\d\d)\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?<![\d.,].{4})(?![\d.,]?\d)")  # no part of a larger number


def problem(body: str, published: datetime) -> str | None:
    """Return why a text looks older than its page says, None where nothing does.

    A retrospective names old years too, but tells what happened in them. Only a text that expects something
    of a year at least two before its date, and that names no later year, was written before that year.
    """
    latest = max(map(int, _YEAR.findall(body)), default=published.year)
    if latest > published.year - _AGE:
        return None
    expected = (int(found["zh"] or found["en"]) for found in _FUTURE.finditer(body))
    if latest not in expected:
        return None
    return f"possible repost: the text still expects {latest}, published {published.year}"
