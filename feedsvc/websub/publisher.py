"""Telling hubs: one thread a hub, so that no commit, no request and no other hub waits for one."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread

from feedsvc.errors import FetchError
from feedsvc.websub.decide import (
    TRIES,
    Feeds,
    Ledger,
    Ping,
    Verdict,
    after,
    judge,
    leaving,
    next_ping,
    noticing,
)
from feedsvc.websub.turn import Alone, Turn

logger = logging.getLogger(__name__)

Post = Callable[[str, Mapping[str, str]], int]
"""Posts a form to a URL and returns the status; raises FetchError."""

STOP_SECONDS = 1.0
"""How long a stop waits for requests under way."""

_MEANING: Mapping[Verdict, str] = {
    "refused": "not tried again until the feed changes",
    "again": "tried again later",
    "given up": f"given up after {TRIES} tries until the feed changes",
}


class Publisher:
    """Tells every hub of every feed that changed since the start.

    Of several processes one does, whose turn it is; another takes over with what changed lately.
    `feeds` is asked at the start, for what hubs know already, and after each `wake`. A hub is sent one
    request at a time and waits for no other hub. What was not told when the process ends is not told.
    """

    def __init__(
        self,
        hubs: tuple[str, ...],
        feeds: Callable[[], Feeds],
        post: Post,
        now: Callable[[], datetime],
        turn: Turn | None = None,
    ) -> None:
        self._feeds = feeds
        self._turn = turn or Alone()
        self._lines = [_Line(hub, feeds, post, now, self._turn.mine) for hub in hubs]

    def start(self) -> None:
        """Start telling what changes from now on; returns at once."""
        known = self._feeds() if self._lines else {}
        for line in self._lines:
            line.start(known)
        if self._lines:
            self._turn.start(self.wake)

    def wake(self) -> None:
        """Have the feeds looked at; returns at once."""
        for line in self._lines:
            line.wake()

    def stop(self) -> None:
        """Begin no further request; return when those under way ended or a second has passed."""
        until = time.monotonic() + STOP_SECONDS
        for line in self._lines:
            line.stop()
        for line in self._lines:
            line.wait(max(0.0, until - time.monotonic()))
        self._turn.stop()


class _Line:
    """The line to one hub."""

    def __init__(
        self,
        hub: str,
        feeds: Callable[[], Feeds],
        post: Post,
        now: Callable[[], datetime],
        mine: Callable[[], bool],
    ) -> None:
        self._hub, self._feeds, self._post, self._now, self._mine = hub, feeds, post, now, mine
        self._had = mine()
        self._seen: Feeds = {}
        self._ledger = Ledger()
        self._count = 0
        self._complaints: set[str] = set()
        self._woken, self._stopped = Event(), Event()
        self._thread = Thread(target=self._run, name=f"hub {hub}", daemon=True)

    def start(self, known: Feeds) -> None:
        self._seen, self._ledger = known, Ledger(told=known)
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        self._stopped.set()
        self._woken.set()

    def wait(self, seconds: float) -> None:
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        wait = None
        while True:
            woken = self._woken.wait(wait)
            if self._stopped.is_set():
                return
            try:
                if woken:
                    self._look()
                wait = self._advance()
            except Exception:  # the line outlives any bug, and says so
                logger.exception("telling hub %s failed", self._hub)
                wait = None

    def _look(self) -> None:
        self._woken.clear()
        self._seen = self._feeds()
        mine = self._mine()
        if not (mine and self._had):
            self._ledger = leaving(self._ledger, self._seen, self._now())
        self._had = mine
        self._ledger = noticing(self._ledger, self._seen)

    def _advance(self) -> float | None:
        """Send the next ping if it is due; return the seconds until another look, None for until woken."""
        ping = next_ping(self._ledger, self._seen, self._now()) if self._mine() else None
        if ping is None:
            self._sum_up()
            return None
        if not ping.wait:
            verdict = self._tell(ping)
            self._ledger = after(self._ledger, ping, verdict, self._now())
        return ping.wait.total_seconds()

    def _tell(self, ping: Ping) -> Verdict:
        form = {"hub.mode": "publish", "hub.url": ping.feed, "hub.topic": ping.feed}
        status: int | None = None
        try:
            status = self._post(self._hub, form)
            outcome = f"answered {status}"
        except FetchError as error:
            outcome = error.reason
        verdict = judge(status, ping.failures)
        if verdict == "told":
            self._count += 1
        else:
            self._complain(f"{outcome}; {_MEANING[verdict]}", ping.feed)
        return verdict

    def _complain(self, complaint: str, feed: str) -> None:
        """Log a kind of failure, once until the hub knows all."""
        if complaint not in self._complaints:
            self._complaints.add(complaint)
            logger.warning("hub %s told of %s: %s", self._hub, feed, complaint)

    def _sum_up(self) -> None:
        if self._count:
            logger.info("hub %s was told of %d changed feeds", self._hub, self._count)
        self._count = 0
        self._complaints.clear()
