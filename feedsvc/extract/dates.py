"""Dates as people and machines write them: read exactly or not at all, never guessed at.

A date that could mean two days (03/04/2024) is no date, unless its page's language says what comes first.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from feedsvc.extract import months

Order = Literal["day", "month"]
"""What comes first in 03/04/2024."""
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "jst": 9, "kst": 9, "ist": 5.5,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # hours; CST is both China's and Chicago's and stays out  # fmt: skip
_BY_SEASON = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # these say neither summer time nor standard time  # fmt: skip
_WEEKDAY = "(?:[周週]|星期|[礼禮]拜)[一二三四五六日天]|[月火水木金土日]曜日?"
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# No capital within small letters, as a label may touch its date: "UpdatedMay 3, 2024".
_MONTH = r"(?P<{}>[^\W\d_](?:[^\W\d_A-Z]{{2,11}}|[^\W\d_a-z]{{2,11}}))"
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>(?:19|20)\d\d)\s?(?:[年년]\s?(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)\s?[日号號일]?"
    r"|(?P<sep>[-/]|\.\s?)(?P<m2>\d\d?)(?P=sep)(?P<d2>\d\d?)(?!\d))"
    r"|(?<![A-Za-z_])(?P<y3>(?:19|20)\d\d)(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?=T\d|\D|$)(?!-\d|\.\d)"
    r"|(?P<d4>\d\d?)(?:st|nd|rd|th|er|ème|o|°)?(?:(?P<point>\.)|(?=[ /-]))[ /-]?(?:de |di |of |d['’])?"
    rf"{_MONTH.format('n4')}(?:\.?,?[ /-]|\.)(?:de |del )?"
    r"(?P<y4>(?:19|20)\d\d)(?!\d)"
    r"|(?<![A-Za-z])(?P<d6>\d\d?)(?P<sep6>\.\s?|/|-)(?P<m6>\d\d?)(?P=sep6)(?P<y6>(?:19|20)\d\d)(?!\.?\d))"
    rf"|(?<![\d.])(?P<y7>(?:19|20)\d\d)\.?\s(?:m\.\s)?{_MONTH.format('n7')}\.?\s(?P<d7>\d\d?)(?!\d)"
    rf"|(?:\b|(?<=[a-z\d])(?=[A-Z])){_MONTH.format('n5')}\.?\s(?P<d5>\d\d?)(?:st|nd|rd|th)?,?\s"
    r"(?P<y5>(?:19|20)\d\d)(?!\d)"
)
_TIME = re.compile(
    r"(?:T|(?:\s{0,3}[,|·]?|\s[–-])\s{0,3}"
    r"(?:(?P<at>at|um|à|às|a las|alle(?: ore)?|ore|om|kl\.?|klo|godz\.|в|о)\s{1,2}"
    rf"|(?:[A-Z][a-z]{{2,8}}day|{_WEEKDAY}|\((?:{_WEEKDAY}|[月火水木金土日一二三四五六])\))\s{{0,2}})?)"
    r"(?P<half>[上下]午|晚上|凌晨)?\s?(?P<h>[0-2]?\d)(?:"
    r"(?:[:时時點点]|\s?h\s?(?=\d\d)|(?(at)\.|\.(?=\d\d\s?(?:Uhr|[hH]\b|[AaPp][Mm]\b|[A-Z]{3}))))(?P<min>[0-5]\d)"
    r"(?:[:分](?P<s>[0-6]\d)(?:[.,]\d{1,9})?)?|(?=\s?[AaPp]\.?[Mm]))[分秒]?"
    r"\s?(?P<ap>[AaPp]\.?[Mm]\b\.?)?"
    r"(?:\s?(?P<zone>Z\b|(?:UTC|GMT)?[+-]\d\d:?\d\d(?!\d)"
    r"|\(?(?:[A-Z]{3,4}|[ECMP]T)\)?(?:(?![A-Za-z])|(?=[A-Z][a-z]))))?"
)  # on folded text, so with ASCII commas and colons; a point parts a time where a word says that it is one
_COMPACT = re.compile(r"T(?P<h>[0-2]\d)(?P<min>[0-5]\d)(?P<s>[0-6]\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?")
_CHINESE_YEAR = re.compile("[〇零○一二三四五六七八九]{4}(?=年)")
_CHINESE_DAY = re.compile("([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})(?=[日号號])")
_REPUBLIC = re.compile(r"民[國国]\s?(\d{2,3}|[〇零○一二三四五六七八九十]{1,4})(?=\s?年)")
_COUNTED = re.compile("[〇零○一二三四五六七八九十民]")  # what those three hold one of
_FIRST_YEAR = 1911  # of the Republic, whose years Taiwan counts, is year 0
_NUMERAL = "[〇零○一二三四五六七八九]"
_YEAR = re.compile(
    r"[1１2２〇零○一二三四五六七八九民]"  # a set, which the engine looks for faster than for a choice
    rf"(?:(?<=[1１])[9９]\d\d|(?<=[2２])[0０]\d\d|(?<={_NUMERAL}){_NUMERAL}{{3}}年|(?<=民)[國国])"
)
_IN_URL = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/_.]?)(?P<m>[01]\d)(?P<sep2>[-/_.]?)(?P<d>[0-3]\d)(?!\d)"
)
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date in a text; naive where the text names no zone."""

    when: datetime
    start: int
    end: int


