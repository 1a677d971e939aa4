"""Chinese names of places and public bodies, by their endings.

A body of a known kind (税务局, 公安分局) is named without its level (区税务局) and, where a place stands
before it, with that place too (溪口公安分局). Any other ending needs a stem of two to six characters with a
border before it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from feedsvc.topics.folding import simplified
from feedsvc.topics.tables import pairs, sections

_HAN = re.compile("[\u4e00-\u9fff]+")
_SHORTEST, _LONGEST_PLACE, _LONGEST_BODY = 2, 4, 6  # characters before the ending
_IN_NAMES = frozenset("和同来年日月向将时为通")  # words that names end in as well: 共和县
_BODY_ENDINGS = ("局", "分局", "委", "委员会", "办", "厅", "所", "队")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endings:
    """What names end in, and what they may not be."""

    ending: re.Pattern[str]
    """Of known bodies, places and other bodies; the longest first."""
    known: frozenset[str]
    places: frozenset[str]
    breaks: re.Pattern[str]
    levels: frozenset[str]
    inside: re.Pattern[str]
    behind: Mapping[str, str]
    bare: frozenset[str]
    junk: tuple[str, ...]
    called: Mapping[str, str]
    """Short and former names of bodies by what they are called now."""


def names(line: str) -> Iterator[tuple[str, str]]:
    """Yield (name, as written) for every name in a line, compounds and their parts."""
    composed = unicodedata.normalize("NFC", line)
    plain = simplified(composed)  # character by character, so that positions stay
    for run in _HAN.finditer(plain):
        for start, end, name in _in_run(run[0]):
            written = composed[run.start() + start : run.start() + end]
            # A name is shown in the script of the text, a renamed body as it is called now.
            yield (written if simplified(written) == name else name), written


def is_place(name: str) -> bool:
    """Tell whether a name ends as places do."""
    return any(simplified(name).endswith(ending) for ending in _endings().places)


def _in_run(run: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of the names in a run of Chinese characters."""
    table = _endings()
    limit, place_from = 0, None  # where the last name ends, and where it begins if a body may follow it
    for match in table.ending.finditer(run):
        start, end = match.span()
        if run[end : end + 1] and run[end] in table.behind.get(_ending_of(match), ""):
            continue
        if match["known"]:
            yield from _body(run, start, end, limit if place_from is None or limit != start else place_from)
            limit, place_from = end, None
            continue
        begin = _begin(run[:start], limit, _LONGEST_PLACE if match["place"] else _LONGEST_BODY)
        if begin is None or not _is_name(run[begin:end]):
            continue
        yield begin, end, table.called.get(run[begin:end], run[begin:end])
        limit, place_from = end, (begin if match["place"] else None)


def _ending_of(match: re.Match[str]) -> str:
    """Return the ending as the table of what may not follow knows it."""
    if not match["known"]:
        return match[0]
    return next((ending for ending in _endings().behind if match[0].endswith(ending)), "")


def _body(run: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int, str]]:
    """Yield a body of a known kind, and with the place that stands before it."""
    table = _endings()
    name = table.called.get(run[start:end], run[start:end])
    if name not in table.bare:
        yield start, end, name
    begin = _begin(run[:start], limit, _LONGEST_PLACE)
    if begin is not None and _is_name(place := run[begin:start]) and not _is_level(place):
        yield begin, end, place + name


def _is_level(place: str) -> bool:
    """Tell whether nothing but a level stands before a body, and perhaps one stray character: 由区财政局."""
    levels = _endings().levels
    return place in levels or (len(place) == _SHORTEST and place[-1] in levels)


def _begin(before: str, limit: int, longest: int) -> int | None:
    """Return where a name begins whose ending stands behind `before`; None where nothing borders it."""
    begin = limit
    for match in _endings().breaks.finditer(before, limit):
        left = len(before) - match.end(1)
        if left >= _SHORTEST:
            begin = max(begin, match.end(1))
        elif (left == 0 or len(match[1]) > 1) and match[1] not in _IN_NAMES:
            return None  # the word ends where the name should stand: 根据区委
    return begin if _SHORTEST <= len(before) - begin <= longest else None


def _is_name(name: str) -> bool:
    table = _endings()
    return not (name in table.bare or name.endswith(table.junk) or table.inside.search(name))


@cache
def _endings() -> _Endings:
    of = sections("entities.zh.txt")
    known = {*of["whole"], *(stem + ending for stem in of["stem"] for ending in _BODY_ENDINGS)}
    ending = "|".join(
        f"(?P<{kind}>{_either(words)})"
        for kind, words in (("known", known), ("place", of["place"]), ("body", of["body"]))
    )
    return _Endings(
        ending=re.compile(ending),
        known=frozenset(known),
        places=frozenset(of["place"]),
        breaks=re.compile(f"(?=({_either(of['break'])}))"),  # looked ahead for, as they overlap
        levels=frozenset(of["level"]),
        inside=re.compile(_either(of["in"])),
        behind=dict(word.split(":", 1) for word in of["behind"]),
        bare=frozenset(of["bare"]),
        junk=tuple(of["junk"]),
        called=pairs("bodies.txt"),
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
