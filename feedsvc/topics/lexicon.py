"""Say what a text is about by the words of a lexicon, or say nothing.

A subject's score is the weight of its words, each once, more in the title. A text whose best subject is weak
or hardly better than the next has none: a wrong feed is worse than none. Deterministic, and it says why.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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


_Counts = dict[str, float]
"""How much each word of the lexicon counts in a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """The words of a language, prepared as texts are, and what finds them."""

    shown: Mapping[str, str]
    """What each is called."""
    weights: Mapping[str, tuple[tuple[str, float], ...]]
    """Of each, by subject; none for a word that only keeps shorter ones from counting."""
    bounded: frozenset[str]
    """Those that may be part of longer ones in a text, as they begin or end in Latin letters."""
    automaton: AhoCorasick
    prepared: Callable[[str], str]

    def found(self, line: str) -> list[str]:
        """Return the words in a folded text; of words at one place the longest."""
        prepared = self.prepared(line)
        words = self.automaton.find_matches_as_strings(prepared)
        return words if self.bounded.isdisjoint(words) else list(self._whole(words, prepared))

    def _whole(self, words: Iterable[str], line: str) -> Iterator[str]:
        """Yield the words but for those that are part of longer ones.

        Each stands where it does first behind the one before, which takes less to find than to be told.
        """
        end = 0
        for word in words:
            start = line.index(word, end)
            end = start + len(word)
            if word not in self.bounded or is_word(line, start, end):
                yield word


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
    if not ranked or (best := -ranked[0][0]) < least:
        return ()
    second = -ranked[1][0] if len(ranked) > 1 else 0
    if best < bounds.sure and second > best * (1 - bounds.lead):
        return ()
    close = [told for told in ranked[1 : 1 + SECONDARY] if -told[0] >= max(least, best * bounds.close)]
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


def _ranked(language: str, counts: _Counts) -> list[tuple[float, str]]:
    """Return (score below zero, subject), best first."""
    weights, totals = _lexicon(language).weights, dict[str, float]()
    for word, count in counts.items():
        for subject, weight in weights[word]:
            totals[subject] = totals.get(subject, 0) + weight * count
    return sorted([(-round(total, 6), subject) for subject, total in totals.items()])


def _scored(language: str, counts: _Counts, told: tuple[float, str]) -> Scored:
    """Return a subject with its words, which are looked for and put in order only where they are shown."""
    lexicon, (below, subject) = _lexicon(language), told
    found = [
        (-weight * count, lexicon.shown[word])
        for word, count in counts.items()
        for each, weight in lexicon.weights[word]
        if each == subject
    ]
    return Scored(subject=subject, score=-below, words=tuple([word for _, word in sorted(found)]))


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
        shown=shown,
        weights={needle: tuple(by_subject.items()) for needle, by_subject in weights.items()},
        bounded=frozenset(needle for needle in weights if joins(needle[0]) or joins(needle[-1])),
        automaton=AhoCorasick(
            list(weights),
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
            store_patterns=True,  # so that it gives these strings and makes none
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
