"""Bytes to text: byte order marks, declarations, patterns, then frequencies."""

import codecs
import re
from dataclasses import dataclass
from operator import itemgetter

from feedsvc.extract import hanzi

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages mean when they say the name on the left (WHATWG Encoding).
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949", "utf-16": "utf-16-le",
}  # fmt: skip
_CANDIDATES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "euc_jp",
    "cp949",
]
_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,400}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"\x1f\x8b",
    b"RIFF",
    b"OggS",
    b"\xd0\xcf\x11\xe0",
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_NEVER = frozenset(
    {"", "utf-7", "idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)  # no charsets
_WIDE = ("utf-16", "utf-32")
_HEAD = 4096
_SAMPLE = 1 << 16
_TASTE = 1 << 12  # bytes in which common characters show; even, as UTF-16 is
_CONTROL_SHARE = 0.03  # random bytes hold 10 %
_STRAY = 8  # control characters that a short text may hold and is cleaned of
_LOST_SHARE = 0.05  # more than that and the guess was wrong
_COMMON_SHARE = 0.35  # of running Chinese text the characters of `hanzi.COMMON` make over half
_RUNNING = 0.5  # so many of them, and no other charset is asked
_HIGH = bytes(range(0x4E, 0xA0))  # with what ideographs begin in UTF-16
_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f]")
_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")  # as GB18030 alone writes them
_ACCENTED = hanzi.COMMON | frozenset("·°±×÷§áàéèíìóòúùüêÁÀÉÈÓÒÊ")  # Pinyin has these vowels
_ELSEWHERE = re.compile("[\u0391-\u0451\u3041-\u30fe]")
"""Greek, Cyrillic and kana, which Big5 holds where no other charset has letters."""
_FOREIGN_SHARE = 0.3  # of them in a text that is Japanese or Russian
_PLAIN = re.compile("[\t\n\r -~\u3001-\u30ff\uac00-\ud7a3]+")
_PLAIN_SHARE = 0.9  # of a Korean text
_MARKS = 0.9  # of all that is beyond ASCII
_TENTH = 10
_FEW = 4  # common characters; fewer of them are chance
_SHORT = 32  # so few bytes of GBK may be UTF-8 by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text, the charset it was read in, and how many places could not be read."""

    text: str
    charset: str
    lost: int = 0


def decode(content: bytes, declared: str | None = None) -> Decoded | None:
    """Return the text of a document, or None for bytes that are no text.

    `declared` is the transport's word; a declaration inside the document comes after it.
    """
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return _replacing(content[len(mark) :], charset)
    if content.startswith(_MAGIC):
        return None
    if unmarked := _utf_16_by_zeros(content):
        return _replacing(content, unmarked)
    plain = _strict(content, "utf-8")
    if not plain and (unmarked := _utf_16_by_hanzi(content)):
        return _replacing(content, unmarked)
    if not (_known(declared) or "").startswith(_WIDE) and _is_binary(content):
        return None
    return _by_declaration(content, declared, plain) or _with_surrogates(content) or _by_content(content)


def _by_declaration(content: bytes, declared: str | None, plain: Decoded | None) -> Decoded | None:
    """Trust strict UTF-8 (`plain`) over any declaration, as templates lie more often than bytes do."""
    if plain and len(content) >= _SHORT:
        return plain
    names = [name for name in (_known(declared), _known(_declared_inside(content))) if name]
    return next((found for name in names if (found := _strict(content, name))), None) if names else plain


def _with_surrogates(content: bytes) -> Decoded | None:
    """Read UTF-8 that holds encoded surrogates, as Java writes emoji: pairs are joined, single ones lost."""
    try:
        written = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    joined = written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Decoded(text=joined, charset="utf-8", lost=joined.count("\ufffd") - written.count("\ufffd"))


def _by_content(content: bytes) -> Decoded:
    share, best = _chinese(content, "gb18030")
    if share < _RUNNING:
        share, best = max((share, best), _chinese(content, "big5hkscs"), key=itemgetter(0))
    if share >= _COMMON_SHARE and _readable(best):
        return best
    if foreign := _foreign_in_chinese(content):
        return foreign
    damaged = _replacing(content, "utf-8")
    return damaged if _readable(damaged) else _replacing(content, _detected(content))


def _chinese(content: bytes, charset: str) -> tuple[float, Decoded]:
    guess = _replacing(content, charset)
    return hanzi.common_share(guess.text), guess


def _foreign_in_chinese(content: bytes) -> Decoded | None:
    """Recognise a text in another script that a Chinese machine wrote.

    Beyond ASCII a Latin one holds marks and accents alone.
    """
    for charset, is_telling in (("gb18030", _by_four_bytes), ("big5hkscs", _by_foreign_letters)):
        found = _strict(content, charset)
        foreign = "".join([char for char in found.text if char > "\x7f"]) if found else ""
        if foreign and (is_telling(content, foreign) or sum(map(_is_mark, foreign)) > len(foreign) * _MARKS):
            return found
    return None


def _by_four_bytes(content: bytes, _foreign: str) -> bool:
    return _FOUR_BYTES.search(content) is not None


def _by_foreign_letters(_content: bytes, foreign: str) -> bool:
    letters = len(_ELSEWHERE.findall(foreign))
    marks = sum(map(_is_mark, foreign)) if letters else 0
    return letters >= len(foreign) * _FOREIGN_SHARE or letters + marks > len(foreign) * _MARKS


def _is_mark(char: str) -> bool:
    """Tell whether a character is none of a script's: a quotation mark, a bullet, an accented vowel."""
    return "\u2010" <= char <= "\u266f" or "\u3001" <= char <= "\u301f" or char in _ACCENTED


def _readable(decoded: Decoded) -> bool:
    foreign = len(decoded.text) - len(decoded.text.encode("ascii", "ignore"))
    return decoded.lost <= _LOST_SHARE * foreign or (foreign - decoded.lost > 0 and decoded.lost == 1)


def _strict(content: bytes, charset: str) -> Decoded | None:
    try:
        return Decoded(text=content.decode(charset), charset=charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _replacing(content: bytes, charset: str) -> Decoded:
    text = content.decode(charset, "replace")
    lost = text.count("\ufffd")
    if lost and charset == "utf-8":
        lost -= content.count(b"\xef\xbf\xbd")  # written so, not lost here
    return Decoded(text=text, charset=charset, lost=lost)


def _known(name: str | None) -> str | None:
    """Return Python's name of a charset as pages mean it, None for one it does not know or must not use."""
    try:
        codec = codecs.lookup(name.strip()).name if name else ""
    except (LookupError, ValueError):
        return None
    return None if codec in _NEVER else _MEANT.get(codec, codec)


def _declared_inside(content: bytes) -> str | None:
    """Return the charset a page declares; never UTF-16, which could not be read like this."""
    found = _DECLARED.search(content[:_HEAD])
    name = found[1].decode("ascii", "replace") if found else ""
    return None if name.lower().startswith((*_WIDE, "ucs")) else name


def _utf_16_by_zeros(content: bytes) -> str | None:
    """Recognise UTF-16 without a mark: its zero bytes stand at odd places only, or at even ones only.

    One Korean syllable in 20 has a zero byte in the other place.
    """
    sample = content[: _SAMPLE & ~1]
    if 0 not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even == odd or len(content) % 2:
        return None
    charset = "utf-16-le" if odd > even else "utf-16-be"
    text = sample.decode(charset, "replace")
    if min(even, odd) * 20 > max(even, odd):
        return charset if sum(map(len, _PLAIN.findall(text))) >= len(text) * _PLAIN_SHARE else None
    strange = sum(not (char.isprintable() or char.isspace()) for char in text) + text.count("\ufffd")
    # Latin text between zeros, read two bytes at a time, is half of ideographs that nobody uses.
    by_chance = sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)
    rare = by_chance and hanzi.common_share(text) < _COMMON_SHARE / 2
    return charset if strange * 20 <= len(text) and not rare else None


def _utf_16_by_hanzi(content: bytes) -> str | None:
    """Recognise Chinese UTF-16 without a mark, whose bytes are seldom zero, by its characters."""
    sample = content[:_TASTE]
    for charset, first in (("utf-16-le", 1), ("utf-16-be", 0)) if len(content) % 2 == 0 else ():
        high = sample[first::2]
        if (len(high) - len(high.translate(None, _HIGH))) * _TENTH < len(high):
            continue
        text = sample.decode(charset, "replace")
        chinese = hanzi.common(text)
        strange = text.count("\ufffd") + len(_UNPRINTED.findall(text))
        if chinese >= max(_FEW, len(text) * _COMMON_SHARE / 3) and strange * 20 <= len(text):
            return charset
    return None


def _is_binary(content: bytes) -> bool:
    sample = content[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > _STRAY and controls > len(sample) * _CONTROL_SHARE


def _detected(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 10 MB, for the last rung only

    best = from_bytes(content[:_SAMPLE], cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best else "cp1252"
