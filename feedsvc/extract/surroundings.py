"""What stands around an article on its page: who wrote it and when, below its title or at its end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
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
_CLOCK = re.compile(r"\d:\d\d")  # below an article it is a comment that has a time of day
_SHORT_YEAR = re.compile(r"发布时间[:：]\s*(\d\d-\d\d-\d\d)")
_SENTENCE = 60  # characters
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
    """Names below a line that only says "Written by"."""
    source: str = ""
    published: tuple[Claim, ...] = ()
    updated: tuple[datetime, ...] = ()


def read(page: Sequence[Block], kept: Sequence[Block], title: str) -> Surroundings:
    """Read what stands around the blocks of an article."""
    if not kept:
        return Surroundings()
    near = _near(page, kept, titles.letters(title))
    told = [(each, bylines.read(each.text)) for each in near if _may_be_byline(each.text)]
    spoken = next(((names, each) for each, _ in told if (names := _authors(each))), None)
    return Surroundings(
        authors=spoken[0] if spoken else (),
        author_origin=f"byline {spoken[1].text[:_QUOTED]!r}" if spoken else "",
        called=tuple(dict.fromkeys(name for each in near for name in _called_author(each))),
        announced=next((names for each, _ in told if (names := _announced(each, page))), ()),
        source=next((byline.source for _, byline in told if byline.source), ""),
        published=(*_datelines(title, kept[:_TOP]), *_claims(told)) or tuple(_labelled(page, kept, title)),
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
    above = page[max(0, start - 1 - _KICKER) : max(0, start - 1)] if named else ()
    below = (each for each in page[max(top, last - 1) : last + 1 + _SIGNED] if not _CLOCK.search(each.text))
    return [*page[start:top], *above, *below]


def _may_be_byline(line: str) -> bool:
    """Tell whether a line is short, and no sentence with a date in it."""
    return len(line) <= _BYLINE and not (len(line) > _SENTENCE and line.endswith(_STOPS))


def _datelines(title: str, top: Sequence[Block]) -> Iterator[Claim]:
    """Yield the dates with which a title or a first paragraph begins ("3 May 2024 - The mill ...")."""
    for line in (title, *(block.text for block in top)):
        found = next(dates.find(line[:_QUOTED]), None) if dates.may_hold(line[:_QUOTED]) else None
        if found and found.start == 0:
            yield Claim(rung="byline", when=found.when, origin=f"dateline {line[:_QUOTED]!r}")


def _claims(told: Sequence[tuple[Block, bylines.Byline]]) -> Iterator[Claim]:
    """Yield the dates of bylines; one that says only when a page was updated comes last."""
    updated: list[Claim] = []
    for each, byline in told:
        machine = (
            (*_machine_dates(each), *_short_year(each.text))
            if not byline.published and not byline.updated
            else ()
        )
        for when in (*byline.published[:1], *machine):
            yield Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
        updated += [
            Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
            for when in byline.updated
        ]
    yield from updated


def _labelled(page: Sequence[Block], kept: Sequence[Block], title: str) -> Iterator[Claim]:
    """Yield the dates whose labels say that they are the article's, from its title to just below it."""
    places = {block.element: index for index, block in enumerate(page)}
    first, end = places[kept[0].element], places[kept[-1].element] + 1
    key = titles.letters(title)
    start = next((index for index in range(first) if titles.letters(page[index].text) == key), first)
    yield from labelled.claims(page[start : end + _SIGNED], end - start)


def _machine_dates(block: Block) -> tuple[datetime, ...]:
    """Return what `<time>` says to machines where it says "yesterday" to people."""
    written = (time.get("datetime") or "" for time in block.element.iter("time"))
    return tuple(when for value in written if (when := dates.parse(value)))[:1]


def _authors(block: Block) -> tuple[str, ...]:
    return tuple(bylines.authors(_AFTER_NAMES.split(_undated(block.text))[0]))


def _announced(block: Block, page: Sequence[Block]) -> tuple[str, ...]:
    """Return whom the block below one that says no more than "Written by" names."""
    if not bylines.is_label(block.text):
        return ()
    after = next((below for each, below in pairwise(page) if each is block), None)
    return bylines.listed(after.text) if after else ()


def _undated(line: str) -> str:
    """Return a line without its dates, which would pass for names."""
    if not dates.may_hold(line):
        return line
    written = dates.normalise(line)
    for found in reversed(list(dates.find(line))):
        written = f"{written[: found.start]} | {written[found.end :]}"
    return written


def _short_year(line: str) -> tuple[datetime, ...]:
    """Return a day written with two digits for its year, as Baidu's pages do."""
    found = _SHORT_YEAR.search(line)
    return tuple(when for when in (dates.parse(f"20{found[1]}"),) if when) if found else ()


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


def _is_name(name: str) -> bool:
    return not any(map(str.isdigit, name)) and text.fold(name) not in _NO_NAMES
