"""Pages saved as plain text: title, byline, body and related headlines from lines alone.

The body is the run of lines with the greatest sum of scores: prose counts for it, everything else against it,
so an advertisement between two paragraphs is bridged and a menu or a list of headlines is not.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, pairwise

from feedsvc import text
from feedsvc.extract import edges, heads, lines, vocabulary
from feedsvc.extract.lines import Line
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.model import Document, Headline

_HEAVY = 2  # a run of half the greatest sum is an article too
_DROPPED = frozenset({"furniture", "repeated", "links", "end"})
_HEADING = frozenset({"end", "links"})  # a list's heading looks like either
_LIST = 5  # entries in a row make a list of headlines
_FEW = 3  # entries do below a heading that says so
_HEADLINE = range(8, 200)  # columns; shorter entries are a menu's
_SURELY = range(8, 80)  # characters of a headline: each takes from one to two and a half columns
_PARAGRAPH = 60  # columns of a full line
_TWICE = 2
_CLOSING = 40  # lines between a Chinese body's last full paragraph and the editor's credit
_EDITED = re.compile(r"[\[【（(]?(?:责任编辑|責任編輯|责编|編輯|编辑|校对|采写|撰文)\s?[|｜:：/ ]")
_STORY = frozenset({"short", "number", "prose", "furniture", "repeated"})
_CREDIT = re.compile(
    r"^\W*(?:photos?|images?|pictures?|photographs?|caption|file photo|credit)\b|getty images|\bcourtesy of\b"
    r"|\(ap\)$|, ap$|\breuters$|\bshutterstock\b|\(image:",
    re.IGNORECASE,
)
_CREDITING = (
    "photo", "mage", "ctur", "capt", "cred", "getty", "courtesy", "reuters", "shutterstock", "ap)", ", ap",
)  # fmt: skip
"""Of each of these, folded, and without the letter i, which has a case of its own in Turkish."""
_CAPTIONED = (")", ").", "Images", "Images.", "Photo", "Photo.")
_TAIL = 80  # characters at a caption's end that name who took the picture
_CREDITED = re.compile(  # how a caption of full sentences ends
    r"(?:\((?:AP|AFP|Reuters|Getty)[^()]{0,60}\)|\((?:Photo|Image|Picture)(?: by|:) [^()]{0,60}\)"
    r"|\b(?:AP|AFP|Reuters|File) Photo[^().]{0,50}\)?|\bGetty Images\)?)\.?$"
)
_CODE = re.compile("[{}=<>]")
_LETTER = {"above": 3, "below": 6}  # lines: a salutation; a greeting, a name, an office, a day
_PLAIN = frozenset({"short", "prose", "stamp"})


def read(page: str, document: Document, now: datetime, repeated: frozenset[str] = frozenset()) -> Reading:
    """Read a flattened page; ages in it ("3小时前") count back from the file's time, else from `now`."""
    saved = document.modified.astimezone(now.tzinfo) if document.modified else now
    return read_lines(lines.classify(page, repeated), saved)


def read_lines(page: Sequence[Line], now: datetime | None = None) -> Reading:
    """Read a page from its classified lines; without `now` an age is no date."""
    start, end = best_run(page)
    if start < end:
        start = heads.after_byline(page, start, end)
        end = _closed(page, end)
    else:
        start, end = _without_prose(page)
    head = heads.read(page, start, end)
    dated = (
        head.byline.published or heads.signed(page, end) or (heads.reckoned(page, start, now) if now else ())
    )
    if _is_letter(page, head.below, start, end):
        start, end = head.below, len(page)
    body = [line.text for line in _story(page, start, end)]
    body = [line for line in body if line != head.title] or body
    return Reading(
        title=head.title,
        body=Body.plain(body),
        authors=head.byline.authors or tuple(filter(None, [head.byline.source])),
        published=tuple(Claim(rung="byline", when=when) for when in dated[:1]),
        updated=head.byline.updated,
        related=tuple(headlines((*page[:start], *page[end:]))),
        problems=_shared(page[start:end]),
        origin="lines of the page",
    )


def _shared(body: Sequence[Line]) -> tuple[str, ...]:
    """Say how much of a body is left out because other pages carry it, where that may have been prose."""
    count = sum([line.kind == "repeated" and line.width >= _PARAGRAPH for line in body])
    return (f"full lines left out because other pages have them, too: {count}",) if count else ()


def best_run(page: Sequence[Line]) -> tuple[int, int]:
    """Return the bounds of the run with the greatest sum of scores, an empty one where nothing scores.

    Of heavy runs the first is the article: other articles' teasers and readers' comments stand below it.
    """
    found = list(_runs(page))
    most = max((score for score, _, _ in found), default=0)
    heavy = (bounds for score, *bounds in found if score * _HEAVY >= most)
    start, end = next(heavy, (len(page), len(page)))
    return start, end


