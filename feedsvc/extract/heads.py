"""What stands above a flattened body, and in its first and last lines: title, byline, who is credited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from feedsvc import text
from feedsvc.extract import bylines, dates, relative, reporters, titles, vocabulary
from feedsvc.extract.bylines import Byline
from feedsvc.extract.lines import Line

_HEAD = 15  # lines between title and body: byline, share buttons, a picture's caption
_REACH = 60  # the same with menus and lists in between
_NEAR = 4  # lines above a byline: kicker, title, standfirst, author
_SPOKEN = 16  # columns; shorter ones are names
_MUTE = frozenset({"listed", "links", "furniture", "repeated", "number", "end"})
_BYLINE = 120  # columns; a longer line with a date in it is prose
_PARAGRAPH = 60  # columns of a full line
_FULL_STOPS = ("。", ".")
_CALLS = (",", "，", "：", ":")  # Dear neighbours,
_TITLE = range(8, 201)  # columns
_NAMED = range(24, 201)  # columns of a title known by more than its place
_SPEAKING = frozenset({"short", "prose", "teaser", "listed", "disclaimer"})
_PUBLISHED = re.compile(
    "发布|发表|刊登|来源|更新|發布|發佈|發表|來源|published|posted|updated", re.IGNORECASE
)
_SIGNATURE = 3  # lines below the body
_AGE = 40  # columns of a line that only says how old an article is
_DAY = 20  # characters of a line that is a date
_CREDITS = 4  # lines below the body that may say who wrote it
_NAME = re.compile(r"[^\W\d_][^\d:：，。！？、|｜>〉《》]{1,15}$")
_DATE_LABEL = re.compile(
    "(?:发布|更新|发表|發布|發表|刊登)(?:时间|日期|時間|于|於)?[:：]?|(?:时间|日期|時間)[:：]|[原转][创载]|[原轉][創載]"
)
_ORIGINAL = re.compile("(?:原创|原創)\\s+")
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Title and byline of a page, and where the body may begin at the earliest."""

    title: str
    byline: Byline
    below: int


def read(page: Sequence[Line], start: int, end: int) -> Head:
    """Read what stands about a body that is `page[start:end]`."""
    above = _above(page, start)
    found = {index: bylines.read(page[index].text) for index in above if _may_date(page[index])}
    dated = [index for index, byline in found.items() if byline.published]
    top = dated[-1] if dated else start
    named = _title(page, [index for index in above if index < top], found)
    if named is None and dated:
        named = _recurring(page, top)
    title = "" if named is None else _words(page, named)
    if named is None and start < end and _may_head(page[start]):
        title = page[start].text
    told = [byline for byline in found.values() if byline]
    if not dated:
        told += [bylines.read(line.text) for line in page[start : start + 2] if _may_date(line)]
    byline = bylines.merged(told)
    if not byline.authors and (credited := tuple(_credited(page, start, end))):
        byline = replace(byline, authors=credited)
    if not byline.authors and not byline.source and named is not None:
        source = _publisher(page, named, top if dated else named)
        byline = replace(byline, source=source) if source else byline
    marks = [index for index, byline in found.items() if byline]
    return Head(title=title, byline=byline, below=max([-1 if named is None else named, *marks]) + 1)


def after_byline(page: Sequence[Line], start: int, end: int) -> int:
    """Return the start of a body behind a byline near its top: only notices and teasers stand above one."""
    for index in range(start, min(start + _HEAD, end)):
        line = page[index]
        if line.kind != "prose" and line.width <= _BYLINE and bylines.read(line.text).published:
            little = _score(page[start:index]) * 4 < _score(page[start:end])
            return index + 1 if little else start
    return start


def signed(page: Sequence[Line], end: int) -> tuple[datetime, ...]:
    """Return the day below a body, where notices are signed; a line with a time of day is a comment's."""
    below = (
        line.text for line in page[end : end + _SIGNATURE] if line.kind == "stamp" and ":" not in line.text
    )
    days = (when for text in below if len(text) <= _DAY and (when := dates.parse(text)))
    return tuple(days)[:1]


def reckoned(page: Sequence[Line], start: int, now: datetime) -> tuple[datetime, ...]:
    """Return the date above a body that leaves out the year, or counts back from `now`."""
    above = [line.text for line in page[max(0, start - _HEAD) : start] if line.width <= _AGE]
    told = (when for written in reversed(above) if (when := relative.moment(written, now)))
    if when := next(told, None):
        return (when,)
    elsewhere = [line.text for line in page[max(0, start - _HEAD) :]]
    days = (when for written in reversed(above) if (when := relative.in_year(written, elsewhere)))
    return tuple(islice(days, 1))


def _score(page: Sequence[Line]) -> int:
    return sum(line.score for line in page)


def _may_date(line: Line) -> bool:
    """Tell whether a line may be a byline: a sentence with a date in it tells what happened then."""
    return line.width <= _BYLINE and (line.kind != "prose" or bool(_PUBLISHED.search(line.text)))


