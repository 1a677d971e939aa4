"""Languages in Latin script, told apart by py3langid (its one place)."""

import re
from functools import cache
from typing import Any

_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "cs", "tr", "id", "vi"]
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ENOUGH = 8  # words; below that it is a coin toss
_PLENTY = 60  # words; more of them only take longer


def detect(text: str) -> str | None:
    """Return the likely language of a Latin text, None where it is too short to tell."""
    words = _LETTERS.findall(text)[:_PLENTY]
    return str(_identifier().classify(" ".join(words))[0]) if len(words) >= _ENOUGH else None


@cache
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 90 MB, only for who needs it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES)
    return identifier
