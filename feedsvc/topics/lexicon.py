"""Say what a text is about by the words of a lexicon, or say nothing.

A subject's score is the weight of its words, each once, more in the title. A text whose best subject is weak
or hardly better than the next has none: a wrong feed is worse than none. Deterministic, and it says why.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from feedsvc.topics.folding import Folded, fold
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


_Counts = dict[int, float]
"""How much each word of the lexicon counts in a text, by its number."""


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

    def found(self, line: str) -> list[int]:
        """Return the numbers of the words in a folded text; of words at one place the longest."""
        prepared = self.prepared(line)
        matches = self.automaton.find_matches_as_indexes(prepared)
        numbers = [number for number, _, _ in matches]
        if self.bounded.isdisjoint(numbers):
            return numbers
        return [
            number
            for number, start, end in matches
            if number not in self.bounded or is_word(prepared, start, end)
        ]


def subjects(language: str, title: str, body: str) -> tuple[Scored, ...]:
    """Return what a text is about, the first subject first; () where that is unsure."""
    language = spoken(language)
    return subjects_of(language, Folded.of(title, body), len(body)) if language else ()


def spoken(language: str) -> str:
    """Return which lexicon there is for a text's language, or ""."""
    primary = language.partition("-")[0].lower()
    return primary if primary in LANGUAGES else ""


def subjects_of(language: str, folded: Folded, length: int) -> tuple[Scored, ...]:
    """Return what a folded text is about; `length` is that of its body before."""
    bounds, counts = BOUNDS[language], _counts(language, folded)
    ranked = _ranked(language, counts)
    least = max(bounds.least, bounds.per_thousand * min(length, _LONG) / 1000)
    if not ranked or ranked[0][1] < least:
        return ()
    (_, best), *others = ranked
    if best < bounds.sure and others and others[0][1] > best * (1 - bounds.lead):
        return ()
    close = [told for told in others[:SECONDARY] if told[1] >= max(least, best * bounds.close)]
    return tuple([_scored(language, counts, told) for told in (ranked[0], *close)])


def scores(language: str, title: str, body: str) -> list[Scored]:
    """Return every subject that a text has a word of, best first."""
    counts = _counts(language, Folded.of(title, body))
    return [_scored(language, counts, told) for told in _ranked(language, counts)]


def _counts(language: str, folded: Folded) -> _Counts:
    lexicon, of_title = _lexicon(language), BOUNDS[language].title
    counts = dict.fromkeys(lexicon.found(folded.title), of_title)
    for word, times in Counter(lexicon.found(folded.body)).items():
        counts[word] = counts.get(word, 0) + math.log2(1 + times)
    return counts


def _ranked(language: str, counts: _Counts) -> list[tuple[str, float]]:
    """Return (subject, score), best first."""
    weights, totals = _lexicon(language).weights, dict[str, float]()
    for word, count in counts.items():
        for subject, weight in weights[word]:
            totals[subject] = totals.get(subject, 0) + weight * count
    ranked = sorted([(-round(total, 6), subject) for subject, total in totals.items()])
    return [(subject, -total) for total, subject in ranked]


def _scored(language: str, counts: _Counts, told: tuple[str, float]) -> Scored:
    """Return a subject with its words, which are looked for and put in order only where they are shown."""
    lexicon, (subject, score) = _lexicon(language), told
    found = [
        (-weight * count, lexicon.words[word])
        for word, count in counts.items()
        for each, weight in lexicon.weights[word]
        if each == subject
    ]
    return Scored(subject=subject, score=score, words=tuple([word for _, word in sorted(found)]))


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
