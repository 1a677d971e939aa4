"""Lines of a flattened page, each classified by what it looks like."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from feedsvc import text
from feedsvc.extract import dates, entries, vocabulary, wrapping
from feedsvc.extract.marks import Marks, held_by

Kind = Literal[
    "prose", "short", "number", "listed", "teaser", "stamp", "links", "furniture", "repeated", "disclaimer",
    "end",
]  # fmt: skip

# What dumps print for pictures and forms: a name in brackets, an empty field, a picture's file name.
_PLACEHOLDER = re.compile(
    r"\[[^\]\s]*\]$|.{0,40}\[\s{3,}\]|(?=.{8})[a-z\d-]+(?:_[a-z\d-]+)+$|\S+\.(?:jpe?g|png|gif|webp)$"
)
_PAUSE = re.compile("[，、；。！？,;]")
_ENDS = "。！？.!?"
_CALLS = ("！", "？", "!", "?")
_COLONS = ("；", "：", ":", ";", "，", ",", "—")  # a full line may lead over to the next
_LEADS = ("：", ":")
_CUT = ("...", "…", "[…]", "[...]")
_AGO = re.compile(r"(?:(?:\d|\ban?\b).{1,12}(?:\bago|前)|\d:\d\d)$")
_AGES = ("ago", "前")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_STEM = 2  # characters
_STEMS = frozenset(
    beginning[:_STEM] for beginning in ("more ", *vocabulary.END_BEGINNINGS, *vocabulary.LABEL_BEGINNINGS)
)
"""With what they begin, each: asked first, as most lines begin otherwise."""
_CLOSERS = "”’」』）)\"'】》 "
_BLANK = " \t\xa0\u3000\ufeff\u200b\r\n\f\v"
_CODE = re.compile(r"[a-z]|.*[(){}=<>;]")
_CALL = re.compile(r"[a-z]+\(")  # a line of code, though its name is a button's; counts have a space before
_PROSE = 60  # columns: a full line of type
_WIDE = 80  # columns: no Chinese headline has forty characters
_LONG = 120  # prose of that length need not end a sentence
_SENTENCE = 400  # columns that count; past that a paragraph says no more by being longer
_NOTICE = 240  # a longer disclaimer is a paragraph about one
_NAMES = 20  # columns of the widest entry in a row of links
_ROW = 4  # so many entries are a row
_LABEL = 12  # columns of a menu's entry
_BOX = 6  # lines of titles in the middle of an article
_KEPT = 1 << 13  # short lines remembered: a source's menus stand on each of its pages

_SCORES: dict[Kind, int] = {
    "short": -25,
    "number": -10,  # a table's cell as often as a counter
    "listed": -40,
    "teaser": -60,
    "stamp": -_SENTENCE,  # the paragraph below is a teaser or a comment: it must not pay the way
    "links": -60,
    "furniture": -25,
    "repeated": -25,
    "disclaimer": -150,
    "end": -3 * _SENTENCE,  # only a whole story weighs more, and no list of teasers is one
}
_IN_PASSING = -10  # a heading or a caption written in small letters, as menus rarely are
_BOXED = -60
_TELLING: frozenset[Kind] = frozenset({"end", "links"})  # what they say of the page is worth more


class Line(NamedTuple):
    """A line that is not blank; `score` says how much it speaks for being body, in columns.

    A tuple, as a page has hundreds and a frozen dataclass takes four times as long to make.
    """

    text: str
    kind: Kind
    score: int
    width: int
    """Columns, roughly: East Asian characters two."""
    item: str | None = None
    """What a list's entry says, without its number or bullet; None for what is no entry."""


def written(page: str) -> list[str]:
    """Return the lines of a page that are not blank, joined where a dump or a tag broke them."""
    unwrapped = wrapping.unwrapped(page.splitlines())
    return wrapping.gathered([line for raw in unwrapped if raw and (line := raw.strip(_BLANK))])


