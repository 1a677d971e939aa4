"""Dates that need something else to be read: an age needs the moment of reading, a day its year."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from feedsvc.extract import dates

_AGE = re.compile(
    r"(?P<count>\d{1,3}|an?)\s?(?:(?P<minutes>分钟|分鐘|min(?:ute)?s?)|(?P<hours>个?小时|個?小時|hours?|hrs?)"
    r"|(?P<days>天|days?)|(?P<weeks>个?星期|周|週|weeks?))\s?(?:以?前|ago)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?P<day>今天|今日|昨天|昨日|前天|today|yesterday)[\s,]*(?:at\s)?(?:(?P<h>[0-2]?\d)[:：](?P<min>[0-5]\d))?",
    re.IGNORECASE,
)
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_LABELS = re.compile(
    r"^(?:(?:published|posted)\s|(?:发布|更新|发表|發布|發佈)?(?:时间|日期|時間|于|於)?\s?[:：]?\s?)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?P<m>\d\d?)(?:月(?P<d>\d\d?)[日号號]|-(?P<d2>\d\d)(?=\s\d\d:\d\d))\s?(?P<clock>[0-2]\d:[0-5]\d)?(?!\S)"
)
_TELLING = re.compile("前|[今昨][天日]|ago$|today|yesterday", re.IGNORECASE)
_HOURS = 24  # of a day
_YEAR = re.compile(r"((?:19|20)\d\d)\s?年")


def moment(line: str, now: datetime) -> datetime | None:
    """Return when an age ("3小时前", "昨天 10:30", "2 days ago") was, counted from `now` in its own zone.

    Only a line that says nothing else is one; what an age of days leaves open is midnight, without a zone.
    """
    if not _TELLING.search(line):
        return None
    written = _unlabelled(line)
    if found := _AGE.fullmatch(written):
        return _back(found, now)
    found = _NAMED.fullmatch(written)
    return _on(found, now) if found else None


def in_year(line: str, elsewhere: Iterable[str]) -> datetime | None:
    """Return the day that a line begins with, without a year, where the page names one year and no other.

    A headline that begins with a day goes on without a space ("四月二十一日停水").
    """
    found = _DAY.match(_unlabelled(line)) if "月" in line or "-" in line else None
    if not found:
        return None
    years = {year for written in elsewhere for year in _YEAR.findall(dates.normalise(written))}
    day = found["d"] or found["d2"]
    return (
        dates.parse(f"{years.pop()}-{found['m']}-{day} {found['clock'] or ''}") if len(years) == 1 else None
    )


def _unlabelled(line: str) -> str:
    return _LABELS.sub("", dates.normalise(line).strip(), count=1)


def _back(found: re.Match[str], now: datetime) -> datetime:
    count = int(found["count"]) if found["count"].isdigit() else 1
    if found["minutes"] or found["hours"]:
        back = timedelta(minutes=count) if found["minutes"] else timedelta(hours=count)
        return (now - back).replace(second=0, microsecond=0)
    return _midnight(now - timedelta(days=count if found["days"] else 7 * count))


def _on(found: re.Match[str], now: datetime) -> datetime | None:
    day = _midnight(now - timedelta(days=_DAYS[found["day"].lower()]))
    if found["h"] is None:
        return day
    return day.replace(hour=int(found["h"]), minute=int(found["min"])) if int(found["h"]) < _HOURS else None


def _midnight(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - the source's zone is meant
