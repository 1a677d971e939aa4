"""Dates whose label makes them the article's, wherever on its page they stand ("Page last modified ...")."""

import re
from collections.abc import Iterator, Sequence

from feedsvc.extract import dates
from feedsvc.extract.blocks import Block
from feedsvc.extract.reading import Claim

_LONGEST = 160  # characters; a longer block is a paragraph
_BETWEEN = 12  # characters between a label and its date: ": ", " on ", " am "
_QUOTED = 60  # characters shown as provenance
# At the beginning of a line or behind a separator: in a sentence the same words tell of something else, and
# "Site last updated" is said of every page alike; "This page was last edited on" stands below documentation
# and wikis, which are never published.
_LEAD = r"(?:^|[|·•⋅–—]\s*)(?:(?:page|article|post)\s)?"
_PUBLISHED = re.compile(
    rf"{_LEAD}(?:(?:first\s)?published|posted|veröffentlicht|erschienen|erstellt|publié|publicado|pubblicato"
    r"|gepubliceerd)(?![^\W\d_])",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    rf"{_LEAD}(?:(?:last\s)?(?:updated|modified|revised|reviewed)|(?:zuletzt\s)?aktualisiert|mis à jour"
    r"|actualizado|aggiornato)(?![^\W\d_])",
    re.IGNORECASE,
)


def claims(page: Sequence[Block], end: int) -> Iterator[Claim]:
    """Yield the labelled dates of blocks in order, updates last.

    From `end` on, below the article, only updates count: comments are posted there.
    """
    for label, blocks in ((_PUBLISHED, page[:end]), (_UPDATED, page)):
        for block in blocks:
            if len(block.text) <= _LONGEST and dates.may_hold(block.text):
                yield from _claimed(label, block.text)


def _claimed(label: re.Pattern[str], line: str) -> Iterator[Claim]:
    written = dates.normalise(line)
    for found in dates.find(line):
        stated = label.search(written, 0, found.start)
        if stated and found.start - stated.end() <= _BETWEEN:
            yield Claim(rung="byline", when=found.when, origin=f"label {line[:_QUOTED]!r}")
            return
