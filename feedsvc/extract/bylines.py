"""Bylines: who wrote it and when; CMS accounts are nobody."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc import text
from feedsvc.extract import dates, reporters, vocabulary
from feedsvc.topics.folding import simplified

_EDGES = " \t\xa0\u3000-–—|·,，;；:：.。/()（）[]【】<>@*"
_NOISE = re.compile(r"[\s\d_.@-]+")
_PARAGRAPH = 100  # characters; a longer one with a date in it is prose
_STOPS = (".", "!", "?", "。", "！", "？")
_WORDS = 5  # a longer name is a sentence
_LENGTH = 60
_HEAD = 25  # characters
_LIST = 1000  # characters of names; more is a page's keywords or an attack
_MAIL = re.compile(r"<[^<>]*>?|[\w.+-]+@[\w.-]+")
_BY = re.compile(
    r"(?:^|[|·⋅–—]\s*|[12]\d{3}\s|\b(?:Written|Posted|Reported)\s)(?:(?:[Bb]y|BY)[:\s]\s*|By(?=[A-Z][a-z]+\s[A-Z]))"
    r"(?P<names>[^|·•⋅]{2,120})"
)  # elements for "By" and the name may touch
# As German, French, Spanish, Portuguese, Italian, Dutch and Nordic bylines begin; only names may follow.
_OF = re.compile(
    r"(?:(?:Text[eo]?\s)?(?:[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|[Dd]oor|DOOR|[Aa]v|[Aa]f)"
    r"|(?P<label>(?:Text[eo]?|Autor(?:in|a)?|Auteur|Autore|Author|Words)\s?:))\s(?P<names>[^|·•:]{4,80})"
)
_PICTURED = re.compile(r",?\s(?:Illustration(?:en|s)?|Fotos?|Photos?|Bild(?:er)?|Photography)\b")
"""What parts who wrote from who made the pictures."""
_PARTICLES = frozenset(
    {"and", "und", "et", "y", "e", "i", "en", "og", "och", "de", "del", "della", "der", "den", "di", "da",
     "dos", "das", "du", "la", "le", "van", "von", "zu", "bin", "al"}
)  # fmt: skip
_TELLING = re.compile(r"\d{4}|[〇零○民:：者員员文写創创稿笔源自处]|[Bb]y\b|BY\b|By(?=[A-Z])")
"""What lines hold that name somebody or a year: asked first, as most do neither."""
_NAME_END = re.compile(
    r"\s+(?:\d|(?:on|at)\s|(?:Published|Updated|Posted)(?=\s|[A-Z]))"
    r"|,\s*[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\s(?:Editor|Reporter|Correspondent|Writer)\b"
    r"|(?:,\s*|\s+|(?<=[a-z]))(?:Senior\s|Contributing\s)?Staff\s(?:Writer|Reporter)\b"
)
_DEGREE = (  # behind a comma, of one name
    r"(?:Jr|Sr|III?|M\.?D|Ph\.?D|D\.?O|DVM|DDS|DMD|RDN?|RN|CPA|CFP|MPH|MSW?|MBA|PharmD|PsyD|Esq)\b"
)
_SPLIT = re.compile(
    rf"\s*(?:,(?!\s*{_DEGREE})|[，、;；&]|\b(?:and|und|et|og|och)\b|\s[ye]\s)\s*|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])"
)
_UPDATE = re.compile(
    r"updated?|modified|revised|last edit|a[ck]tuali[sz]|uppdatera|oppdatert|opdatere|bijgewerkt|mise? à jour"
    r"|modifié|atualizad|aggiornat|modificat|zaktualiz|módos|frissít|päivitetty|güncelle|ενημερώθ|обновлен|изменен|оновлен"
    r"|更新|修改|修订",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\W{0,3}(?:[-–—]|to|until|bis|au)\W{0,3}", re.IGNORECASE)
"""What makes two dates a period, in which something takes place."""
_NAME = re.compile(r"[^\W\d_]")
_LOGIN = re.compile(r"[a-z]+\.[a-z]+\d*")
_LABEL = re.compile(
    r"(?:(?:(?:Written|Posted|Article|Story|Words|Text)\s)?(?:[Bb]y|BY)|(?:About the )?[Aa]uthor(?:s|\(s\))?"
    r"|(?:Über d(?:en|ie) )?Autor(?:in)?|Von|Par)\s?:?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What a line between title and body says."""

    authors: tuple[str, ...] = ()
    source: str = ""
    """Whom the line names as publisher; the author where nobody is named."""
    published: tuple[datetime, ...] = ()
    updated: tuple[datetime, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether the line says anything of it."""
        return bool(self.authors or self.published or self.updated or self.source)


_NOBODY = Byline()


def read(line: str, order: dates.Order | None = None) -> Byline:
    """Read one line as a byline; one that is none comes back empty."""
    published: list[datetime] = []
    updated: list[datetime] = []
    if not (_TELLING.search(line) or _OF.match(line)):
        return _NOBODY
    if dates.may_hold(line):
        written, end = dates.normalise(line), 0
        for found in dates.find(line, order):
            if end and _UNTIL.fullmatch(written, end, found.start):
                return _NOBODY
            (updated if _UPDATE.search(written, end, found.start) else published).append(found.when)
            end = found.end
    return Byline(
        authors=tuple(authors(line)),
        source="" if line.isascii() else _publisher(line),
        published=tuple(published),
        updated=tuple(updated),
    )


def authors(line: str) -> Iterator[str]:
    """Yield the people a byline names ("By Jane Doe and John Roe", "作者：张三 李四")."""
    by = "By" in line or "by" in line or "BY" in line
    if found := by and _BY.search(line):
        yield from people(_NAME_END.split(found["names"])[0])
    elif found := _OF.match(line):
        yield from people(_named(_PICTURED.split(found["names"])[0], labelled=bool(found["label"])))
    elif not line.isascii():
        yield from (name for written in reporters.wrote(line) for name in people(written))


def _named(written: str, *, labelled: bool) -> str:
    """Return what of a byline's rest is names, "" for none; behind a label a comma ends them as well."""
    able = (written, written.partition(",")[0]) if labelled else (written,)
    return next(filter(_is_names, able), "")


def updated(byline: Byline) -> Byline:
    """Return a byline whose dates are all those of updates."""
    return replace(byline, published=(), updated=(*byline.published, *byline.updated))


def heads_update(line: str) -> bool:
    """Tell whether a line says no more than that the date below it is an update's ("Last updated")."""
    return len(line) <= _HEAD and _UPDATE.search(line) is not None and not dates.may_hold(line)


def is_label(line: str) -> bool:
    """Tell whether a line says no more than that a name follows ("Written by")."""
    return _LABEL.fullmatch(line) is not None


def listed(line: str) -> tuple[str, ...]:
    """Return the people in a line that is nothing but names."""
    return tuple(people(line)) if len(line) <= _LENGTH and _is_names(line) else ()


def people(names: str) -> Iterator[str]:
    """Yield the names in a list of names, without accounts, addresses and sentences."""
    for part in _SPLIT.split(_MAIL.sub(" ", text.one_line(names[:_LIST]))):
        name = part.removeprefix("By ").removeprefix("by ").strip(_EDGES)
        if len(name) > _LENGTH or len(name.split()) > _WORDS:
            return
        if len(name) > 1 and _NAME.search(name) and "://" not in name and not is_account(name):
            yield name


def alone(paragraph: str, order: dates.Order | None = None) -> Byline:
    """Return what a paragraph says if it is a line of its own and no sentence."""
    sentence = len(paragraph) > _PARAGRAPH or paragraph.endswith(_STOPS)
    return _NOBODY if sentence else read(paragraph, order)


def field(written: str) -> tuple[str, ...]:
    """Return the people in a field for authors, which may hold a whole byline ("记者：张三")."""
    return tuple(authors(written[:_LIST])) or tuple(people(written))


def merged(found: Sequence[Byline]) -> Byline:
    """Return one byline of several lines; of several dates the last, as it stands nearest to the body."""
    published = [byline.published for byline in found if byline.published]
    sources = [byline.source for byline in found if byline.source]
    return Byline(
        authors=tuple(dict.fromkeys([name for byline in found for name in byline.authors])),
        source=sources[0] if sources else "",
        published=published[-1] if published else (),
        updated=tuple([when for byline in found for when in byline.updated]),
    )


def is_account(name: str) -> bool:
    """Tell whether a name is a content system's account or a placeholder ("Admin - admin", "ann.lee")."""
    words = _NOISE.sub(" ", simplified(text.fold(name))).split()
    return not words or bool(_LOGIN.fullmatch(name)) or vocabulary.ACCOUNTS.issuperset(words)


def _publisher(line: str) -> str:
    name = reporters.source(line)
    return name if name and not is_account(name) else ""


def _is_names(written: str) -> bool:
    """Tell whether all words are capitalised, as in names and in no sentence."""
    words = written.replace(",", " ").split()
    named = [word for word in words if word.lower() not in _PARTICLES]
    return len(named) > 1 and all(word[0].isupper() and not word.endswith(_STOPS[1:]) for word in named)
