"""Lines that a dump broke at its margin, joined again."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from feedsvc import text
from feedsvc.extract import entries

_MARGINS = range(50, 101)  # columns at which dumps break lines
_BEYOND = _MARGINS.stop // 3  # characters: no character takes three columns, so a shorter line is within
_FULL = 0.75  # of the longest line: such a line was broken, not ended
_STOPS = ("。", "！", "？", ".", "!", "?", "……")
_ENDS = ".!?。！？:："
_FOLLOWING = frozenset(",.;)]”’、，。；！？)")
_LEADING = 40  # columns; menus in lower case are narrower
_CODE = re.compile("[(){}=<>;_]")
_CLOSERS = "”’」』）)\"'】》 "


def unwrapped(written: Sequence[str]) -> Sequence[str]:
    """Join lines that a dump broke at its margin; pages with longer lines have no margin."""
    if any(text.columns(line) >= _MARGINS.stop for line in written if len(line) >= _BEYOND):
        return written
    margin = max(map(text.columns, written), default=0)
    full = int(margin * _FULL)
    return tuple(_joined(written, full)) if margin in _MARGINS and _has_margin(written, full) else written


def gathered(written: Sequence[str]) -> list[str]:
    """Join what a link or a word in italics parted from its paragraph; `written` holds no blank lines."""
    found: list[str] = []
    for line in written:
        first = line[0]
        if (first in _FOLLOWING or first.islower()) and found and _goes_on(found[-1], line):
            found[-1] += line if first in _FOLLOWING else f" {line}"
        else:
            found.append(line)
    return found


def _goes_on(before: str, line: str) -> bool:
    """Tell whether a line follows from the one before it: no line begins with a comma, few in lower case."""
    if len(line) == 1 or before[-1] in _ENDS or line.startswith("..."):
        return False
    return line[0] in _FOLLOWING or (
        text.columns(before) >= _LEADING
        and text.columns(line) * 2 >= _LEADING
        and not _CODE.search(before + line)
    )


def _has_margin(written: Sequence[str], full: int) -> bool:
    """Tell whether most lines that go on (a line follows at once) are full, and broken off in a sentence."""
    going_on = [
        text.columns(line) >= full and not line.rstrip(_CLOSERS).endswith(_STOPS)
        for line, after in pairwise(written)
        if line.strip() and after.strip()
    ]
    return len(going_on) > 1 and sum(going_on) * 2 > len(going_on)


def _joined(written: Sequence[str], full: int) -> Iterator[str]:
    held = ""
    goes_on = False
    for line in written:
        if goes_on and (rest := line.strip()) and entries.item(rest) is None:
            held += _glue(held, rest) + rest
        else:
            yield held
            held = line
        goes_on = text.columns(line) >= full
    yield held


def _glue(before: str, after: str) -> str:
    """Return what stands between two halves of a broken line: a space, but nothing between ideographs."""
    wide = max(text.width(before[-1:]), text.width(after[:1]))
    return " " if wide == 1 else ""
