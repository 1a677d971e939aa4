"""What stands around an article on its page: who wrote it and when, in the lines below its title or its end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc import text
from feedsvc.extract import bylines, dates, titles
from feedsvc.extract.blocks import Block
from feedsvc.extract.reading import Claim

_ABOVE = 15  # blocks between title and body: byline, share buttons, a picture's caption
_KICKER = 4  # blocks above the title
_TOP = 2  # blocks of the body that may be its byline
_SIGNED = 3  # blocks below the body
_PROSE = 100  # characters
_BYLINE = 160  # characters; a longer block is a paragraph or an author's life
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
_UPDATE = re.compile(r"updat|modif|aktualisiert", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the lines around an article say, best first."""

    authors: tuple[str, ...] = ()
    author_origin: str = ""
    called: tuple[str, ...] = ()
    """Names in elements that are called the author's."""
    source: str = ""
    published: tuple[Claim, ...] = ()
    updated: tuple[datetime, ...] = ()


def read(page: Sequence[Block], kept: Sequence[Block], title: str) -> Surroundings:
    """Read what stands around the blocks of an article."""
    if not kept:
        return Surroundings()
    near = _near(page, kept, titles.letters(title))
    told = [(each, bylines.read(each.text)) for each in near if len(each.text) <= _BYLINE]
    spoken = next(((names, each) for each, _ in told if (names := _authors(each))), None)
    return Surroundings(
        authors=spoken[0] if spoken else (),
        author_origin=f"byline {spoken[1].text[:_QUOTED]!r}" if spoken else "",
        called=tuple(dict.fromkeys(name for each in near for name in _called_author(each))),
        source=next((byline.source for _, byline in told if byline.source), ""),
        published=tuple(_claims(told)),
        updated=tuple(when for _, byline in told for when in byline.updated),
    )


def _near(page: Sequence[Block], kept: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks near an article: from its title to its first prose, those above the title, those below."""
    places = {block.element: index for index, block in enumerate(page)}
    first = next(
        (places[block.element] for block in kept if len(block.text) >= _PROSE), places[kept[0].element]
    )
    last = places[kept[-1].element]
    top = min(first + _TOP, len(page))
    named = [
        index for index in range(max(0, first - 3 * _ABOVE), top) if titles.letters(page[index].text) == title
    ]
    start = named[-1] + 1 if named else max(0, first - _ABOVE)
    above = page[max(0, start - 1 - _KICKER) : max(0, start - 1)] if named else ()
    return [*page[start:top], *above, *page[max(top, last - 1) : last + 1 + _SIGNED]]


def _claims(told: "Sequence[tuple[Block, bylines.Byline]]") -> Iterator[Claim]:
    """Yield the dates of bylines; one that says only when a page was updated comes last."""
    updated: list[Claim] = []
    for each, byline in told:
        machine = _machine_dates(each) if not byline.published and not byline.updated else ()
        for when in (*byline.published[:1], *machine):
            yield Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
        updated += [
            Claim(rung="byline", when=when, origin=f"byline {each.text[:_QUOTED]!r}")
            for when in byline.updated
        ]
    yield from updated


def _machine_dates(block: Block) -> tuple[datetime, ...]:
    """Return what `<time>` says to machines where it says "yesterday" to people."""
    written = (time.get("datetime") or "" for time in block.element.iter("time"))
    return tuple(when for value in written if (when := dates.parse(value)))[:1]


def _authors(block: Block) -> tuple[str, ...]:
    return tuple(bylines.authors(_undated(block.text)))


def _undated(line: str) -> str:
    """Return a line without its dates, which would pass for names."""
    if not dates.may_hold(line):
        return line
    written = dates.normalise(line)
    for found in reversed(list(dates.find(line))):
        written = f"{written[: found.start]} | {written[found.end :]}"
    return written


def _called_author(block: Block) -> Iterator[str]:
    """Yield the names in the innermost element that is called the author's."""
    for element in (*reversed(list(block.element.iter())), *block.above[1:4]):
        if _AUTHOR.search(
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''}"
        ):
            written = _undated(text.one_line(" ".join(element.itertext())))
            names = _ROLE.split(_LEAD.sub("", written))[0]
            if names and len(written) <= _NAMED and not _UPDATE.search(written):
                yield from (name for name in bylines.field(names) if not any(map(str.isdigit, name)))
                return
