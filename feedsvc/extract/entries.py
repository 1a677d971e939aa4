"""Entries of lists, as flattened pages write them: a number or a bullet, then the words."""

import re

_ENTRY = re.compile(r"(?:\d{1,3}\s?[.、．)）]|[•·▪■□◦○●*–-])\s+(?=\S)|\d{1,3}[、．）](?=\S)")
_FIRST = frozenset("0123456789•·▪■□◦○●*–-")
"""What an entry begins with: asked first, as most lines are none."""


def item(line: str) -> str | None:
    """Return what a list's entry says, without its number or bullet; None for what is no entry."""
    if line[:1] not in _FIRST:
        return None
    match = _ENTRY.match(line)
    return line[match.end() :] if match else None
