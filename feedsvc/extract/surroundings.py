"""What stands around an article on its page: who wrote it and when, below its title or at its end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import bylines, dates, labelled, titles
from feedsvc.extract.blocks import Block
from feedsvc.extract.reading import Claim

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ABOVE = 15  # blocks between title and body: byline, share buttons, a picture's caption
_KICKER = 4  # blocks above the title
_TOP = 4  # blocks of the body among which its byline may stand
_SIGNED = 3  # blocks below the body
_COLOPHON = 6  # blocks below the body among which labelled dates are its own, but for those of teasers
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PROSE = 100  # characters
_BYLINE = 160  # characters; a longer block is a paragraph or an author's life
_NO_NAMES = frozenset(
    {"by", "von", "par", "por", "di", "text", "author", "autor", "about the author", "follow", "share",
     "more", "关注"}
)  # fmt: skip
_QUOTED = 60  # characters of a byline shown as provenance
_NAMED = 80  # characters of an element that is called the author's
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|autorin|auteur|writer|reporter|contributor|creator|by)s?(?:[_-]?names?)?"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\W*(?:(?:written|posted|published|escribe|publié|escrito|text)\s*)?(?:by|von|par|por|di|autor(?:in)?|author)?\b[:\s]+",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\s*[|·•]|,?\s+(?:senior|staff|contributing|writer|editor|reporter|correspondent|contributor)\b",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|people|profiles?|contributors?|staff|by)/[^/]", re.IGNORECASE
)
_BOX = re.compile(r"(?:^|[\s_-])authors?[_-]*(?:bio|box|card|info|profile|about|description)", re.IGNORECASE)
_BOX_DEPTH = 6  # elements around a block, innermost first
_BOXED = 12  # blocks below an article among which a box about its author begins
_CLOCK = re.compile(r"\d:\d\d")  # below an article it is a comment that has a time of day
_SHORT_YEAR = re.compile(r"发布时间[:：]\s*(?P<y>\d\d)-(?P<m>\d\d)-(?P<d>\d\d)")
_LONE_DAY = re.compile(  # alone in its line but for a label and a time of day
    r"(?:(?!(?i:version|release))[^\W\d_]\D{0,19})?"
    r"(?:(?P<d>[0-3]\d)\.(?P<m>[01]\d)\.|(?P<either>\d\d?/\d\d?/))(?P<y>\d\d)"
    r"(?:\W{1,3}[0-2]?\d[:.][0-5]\d(?:\s?(?:Uhr|[AaPp][Mm]))?)?\W{0,3}"
)
_SENTENCE = 60  # columns
_STOPS = (".", "!", "?", "。", "！", "？")
_AFTER_NAMES = re.compile(
    r"[.,]?\s+(?:(?:last\s+)?(?:updated|published|posted|modified)\b|(?:medically\s+)?(?:reviewed|edited)\s+by\b)",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"updat|modif|aktualisiert", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the lines around an article say, best first."""

    authors: tuple[str, ...] = ()
    author_origin: str = ""
    called: tuple[str, ...] = ()
    """Names in elements that are called the author's."""
    announced: tuple[str, ...] = ()
    """Names below a line that only says "Written by", or in a box about the author."""
    source: str = ""
    published: tuple[Claim, ...] = ()
    shown: tuple[datetime, ...] = ()
    """What lines of their own say: to readers these are the article's dates."""
    updated: tuple[datetime, ...] = ()