def headlines(rest: Sequence[Line]) -> list[Headline]:
    """Return the entries of the lists outside the body that hold headlines, without number or bullet."""
    entries = [line for line in rest if line.item]
    if len(entries) < _LIST and not any(_heads_list(line) for line in rest if line.kind in _HEADING):
        return []
    found: list[Headline] = []
    above = None
    for kind, group in groupby(rest, _listing):
        listed = list(group)
        if kind and len(listed) >= _FEW:
            headed = above is not None and _heads_list(above)  # such a list needs no numbers
            if headed or (kind == "numbered" and len(listed) >= _LIST):
                titles = [line.item or line.text for line in listed]
                found += [Headline(title=title) for title in titles] if _are_wide(titles) else ()
        above = listed[-1]
    return found


def _heads_list(line: Line) -> bool:
    return line.kind in _HEADING and lines.label(line.text) in vocabulary.RELATED


def _are_wide(titles: Sequence[str]) -> bool:
    """Tell whether most titles are wide enough to be headlines; those of menus are not."""
    wide = [title for title in titles if len(title) in _SURELY or text.columns(title) in _HEADLINE]
    return len(wide) * 2 > len(titles)


def _runs(page: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
    """Yield the runs that scores add up to, each with its sum and bounds, in order.

    An article that is over does not go on: its run ends there, whatever it weighs.
    """
    best = total = begin = end = 0
    for index, line in enumerate(page):
        total += line.score
        if total > best:
            best, end = total, index + 1
        elif total <= 0 or line.kind == "end":
            if best:
                yield best, begin, end
            best, total, begin = 0, 0, index + 1
    if best:
        yield best, begin, end


def _without_prose(page: Sequence[Line]) -> tuple[int, int]:
    """Return the bounds of a note, a poem or a table: all after the title, or all where that is nothing."""
    first = next((index for index, line in enumerate(page) if line.kind == "short"), len(page))
    return (first + 1 if first + 1 < len(page) else first), len(page)


def _closed(page: Sequence[Line], end: int) -> int:
    """Move the end of a Chinese body down to the editor's credit, which closes an article there."""
    for index in range(end, min(end + _CLOSING, len(page))):
        if _EDITED.match(page[index].text):
            return index
        if page[index].kind not in _STORY:
            break
    return end


def _is_letter(page: Sequence[Line], top: int, start: int, end: int) -> bool:
    """Tell whether nothing but an article is there, so that salutation and signature belong to it."""
    above, below = page[top:start], page[end:]
    return (
        bool(above or below)
        and len(above) <= _LETTER["above"]
        and len(below) <= _LETTER["below"]
        and all(_is_plain(line) for line in (*page[:start], *below))
    )


def _is_plain(line: Line) -> bool:
    return line.kind in _PLAIN and line.width < _PARAGRAPH and not _EDITED.match(line.text)


def _story(page: Sequence[Line], start: int, end: int) -> list[Line]:
    """Return the lines of a body without what a template put in between."""
    kept = [line for line in page[start:end] if line.kind not in _DROPPED]
    doubled = _doubled(page, kept)
    own = [line for line in kept if not _is_credit(line) and line.text not in doubled]
    foreign = edges.clinging([line.text for line in own])
    own = [line for place, line in enumerate(own) if place not in foreign]
    return own if sum([line.width for line in own]) * 2 > sum([line.width for line in kept]) else kept


def _doubled(page: Sequence[Line], kept: Sequence[Line]) -> frozenset[str]:
    """Return the full lines that a template wrote twice: for a gallery too, or one below the other.

    What stands there more often, lines apart, is a refrain or a question asked of everybody.
    """
    wide = [line for line in page if line.width >= _PARAGRAPH]
    if len({line.text for line in wide}) == len(wide):
        return frozenset()
    count = Counter(line.text for line in wide if _is_latin(line))
    close = {line.text for before, line in pairwise(kept) if before.text == line.text}
    return frozenset(
        line for line, copies in count.items() if copies == _TWICE or (copies > 1 and line in close)
    )


def _is_latin(line: Line) -> bool:
    """Tell whether a line is a sentence in Latin script: code says the same thing twice as it pleases."""
    return line.width * 2 < len(line.text) * 3 and _CODE.search(line.text) is None


def _is_credit(line: Line) -> bool:
    """Tell whether a line is a picture's: left without its picture it says nothing."""
    if line.kind == "short":
        folded = line.text.casefold()
        able = any(part in folded for part in _CREDITING)  # as few lines are
        return able and _is_latin(line) and _CREDIT.search(line.text) is not None
    return line.text.endswith(_CAPTIONED) and _CREDITED.search(line.text[-_TAIL:]) is not None


def _listing(line: Line) -> str:
    """Return what kind of list a line may stand in, "" for none."""
    if line.kind == "links":
        return ""
    return "numbered" if line.item else "plain" if line.kind == "short" else ""