def classify(page: str, repeated: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """Return the lines of a page, classified; `repeated` are lines that other pages carry too."""
    found = _each(written(page))
    if repeated:
        found = _without(found, repeated)
    if text.columns(page) * 4 > len(page) * 5:
        found = [
            line._replace(score=0) if line.kind == "short" and _is_code(line.text) else line for line in found
        ]
    return tuple(_unboxed(found))


def label(line: str) -> str:
    """Return the words of a heading as `vocabulary` lists them: folded, without number, count or colon."""
    return _bare(line.casefold())


def _bare(folded: str) -> str:
    return folded.strip(":： >»#0123456789()（）.…!")


def _each(page: Sequence[str]) -> list[Line]:
    """Classify lines one by one; for what no long line of a page holds, none of them is searched."""
    held = held_by("\n".join([line for line in page if len(line) >= _PROSE]))
    return [_short(line) if len(line) < _PROSE else _full(line, held) for line in page]


@lru_cache(_KEPT)
def _short(line: str) -> Line:
    return _full(line, held_by(line))


def _full(line: str, marks: Marks) -> Line:
    width = text.columns(line)
    item = entries.item(line)
    kind = _kind(line, width, item, marks)
    return Line(line, kind, _score(kind, line, width), width, item)


def _without(page: list[Line], repeated: frozenset[str]) -> list[Line]:
    """Mark what a source repeats, unless no prose is left: near copies of a page share it all.

    What already ends an article or counts more against being body goes on to.
    """
    marked = [
        line._replace(kind="repeated", score=min(line.score, _SCORES["repeated"]))
        if line.text in repeated and line.kind not in _TELLING
        else line
        for line in page
    ]
    return marked if any(line.kind == "prose" for line in marked) else page


def _score(kind: Kind, line: str, width: int) -> int:
    if kind == "prose":
        return min(width, _SENTENCE) if width >= _PROSE else width // 4
    if kind == "short" and line.endswith(_LEADS):
        return 0
    if (
        kind == "short"
        and width > _LABEL
        and not _is_wide(line, width)
        and not (line.istitle() or line.isupper())
    ):
        return _IN_PASSING
    return _SCORES[kind]


def _kind(line: str, width: int, item: str | None, marks: Marks) -> Kind:
    if marks.notices and _is_notice(line, width, marks.notices):
        return "disclaimer"
    if width < _PROSE and (kind := _label_kind(line.casefold())):
        return kind
    if _is_row(line, width, marks.separators) and dates.parse(line) is None:  # a byline is a row too
        return "links"
    return _by_ending(line, width, item)


def _is_notice(line: str, width: int, known: Iterable[str]) -> bool:
    """Tell whether a line is about the site; a paragraph may mention one such thing in passing."""
    folded = line.casefold()
    said = sum([folded.count(words) for words in known if words in folded])
    return bool(said) and said > _is_paragraph(line, width)


def _is_wide(line: str, width: int) -> bool:
    """Tell whether a line is mostly East Asian: between words of Latin script a space says nothing."""
    return width * 2 >= len(line) * 3


def _is_paragraph(line: str, width: int) -> bool:
    """Tell whether a line says enough to be a paragraph that only mentions a hotline or a newsletter."""
    return width > _NOTICE or (width > _LONG and line.count("。") + line.count(". ") > 1)


def _by_ending(line: str, width: int, item: str | None) -> Kind:
    end = line.rstrip(_CLOSERS)
    if end.endswith(_CUT) and not end.endswith("……"):
        return "teaser"
    if (end and end[-1] in _ENDS) or end.endswith("……") or (width >= _PROSE and end.endswith(_COLONS)):
        # An entry that asks or exclaims is a headline; one that states is a point the article makes.
        return "listed" if item and end.endswith(_CALLS) else "prose"
    if width >= _WIDE and _goes_on(line, width):
        return "prose"
    if width < _PROSE and _is_stamp(line):
        return "stamp"
    return "listed" if item else "short"


def _goes_on(line: str, width: int) -> bool:
    """Tell whether a long line without a full stop is a sentence: it pauses, as lists of words do not."""
    pauses = len(_PAUSE.findall(line))
    return pauses > 0 if _is_wide(line, width) else width >= _LONG and pauses > 1


def _is_stamp(line: str) -> bool:
    """Tell whether a short line only says when, as under teasers and comments; bodies date in sentences."""
    aged = line.endswith(_AGES) or line[-3:-2] == ":"  # as every age or time of day does
    return (aged and _AGO.search(line) is not None) or dates.parse(line) is not None


def _label_kind(folded: str) -> Kind | None:
    words = _bare(folded)
    if not words:
        return "number"
    if words in vocabulary.ENDS:
        return "end"
    if words[:_STEM] in _STEMS and (kind := _kind_begun(words)):
        return kind
    button = words in vocabulary.LABELS and not _CALL.match(folded)
    return "furniture" if button or _is_placeholder(folded) else None


def _is_placeholder(folded: str) -> bool:
    able = "[" in folded or "_" in folded or folded.endswith(_PICTURES)  # as few lines are
    return able and _PLACEHOLDER.match(folded) is not None


def _kind_begun(words: str) -> Kind | None:
    more = words.startswith("more ") and words.endswith(vocabulary.END_MORE)
    if more or words.startswith(vocabulary.END_BEGINNINGS):
        return "end"
    return "furniture" if words.startswith(vocabulary.LABEL_BEGINNINGS) else None


def _is_row(line: str, width: int, separators: Iterable[str]) -> bool:
    """Tell whether a line is a row of short entries side by side, as navigation and link farms are."""
    if separators and sum(map(line.count, separators)) >= _ROW - 1:
        return True
    if " " not in line or not _is_wide(line, width):
        return False
    words = line.split()
    return (
        len(words) >= _ROW
        and len(line) * 2 <= len(words) * _NAMES
        and line[-1] not in _ENDS  # Korean parts its words too
        and not _PAUSE.search(line)
    )


def _is_code(line: str) -> bool:
    """Tell whether a line of a Chinese page is code, as its menus are not: Latin, small or with brackets."""
    return line.isascii() and _CODE.match(line) is not None


def _unboxed(page: list[Line]) -> list[Line]:
    """Take the boxes out of articles: a heading of related articles, their titles, and the story goes on."""
    for index, line in enumerate(page):
        if (
            line.kind == "end"
            and label(line.text) in vocabulary.RELATED
            and (after := _resumed(page, index + 1))
        ):
            page[index:after] = [each._replace(kind="links", score=_BOXED) for each in page[index:after]]
    return page


def _resumed(page: list[Line], start: int) -> int:
    """Return where full paragraphs go on behind the titles of a box, 0 where they do not.

    Two in a row are a story: below an article, titles and teasers take turns.
    """
    for index in range(start, min(start + _BOX, len(page) - 1)):
        if page[index].kind == "prose":
            return index if index > start and all(map(_is_full, page[index : index + 2])) else 0
        if page[index].kind in {"end", "stamp"}:
            return 0
    return 0


def _is_full(line: Line) -> bool:
    return line.kind == "prose" and line.width > _PROSE and line.item is None