def read(
    page: Sequence[Block], kept: Sequence[Block], title: str, order: dates.Order | None = None
) -> Surroundings:
    """Read what stands around the blocks of an article."""
    if not kept:
        return Surroundings()
    near = _near(page, kept, titles.letters(title))
    told = list(_told(near, order))
    spoken = next(((names, each) for each, _ in told if (names := _authors(each))), None)
    return Surroundings(
        authors=spoken[0] if spoken else (),
        author_origin=f"byline {spoken[1].text[:_QUOTED]!r}" if spoken else "",
        called=tuple(dict.fromkeys(name for each in near for name in _called_author(each))),
        announced=_announced(near, page) or _boxed(page, kept),
        source=next((byline.source for _, byline in told if byline.source), ""),
        published=(*_datelines((title, *(each.text for each in kept[:_TOP])), order), *_claims(told, order))
        or tuple(labelled.claims(*_labelled(page, kept, title), order)),
        shown=tuple(when for each in told if _is_short(each[0]) for when in _shown(*each, order)),
        updated=tuple(when for _, byline in told for when in byline.updated),
    )


def _near(page: Sequence[Block], kept: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks from an article's title to its first prose, above its title and below its end."""
    places = {block.element: index for index, block in enumerate(page)}
    first = next(
        (places[block.element] for block in kept if len(block.text) >= _PROSE), places[kept[0].element]
    )
    last = places[kept[-1].element]
    top = min(first + _TOP, last + 1)
    named = [
        index for index in range(max(0, first - 3 * _ABOVE), top) if titles.letters(page[index].text) == title
    ]
    named = [index for index in named if page[index].tag == "h1"] or named  # not a table of contents
    start = named[-1] + 1 if named else max(0, first - _ABOVE)
    above = page[max(0, start - 1 - _KICKER) : max(0, start - 1)] if named else _headed(page[:start], title)
    below = (each for each in page[max(top, last - 1) : last + 1 + _SIGNED] if not _CLOCK.search(each.text))
    return [*page[start:top], *above, *below]


def _headed(page: Sequence[Block], title: str) -> Sequence[Block]:
    """Return what stands just above and below a title that tables and offers part from its article."""
    places = (index for index, block in enumerate(page) if block.tag == "h1")
    place = next((index for index in places if titles.letters(page[index].text) == title), None)
    if place is None:
        return ()
    return (*page[max(0, place - _KICKER) : place], *page[place + 1 : place + 1 + _TOP])


def _told(near: Sequence[Block], order: dates.Order | None) -> Iterator[tuple[Block, bylines.Byline]]:
    """Yield the blocks that may be bylines, read; the block above may say that a date is an update's."""
    for above, block in zip(("", *(each.text for each in near)), near, strict=False):
        if _may_be_byline(block.text):
            byline = bylines.read(block.text, order)
            dated_below = byline.published and bylines.heads_update(above)
            yield block, bylines.updated(byline) if dated_below else byline


def _may_be_byline(line: str) -> bool:
    """Tell whether a line is short, and no sentence with a date in it."""
    return len(line) <= _BYLINE and not (len(line) > _SENTENCE and line.endswith(_STOPS))


def _is_short(block: Block) -> bool:
    """Tell whether a line says little beside a date; a caption or a heading says what happened then."""
    return text.columns(block.text) <= _SENTENCE


def _datelines(top: Sequence[str], order: dates.Order | None) -> Iterator[Claim]:
    """Yield the dates with which a title or a first paragraph begins ("(3 May 2024) The mill ...")."""
    for line in top:
        found = next(dates.find(line[:_QUOTED], order), None) if dates.may_hold(line[:_QUOTED]) else None
        if found and found.start == line.startswith("("):
            yield Claim(rung="byline", when=found.when, origin=f"dateline {line[:_QUOTED]!r}")


def _claims(told: Sequence[tuple[Block, bylines.Byline]], order: dates.Order | None) -> Iterator[Claim]:
    """Yield the dates of bylines; one that says only when a page was updated comes last."""
    updated: list[Claim] = []
    for each, byline in told:
        for when in (*byline.published[:1], *_unread(each, byline, order)):
            yield Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
        updated += [
            Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
            for when in byline.updated
        ]
    yield from updated


def _shown(block: Block, byline: bylines.Byline, order: dates.Order | None) -> Iterator[datetime]:
    yield from (*byline.published, *_unread(block, byline, order), *byline.updated)


def _unread(block: Block, byline: bylines.Byline, order: dates.Order | None) -> tuple[datetime, ...]:
    """Return the date of a byline in which none was read as people write it."""
    if byline.published or byline.updated:
        return ()
    return (*_machine_dates(block), *_short_year(block.text, order))


def _labelled(page: Sequence[Block], kept: Sequence[Block], title: str) -> tuple[Sequence[Block], int]:
    """Return an article's blocks from its title to its colophon, and how many of them come before that."""
    places = {block.element: index for index, block in enumerate(page)}
    first, end = places[kept[0].element], places[kept[-1].element] + 1
    key = titles.letters(title)
    start = next((index for index in range(first) if titles.letters(page[index].text) == key), first)
    below = takewhile(lambda block: block.tag not in _HEADINGS, page[end : end + _COLOPHON])
    return (*page[start:end], *below), end - start


def _machine_dates(block: Block) -> tuple[datetime, ...]:
    """Return what `<time>` says to machines where it says "yesterday" to people."""
    written = (time.get("datetime") or "" for time in block.element.iter("time"))
    return tuple(when for value in written if (when := dates.parse(value)))[:1]


def _authors(block: Block) -> tuple[str, ...]:
    return tuple(bylines.authors(_AFTER_NAMES.split(_undated(block.text))[0]))


def _announced(near: Sequence[Block], page: Sequence[Block]) -> tuple[str, ...]:
    """Return whom the block below one that says no more than "Written by" names."""
    labels = {each.element for each in near if bylines.is_label(each.text)}
    below = (after for each, after in pairwise(page) if each.element in labels) if labels else ()
    return next((names for each in below if (names := bylines.listed(each.text))), ())


def _boxed(page: Sequence[Block], kept: Sequence[Block]) -> tuple[str, ...]:
    """Return whom the box about the author below an article names."""
    end = next(index for index, block in enumerate(page) if block.element is kept[-1].element) + 1
    below = page[end : end + _BOXED]
    boxed = (block for block in below if any(map(_is_box, block.above[:_BOX_DEPTH])))
    return next((names for block in boxed if (names := bylines.listed(block.text))), _announced(below, page))


def _undated(line: str) -> str:
    """Return a line without its dates, which would pass for names."""
    if not dates.may_hold(line):
        return line
    written = dates.normalise(line)
    for found in reversed(list(dates.find(line))):
        written = f"{written[: found.start]} | {written[found.end :]}"
    return written


def _short_year(line: str, order: dates.Order | None) -> tuple[datetime, ...]:
    """Return a day written with two digits for its year, as Baidu's, many German and American pages do."""
    found = _SHORT_YEAR.search(line) or _LONE_DAY.fullmatch(line)
    if not found:
        return ()
    either = found.groupdict().get("either")
    written = f"{either}20{found['y']}" if either else f"20{found['y']}-{found['m']}-{found['d']}"
    when = dates.parse(written, order)
    return (when,) if when else ()


def _called_author(block: Block) -> Iterator[str]:
    """Yield the names in the innermost element that is called the author's."""
    for element in (*reversed(list(block.element.iter())), *block.above[1:4]):
        if _is_author(element):
            written = _undated(text.one_line(" ".join(element.itertext())))
            names = _ROLE.split(_LEAD.sub("", written))[0]
            if names and len(written) <= _NAMED and not _UPDATE.search(written):
                yield from (name for name in bylines.field(names) if _is_name(name))
                return


def _is_author(element: "HtmlElement") -> bool:
    """Tell whether an element is called the author's or leads to an author's page."""
    if element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
        return True
    return bool(_AUTHOR.search(" ".join(element.get(name) or "" for name in ("class", "id", "rel"))))


def _is_box(element: "HtmlElement") -> bool:
    return bool(_BOX.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_name(name: str) -> bool:
    return not any(map(str.isdigit, name)) and text.fold(name) not in _NO_NAMES
