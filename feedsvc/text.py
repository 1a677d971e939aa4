"""Text as code points: cleaned for XML, folded for matching, cut for people, spelled for URLs."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate

# XML 1.0 section 2.2 Char, inverted; surrogates stand alone in a Python string, so all of them go.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
_LOST = "\ufffd"  # alone of what XML refuses or `clean` drops it is printable
_PARTED = "|"
_C1 = re.compile("[\x80-\x9f]")
_ODD = re.compile("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")  # either; most texts hold none
# It begins with a set, which the engine looks for faster than for one of two patterns.
_SENTENCE_END = re.compile("[。！？…!?.](?:(?<!\\.)[。！？…!?]*[”’」』）)\"']*|(?<=\\.)[”’)\"']*(?=\\s|$))")
_SLUG_LENGTH = 64
_SHARE = 4  # characters of a text that tell its first column: few are white space or marks
_JOINER = "\u200d"
_EXTENDERS = frozenset(f"\u200c{_JOINER}🏻🏼🏽🏾🏿")  # they belong to what stands before them
_MET = 1 << 13  # characters whose columns are remembered


def clean(text: str) -> str:
    """Return the text with every character that XML or its validators refuse mended or dropped.

    C1 controls are windows-1252 read as Latin-1 and become what was meant; U+FFFD says that something
    was lost and is dropped with the control characters, U+FFFE, U+FFFF and lone surrogates.
    """
    return _NOT_XML.sub("", _C1.sub(_windows_1252, text)) if _ODD.search(text) else text


def one_line(text: str) -> str:
    """Return the text cleaned, with every run of white space (no-break spaces too) as one space."""
    plain = text.isprintable() and _LOST not in text  # so most are; `clean` asks a sixth as fast
    return " ".join((text if plain else clean(text)).split())


def are_lines(texts: Collection[str]) -> bool:
    """Tell whether all of them surely are what `one_line` makes of them, at the price of asking one."""
    joined = f"{_PARTED}{_PARTED.join(texts)}{_PARTED}"
    spaced = "  " in joined or f" {_PARTED}" in joined or f"{_PARTED} " in joined
    return joined.isprintable() and _LOST not in joined and not spaced


def fold(text: str) -> str:
    """Return the text as it is compared: NFKC, case folded, white space as single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def width(text: str) -> int:
    """Return how many columns a text takes: East Asian wide characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_COLUMNS.__getitem__, text))


def columns(text: str) -> int:
    """Estimate the width of a text from its length in UTF-8, 20 times faster than by character."""
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) // 2


def summarise(text: str, columns: int = 240) -> str:
    """Return the beginning of a text, cut at a sentence end within `columns`.

    A single sentence longer than that is cut between words (Latin) or characters (Chinese), never inside a
    combining sequence, and says so by an ellipsis.
    """
    line = one_line(text[: columns * _SHARE])
    if len(line) < columns:  # much white space, or all of a short text
        line = one_line(text)
    reached = _reached(line, columns)
    if len(reached) == len(line):
        return line
    most = _base(line, len(reached))
    matches = _SENTENCE_END.finditer(line, 0, most + 1)
    ends = [end for match in matches if (end := match.end()) <= most and not _joined(line, end)]
    if ends and reached[ends[-1] - 1] * 4 >= columns:
        return line[: ends[-1]].rstrip()
    fits = line[: _base(line, bisect_right(reached, columns - 1))]
    word = fits.rpartition(" ")[0]
    kept = (word if len(word) * 2 > len(fits) else fits).rstrip(" ,;:，、；：")
    return line[: _base(line, len(kept))] + "…"


def slug(name: str) -> str:
    """Return the spelling of a name in a URL: letters, digits and marks of any script, joined by `-`.

    NFKC, case folded, at most 64 characters; "" for a name that holds none of these.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean(name)).casefold())
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in folded)
    return "-".join(kept.split())[:_SLUG_LENGTH].rstrip("-")


def _windows_1252(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("windows-1252", "ignore")


class _Columns(dict[str, int]):
    """The columns of characters met before; what it holds a dict finds faster than any function."""

    def __missing__(self, char: str) -> int:
        if len(self) >= _MET:
            self.clear()
        self[char] = columns = _columns_of(char)
        return columns


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


_COLUMNS = _Columns()


def _reached(text: str, columns: int) -> Sequence[int]:
    """Return how many columns a text takes up to each of its characters, up to `columns`."""
    if text[: columns + 1].isascii():
        return range(1, min(len(text), columns) + 1)
    reached: list[int] = []
    for taken in accumulate(map(_COLUMNS.__getitem__, text)):
        if taken > columns:
            break
        reached.append(taken)
    return reached


def _base(text: str, end: int) -> int:
    """Return the last place at or before `end` where a cut parts nothing that belongs together."""
    while _joined(text, end):
        end -= 1
    return end


def _joined(text: str, index: int) -> bool:
    """Tell whether a cut before `index` would part a mark from its base, or what a joiner joins."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    return unicodedata.category(after)[0] == "M" or after in _EXTENDERS or before == _JOINER