def find(text: str, order: Order | None = None) -> Iterator[Written]:
    """Yield the dates in a line of text, in order; positions are those in `normalise(text)`."""
    line = normalise(text)
    return iter(_found(line, order) if may_hold(line) else ())


@lru_cache(16)  # of a byline it is asked three times
def _found(line: str, order: Order | None) -> tuple[Written, ...]:
    return tuple(_in_order(line, order))


def _in_order(line: str, order: Order | None) -> Iterator[Written]:
    end = 0
    for match in _DATE.finditer(line):
        if match.start() < end or not (day := _day(match, order)):
            continue
        clock = _TIME.match(line, match.end()) or _COMPACT.match(line, match.end())
        when = _at(day, clock) if clock else None
        end = clock.end() if clock and when else match.end()
        yield Written(when=when or _midnight(day), start=match.start(), end=end)


def may_hold(text: str) -> bool:
    """Tell cheaply whether a text may hold a date; most lines of a page hold no year."""
    return _YEAR.search(text) is not None


def parse(text: str, order: Order | None = None) -> datetime | None:
    """Return the first date of a value that holds one, naive where it names no zone."""
    written = text[:200]
    found = next(find(written, order), None) if may_hold(written) else None
    return found.when if found else None


def in_url(url: str) -> datetime | None:
    """Return the day that an address or a file name carries."""
    for match in _IN_URL.finditer(url):
        if bool(match["sep"]) == bool(match["sep2"]) and (day := _valid(match["y"], match["m"], match["d"])):
            return _midnight(day)
    return None


@lru_cache(16)  # of one line it is asked up to four times in a row
def normalise(text: str) -> str:
    """Return a text with digits as ASCII: full-width ones folded, Chinese years and days counted out."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return _counted(folded) if "年" in folded or "月" in folded else folded


def to_utc(when: datetime, zone: tzinfo) -> datetime | None:
    """Return a moment in UTC, `zone` standing in where none was written; None beyond the calendar's ends."""
    try:
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _counted(text: str) -> str:
    if not _COUNTED.search(text):
        return text
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_NUMERALS), text)
    text = _REPUBLIC.sub(_of_the_republic, text)
    return _CHINESE_DAY.sub(lambda match: f"{_number(match[1])}月{_number(match[2])}", text)


def _of_the_republic(match: re.Match[str]) -> str:
    year = _number(match[1])
    return str(year + _FIRST_YEAR) if year else match[0]


def _number(numeral: str) -> int:
    """Return the value of a numeral: digits of either kind in a row, or Chinese tens and ones; 0 for none."""
    tens, ten, ones = numeral.rpartition("十")
    if "十" in tens:
        return 0
    return (int(tens.translate(_NUMERALS) or 1) * 10 if ten else 0) + int(ones.translate(_NUMERALS) or 0)


def _day(match: re.Match[str], order: Order | None) -> date | None:
    found = match.groupdict()
    year = found["y"] or found["y3"] or found["y4"] or found["y5"] or found["y7"]
    if not year:
        return _by_numbers(found, order)
    name = found["n4"] or found["n5"] or found["n7"]
    point = found["point"] is not None
    month = months.number(name, ordinal=point) if name else found["m"] or found["m2"] or found["m3"]
    return _valid(
        year, month, found["d"] or found["d2"] or found["d3"] or found["d4"] or found["d5"] or found["d7"]
    )


def _by_numbers(found: Mapping[str, str], order: Order | None) -> date | None:
    """Read a date that ends with its year: between points the day is first, between strokes either may be."""
    day, month, year = found["d6"], found["m6"], found["y6"]
    if found["sep6"].startswith("."):
        return _valid(year, month, day)
    readings = {"day": _valid(year, month, day), "month": _valid(year, day, month)}
    possible = set(readings.values()) - {None}
    return possible.pop() if len(possible) == 1 else readings.get(order or "")


def _valid(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - no zone was written


def _at(day: date, written: re.Match[str]) -> datetime | None:
    """Return a day with its time of day, None where that is no time."""
    groups = written.groupdict()
    hour = int(groups["h"])
    half = (groups.get("ap") or groups.get("half") or "").lower()
    if half.startswith(("p", "下", "晚")):
        hour = hour % _NOON + _NOON
    elif half.startswith(("a", "上", "凌")):
        hour %= _NOON
    try:
        second = min(int(groups["s"] or 0), 59)  # a leap second is the last one
        clock = time(hour, int(groups["min"] or 0), second, tzinfo=_zone(groups["zone"]))
    except ValueError:
        return None
    return datetime.combine(day, clock)


def _zone(written: str | None) -> tzinfo | None:
    name = (written or "").strip("()").lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    if name in _BY_SEASON:
        return ZoneInfo(_BY_SEASON[name])
    digits = name.removeprefix("utc").removeprefix("gmt").replace(":", "")
    if digits[:1] not in ("+", "-"):
        return None
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)
