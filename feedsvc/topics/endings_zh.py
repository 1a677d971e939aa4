"""What Chinese names of places and bodies end in, and what ends before such a name begins."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from feedsvc.topics.tables import pairs, sections

SHORTEST, LONGEST_PLACE = 2, 4
"""Characters before an ending."""
_LONGEST_BODY = 6
_OTHERS = "\x00-\u4dff\ua000-\U0010ffff"  # all but ideographs, within brackets
_IN_NAMES = frozenset("和同来年日月向将时为通")  # words that names end in as well: 共和县
_BODY_ENDINGS = ("局", "分局", "委", "委员会", "办", "厅", "所", "队")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One of the words that names end in."""

    known: bool
    """True for a whole body of a known kind, which needs nothing before it."""
    longest: int
    """Characters before it, at most."""
    behind: frozenset[str]
    """Which characters behind it make it part of another word."""
    near: frozenset[str]
    """What one or two characters before it make junk of it, told before a name is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """What names end in, and what they may not be."""

    automaton: AhoCorasick
    """Of known bodies, places and other bodies; of endings at one place the longest."""
    of: tuple[Ending, ...]
    """By their numbers."""
    stem: Callable[[str, int, int], re.Match[str] | None]
    """Matches what stands before an ending in a text turned round, between two positions of it."""
    places: tuple[str, ...]
    levels: frozenset[str]
    inside: re.Pattern[str]
    bare: frozenset[str]
    junk: Mapping[str, tuple[str, ...]]
    """By its last character."""
    called: Mapping[str, str]
    """Short and former names of bodies by what they are called now."""


@cache
def endings() -> Endings:
    """Read the words that ship with us."""
    of = sections("entities.zh.txt")
    kinds = dict.fromkeys(of["body"], "body") | dict.fromkeys(of["place"], "place")
    kinds |= dict.fromkeys((stem + ending for stem in of["stem"] for ending in _BODY_ENDINGS), "known")
    kinds |= dict.fromkeys(of["whole"], "known")
    return Endings(
        automaton=AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest),
        of=tuple(_ending(of, word, kind) for word, kind in kinds.items()),
        stem=re.compile(_stem(of["break"], of["in"])).match,
        places=tuple(of["place"]),
        levels=frozenset(of["level"]),
        inside=re.compile("|".join(map(re.escape, of["in"]))),
        bare=frozenset(of["bare"]),
        junk=_by_last(of["junk"]),
        called=pairs("bodies.txt"),
    )


def _ending(of: Mapping[str, list[str]], word: str, kind: str) -> Ending:
    tails = (tail.split(":", 1) for tail in of["behind"])
    behind = "".join(characters for last, characters in tails if word.endswith(last))
    before = (junk.removesuffix(word) for junk in of["junk"] if kind != "known" and junk.endswith(word))
    return Ending(
        known=kind == "known",
        longest=_LONGEST_BODY if kind == "body" else LONGEST_PLACE,
        behind=frozenset(behind),
        near=frozenset(each for each in before if 0 < len(each) <= SHORTEST),  # every name holds these
    )


def _by_last(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[-1]] = (*found.get(word[-1], ()), word)
    return found


def _stem(breaks: Iterable[str], inside: Iterable[str]) -> str:
    """Return the pattern of what stands before an ending: the shortest that has a border before it.

    It is for a text turned round, since a pattern walks to the right alone. Such a border is a word that ends
    before a name begins, or the end of the ideographs; a word that ends behind the second character, as 根据
    before 区委, ends where the name should stand.
    """
    turned = sorted({word[::-1] for word in breaks})
    singles = "".join(word for word in turned if len(word) == 1)
    decisive = "".join(word for word in singles if word not in _IN_NAMES)
    firsts = "".join(sorted({word[0] for word in turned if len(word) > 1}))
    # Few characters are the first of a longer word, which is tried only behind one.
    longer = f"(?=[{firsts}])(?:{'|'.join(word for word in turned if len(word) > 1)})"
    never = "".join(word for word in inside if len(word) == 1)  # no name has it in it, so no stem
    return (
        f"(?![{decisive}]|[^{_OTHERS}]?{longer})[^{never}{_OTHERS}]{{{SHORTEST},{_LONGEST_BODY}}}?"
        f"(?=[{singles}{_OTHERS}]|$|{longer})"
    )
