"""What hosts said of programs, kept for a while, so that a robots.txt is asked for once a day."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock

from feedsvc.errors import FetchError, ForbiddenError
from feedsvc.fetch.answer import fresh_for
from feedsvc.fetch.robots import OPEN, Rules, parse
from feedsvc.fetch.transport import Reply

LONGEST = timedelta(hours=24)
"""How long a robots.txt holds at most (RFC 9309 2.4)."""
SHORTEST = timedelta(minutes=10)
"""How long it holds at least, and when one that could not be had is asked for again."""
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What is known of a robots.txt; no rules where it cannot be had, and then why."""

    rules: Rules | None
    until: datetime
    reason: str = ""
    refused: bool = False
    """Whether it is none to ask, which says the same of all that is on its host."""


class Rulebook:
    """Keeps what robots.txt say to the program of this User-Agent. Safe to use from several threads."""

    def __init__(self, agent: str, now: Callable[[], datetime]) -> None:
        self._agent = agent
        self._now = now
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._asking: dict[str, Lock] = {}
        self._lock = Lock()

    def rules(self, url: str, ask: Callable[[], Reply]) -> Rules:
        """Return what the robots.txt at `url` says, which `ask` asks for when it is time.

        One that cannot be had forbids everything until it can, or still says what it said (RFC 9309 2.3.1).
        Raises FetchError.
        """
        with self._lock:
            asking = self._asking.setdefault(url, Lock())
        with asking:  # by one thread for all that want to know
            now = self._now()
            page = self._pages.get(url)
            try:
                if page is None or page.until <= now:
                    page = self._read(ask, now, page.rules if page else None)
                    self._keep(url, page)
            finally:
                with self._lock:
                    self._asking.pop(url, None)
        if page.refused:
            raise ForbiddenError(url, page.reason)
        if page.rules is None:
            raise FetchError(url, page.reason, page.until - now)
        return page.rules

    def _keep(self, url: str, page: _Page) -> None:
        with self._lock:
            self._pages[url] = page
            self._pages.move_to_end(url)
            while len(self._pages) > _MOST:
                self._pages.popitem(last=False)

    def _read(self, ask: Callable[[], Reply], now: datetime, before: Rules | None) -> _Page:
        """Return a robots.txt as it is now; raise what says when to come again, which is no answer."""
        again = now + SHORTEST
        try:
            reply = ask()
        except ForbiddenError as error:
            return _Page(rules=None, until=again, reason=error.reason, refused=True)
        except FetchError as error:
            if error.retry_after is not None:
                raise
            return _Page(rules=before, until=again, reason=error.reason)
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            return _Page(rules=before, until=again, reason=f"robots.txt answered {reply.status}")
        rules = OPEN if reply.content is None else parse(reply.content, self._agent)
        fresh = fresh_for(reply.headers)
        return _Page(
            rules=rules, until=now + (LONGEST if fresh is None else min(max(fresh, SHORTEST), LONGEST))
        )
