"""Which blocks of a page an extractor took: its text, found again in the page.

Extractors rebuild what they take, so only the words lead back to the page's own elements.
"""

import re
from collections.abc import Iterable, Sequence

_NO_LETTER = re.compile(r"\W+")
_LONG = 25  # letters; a shorter line may stand anywhere and must follow the one before it
_NEAR = 1500  # letters within which it follows
_TELLING = 60  # letters; so long a line, found further up, says that the extractor went back there
_PIECE = 30  # letters of a piece of a line that is not found as a whole
_SCANS = 300  # of the whole page for a line that does not come next; each takes a page's length
_MOST = 0.5  # of a block's letters make it taken


def taken(blocks: Sequence[str], lines: Iterable[str]) -> list[bool]:
    """Tell of each block whether an extractor that wrote these lines took it."""
    letters = [_NO_LETTER.sub("", block) for block in blocks]
    page = _Page("".join(letters))
    for line in lines:
        page.find(line)
    found, start = [], 0
    for block in letters:
        hits = page.hits.count(1, start, start + len(block))
        found.append(hits > len(block) * _MOST)
        start += len(block)
    return found


class _Page:
    """The letters of a page, which of them were found, and where the last line ended."""

    def __init__(self, letters: str) -> None:
        self._letters = letters
        self._cursor = 0
        self._scans = _SCANS
        self.hits = bytearray(len(letters))

    def find(self, line: str) -> None:
        """Mark the letters of a line, as a whole or else in pieces."""
        wanted = _NO_LETTER.sub("", line)
        if not wanted or self._mark(wanted) or len(wanted) <= _LONG * 2:
            return
        for start in range(0, len(wanted), _PIECE):
            self._mark(wanted[start : start + _PIECE])

    def _mark(self, wanted: str) -> bool:
        at = self._letters.find(wanted, self._cursor, self._cursor + _NEAR + len(wanted))
        if at < 0 and len(wanted) >= _LONG and self._scans:
            self._scans -= 1
            at = self._letters.find(wanted, self._cursor)
            at = self._letters.find(wanted) if at < 0 else at
        if at < 0:
            return False
        end = at + len(wanted)
        self.hits[at:end] = b"\x01" * len(wanted)
        if at >= self._cursor or len(wanted) >= _TELLING:
            self._cursor = end
        return True
