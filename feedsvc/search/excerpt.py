"""What a page shows of an article that was found: its own words, those that were looked for marked.

Terms are found in the folded text, as rules find them, and the places are carried back to the text as it was
written: folding may join letters and marks, and make several letters of one.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from feedsvc.model import Article
from feedsvc.search.query import wanted
from feedsvc.topics.folding import fold
from feedsvc.topics.looks import is_word
from feedsvc.topics.rules import Rule, Term

LENGTH = 160
"""Characters of an excerpt, more or less."""
_BEFORE = 40  # of them at most before the first place
_LONGEST = 4_000  # characters of a paragraph that places are carried back in
_letter = lru_cache(10_000)(fold)
_JAMO = range(0x1160, 0x1200)  # vowels and finals, which join the syllable before them


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """An article's title and the part of its body where the words stand."""

    title: tuple[Piece, ...]
    body: tuple[Piece, ...]


def excerpt(rule: Rule, article: Article) -> Excerpt:
    """Return what to show of an article; the summary where no word of the rule stands in its body."""
    terms = tuple(wanted(rule))
    in_title, in_body = (_needles(terms, field) for field in ("intitle:", "intext:"))
    title = " ".join(article.title.split())
    return Excerpt(title=_cut(title, _spans(title, in_title)), body=_body(article, in_body))


def _needles(terms: Iterable[Term], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(term.text) for term in terms if term.field in {"", field}))


def _body(article: Article, needles: Sequence[str]) -> tuple[Piece, ...]:
    """Return the first paragraph that holds most of the needles, from shortly before the first of them."""
    best, most = "", 0
    for paragraph in article.text.split("\n\n") if needles else ():
        folded = fold(paragraph[:_LONGEST])
        count = sum(_is_in(needle, folded) for needle in needles)
        if count > most:
            best, most = " ".join(paragraph[:_LONGEST].split()), count
            if most == len(needles):
                break
    if not best:
        return (Piece(text=article.summary),)
    spans = _spans(best, needles)
    start = _start(best, spans[0][0]) if spans else 0
    end = _end(best, start + LENGTH)
    inside = [(first - start, min(last, end) - start) for first, last in spans if first < end]
    pieces = _cut(best[start:end], inside)
    before = (Piece(text="…"),) if start else ()
    after = (Piece(text="…"),) if end < len(best) else ()
    return (*before, *pieces, *after)


def _is_in(needle: str, folded: str) -> bool:
    return next(_places(needle, folded), None) is not None


def _places(needle: str, folded: str) -> Iterator[int]:
    """Yield where a needle stands as a word."""
    start = folded.find(needle) if needle else -1
    while start >= 0:
        if is_word(folded, start, start + len(needle)):
            yield start
        start = folded.find(needle, start + 1)


def _spans(line: str, needles: Iterable[str]) -> list[tuple[int, int]]:
    """Return where needles stand in a line as it was written, those that overlap as one."""
    folded, origins = _traced(line)
    found = sorted(
        (origins[start], origins[start + len(needle) - 1] + 1)
        for needle in needles
        for start in _places(needle, folded)
    )
    spans: list[tuple[int, int]] = []
    for first, last in found:
        whole = _cluster_end(line, last)
        if spans and first <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], whole)
        else:
            spans.append((first, whole))
    return spans


def _traced(line: str) -> tuple[str, Sequence[int]]:
    """Return a line folded, and where each character of that came from; "" where this cannot be told."""
    folded = fold(line)
    if line.isascii() and len(folded) == len(line):
        return folded, range(len(line))
    letters: list[str] = []
    origins: list[int] = []
    start = 0
    while start < len(line):
        end = _cluster_end(line, start + 1)
        made = _letter(line[start:end]) or " "
        letters += made
        origins += [start] * len(made)
        start = end
    traced = "".join(letters)
    return (traced, origins) if traced == folded else ("", ())


def _cluster_end(line: str, end: int) -> int:
    """Return where what begins before `end` ends: marks belong to the letter before them."""
    while end < len(line) and (unicodedata.category(line[end])[0] == "M" or ord(line[end]) in _JAMO):
        end += 1
    return end


def _start(line: str, first: int) -> int:
    """Return where an excerpt begins: with the sentence of the first place, else some words before it.

    Near the end of a line it begins earlier, so that it is as long as any.
    """
    earliest = max(0, min(first - _BEFORE, len(line) - LENGTH))
    if not earliest:
        return 0
    for sign in ("。", ". "):
        found = line.rfind(sign, earliest, min(first, len(line) - LENGTH + _BEFORE))
        if found >= 0:
            return found + len(sign)
    for sign in ("，", ", ", " "):
        found = line.find(sign, earliest, first)
        if found >= 0:
            return found + len(sign)
    return _cluster_end(line, earliest)


def _end(line: str, end: int) -> int:
    """Return where an excerpt ends: between two words, if there are any."""
    if end >= len(line):
        return len(line)
    space = line.rfind(" ", end - LENGTH // 4, end)
    return space if space >= 0 else _cluster_end(line, end)


def _cut(line: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return a line in pieces."""
    pieces, at = [], 0
    for first, last in spans:
        pieces += [Piece(text=line[at:first]), Piece(text=line[first:last], marked=True)]
        at = last
    return tuple(piece for piece in (*pieces, Piece(text=line[at:])) if piece.text)
