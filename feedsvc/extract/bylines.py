"""Bylines: who wrote it and when; CMS accounts are nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedsvc import text
from feedsvc.extract import dates, vocabulary

_EDGES = " \t\xa0\u3000-–—|·,，;；:：.。/()（）[]【】<>@*"
_NOISE = re.compile(r"[\s\d_.@-]+")
_PARAGRAPH = 100  # characters; a longer one with a date in it is prose
_STOPS = (".", "!", "?", "。", "！", "？")
_WORDS = 5  # a longer name is a sentence
_LENGTH = 60
_LIST = 1000  # characters of names; more is a page's keywords or an attack
_MAIL = re.compile(r"<[^<>]*>?|[\w.+-]+@[\w.-]+")
_BY = re.compile(r"(?:^|[|·–—]\s*|\bWritten\s)(?:[Bb]y|BY)[:\s]\s*(?P<names>[^|·•]{2,120})")
_CHINESE = re.compile(
    r"(?:^|[\s|(（【])(?:(?:作\s?者|撰\s?文|[^\s:：]{0,8}(?<!责任)记\s?者)\s?[:：/／]|文[/／])\s?"
    r"(?P<names>[^\s\d:：|()（）】]{2,20}(?:[ 、][^\s\d:：|()（）】]{2,4}(?!\S))*)"
)
_NAME_END = re.compile(
    r"\s+(?:\d|(?:on|Published|Updated|Posted|at)\s)"
    r"|,\s*[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\s(?:Editor|Reporter|Correspondent|Writer)\b"
)
_SPLIT = re.compile(r"\s*(?:[,，、;；&]|\band\b)\s*|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])")
_UPDATE = re.compile(r"updated?|modified|revised|last edit|更新|修改|修订", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What a line between title and body says."""

    authors: tuple[str, ...] = ()
    published: tuple[datetime, ...] = ()
    updated: tuple[datetime, ...] = ()


def read(line: str) -> Byline:
    """Read one line as a byline; one that is none comes back empty."""
    published: list[datetime] = []
    updated: list[datetime] = []
    written, end = dates.normalise(line), 0
    for found in dates.find(line):
        (updated if _UPDATE.search(written, end, found.start) else published).append(found.when)
        end = found.end
    return Byline(authors=tuple(authors(line)), published=tuple(published), updated=tuple(updated))


def authors(line: str) -> Iterator[str]:
    """Yield the people a byline names ("By Jane Doe and John Roe", "作者：张三 李四")."""
    found = _BY.search(line) or _CHINESE.search(line)
    if found:
        yield from people(_NAME_END.split(found["names"])[0])


def people(names: str) -> Iterator[str]:
    """Yield the names in a list of names, without accounts, addresses and sentences."""
    for part in _SPLIT.split(_MAIL.sub(" ", text.one_line(names[:_LIST]))):
        name = part.removeprefix("By ").removeprefix("by ").strip(_EDGES)
        if len(name) > _LENGTH or len(name.split()) > _WORDS:
            return
        if len(name) > 1 and _NAME.search(name) and "://" not in name and not is_account(name):
            yield name


def alone(paragraph: str) -> Byline:
    """Return what a paragraph says if it is a line of its own and no sentence."""
    sentence = len(paragraph) > _PARAGRAPH or paragraph.endswith(_STOPS)
    return Byline() if sentence else read(paragraph)


def field(written: str) -> tuple[str, ...]:
    """Return the people in a field for authors, which may hold a whole byline ("记者：张三")."""
    return tuple(authors(written[:_LIST])) or tuple(people(written))


def is_account(name: str) -> bool:
    """Tell whether a name is a content system's account or a placeholder ("Admin - admin", "webmaster2")."""
    words = _NOISE.sub(" ", text.fold(name)).split()
    return not words or all(word in vocabulary.ACCOUNTS for word in words)
