"""Find places and public bodies by what their names end in.

What a document names is decided by the document alone; whether enough documents share a name is the
registry's to say. A name begins where its run of characters does, behind another name, or behind a word that
ends before a name begins (在, 走进, 组织 …); without such a border it is no name.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
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
    times, met = Counter[str](), dict[str, tuple[bool, str]]()
    for text, in_title in ((title, True), (body, False)):
        for name, written in find(text):
            times[name] += 1
            met.setdefault(name, (in_title, written))
    whole = _without_prefixes(
        {
            name: Entity(name=name, times=times[name], in_title=in_title, written=written)
            for name, (in_title, written) in met.items()
        }
    )
    return tuple(sorted(whole, key=lambda entity: (not entity.in_title, -entity.times, entity.name)))


def is_place(name: str) -> bool:
    """Tell whether a name that was found is a place's, not a body's."""
    return entities_zh.is_place(name) or entities_en.is_place(name)


def _without_prefixes(found: Mapping[str, Entity]) -> Iterator[Entity]:
    """Yield the entities, places that begin with a stray word counted for what they are: 香洲香洲区.

    A place that the same text names without its beginning at least twice as often is that other place.
    """
    longer = defaultdict[str, list[Entity]](list)
    strays = set[str]()
    for entity in found.values():
        for shorter in _without_stray_word(entity, found):
            strays.add(entity.name)
            longer[shorter].append(entity)
    for entity in found.values():
        if entity.name not in strays:
            others = longer[entity.name]
            times = entity.times + sum(other.times for other in others)
            yield replace(entity, times=times, in_title=entity.in_title or any(o.in_title for o in others))


def _without_stray_word(entity: Entity, found: Mapping[str, Entity]) -> Iterator[str]:
    """Yield the places that a place's name is with a word before it that is no name."""
    if entities_zh.is_place(entity.name):
        for start in range(1, len(entity.name)):
            shorter = found.get(entity.name[start:])
            if shorter and shorter.times >= 2 * entity.times and entities_zh.is_place(shorter.name):
                yield shorter.name
