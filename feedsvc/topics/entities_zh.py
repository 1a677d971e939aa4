"""Chinese names of places and public bodies, by their endings.

A body of a known kind (税务局, 公安分局) is named without its level (区税务局) and, where a place stands
before it, with that place too (溪口公安分局). Any other ending needs a stem of two to six characters with a
border before it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from feedsvc.topics.folding import simplified
from feedsvc.topics.tables import pairs, sections

_SHORTEST, _LONGEST_PLACE, _LONGEST_BODY = 2, 4, 6  # characters before the ending
_LONGEST_BREAK = 4  # characters of the longest word that ends before a name begins
_REACH = _LONGEST_BODY + _LONGEST_BREAK + 1
_IN_NAMES = frozenset("和同来年日月向将时为通")  # words that names end in as well: 共和县
_BODY_ENDINGS = ("局", "分局", "委", "委员会", "办", "厅", "所", "队")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endings:
    """What names end in, and what they may not be."""

    automaton: AhoCorasick
    """Of known bodies, places and other bodies; of endings at one place the longest."""
    kinds: tuple[str, ...]
    """What each ending is: known, place or body."""
    behind: tuple[str, ...]
    """Which characters behind each ending make it part of another word."""
    places: tuple[str, ...]
    breaks: frozenset[str]
    break_ends: frozenset[str]
    """The last characters of these."""
    levels: frozenset[str]
    inside: re.Pattern[str]
    bare: frozenset[str]
    junk: tuple[str, ...]
    called: Mapping[str, str]
    """Short and former names of bodies by what they are called now."""


def names(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, as written) for every name in a text, compounds and their parts."""
    composed = unicodedata.normalize("NFC", text)
    plain = simplified(composed)  # character by character, so that positions stay
    for start, end, name in _found(plain):
        written = composed[start:end]
        # A name is shown in the script of the text, a renamed body as it is called now.
        yield (written if plain[start:end] == name else name), written


def is_place(name: str) -> bool:
    """Tell whether a name ends as places do."""
    return simplified(name).endswith(_endings().places)


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of the names in a text, from the endings in it."""
    table = _endings()
    limit, place_from = 0, None  # where the last name ends, and where it begins if a body may follow it
    for number, start, end in table.automaton.find_matches_as_indexes(text):
        kind = table.kinds[number]
        if end < len(text) and text[end] in table.behind[number]:
            continue
        if kind == "known":
            yield from _body(text, start, end, limit if place_from is None or limit != start else place_from)
            limit, place_from = end, None
            continue
        begin = _begin(text, start, limit, _LONGEST_PLACE if kind == "place" else _LONGEST_BODY)
        if begin is None or not _is_name(text[begin:end]):
            continue
        yield begin, end, table.called.get(text[begin:end], text[begin:end])
        limit, place_from = end, (begin if kind == "place" else None)


def _body(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int, str]]:
    """Yield a body of a known kind, and with the place that stands before it."""
    table = _endings()
    name = table.called.get(text[start:end], text[start:end])
    if name not in table.bare:
        yield start, end, name
    begin = _begin(text, start, limit, _LONGEST_PLACE)
    if begin is not None and _is_name(place := text[begin:start]) and not _is_level(place):
        yield begin, end, place + name


def _is_level(place: str) -> bool:
    """Tell whether nothing but a level stands before a body, and perhaps one stray character: 由区财政局."""
    levels = _endings().levels
    return place in levels or (len(place) == _SHORTEST and place[-1] in levels)


def _run_from(text: str, start: int, limit: int) -> int:
    """Return where the Chinese characters before an ending begin, as far back as that matters."""
    limit = max(limit, start - _REACH)
    while start > limit and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    return start


def _begin(text: str, start: int, limit: int, longest: int) -> int | None:
    """Return where a name begins whose ending stands at `start`; None where nothing borders it.

    The words that end before a name begins are looked for from right to left.
    """
    limit = _run_from(text, start, limit)
    for end in range(start, max(limit, start - longest - 1), -1):
        for word in _words_before(text, end, limit):
            if start - end >= _SHORTEST:
                return end if start - end <= longest else None
            if (end == start or len(word) > 1) and word not in _IN_NAMES:
                return None  # the word ends where the name should stand: 根据区委
    return limit if _SHORTEST <= start - limit <= longest else None


def _words_before(text: str, end: int, limit: int) -> Iterator[str]:
    """Yield the words at whose end a name may begin, of those that stand there the longest first."""
    if end <= limit or text[end - 1] not in _endings().break_ends:
        return
    for begin in range(max(limit, end - _LONGEST_BREAK), end):
        if (word := text[begin:end]) in _endings().breaks:
            yield word


def _is_name(name: str) -> bool:
    table = _endings()
    return not (name in table.bare or name.endswith(table.junk) or table.inside.search(name))


@cache
def _endings() -> _Endings:
    of = sections("entities.zh.txt")
    kinds = dict.fromkeys(of["body"], "body") | dict.fromkeys(of["place"], "place")
    kinds |= dict.fromkeys((stem + ending for stem in of["stem"] for ending in _BODY_ENDINGS), "known")
    kinds |= dict.fromkeys(of["whole"], "known")
    behind = dict(word.split(":", 1) for word in of["behind"])
    return _Endings(
        automaton=AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest),
        kinds=tuple(kinds.values()),
        behind=tuple("".join(behind[last] for last in behind if word.endswith(last)) for word in kinds),
        places=tuple(of["place"]),
        breaks=frozenset(of["break"]),
        break_ends=frozenset(word[-1] for word in of["break"]),
        levels=frozenset(of["level"]),
        inside=re.compile("|".join(map(re.escape, of["in"]))),
        bare=frozenset(of["bare"]),
        junk=tuple(of["junk"]),
        called=pairs("bodies.txt"),
    )
