"""Lines of a flattened page, each classified by what it looks like."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from feedsvc import text
from feedsvc.extract import dates, vocabulary

Kind = Literal["prose", "short", "listed", "teaser", "stamp", "links", "furniture", "disclaimer", "end"]

_ITEM = re.compile(r"(?:\d{1,3}\s?[.、．)）]|[•·▪■□◦○●*–-])\s+(?=\S)|\d{1,3}[、．）](?=\S)")
_PLACEHOLDER = re.compile(r"\[[^\]\s]*\]$")
_PAUSES = "，、；。！？,;"
_STOPS = ("。", "！", "？", ".", "!", "?", "……")
_CALLS = ("！", "？", "!", "?")
_COLONS = ("；", "：", ":", ";", "，", ",", "—")  # a full line may lead over to the next
_CUT = ("...", "…", "[…]", "[...]")
_AGO = re.compile(r"(?:(?:\d|\ban?\b).{1,12}(?:\bago|前)|\d:\d\d)$")
_CLOSERS = "”’」』）)\"'】》 "
_PROSE = 60  # columns: a full line of type
_LONG = 120  # prose of that length need not end a sentence
_SENTENCE = 400  # columns that count; past that a paragraph says no more by being longer
_NOTICE = 240  # a longer disclaimer is a paragraph about one
_NAMES = 20  # columns of the widest entry in a row of links
_ROW = 4  # so many entries are a row
_WRAPPED = range(50, 101)  # columns at which dumps break lines
_FULL = 0.75  # of the longest line: such a line was broken, not ended

_SCORES: dict[Kind, int] = {
    "short": -25,
    "listed": -40,
    "teaser": -60,
    "stamp": -_SENTENCE,  # the paragraph below is a teaser or a comment: it must not pay the way
    "links": -60,
    "furniture": -25,
    "disclaimer": -150,
    "end": -3 * _SENTENCE,  # only a whole story weighs more, and no list of teasers is one
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is not blank; `score` says how much it speaks for being body, in columns."""

    text: str
    kind: Kind
    score: int
    width: int
    """Columns, roughly: East Asian characters two."""


def classify(page: str, repeated: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """Return the lines of a page, classified; `repeated` are lines that other pages carry too."""
    written = [line for line in map(_trim, _unwrapped(page.splitlines())) if line]
    folded = page.casefold()
    notices = tuple(words for words in vocabulary.NOTICES if words in folded)
    return tuple(_line(line, repeated, notices) for line in written)


def item(line: str) -> str | None:
    """Return what a list's entry says, without its number or bullet; None for what is no entry."""
    match = _ITEM.match(line)
    return line[match.end() :] if match else None


def label(line: str) -> str:
    """Return the words of a heading as `vocabulary` lists them: folded, without number, count or colon."""
    return line.casefold().strip(":： >»#0123456789()（）")


def columns(line: str) -> int:
    """Estimate the width of a text from its length in UTF-8, 20 times faster than by character."""
    return len(line) if line.isascii() else (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _line(line: str, repeated: frozenset[str], notices: tuple[str, ...]) -> Line:
    width = columns(line)
    kind = _kind(line, width, repeated, notices)
    score = _prose_score(width) if kind == "prose" else _SCORES[kind]
    return Line(text=line, kind=kind, score=score, width=width)


def _kind(line: str, width: int, repeated: frozenset[str], notices: tuple[str, ...]) -> Kind:
    if line in repeated:
        return "furniture"
    folded = line.casefold()
    if notices and sum(map(folded.count, notices)) > _is_paragraph(line, width):
        return "disclaimer"
    if width < _PROSE and (kind := _label_kind(folded)):
        return kind
    if _is_row(line, width) and dates.parse(line) is None:  # a byline is a row too
        return "links"
    return _by_ending(line, width)


def _is_paragraph(line: str, width: int) -> bool:
    """Tell whether a line says enough to be a paragraph that only mentions a hotline or a newsletter."""
    return width > _NOTICE or (width > _LONG and line.count("。") + line.count(". ") > 1)


def _by_ending(line: str, width: int) -> Kind:
    end = line.rstrip(_CLOSERS)
    if end.endswith(_CUT) and not end.endswith("……"):
        return "teaser"
    if end.endswith(_STOPS) or (width >= _PROSE and end.endswith(_COLONS)):
        # An entry that asks or exclaims is a headline; one that states is a point the article makes.
        return "listed" if end.endswith(_CALLS) and item(line) else "prose"
    if width >= _LONG and _pauses(line) > 1:
        return "prose"
    if width < _PROSE and _is_stamp(line):
        return "stamp"
    return "listed" if item(line) else "short"


def _is_stamp(line: str) -> bool:
    """Tell whether a short line only says when, as under teasers and comments; bodies date in sentences."""
    return bool(_AGO.search(line)) or (("20" in line or "19" in line) and dates.parse(line) is not None)


def _label_kind(folded: str) -> Kind | None:
    words = label(folded)
    if words in vocabulary.ENDS:
        return "end"
    return "furniture" if words in vocabulary.LABELS or not words or _PLACEHOLDER.match(folded) else None


def _is_row(line: str, width: int) -> bool:
    """Tell whether a line is a row of short entries side by side, as navigation and link farms are."""
    if line.count("|") + line.count("｜") + line.count(" · ") + line.count(" > ") >= _ROW - 1:
        return True
    if width * 2 < len(line) * 3:  # between words of Latin script a space says nothing
        return False
    words = line.split()
    return len(words) >= _ROW and len(line) * 2 <= len(words) * _NAMES and _pauses(line) == 0


def _pauses(line: str) -> int:
    return sum(map(line.count, _PAUSES))


def _prose_score(width: int) -> int:
    return min(width, _SENTENCE) if width >= _PROSE else width // 4


def _trim(line: str) -> str:
    return line.strip(" \t\xa0\u3000\ufeff\u200b\r\n\f\v")


def _unwrapped(written: list[str]) -> Iterable[str]:
    """Join lines that a dump broke at its margin; pages with longer lines have no margin."""
    if max(map(len, written), default=0) >= _WRAPPED.stop:
        return written
    margin = max(map(columns, written), default=0)
    full = int(margin * _FULL)
    return _joined(written, full) if margin in _WRAPPED and _has_margin(written, full) else written


def _has_margin(written: list[str], full: int) -> bool:
    """Tell whether most lines that go on (a line follows at once) are full, and broken off in a sentence."""
    going_on = [
        columns(line) >= full and not line.rstrip(_CLOSERS).endswith(_STOPS)
        for line, after in pairwise(written)
        if line.strip() and after.strip()
    ]
    return len(going_on) > 1 and sum(going_on) * 2 > len(going_on)


def _joined(written: list[str], full: int) -> Iterator[str]:
    held = ""
    goes_on = False
    for line in written:
        if goes_on and line.strip() and not item(line.strip()):
            held += _glue(held, line.strip()) + line.strip()
        else:
            yield held
            held = line
        goes_on = columns(line) >= full
    yield held


def _glue(before: str, after: str) -> str:
    """Return what stands between two halves of a broken line: a space, but nothing between ideographs."""
    wide = max(text.width(before[-1:]), text.width(after[:1]))
    return " " if wide == 1 else ""
