"""What a hub is to be told next and what its answer means: pure, so that no hub and no clock is needed.

What it has still to be told is no queue but a difference: what the feeds say against what it was told.
So a feed that changes again while its ping waits is told once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from feedsvc.store import NEVER

Feeds = Mapping[str, datetime]
"""By absolute URL, when each feed was last modified: a whole second, at most one ahead."""
Verdict = Literal["told", "refused", "again", "given up"]

TRIES = 12
"""How often a hub is told of one change; with `delay`, nearly three and a half hours."""
TAKEOVER = timedelta(seconds=30)
"""How old a change is that whoever had the turn has told of, unless it died long ago."""
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=1)
_REST = timedelta(minutes=1)
_AHEAD = timedelta(seconds=1)
_CALM = timedelta(seconds=1)  # time to render what was published, and for the other commits of a tick
_AT_ONCE = timedelta(0)
_PASSING = frozenset({408, 429})  # the only 4xx that say nothing of the request itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A change that a hub did not take so far."""

    modified: datetime
    failures: int
    at: datetime
    """When the last try ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What one hub was told, and how it takes it."""

    told: Feeds = field(default_factory=dict)
    trials: Mapping[str, Trial] = field(default_factory=dict)
    waiting: Feeds = field(default_factory=dict)
    """By feed, the oldest change that waits: one that changes every second would never be calm."""
    streak: int = 0
    """How many tries failed in a row, whatever the feed."""
    failed: datetime = NEVER
    """When the last of them did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A change that a hub is to be told of."""

    feed: str
    modified: datetime
    failures: int
    wait: timedelta
    """How long not yet."""


def delay(failures: int) -> timedelta:
    """Return how long to wait after so many failures: 10 s, twice as long each time, an hour at most."""
    return min(_FIRST * (1 << min(failures - 1, 10)), _LONGEST)


def next_ping(ledger: Ledger, feeds: Feeds, now: datetime) -> Ping | None:
    """Return what a hub is to be told next; None when it knows all.

    What can go soonest goes first, then what failed least, then the feed it heard of longest ago, so that
    a slow hub hears of all of them.
    """
    rest = _left(ledger.failed, min(delay(ledger.streak), _REST), now) if ledger.streak else _AT_ONCE
    pings = (_ping(ledger, feed, modified, now) for feed, modified in _changed(ledger.told, feeds))

    def order(ping: Ping) -> tuple[timedelta, int, datetime, str]:
        return max(ping.wait, rest), ping.failures, ledger.told.get(ping.feed, NEVER), ping.feed

    first = min(pings, key=order, default=None)
    return replace(first, wait=max(first.wait, rest)) if first else None


def judge(status: int | None, failures: int) -> Verdict:
    """Return what an answer means after so many failures before it; None is no answer."""
    if status is not None and 200 <= status < 300:  # noqa: PLR2004 (RFC 9110 15.3)
        return "told"
    if status is not None and 400 <= status < 500 and status not in _PASSING:  # noqa: PLR2004 (RFC 9110 15.5)
        return "refused"
    return "again" if failures + 1 < TRIES else "given up"


def after(ledger: Ledger, ping: Ping, verdict: Verdict, now: datetime) -> Ledger:
    """Return the ledger after a try; a change that is refused or given up counts as told."""
    trials = {feed: trial for feed, trial in ledger.trials.items() if feed != ping.feed}
    waiting = {feed: modified for feed, modified in ledger.waiting.items() if feed != ping.feed}
    ledger = replace(ledger, waiting=waiting)
    if verdict in {"again", "given up"}:
        ledger = replace(ledger, streak=ledger.streak + 1, failed=now)
    else:
        ledger = replace(ledger, streak=0)
    if verdict == "again":
        trials[ping.feed] = Trial(modified=ping.modified, failures=ping.failures + 1, at=now)
        return replace(ledger, trials=trials)
    return replace(ledger, trials=trials, told={**ledger.told, ping.feed: ping.modified})


def noticing(ledger: Ledger, feeds: Feeds) -> Ledger:
    """Return the ledger after a look at the feeds; those that are no more are forgotten."""
    told = {feed: modified for feed, modified in ledger.told.items() if feed in feeds}
    trials = {feed: trial for feed, trial in ledger.trials.items() if feed in feeds}
    waiting = {feed: ledger.waiting.get(feed, modified) for feed, modified in _changed(told, feeds)}
    return replace(ledger, told=told, trials=trials, waiting=waiting)


def leaving(ledger: Ledger, feeds: Feeds, now: datetime) -> Ledger:
    """Return the ledger of who leaves the telling to another process: all but the last changes were told."""
    told = {
        feed: modified if now - modified > TAKEOVER else ledger.told.get(feed, NEVER)
        for feed, modified in feeds.items()
    }
    return Ledger(told=told)


def _changed(told: Feeds, feeds: Feeds) -> Iterator[tuple[str, datetime]]:
    """Yield the feeds that a hub has still to be told of; one that never held anything is none."""
    return ((feed, each) for feed, each in feeds.items() if each not in (NEVER, told.get(feed)))


def _ping(ledger: Ledger, feed: str, modified: datetime, now: datetime) -> Ping:
    """Return the ping for a change: when it is calm, and not too soon after a failure.

    A newer change that is not calm yet is left to the next ping: a hub may fetch the feed before it.
    """
    waiting, trial = ledger.waiting.get(feed, modified), ledger.trials.get(feed)
    ping = Ping(
        feed=feed,
        modified=waiting if _restless(modified, now) else modified,
        failures=0,
        wait=_restless(waiting, now),
    )
    if trial is None or trial.modified != modified:
        return ping
    return replace(ping, failures=trial.failures, wait=_left(trial.at, delay(trial.failures), now))


def _restless(modified: datetime, now: datetime) -> timedelta:
    """Return how long a change is not yet to be told: until its second has come, and some more."""
    return _left(modified - _AHEAD, _AHEAD + _CALM, now)


def _left(since: datetime, span: timedelta, now: datetime) -> timedelta:
    """Return how much of a span is left; nothing before it began either, as when the clock was set back."""
    return span - (now - since) if _AT_ONCE <= now - since < span else _AT_ONCE
