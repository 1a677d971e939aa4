"""Dates whose label makes them the article's, wherever on its page they stand ("Page last modified ...")."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
_POSTED = re.compile(rf"{_LEAD}(?:posted|erstellt)(?![^\W\d_])", re.IGNORECASE)
_PUBLISHED = re.compile(
    rf"{_LEAD}(?:(?:first\s)?published|publication date|veröffentlicht|erschienen|publié|mise? en ligne"
    r"|date de publication|publicado|pubblicato|gepubliceerd|publicerad|publisert|udgivet|julkaistu"
    r"|opublikowano|publikováno|publicat|δημοσιεύθηκε|опубликовано|опубліковано|публикувано)(?![^\W\d_])",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    rf"{_LEAD}(?:(?:last\s)?(?:updated|modified|revised|reviewed)|(?:zuletzt\s)?aktualisiert|mis à jour"
    r"|actualizado|aggiornato)(?![^\W\d_])",
    re.IGNORECASE,
)


def claims(page: Sequence[Block], end: int, order: dates.Order | None = None) -> Iterator[Claim]:
    """Yield the dates that a label stands before or in the block above, in order, updates last.

    From `end` on, below the article, nothing posted counts: comments are.
    """
    for label, blocks in ((_PUBLISHED, page), (_POSTED, page[:end]), (_UPDATED, page)):
        for above, line in pairwise(("", *(block.text for block in blocks))):
            if len(line) <= _LONGEST and dates.may_hold(line):
                joined = line if dates.may_hold(above) else f"{above} {line}"
                yield from _claimed(label, line, order) or _claimed(label, joined, order)


def _claimed(label: re.Pattern[str], line: str, order: dates.Order | None) -> tuple[Claim, ...]:
    written = dates.normalise(line)
    for found in dates.find(line, order):
        stated = label.search(written, 0, found.start)
        if stated and found.start - stated.end() <= _BETWEEN:
            return (Claim(rung="byline", when=found.when, origin=f"label {line[:_QUOTED]!r}"),)
    return ()
