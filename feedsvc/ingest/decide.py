"""What a pass decides, in pure functions: what is due, what changed, what is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.errors import SourceError
from feedsvc.fetch import due
from feedsvc.kept import altered
from feedsvc.listed import UPDATED
from feedsvc.model import WEAK_RUNGS, Article, Health, Incident, Known, Provenance
from feedsvc.sources import Scan
from feedsvc.text import one_line

GUARD_FROM = 10
"""From this many documents on, losing more than half at once looks like an accident."""
GUARD_WAIT = timedelta(hours=1)
BUDGET = timedelta(days=1)
"""How long after it should have been read again what a source gave counts as stale."""
WATCHED = 3
"""Intervals without a look after which nobody watches: waiting begins anew, as for a mount."""


def is_due(health: Health, interval: timedelta, now: datetime) -> bool:
    """Return whether a source should be looked at; a tick that comes a moment early counts.

    A check planned further ahead than its interval was planned before the wall clock went back.
    """
    planned = health.next_check
    return planned is None or not now + due.early(interval) < planned <= now + interval


def is_due_on_the_web(health: Health, location: str, now: datetime) -> bool:
    """Return whether a source on the web should be asked, which may be planned for long after its interval.

    One that has ended is left alone until it is configured to be elsewhere.
    """
    return health.ended != location and due.is_due(health.last_attempt, health.next_check, now)


def is_of(health: Health, basis: str) -> bool:
    """Return whether a source's documents were read under a configuration; one never read is of any."""
    return health.last_success is None or health.basis == basis


def is_older(health: Health, moment: datetime) -> bool:
    """Return whether nobody has looked at a source since a moment."""
    return health.last_attempt is None or health.last_attempt < moment


def is_deserted(health: Health, interval: timedelta, now: datetime) -> bool:
    """Return whether nobody has looked at a source for so long that whoever did is gone."""
    last = health.last_attempt
    if last is None:
        return True
    longer = max((health.next_check or last) - last - interval, timedelta(0))
    return now - last > longer + WATCHED * interval


def revised(old: Article | None, new: Article, now: datetime) -> Article | None:
    """Return the article to publish in place of `old`, or None where nothing changed.

    A date that only says when we met the document stays what it was: published is the first publication
    (RFC 4287 4.2.9). `updated` is when the document says it changed, if that is news, else now; a document
    that only got another key has not changed for a reader. Topics are those of what it said when it changed
    last, whatever rules there are now.
    """
    if old is None:
        return new
    published, rung = new.published, new.published_from
    if rung in WEAK_RUNGS or _is_published_again(old, new) or _is_only_updated(old, new):
        published, rung = old.published, old.published_from
    same = altered(
        new,
        published=published,
        published_from=rung,
        updated=old.updated,
        topics=old.topics,
        held=old.held,
        sequence=old.sequence,
        acknowledged=old.acknowledged,
        revised=old.revised,
        weight=old.weight,
    )
    if same == old:
        return None
    if altered(same, key=old.key) == old:
        return same
    said = old.updated < new.updated <= now and new.updated > published
    updated = new.updated if said else now.replace(microsecond=0)
    return altered(same, topics=new.topics, held=new.held, updated=updated, weight=new.weight)


def _is_published_again(old: Article, new: Article) -> bool:
    """Tell whether a page that was dated by its fields is dated later by what it shows: see `authorship`."""
    rungs = (old.published_from, new.published_from)
    return rungs == ("metadata", "byline") and new.published > old.published


def _is_only_updated(old: Article, new: Article) -> bool:
    """Tell whether a feed says of an entry only when it changed, and did so before (RFC 4287 4.2.15)."""
    upstream = new.published_from == old.published_from == "upstream"
    return upstream and Provenance(field="published", origin=UPDATED) in new.provenance


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


def waiting(
    before: Mapping[str, datetime], last: datetime | None, interval: timedelta, now: datetime
) -> dict[str, datetime]:
    """Return since when documents have been missing, as far as somebody looked; `last` is the last look.

    After a restart an hour that nobody watched does not count: a disk may come up later than we do.
    """
    watched = last is not None and now - last <= WATCHED * interval
    return dict(before) if watched else dict.fromkeys(before, now)


def vanished(health: Health, there: set[str], scan: Scan) -> str:
    """Say why a look is not believed that missed more than half of what was there, "" where it is.

    A disk is not mounted. What else lies there says nothing: names that the disk has, too, may have been
    written while it was away.
    """
    elsewhere = bool(health.place) and scan.place != health.place
    wanted = there - scan.unwanted
    lost = len(wanted & scan.missing)
    if not (elsewhere and lost * 2 > len(wanted)):
        return ""
    return (
        f"{lost} of {len(wanted)} documents are missing, and this is not the folder they were in: is it "
        "mounted? If they are gone, run `feedsvc ingest --accept-removals`"
    )


def after_success(health: Health, now: datetime, planned: datetime) -> Health:
    """Return the health of a source that was read; `planned` is when to look again."""
    return replace(
        health,
        last_attempt=now,
        last_success=now,
        next_check=planned,
        failures=0,
        incident=None,
        stale=planned + BUDGET,
        ended="",
    )


def after_failure(health: Health, reason: str, now: datetime, planned: datetime) -> Health:
    """Return the health of a source that could not be read; its incident opens once."""
    incident = health.incident or Incident(source=health.source, reason=one_line(reason), opened=now)
    return replace(
        health, last_attempt=now, next_check=planned, failures=health.failures + 1, incident=incident
    )


def after_refusal(health: Health, error: SourceError, interval: timedelta, now: datetime) -> Health:
    """Return the health of a source on the web that could not be read: each failure lengthens the wait."""
    planned = due.after_failure(
        now, interval, health.failures + 1, name=health.source, retry_after=error.retry_after
    )
    return after_failure(health, error.message, now, planned)


def after_end(health: Health, error: SourceError, location: str, now: datetime) -> Health:
    """Return the health of a source that says it has ended: nobody asks it again.

    An incident that is open tells of a failure that may pass; this one is another.
    """
    reason = f"{error.message}: it has ended and is not asked any more"
    failed = after_failure(replace(health, incident=None), reason, now, now)
    return replace(failed, next_check=None, ended=location)
