"""Find places and public bodies by what their names end in.

What a document names is decided by the document alone; whether enough documents share a name is the
registry's to say. A name begins where its run of characters does, behind another name, or behind a word that
ends before a name begins (在, 走进, 组织 …); without such a border it is no name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from feedsvc.topics import entities_en, entities_zh

Spotted = tuple[bool, str, str]
"""Whether a name stands in the title, what its topic is called, and how the text writes it."""
FINDERS: Mapping[str, Callable[[str, str], Iterator[Spotted]]] = {
    "en": entities_en.names,
    "zh": entities_zh.names,
}
"""By language; a text in another one has no entities."""


class Entity(NamedTuple):
    """A place or public body that a document names; a tuple, as every document makes several."""

    name: str
    times: int
    in_title: bool
    written: str
    """As the document writes it first."""


def entities(language: str, title: str, body: str) -> tuple[Entity, ...]:
    """Return what a text names: names of the title first, then the most frequent, then by name."""
    find = FINDERS.get(language.partition("-")[0].lower())
    if find is None:
        return ()
    times, first = dict[str, int](), dict[str, tuple[bool, str]]()
    for of_title, name, written in find(title, body):
        if name in times:
            times[name] += 1
        else:
            times[name], first[name] = 1, (of_title, written)
    in_title: AbstractSet[str] = {name for name, (of_title, _) in first.items() if of_title}
    if strays := _strays(times):
        times, in_title = _without(strays, times, in_title)
    ranked = sorted([(name not in in_title, -count, name) for name, count in times.items()])
    return tuple([Entity(name, -count, not later, first[name][1]) for later, count, name in ranked])


def is_place(name: str) -> bool:
    """Tell whether a name that was found is a place's, not a body's."""
    return entities_zh.is_place(name) or entities_en.is_place(name)


def _strays(times: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return (name, place) of every place whose name begins with a stray word: 香洲香洲区.

    A place that the same text names without its beginning at least twice as often is that other place.
    """
    often = tuple([name for name, count in times.items() if count > 1])
    longer = [name for name in times if name[1:].endswith(often)]  # in most texts none
    return [(name, place) for name in longer for place in _without_stray_word(name, times)]


def _without_stray_word(name: str, times: Mapping[str, int]) -> Iterator[str]:
    """Yield the places that a place's name is with a word before it that is no name."""
    if entities_zh.is_place(name):
        for start in range(1, len(name)):
            shorter = name[start:]
            if times.get(shorter, 0) >= 2 * times[name] and entities_zh.is_place(shorter):
                yield shorter


def _without(
    strays: Sequence[tuple[str, str]], times: Mapping[str, int], in_title: AbstractSet[str]
) -> tuple[dict[str, int], AbstractSet[str]]:
    """Return how often names are met and which in the title, strays counted for the places that they are."""
    counted = dict(times)
    for name, place in strays:
        counted[place] += times[name]
    for name in {name for name, _ in strays}:
        del counted[name]
    return counted, in_title | {place for name, place in strays if name in in_title}
