"""What Chinese names of places and bodies end in, and the patterns that find where a name begins.

A name is read from its ending on to the left, up to the nearest border; patterns walk to the right alone, so
they are written for the text turned round, and one match answers what a loop over characters and words would.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from feedsvc.topics.tables import pairs, sections

SHORTEST = 2
"""Characters before an ending."""
_LONGEST_PLACE, _LONGEST_BODY = 4, 6
_HAN = "\u4e00-\u9fff"
_OTHERS = "\x00-\u4dff\ua000-\U0010ffff"
_IN_NAMES = frozenset("和同来年日月向将时为通")  # words that names end in as well: 共和县
_BODY_ENDINGS = ("局", "分局", "委", "委员会", "办", "厅", "所", "队")
Stem = Callable[[str, int, int], re.Match[str] | None]
"""Matches what stands before an ending, in a text turned round, between two positions of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One of the words that names end in."""

    known: bool
    """True for a whole body of a known kind, which needs no stem."""
    place: bool
    behind: frozenset[str]
    """Which characters behind it make it part of another word."""
    stem: Stem
    """Of a known body the place before it."""
    junk: tuple[str, ...]
    """What no name with this ending ends in, but for what `stem` refuses itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """What names end in, and what they may not be."""

    automaton: AhoCorasick
    """Of known bodies, places and other bodies; of endings at one place the longest."""
    of: tuple[Ending, ...]
    """By their numbers."""
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
    before = re.compile(_stem(of, _LONGEST_PLACE)).match
    return Endings(
        automaton=AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest),
        of=tuple(_ending(of, word, kind, before) for word, kind in kinds.items()),
        places=tuple(of["place"]),
        levels=frozenset(of["level"]),
        inside=re.compile("|".join(map(re.escape, of["in"]))),
        bare=frozenset(of["bare"]),
        junk=_by_last(of["junk"]),
        called=pairs("bodies.txt"),
    )


def _by_last(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[-1]] = (*found.get(word[-1], ()), word)
    return found


def _ending(of: Mapping[str, list[str]], word: str, kind: str, before: Stem) -> Ending:
    tails = (tail.split(":", 1) for tail in of["behind"])
    behind = "".join(characters for last, characters in tails if word.endswith(last))
    if kind == "known":
        return Ending(known=True, place=False, behind=frozenset(behind), stem=before, junk=())
    longest = _LONGEST_PLACE if kind == "place" else _LONGEST_BODY
    near, far = _junk(of["junk"], word)
    refused = f"(?<![{behind}]{word[::-1]})" if behind else ""
    return Ending(
        known=False,
        place=kind == "place",
        behind=frozenset(behind),
        stem=re.compile(f"{refused}(?!{_any_of(near)}){_stem(of, longest)}").match,
        junk=far,
    )


def _junk(words: Iterable[str], ending: str) -> tuple[set[str], tuple[str, ...]]:
    """Return what stands before an ending in junk, as far as every stem holds it, and the other junk."""
    ours = [word for word in words if word.endswith(ending) or ending.endswith(word)]
    far = tuple(word for word in ours if not 0 < len(word) - len(ending) <= SHORTEST)
    return {word.removesuffix(ending) for word in ours if word not in far}, far


def _stem(of: Mapping[str, list[str]], longest: int) -> str:
    """Return the pattern of what stands before an ending, turned round: the shortest with a border before it.

    Such a border is a word that ends before a name begins, or the end of the Chinese characters. Where one
    ends behind the second character, as 根据 before 区委, it ends where the name should stand.
    """
    breaks = of["break"]
    at_once = [word for word in breaks if word not in _IN_NAMES]
    long = [word for word in at_once if len(word) > 1]
    never = "".join(word for word in of["in"] if len(word) == 1)  # no name has it in it, so no stem
    return (
        f"(?!{_any_of(at_once)})(?![{_HAN}]{_any_of(long)})[^{never}{_OTHERS}]{{{SHORTEST},{longest}}}?"
        f"(?={_any_of(breaks)}|[{_OTHERS}]|$)"
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, turned round.

    Single characters are one set, and so are the first ones of the others, which are tried only behind it:
    most characters are none of these.
    """
    turned = sorted({word[::-1] for word in words})
    single = "".join(word for word in turned if len(word) == 1)
    longer = [word for word in turned if len(word) > 1]
    firsts = "".join(sorted({word[0] for word in longer}))
    parts = [f"[{single}]"] if single else []
    parts += [f"(?=[{firsts}])(?:{'|'.join(longer)})"] if longer else []
    return f"(?:{'|'.join(parts) or '(?!)'})"
