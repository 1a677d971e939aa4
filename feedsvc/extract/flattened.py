"""Pages saved as plain text: title, byline, body and related headlines from lines alone.

The body is the run of lines with the greatest sum of scores: prose counts for it, everything else against it,
so an advertisement between two paragraphs is bridged and a menu or a list of headlines is not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from feedsvc import text
from feedsvc.extract import bylines, dates, lines, titles, vocabulary
from feedsvc.extract.lines import Line
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.model import Document, Headline

_HEAD = 15  # lines between title and body: byline, share buttons, a picture's caption
_REACH = 60  # the same with menus and lists in between
_NEAR = 4  # lines above a byline: kicker, title, standfirst, author
_SPOKEN = 16  # columns; shorter ones are names
_MUTE = frozenset({"listed", "links", "furniture", "end"})
_BYLINE = 120  # columns; a longer line with a date in it is prose
_PARAGRAPH = 60  # columns of a full line
_FULL_STOPS = ("。", ".")
_PUBLISHED = re.compile(
    "发布|发表|刊登|来源|更新|發布|發佈|發表|來源|published|posted|updated", re.IGNORECASE
)
_SIGNATURE = 3  # lines below the body
_DAY = 20  # characters of a line that is a date
_TITLE = range(8, 201)  # columns
_DROPPED = frozenset({"furniture", "links", "end"})
_LIST = 5  # entries in a row make a list of headlines
_FEW = 3  # entries do below a heading that says so
_HEADLINE = range(8, 200)  # columns; shorter entries are a menu's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What stands above the body."""

    title: str
    byline: bylines.Byline


def read(page: str, _document: Document, _now: datetime) -> Reading:
    """Read a flattened page."""
    return read_lines(lines.classify(page))


def read_lines(page: Sequence[Line]) -> Reading:
    """Read a page from its classified lines."""
    start, end = best_run(page)
    start, end = _after_byline(page, start, end) if start < end else _without_prose(page)
    head = _head(page, start, end)
    dated = head.byline.published or _signed(page, end)
    body = [line.text for line in page[start:end] if line.kind not in _DROPPED]
    body = [line for line in body if line != head.title] or body
    return Reading(
        title=head.title,
        body=Body.plain(body),
        authors=head.byline.authors,
        published=tuple(Claim(rung="byline", when=when) for when in dated[:1]),
        updated=head.byline.updated,
        related=tuple(headlines((*page[:start], *page[end:]))),
        origin="lines of the page",
    )


def best_run(page: Sequence[Line]) -> tuple[int, int]:
    """Return the bounds of the run with the greatest sum of scores, an empty one where nothing scores."""
    best = total = begin = 0
    bounds = (len(page), len(page))
    for index, line in enumerate(page):
        if total <= 0:
            total, begin = 0, index
        total += line.score
        if total > best:
            best, bounds = total, (begin, index + 1)
    return bounds


def _without_prose(page: Sequence[Line]) -> tuple[int, int]:
    """Return the bounds of a note, a poem or a table: all after the title, or all where that is nothing."""
    first = next((index for index, line in enumerate(page) if line.kind == "short"), len(page))
    return (first + 1 if first + 1 < len(page) else first), len(page)


def headlines(rest: Sequence[Line]) -> Iterator[Headline]:
    """Yield the entries of the lists outside the body that hold headlines, without number or bullet."""
    above = ""
    for kind, group in groupby(rest, _listing):
        listed = list(group)
        headed = lines.label(above) in vocabulary.RELATED  # such a list needs no numbers
        found = [lines.item(line.text) or line.text for line in listed]
        wide = sum(lines.columns(title) in _HEADLINE for title in found) * 2 > len(found)
        if wide and (kind == "numbered" or (headed and kind)) and len(found) >= (_FEW if headed else _LIST):
            yield from (Headline(title=title) for title in found)
        above = listed[-1].text


def _listing(line: Line) -> str:
    """Return what kind of list a line may stand in, "" for none."""
    if line.kind == "links":
        return ""
    return "numbered" if lines.item(line.text) else "plain" if line.kind == "short" else ""


