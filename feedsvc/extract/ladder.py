"""Which of a document's dates to believe: the best rung that can be true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedsvc.extract import dates
from feedsvc.extract.reading import Claim
from feedsvc.model import DateRung

_ORDER: tuple[DateRung, ...] = get_args(DateRung)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no page on the web is older


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """When an article was published and updated, in UTC, and how we know."""

    published: datetime
    rung: DateRung
    updated: datetime
    origin: str
    """Where the date stood, in words."""
    problems: tuple[str, ...] = ()


def judge(claims: Iterable[Claim], updates: Sequence[datetime], zone: tzinfo, now: datetime) -> Dating:
    """Return the best rung's date that is neither in the future nor before 1990; `now` is the last rung."""
    problems: list[str] = []
    for claim in sorted(claims, key=lambda claim: _ORDER.index(claim.rung)):
        moment = dates.to_utc(claim.when, zone)
        if moment and _EARLIEST <= moment <= now:
            updated = _latest(updates, zone, now, moment)
            return Dating(
                published=moment,
                rung=claim.rung,
                updated=updated,
                origin=claim.origin or claim.rung,
                problems=tuple(problems),
            )
        problems.append(_impossible(claim, moment, now))
    seen = now.astimezone(UTC)
    return Dating(
        published=seen, rung="first seen", updated=seen, origin="first seen", problems=tuple(problems)
    )


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its IANA name; UTC for a name that is none (settings refuse it earlier)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _latest(updates: Sequence[datetime], zone: tzinfo, now: datetime, published: datetime) -> datetime:
    moments = [moment for when in updates if (moment := dates.to_utc(when, zone)) and moment <= now]
    return max([published, *moments])


def _impossible(claim: Claim, moment: datetime | None, now: datetime) -> str:
    why = "in the future" if moment and moment > now else "before 1990"
    return f"date {claim.when.isoformat()} ({claim.rung}) is {why}"