def _may_head(line: Line) -> bool:
    """Tell whether the first line of a body may be its title: a full line that ends as a sentence is none."""
    return line.width in _TITLE and (line.width < _PARAGRAPH or not line.text.endswith(_FULL_STOPS))


def _above(page: Sequence[Line], start: int) -> list[int]:
    """Return where the lines just above the body are, in order; menus and lists between do not count."""
    telling = [index for index in range(max(0, start - _REACH), start) if page[index].kind not in _MUTE]
    return telling[-_HEAD:]


def _words(page: Sequence[Line], index: int) -> str:
    """Return a title's words; the page's first line may be the browser's, with the site's name behind."""
    return page[index].text if index else titles.without_site(page[index].text)


def _title(page: Sequence[Line], above: Sequence[int], found: dict[int, Byline]) -> int | None:
    """Return the line that the page's first line repeats, else the widest of those just above the byline.

    Section, author and buttons around a title are shorter; a standfirst is longer but ends as a sentence.
    """
    if not above:
        return None
    echoed = _echoed(page, above[-1])
    if echoed or _is_browsers(page[0], above):
        return max(echoed, key=lambda index: (page[index].width, index), default=0)
    able = [index for index in above if _can_be_title(page[index], found.get(index))]
    if not able:  # one word alone
        able = [i for i in above if page[i].kind == "short" and page[i].width < _TITLE.start]
    if not able:  # a story about a hotline looks like one
        able = [index for index in above[-1:] if page[index].kind == "disclaimer"]
    near = [i for i in able[-_NEAR:] if page[i].kind == "short" and page[i].width >= _SPOKEN] or able[-1:]
    return max(near, key=lambda index: page[index].width, default=None)


def _recurring(page: Sequence[Line], top: int) -> int | None:
    """Return the line just above a byline if other pages carry it: many notices are called the same."""
    above = page[top - 1] if top else None
    named = above is not None and above.kind == "repeated" and _may_head(above)
    return top - 1 if named else None


def _echoed(page: Sequence[Line], last: int) -> list[int]:
    """Return the lines that the page's first line begins with: a browser's title, the site's name behind."""
    first, letter = text.fold(page[0].text), page[0].text[0]
    return [
        index
        for index in range(1, last + 1)
        if page[index].text[0] == letter
        and page[index].width in _TITLE
        and page[index].kind in _SPEAKING
        and first.startswith(text.fold(page[index].text))
    ]


def _is_browsers(first: Line, above: Sequence[int]) -> bool:
    """Tell whether the first line is a browser's title: far above the body, with a site's name behind it."""
    kept = titles.without_site(first.text)
    far = 0 not in above[-_NEAR:] and first.kind in _SPEAKING
    return far and kept != first.text and text.columns(kept) in _NAMED


def _can_be_title(line: Line, byline: Byline | None) -> bool:
    if line.width not in _TITLE or line.kind not in {"short", "prose", "teaser"} or line.text[0] in "（([□【":
        return False
    return not line.text.endswith(_CALLS) and not (
        byline and (byline.published or byline.authors or byline.source)
    )


def _credited(page: Sequence[Line], start: int, end: int) -> Iterator[str]:
    """Yield whom a Chinese story names in brackets or in a line of its own, at its beginning or its end."""
    paragraphs = [line.text for line in page[start:end] if line.kind == "prose"]
    if not paragraphs or not _HAN.search(paragraphs[0]):
        return
    named = [name for paragraph in paragraphs[:2] for name in reporters.opening(paragraph)]
    named = named or list(reporters.closing(paragraphs[-1]))
    below = (line.text for line in page[max(start, end - 2) : end + _CREDITS] if line.width <= _PARAGRAPH)
    named = named or [name for written in below for name in reporters.wrote(written)]
    yield from dict.fromkeys(name for written in named for name in bylines.people(written))


def _publisher(page: Sequence[Line], title: int, dated: int) -> str:
    """Return the name that stands in a line with the date, or alone between title and date."""
    if not _HAN.search(page[title].text):
        return ""
    beside = page[dated].text if dated > title else ""
    for found in dates.find(beside):
        written = dates.normalise(beside)
        rest = f"{written[: found.start]} {written[found.end :]}"
        return next(_names(_DATE_LABEL.sub(" ", rest).split()), "") or _alone(page[title + 1 : dated])
    return _alone(page[title + 1 : title + 2])


def _alone(between: Sequence[Line]) -> str:
    written = (line.text for line in between if line.kind == "short")
    return next(_names(_ORIGINAL.sub("", line).partition("  ")[0] for line in written), "")


def _names(written: Iterator[str] | Sequence[str]) -> Iterator[str]:
    for name in written:
        label = name.casefold() in vocabulary.LABELS or name.startswith(vocabulary.COUNTERS)
        if _NAME.match(name) and not label and not bylines.is_account(name):
            yield name.partition("/")[0].strip()
