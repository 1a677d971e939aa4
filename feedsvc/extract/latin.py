"""Languages in Latin script: by their small words, else by py3langid (its one place)."""

import re
from functools import cache
from typing import Any

from feedsvc.extract.functionwords import LANGUAGES, WORDS

_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH = 8  # words; below that it is a coin toss
_PLENTY = 60  # words; more of them only take longer
_LENGTH = 10  # characters that a word takes at most, on average and with what parts it from the next
_CLEAR = 4  # small words of one language, and twice as many as of any other


def detect(text: str) -> str | None:
    """Return the likely language of a Latin text, None where it is too short to tell."""
    words = _words(text)
    if sum(len(word) > 1 for word in words) < _ENOUGH:
        return None
    return _by_small_words(words) or str(_identifier().classify(" ".join(words))[0])


def clear(text: str) -> str | None:
    """Return the language that the small words of a Latin text leave no doubt of."""
    return _by_small_words(_words(text))


def _words(text: str) -> list[str]:
    return _LETTERS.findall(text[: _PLENTY * _LENGTH].casefold())[:_PLENTY]


def _by_small_words(words: list[str]) -> str | None:
    counts: dict[str, int] = {}
    for word in words:
        for language in WORDS.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    first = max(counts, key=counts.__getitem__, default="")
    best = counts.pop(first, 0)
    return first if best >= _CLEAR and best >= 2 * max(counts.values(), default=0) else None


@cache
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 90 MB, only for who needs it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
