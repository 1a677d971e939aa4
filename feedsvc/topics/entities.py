"""Find places and public bodies by what their names end in.

What a document names is decided by the document alone; whether enough documents share a name is the
registry's to say. A name begins where its run of characters does, behind another name, or behind a word that
ends before a name begins (在, 走进, 组织 …); without such a border it is no name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from feedsvc.topics import entities_en, entities_zh

Spotted = tuple[str, str]
"""A name as its topic is called, and as the text writes it."""
FINDERS: Mapping[str, Callable[[str], Iterator[Spotted]]] = {"en": entities_en.names, "zh": entities_zh.names}
"""By language; a text in another one has no entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A place or public body that a document names."""

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
    found: dict[str, Entity] = {}
    for place, in_title in ((title, True), *((paragraph, False) for paragraph in body.split("\n\n"))):
        for name, written in find(place):
            met = found.get(name) or Entity(name=name, times=0, in_title=in_title, written=written)
            found[name] = replace(met, times=met.times + 1)
    whole = _without_prefixes(tuple(found.values()))
    return tuple(sorted(whole, key=lambda entity: (not entity.in_title, -entity.times, entity.name)))


def is_place(name: str) -> bool:
    """Tell whether a name that was found is a place's, not a body's."""
    return entities_zh.is_place(name) or entities_en.is_place(name)


def _without_prefixes(found: Sequence[Entity]) -> Iterator[Entity]:
    """Yield the entities, places that begin with a stray word counted for what they are: 香洲香洲区.

    A place that the same text names without its beginning at least twice as often is that other place.
    """
    for entity in found:
        shorter = [other for other in found if _is_stray(entity, other)]
        if not shorter:
            longer = [other for other in found if _is_stray(other, entity)]
            times = entity.times + sum(other.times for other in longer)
            yield replace(entity, times=times, in_title=entity.in_title or any(o.in_title for o in longer))


def _is_stray(longer: Entity, shorter: Entity) -> bool:
    """Tell whether the longer name is the shorter one with a word before it that is no name."""
    before = longer.name.removesuffix(shorter.name)
    return (
        longer.name != before
        and bool(before)
        and entities_zh.is_place(longer.name)
        and entities_zh.is_place(shorter.name)
        and shorter.times >= 2 * longer.times
    )
