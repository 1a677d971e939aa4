"""Say what a text is about by the words of a lexicon, or say nothing.

A subject's score is the weight of its words, each once, more in the title. A text whose best subject is weak
or hardly better than the next has none: a wrong feed is worse than none. Deterministic, and it says why.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from feedsvc.topics.folding import fold, fold_paragraphs
from feedsvc.topics.looks import is_word, joins
from feedsvc.topics.tables import lines

LANGUAGES = ("en", "zh")
"""What there is a lexicon for; a text in another language has no subjects."""
_NEUTRAL = "--"
_LONG = 3_000
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When a text is about something; found on held-out news, one per language."""

    title: float
    """How much more a word counts in the title."""
    least: float
    """Score below which a text is about nothing."""
    per_thousand: float
    """The same for every 1,000 characters of a body, of which a long one has stray words; 3,000 count."""
    lead: float
    """By what share the first must lead the second."""
    sure: float
    """Score from which two that stand close are two subjects of one text, not a doubt."""
    close: float
    """From what share of the first a second is named too."""


BOUNDS: Mapping[str, Bounds] = {
    "zh": Bounds(title=2, least=6, per_thousand=8, lead=0.1, sure=14, close=0.6),
    "en": Bounds(title=2, least=4, per_thousand=5, lead=0.1, sure=20, close=0.6),
}
SECONDARY = 2
"""How many subjects may stand beside the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A subject by its two digits, its score, and the words that told, the weightiest first."""

    subject: str
    score: float
    words: tuple[str, ...]


_Word = tuple[float, int]
"""What a word of the lexicon adds to a score, and its number."""


class _Told(NamedTuple):
    """A subject and the words that tell it."""

    score: float
    subject: str
    words: list[_Word]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """The words of a language, and what finds them."""

    words: tuple[str, ...]
    weights: tuple[tuple[tuple[str, float], ...], ...]
    """Of every word, by subject; none for a word that only keeps shorter ones from counting."""
    bounded: frozenset[int]
    """The words that may be part of longer ones in a text: those that begin or end in Latin letters."""
    automaton: AhoCorasick
    prepared: Callable[[str], str]

    def found(self, line: str) -> Counter[int]:
        """Return how often each word stands in a folded text; of words at one place the longest."""
        prepared = self.prepared(line)
        matches = self.automaton.find_matches_as_indexes(prepared)
        numbers = [number for number, _, _ in matches]
        if not self.bounded.isdisjoint(numbers):
            numbers = [
                number
                for number, start, end in matches
                if number not in self.bounded or is_word(prepared, start, end)
            ]
        return Counter(numbers)


def subjects(language: str, title: str, body: str) -> tuple[Scored, ...]:
    """Return what a text is about, the first subject first; () where that is unsure."""
    language = language.partition("-")[0].lower()
    if language not in LANGUAGES:
        return ()
    bounds = BOUNDS[language]
    ranked = _ranked(language, title, body)
    least = max(bounds.least, bounds.per_thousand * min(len(body), _LONG) / 1000)
    if not ranked or ranked[0].score < least:
        return ()
    first, *others = ranked
    if first.score < bounds.sure and others and others[0].score > first.score * (1 - bounds.lead):
        return ()
    close = [other for other in others if other.score >= max(least, first.score * bounds.close)]
    return tuple(_scored(_lexicon(language), told) for told in (first, *close[:SECONDARY]))


def scores(language: str, title: str, body: str) -> list[Scored]:
    """Return every subject that a text has a word of, best first."""
    return [_scored(_lexicon(language), told) for told in _ranked(language, title, body)]


def _ranked(language: str, title: str, body: str) -> list[_Told]:
    lexicon, of_title = _lexicon(language), BOUNDS[language].title
    in_title = lexicon.found(fold(title))
    in_body = lexicon.found(fold_paragraphs(body))
    told = defaultdict[str, list[_Word]](list)
    for word in {**in_title, **in_body}:
        counts = of_title * (word in in_title) + math.log2(1 + in_body.get(word, 0))
        for subject, weight in lexicon.weights[word]:
            told[subject].append((weight * counts, word))
    ranked = [
        _Told(round(sum([each for each, _ in words]), 6), subject, words) for subject, words in told.items()
    ]
    return sorted(ranked, key=lambda each: (-each.score, each.subject))


def _scored(lexicon: _Lexicon, told: _Told) -> Scored:
    """Return a subject with its words, which are put in order only where they are shown."""
    ordered = sorted((-score, lexicon.words[word]) for score, word in told.words)
    return Scored(subject=told.subject, score=told.score, words=tuple(word for _, word in ordered))


@cache
def _lexicon(language: str) -> _Lexicon:
    prepared = _singulars if language == "en" else str
    weights: dict[str, dict[str, float]] = {}
    shown: dict[str, str] = {}
    for subject, weight, word in _entries(language):
        needle = prepared(fold(word))
        shown.setdefault(needle, word)
        by_subject = weights.setdefault(needle, {})
        if subject != _NEUTRAL:
            by_subject[subject] = max(weight, by_subject.get(subject, 0))
    return _Lexicon(
        words=tuple(shown.values()),
        weights=tuple(tuple(by_subject.items()) for by_subject in weights.values()),
        bounded=frozenset(
            number for number, needle in enumerate(weights) if joins(needle[0]) or joins(needle[-1])
        ),
        automaton=AhoCorasick(
            list(weights), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        ),
        prepared=prepared,
    )


def _entries(language: str) -> Iterator[tuple[str, float, str]]:
    """Yield (subject, weight, word) as the file of a language says."""
    subject, weight = _NEUTRAL, 0.0
    for line in lines(f"subjects.{language}.txt"):
        if line.startswith("["):
            subject = line.strip("[]")
        elif line.startswith("="):
            weight = float(line[1:])
        else:
            yield from ((subject, weight, word.replace("_", " ")) for word in line.split())


def _singulars(folded: str) -> str:
    """Return the words of a folded text in the singular, each with a space of its own on both sides.

    So a word is found whole, and two that follow each other are both found.
    """
    words = _WORD.findall(folded.replace("’", "'").replace("'s", ""))
    return f" {'  '.join(map(_singular, words))} "


@lru_cache(maxsize=50_000)
def _singular(word: str) -> str:
    """Return a word without the s of a plural, roughly: text and lexicon go through the same."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004
        return f"{word[:-3]}y"
    return word[:-1]
