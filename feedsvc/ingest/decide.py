"""What a pass decides, in pure functions: what is due, what changed, what is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.model import WEAK_RUNGS, Article, Health, Incident, Known
from feedsvc.text import one_line

GUARD_FROM = 10
"""From this many documents on, losing more than half at once looks like an accident."""
GUARD_WAIT = timedelta(hours=1)
EARLY = timedelta(seconds=0.5)
"""How much sooner than planned a source may be looked at: ticks jitter, and half of them must not be lost."""


def is_due(health: Health, interval: timedelta, now: datetime) -> bool:
    """Return whether a source should be looked at; a tick that comes a moment early counts.

    A check planned further ahead than its interval was planned before the wall clock went back.
    """
    planned = health.next_check
    return planned is None or not now + EARLY < planned <= now + interval


def revised(old: Article | None, new: Article, now: datetime) -> Article | None:
    """Return the article to publish in place of `old`, or None where nothing changed.

    A date that only says when we met the document stays what it was: published is the first publication
    (RFC 4287 4.2.9). `updated` is when the document says it changed, if that is news, else now; a document
    that only got another key has not changed for a reader.
    """
    if old is None:
        return new
    published, rung = new.published, new.published_from
    if rung in WEAK_RUNGS:
        published, rung = old.published, old.published_from
    same = replace(
        new,
        published=published,
        published_from=rung,
        updated=old.updated,
        sequence=old.sequence,
        acknowledged=old.acknowledged,
        revised=old.revised,
    )
    if same == old:
        return None
    if replace(same, key=old.key) == old:
        return same
    said = old.updated < new.updated <= now and new.updated > new.published
    return replace(same, updated=new.updated if said else now.replace(microsecond=0))


def gone(
    known: Mapping[str, Known], before: Mapping[str, datetime], missing: Iterable[str], now: datetime
) -> tuple[frozenset[str], dict[str, datetime]]:
    """Return which missing documents are gone for good, and since when the others have been missing.

    A removal takes one confirming look; where more than half of `GUARD_FROM` documents or more are missing
    at once, it takes `GUARD_WAIT` (DESIGN section 6).
    """
    since = {key: before.get(key, now) for key in missing}
    suspicious = len(known) >= GUARD_FROM and len(since) * 2 > len(known)
    wait = GUARD_WAIT if suspicious else timedelta(0)
    confirmed = frozenset(key for key, first in since.items() if key in before and now - first >= wait)
    return confirmed, {key: first for key, first in since.items() if key not in confirmed}


def after_success(health: Health, now: datetime, planned: datetime) -> Health:
    """Return the health of a source that was read; `planned` is when to look again."""
    return replace(health, last_attempt=now, last_success=now, next_check=planned, failures=0, incident=None)


def after_failure(health: Health, reason: str, now: datetime, planned: datetime) -> Health:
    """Return the health of a source that could not be read; its incident opens once."""
    incident = health.incident or Incident(source=health.source, reason=one_line(reason), opened=now)
    return replace(
        health, last_attempt=now, next_check=planned, failures=health.failures + 1, incident=incident
    )
