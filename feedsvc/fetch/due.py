"""When to ask again: decided from what is known, by pure functions."""

import hashlib
from datetime import datetime, timedelta

GROWTH = 1.8
"""By how much each further failure lengthens the wait."""
LONGEST = timedelta(hours=48)
"""The longest wait after failures, or for a Retry-After; a longer interval stays what it is."""
LONGEST_FRESH = timedelta(hours=6)
"""How far Cache-Control and Expires can stretch an interval: many pages promise a year."""
SPREAD = 0.1
"""Of the wait after a failure: how far sources that failed together are drawn apart."""
EARLY = timedelta(seconds=0.5)
"""How much sooner than planned counts as due: ticks jitter, and half of them must not be lost."""
SKEW = timedelta(minutes=1)
"""How far the clocks of machines that share a journal may differ."""
_MOST_FAILURES = 64  # beyond these, the cap has long been reached


def after_answer(now: datetime, interval: timedelta, fresh_for: timedelta | None = None) -> datetime:
    """Return when to ask again for what answered; `fresh_for` is what the answer promised."""
    promised = min(fresh_for or timedelta(0), LONGEST_FRESH)
    return now + max(interval, promised)


def after_failure(
    now: datetime, interval: timedelta, failures: int, *, name: str = "", retry_after: timedelta | None = None
) -> datetime:
    """Return when to ask again after `failures` in a row, this one included.

    The same failure of the same source always waits for the same time.
    """
    cap = max(LONGEST, interval)
    wait = min(interval.total_seconds() * GROWTH ** min(failures, _MOST_FAILURES), cap.total_seconds())
    wait *= 1 + SPREAD * _fraction(name)
    asked = (retry_after or timedelta(0)).total_seconds()
    return now + min(timedelta(seconds=max(wait, asked)), cap)


def is_due(last: datetime | None, planned: datetime | None, now: datetime) -> bool:
    """Return whether it is time; a look that comes a moment early counts.

    A plan whose last look lies ahead of now was made before the wall clock went back, and is void; a little
    ahead is the clock of another machine.
    """
    if last is None or planned is None or last > now + SKEW:
        return True
    return now + early(max(planned - last, timedelta(0))) >= planned


def early(wait: timedelta) -> timedelta:
    """Return how much sooner than after a wait counts as due.

    Of a short one it is a tenth, or the ticks of several processes would all count.
    """
    return min(EARLY, wait / 10)


def _fraction(name: str) -> float:
    """Return a number from 0 to 1 that a name always has."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
