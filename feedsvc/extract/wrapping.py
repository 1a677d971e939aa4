"""Lines that a dump broke at its margin, joined again."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from feedsvc import text
from feedsvc.extract import entries

_MARGINS = range(50, 101)  # columns at which dumps break lines
_FULL = 0.75  # of the longest line: such a line was broken, not ended
_STOPS = ("。", "！", "？", ".", "!", "?", "……")
_CLOSERS = "”’」』）)\"'】》 "


def unwrapped(written: Sequence[str]) -> Sequence[str]:
    """Join lines that a dump broke at its margin; pages with longer lines have no margin."""
    if max(map(len, written), default=0) >= _MARGINS.stop:
        return written
    margin = max(map(text.columns, written), default=0)
    full = int(margin * _FULL)
    return tuple(_joined(written, full)) if margin in _MARGINS and _has_margin(written, full) else written


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
