"""The words of our pages in the languages that people read them in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from feedsvc.web.naming import called
from feedsvc.web.wording import MONTHS, TABLE
from feedsvc.web.wording.told import TOLD

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "zh": "中文"})
"""What each calls itself, by primary subtag; the table has one column for each."""
TAGS: Mapping[str, str] = MappingProxyType({"en": "en", "zh": "zh-Hans"})
"""How pages declare it (BCP 47)."""
_DEFAULT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language, and how it writes dates."""

    language: str
    zone: ZoneInfo

    @property
    def tag(self) -> str:
        """What a page in it declares."""
        return TAGS[self.language]

    def __call__(self, key: str, **values: object) -> str:
        """Return a phrase; where it has two forms, `n` chooses between one and many."""
        text = TABLE[key][self.language == "zh"]
        one, bar, many = text.partition("|")
        chosen = (one if values.get("n") == 1 else many) if bar else text
        return chosen.format_map(values)

    def of(self, key: str, known: str) -> str:
        """Return the phrase for a value that programs know, or the value where there is none."""
        return self(f"{key} {known}") if f"{key} {known}" in TABLE else known

    def topic(self, slug: str, name: str) -> str:
        """Return what a topic is called."""
        return called(slug, name, self.language)

    def said(self, english: str) -> str:
        """Return in this language what a program said in English, where the table has it."""
        return _in_chinese(english) if self.language == "zh" else english

    def moment(self, moment: datetime) -> str:
        """Return day, time of day and zone."""
        return _spelled(moment, self.zone, self.language)[0]

    def dated(self, moment: datetime) -> str:
        """Return the day, with the time of day where there is one: midnight is how documents say a day."""
        return _spelled(moment, self.zone, self.language)[1]

    def pointed(self, moment: datetime, rung: str) -> str:
        """Return what a date says when it is pointed at: exactly when, and how it is known."""
        return f"{self.moment(moment)} · {self('date from', rung=self.of('rung', rung))}"

    def __contains__(self, key: str) -> bool:
        return key in TABLE


@lru_cache(1 << 12)
def _spelled(moment: datetime, zone: ZoneInfo, language: str) -> tuple[str, str]:
    """Return a moment with its zone, and as a date; lists show the same ones again and again."""
    local = moment.astimezone(zone)
    day = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    if language == "zh":
        day = f"{local.year}年{local.month}月{local.day}日"
    exact = f"{day} {local.hour:02}:{local.minute:02}"
    is_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return f"{exact} {local.tzname()}", day if is_day else exact


_EXACT: Mapping[str, str] = {**{row[0]: row[1] for row in TABLE.values()}, **TOLD}
_OPEN = tuple(
    (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(english))), chinese)
    for english, chinese in TOLD.items()
    if "{" in english
)


@lru_cache(1 << 10)
def _in_chinese(english: str) -> str:
    """Return the Chinese of what a program said, and of what it quotes, where the tables have it."""
    if english in _EXACT:
        return _EXACT[english]
    found = ((pattern.fullmatch(english), chinese) for pattern, chinese in _OPEN)
    for match, chinese in found:
        if match:
            return chinese.format_map({name: _in_chinese(part) for name, part in match.groupdict().items()})
    return english


def understood(tag: str | None) -> str | None:
    """Return the language that a tag such as "zh-CN" asks for; None for one that we do not have."""
    primary = (tag or "").replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


def fallback(site_language: str) -> str:
    """Return the language for people who name none that we have: the site's, if we have that."""
    return understood(site_language) or _DEFAULT
