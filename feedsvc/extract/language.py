"""The language of a text: as declared, unless its script says otherwise."""

import re
from functools import lru_cache

from feedsvc.extract import hanzi, latin

_SAMPLE = 1000  # characters of a text show its script
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]+"),  # before Han: Japanese text holds both
    "zh": re.compile("[\u3400-\u9fff\uf900-\ufaff]+"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff]+"),
    "ru": re.compile("[\u0400-\u04ff]+"),
    "ar": re.compile("[\u0600-\u06ff]+"),
    "he": re.compile("[\u0590-\u05ff]+"),
    "el": re.compile("[\u0370-\u03ff]+"),
    "th": re.compile("[\u0e00-\u0e7f]+"),
    "hi": re.compile("[\u0900-\u097f]+"),
}
_OTHER = re.compile("[\u0370-\u1fff\u3040-\ud7ff\uf900-\ufaff]")
"""What a text in Latin script holds none of, whatever its quotation marks."""
_SHARES_SCRIPT = {
    "ru": frozenset({"ru", "uk", "bg", "sr", "be", "mk", "kk", "mn"}),
    "ar": frozenset({"ar", "fa", "ur", "ps", "ku"}),
    "hi": frozenset({"hi", "mr", "ne"}),
    "he": frozenset({"he", "iw", "yi"}),
}
_IDEOGRAPHS = bytes(range(0x4E, 0xA0))  # blocks of 256 characters that hold no others
_KANA = b"\x30"  # the block that holds them all, and the marks of Chinese
_RARE = 30  # characters for each byte of UTF-8 beyond them; in these scripts there are far more bytes
_LETTERS = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$")
_SHARE = {"ja": 0.1, "zh": 0.3, "ko": 0.3}  # Latin names and numbers run through East Asian pages
_MOST = 0.5
_TRACE = 0.05  # an article on code in Chinese still holds that much Chinese


def choose(text: str, *declared: str | None) -> str | None:
    """Return a text's BCP 47 tag: the first declared one its script allows, else by script, else detected."""
    sample = text[:_SAMPLE]
    script = by_script(sample)
    for tag in declared:
        if (language := _spelled(tag)) and _allowed(language, script, sample):
            return script if script and script.startswith("zh") else language
    return script or latin.detect(sample)


def by_script(text: str) -> str | None:
    """Return the language that the script of a text's beginning gives away, None for Latin.

    Of Chinese it says `zh-Hans` or `zh-Hant` too.
    """
    return _of_sample(text[:_SAMPLE])


@lru_cache(4)  # of one article it is asked twice: for its language, and for what gave that away
def _of_sample(text: str) -> str | None:
    if (len(text.encode("utf-8", "replace")) - len(text)) * _RARE < len(text) or not _OTHER.search(text):
        return None
    if _is_plainly_chinese(text):
        return _chinese(text)
    language = next((name for name in _SCRIPTS if _is_in(text, name)), None)
    return _chinese(text) if language == "zh" else language


def _is_plainly_chinese(text: str) -> bool:
    """Tell, at a fifth of the price, whether a text surely is in Chinese script by the shares of `_is_in`.

    Each ideograph is a letter, so that a tenth of all letters are no kana where a tenth of these are none.
    """
    blocks = text.encode("utf-16-le", "surrogatepass")[1::2]
    found = len(blocks) - len(blocks.translate(None, _IDEOGRAPHS))
    return found >= _SHARE["zh"] * len(text) and blocks.count(_KANA) < _SHARE["ja"] * found


def _chinese(text: str) -> str:
    return "zh-Hant" if hanzi.is_traditional(text) else "zh-Hans"


def _is_in(text: str, language: str) -> bool:
    """Tell whether enough of a text's letters, or even of all its characters, are in a language's script."""
    found = _length(_SCRIPTS[language].findall(text))
    enough = _SHARE.get(language, _MOST)
    return found > 0 and (found >= enough * len(text) or found >= enough * _length(_LETTERS.findall(text)))


def _share(text: str, language: str) -> float:
    """Return which share of a text's letters is in a language's script."""
    found = _length(_SCRIPTS[language].findall(text))
    return found / _length(_LETTERS.findall(text)) if found else 0.0


def _length(runs: list[str]) -> int:
    return sum(map(len, runs))


def _allowed(language: str, script: str | None, text: str) -> bool:
    first = language.partition("-")[0]
    if script:
        expected = script.partition("-")[0]
        return first in _SHARES_SCRIPT.get(expected, {expected})
    return first not in _SCRIPTS or not _LETTERS.search(text) or _share(text, first) > _TRACE


def _spelled(tag: str | None) -> str | None:
    """Return a language tag with its usual capitals, None for what is no tag."""
    written = (tag or "").strip()
    if not _TAG.match(written):
        return None
    first, *rest = written.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    region, script = 2, 4  # lengths
    if len(part) == region:
        return part.upper()
    return part.title() if len(part) == script else part.lower()
