"""Documents broken in every way a byte can be: the same number gives the same document for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from feedsvc.extract import MEDIA_TYPES
from feedsvc.model import Document

_ROOT = Path(__file__).parents[1]
_LONGEST = 4096
_CHARSETS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "latin-1", "utf-8-sig")
_TELLING = (
    b"<div>",
    b"</div>",
    b"<p>",
    b"<!--",
    b"<![CDATA[",
    b"<script>",
    b"<table><tr><td>",
    b"&#x0;",
    b"&#xD800;",
    b"<meta charset=gbk>",
    b"<title>",
    b"]]>",
    b"<a href='javascript:x'>",
    b"---\n",
    b"+++\n",
    b"date: 2024-02-30\n",
    b"title: [\n",
    b"# ",
    b"```\n",
    b"| a | b |\n|---|---|\n",
    b"[",
    b"](",
    b"![",
    b"*",
    b"_",
    b"\n\n",
    b"\r",
    b"\x00",
    b"\x0b",
    b"\x1b",
    b"\x85",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbf",
    b"  1. ",
    "2022年04月21日 来源：".encode(),
    "作者：".encode(),
    "（记者 ".encode(),
    "\u2028\u202e\u200d".encode(),
    b"By ",
    "3小时前\n".encode(),
    "民國九九九年".encode(),
    b"31/12/9999",
    b"0001-01-01",
    "。".encode(),
    b"Related stories\n",
)


@dataclass(frozen=True, slots=True)
class _Seed:
    media_type: str
    content: bytes


def document(number: int) -> Document:
    """Return one of endlessly many documents: a sample, cut, joined with others and damaged."""
    chance = Random(number)  # noqa: S311 - no secret
    seed = chance.choice(_seeds())
    content = bytearray(_window(seed.content, chance))
    for _ in range(chance.choice((1, 1, 2, 4, 8, 32))):
        chance.choice(_DAMAGES)(content, chance)
    return Document(
        source="mutated",
        key=f"{number}",
        media_type=seed.media_type if chance.random() < 0.8 else chance.choice(sorted(MEDIA_TYPES.values())),
        content=bytes(content[:_LONGEST]),
        location=f"/mutated/{number}",
        charset=chance.choice((None, None, None, *_CHARSETS)),
    )


@cache
def _seeds() -> tuple[_Seed, ...]:
    files = sorted((*(_ROOT / "seeds").rglob("*"), *(_ROOT / "tests/extract").iterdir()))
    return tuple(
        _Seed(MEDIA_TYPES[path.suffix], path.read_bytes()) for path in files if path.suffix in MEDIA_TYPES
    )


def _window(content: bytes, chance: Random) -> bytes:
    begin = chance.randrange(max(1, len(content) - _LONGEST)) if chance.random() < 0.5 else 0
    return content[begin : begin + chance.randrange(1, _LONGEST)]


def _span(content: bytearray, chance: Random) -> slice:
    begin = chance.randrange(len(content) + 1)
    return slice(begin, begin + chance.choice((1, 2, 5, 40, 400)))


def _flip(content: bytearray, chance: Random) -> None:
    for _ in range(chance.choice((1, 3, 20))):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)


def _drop(content: bytearray, chance: Random) -> None:
    del content[_span(content, chance)]


def _double(content: bytearray, chance: Random) -> None:
    where = _span(content, chance)
    content[where.start : where.start] = content[where] * chance.choice((1, 2, 50))
    del content[_LONGEST:]


def _insert(content: bytearray, chance: Random) -> None:
    where = chance.randrange(len(content) + 1)
    content[where:where] = chance.choice(_TELLING) * chance.choice((1, 1, 3, 100))
    del content[_LONGEST:]


def _join(content: bytearray, chance: Random) -> None:
    content[_span(content, chance)] = _window(chance.choice(_seeds()).content, chance)
    del content[_LONGEST:]


def _recode(content: bytearray, chance: Random) -> None:
    written = content.decode(chance.choice(_CHARSETS), "replace")
    content[:] = written.encode(chance.choice(_CHARSETS), "replace")


def _shuffle(content: bytearray, chance: Random) -> None:
    lines = content.split(b"\n")
    chance.shuffle(lines)
    content[:] = b"\n".join(lines)


_DAMAGES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip, _drop, _double, _insert, _insert, _join, _recode, _shuffle,
)  # fmt: skip