def _after_byline(page: Sequence[Line], start: int, end: int) -> tuple[int, int]:
    """Move the start of a body behind a byline near its top: only notices and teasers stand above one."""
    for index in range(start, min(start + _HEAD, end)):
        line = page[index]
        if line.kind != "prose" and line.width <= _BYLINE and bylines.read(line.text).published:
            little = _score(page[start:index]) * 4 < _score(page[start:end])
            return (index + 1 if little else start), end
    return start, end


def _score(page: Sequence[Line]) -> int:
    return sum(line.score for line in page)


def _head(page: Sequence[Line], start: int, end: int) -> _Head:
    above = _above(page, start)
    read = {index: bylines.read(page[index].text) for index in above if _may_date(page[index])}
    dated = [index for index, byline in read.items() if byline.published]
    title = _title(page, [index for index in above if index < (dated[-1] if dated else start)])
    if not title and start < end and _may_head(page[start]):
        title = page[start].text
    found = [byline for byline in read.values() if byline != bylines.Byline()]
    if not dated:
        found += [bylines.read(line.text) for line in page[start : start + 2] if _may_date(line)]
    return _Head(title=title, byline=_merged(found))


def _may_date(line: Line) -> bool:
    """Tell whether a line may be a byline: a sentence with a date in it tells what happened then."""
    return line.width <= _BYLINE and (line.kind != "prose" or bool(_PUBLISHED.search(line.text)))


def _may_head(line: Line) -> bool:
    """Tell whether the first line of a body may be its title: a full line that ends as a sentence is none."""
    return line.width in _TITLE and (line.width < _PARAGRAPH or not line.text.endswith(_FULL_STOPS))


def _signed(page: Sequence[Line], end: int) -> tuple[datetime, ...]:
    """Return the day below a body, where notices are signed; a line with a time of day is a comment's."""
    below = (
        line.text for line in page[end : end + _SIGNATURE] if line.kind == "stamp" and ":" not in line.text
    )
    days = (when for text in below if len(text) <= _DAY and (when := dates.parse(text)))
    return tuple(days)[:1]


def _above(page: Sequence[Line], start: int) -> list[int]:
    """Return where the lines just above the body are, in order; menus and lists between do not count."""
    telling = [index for index in range(max(0, start - _REACH), start) if page[index].kind not in _MUTE]
    return telling[-_HEAD:]


def _merged(found: Sequence[bylines.Byline]) -> bylines.Byline:
    """Return one byline of several lines; of several dates the last, as it stands nearest to the body."""
    return bylines.Byline(
        authors=tuple(dict.fromkeys(name for byline in found for name in byline.authors)),
        published=next((byline.published for byline in reversed(found) if byline.published), ()),
        updated=tuple(when for byline in found for when in byline.updated),
    )


def _title(page: Sequence[Line], above: Sequence[int]) -> str:
    """Return the line that the page's first line repeats, else the widest of those just above the byline.

    Section, author and buttons around a title are shorter; a standfirst is longer but ends as a sentence.
    """
    able = [page[index] for index in above if _can_be_title(page[index])]
    if not able:  # one word alone
        able = [page[i] for i in above if page[i].kind == "short" and page[i].width < _TITLE.start]
    if not able:  # a story about a hotline looks like one
        able = [page[index] for index in above[-1:] if page[index].kind == "disclaimer"]
    first = text.fold(page[0].text) if page else ""
    repeated = [line for line in able if line is not page[0] and first.startswith(text.fold(line.text))]
    near = [line for line in able[-_NEAR:] if line.kind == "short" and line.width >= _SPOKEN] or able[-1:]
    best = max(repeated or near, key=lambda line: line.width, default=None)
    return "" if best is None else best.text if best is not page[0] else titles.without_site(best.text)


def _can_be_title(line: Line) -> bool:
    if line.width not in _TITLE or line.kind not in {"short", "prose", "teaser"} or line.text[0] in "（([□【":
        return False
    return not (byline := bylines.read(line.text)).published and not byline.authors
