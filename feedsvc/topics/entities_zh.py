"""Chinese names of places and public bodies, by their endings.

A body of a known kind (税务局, 公安分局) is named without its level (区税务局) and, where a place stands
before it, with that place too (溪口公安分局). Any other ending needs a stem of two to six characters with a
border before it.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from feedsvc.topics.endings_zh import LONGEST_PLACE, SHORTEST, endings
from feedsvc.topics.folding import simplified

_END = "\n"


def names(title: str, body: str) -> Iterator[tuple[bool, str, str]]:
    """Yield (in the title, name, as written) for every name, compounds and their parts.

    No name goes on in another line, so title and body are read at one go.
    """
    lines = unicodedata.normalize("NFC", f"{title.replace(_END, ' ')}{_END}{body}")
    plain = simplified(lines)  # character by character, so that positions stay
    title_end = plain.index(_END)
    for start, end, name in _found(plain):
        written = lines[start:end]
        # A name is shown in the script of the text, a renamed body as it is called now.
        yield start < title_end, name if plain is lines or plain[start:end] != name else written, written


def is_place(name: str) -> bool:
    """Tell whether a name ends as places do."""
    return simplified(name).endswith(endings().places)


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of the names in a text, from the endings in it."""
    table = endings()
    turned, length = text[::-1], len(text)  # what stands before an ending is matched backwards
    limit, place_from = 0, 0  # where the last name ends, and where it begins if a body may follow it
    for number, start, end in table.automaton.find_matches_as_indexes(text):
        ending = table.of[number]
        if text[end : end + 1] in ending.behind:
            continue
        if ending.known:
            stem = table.stem(turned, length - start, length - (place_from if limit == start else limit))
            for begin, name in _body(start, text[start:end], stem[0][::-1] if stem else ""):
                yield begin, end, name
            limit = place_from = end
        elif text[start - 1 : start] not in ending.near and text[start - 2 : start] not in ending.near:
            stem = table.stem(turned, length - start, length - limit)
            if stem is None or (begin := length - stem.end()) < start - ending.longest:
                continue
            if name := _called(text[begin:end]):
                yield begin, end, name
                limit, place_from = end, begin if ending.longest == LONGEST_PLACE else end


def _body(start: int, body: str, place: str) -> Iterator[tuple[int, str]]:
    """Yield (start, name) of a body of a known kind, and with the place that stands before it."""
    table = endings()
    name = table.called.get(body, body)
    if name not in table.bare:
        yield start, name
    if 0 < len(place) <= LONGEST_PLACE and _called(place) and not _is_level(place):
        yield start - len(place), place + name


def _is_level(place: str) -> bool:
    """Tell whether nothing but a level stands before a body, and perhaps one stray character: 由区财政局."""
    levels = endings().levels
    return place in levels or (len(place) == SHORTEST and place[-1] in levels)


@lru_cache(maxsize=1 << 14)
def _called(name: str) -> str:
    """Return what a name is called now, "" where it is none; names come back in text after text."""
    table = endings()
    if name in table.bare or name.endswith(table.junk.get(name[-1], ())) or table.inside.search(name):
        return ""
    return table.called.get(name, name)
