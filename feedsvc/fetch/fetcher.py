"""Asking the web, politely and safely, for what configuration and documents name."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Lock

from feedsvc.errors import FetchError
from feedsvc.fetch import robots as robots_txt
from feedsvc.fetch.addresses import Guard, Origin
from feedsvc.fetch.answer import NO_VALIDATORS, Answer, Validators, fresh_for, read, retry_after
from feedsvc.fetch.body import beginning, whole
from feedsvc.fetch.client import agent
from feedsvc.fetch.deadline import Limits
from feedsvc.fetch.redirects import MOST, redirect
from feedsvc.fetch.robots import OPEN, Rules
from feedsvc.fetch.transport import Ask, Reply, Take, Transport, asked_for, shown
from feedsvc.fetch.turns import DELAY, Turns
from feedsvc.settings import Settings

LIMITS = Limits(connect=10, read=15, total=30)
"""30 seconds in all, redirects and robots.txt included; only the wait for turns does not count."""
HOLD = timedelta(minutes=1)
"""How long a host is left alone that is overloaded and does not say for how long."""
LONGEST_HOLD = timedelta(hours=48)
ROBOTS_FRESH = timedelta(hours=24)
"""How long a robots.txt holds at most (RFC 9309 2.4)."""
ROBOTS_AGAIN = timedelta(minutes=10)
"""How long it holds at least, and when one that could not be had is asked for again."""
_MOST_ROBOTS = 1000
_OVERLOADED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and with what."""

    agent: str
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By origin, such as "https://news.example.org": never sent to another."""
    limits: Limits = LIMITS


@dataclass(slots=True)
class _Way:
    """The time that is left on the way from a URL to its answer, in seconds."""

    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """Where a way ended."""

    reply: Reply
    permanently: bool
    astray: str = ""
    """Why the last redirect was not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cached:
    """What is known of a robots.txt; no rules where it cannot be had, and then why."""

    rules: Rules | None
    until: datetime
    reason: str = ""


class Fetcher:
    """The one way from sources to the web. Safe to use from several threads.

    All sources of a process share one, else a host is asked more often than is polite.
    """

    def __init__(
        self,
        asker: Asker,
        guard: Guard,
        turns: Turns,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._asker = asker
        self._guard = guard
        self._turns = turns
        self._now = now
        self._transport = Transport(asker.agent, guard.endpoints, asker.limits)
        self._robots: OrderedDict[str, _Cached] = OrderedDict()
        self._lock = Lock()

    def get(self, url: str, *, validators: Validators = NO_VALIDATORS, robots: bool = True) -> Answer:
        """Return what a URL answers, after redirects, whatever its status; `robots` has robots.txt obeyed.

        With validators the answer may be `unchanged`. Raises FetchError where there is no answer, or none
        that we may have.
        """
        way = _Way(self._asker.limits.total)
        ask = _Visit(take=whole(self._asker.limits.size), headers=validators.headers(), robots=robots)
        end = self._follow(url, ask, way)
        if end.astray:
            raise FetchError(shown(url), end.astray)
        if end.reply.status == HTTPStatus.NOT_MODIFIED and not validators:
            raise FetchError(shown(url), "answered 304 Not Modified, and nothing was known")
        return read(url, end.reply, permanently=end.permanently, now=self._now())

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of a URL's host names. Raises FetchError."""
        return self._rules(self._origin(url)[1], _Way(self._asker.limits.total)).sitemaps

    def stop(self) -> None:
        """End what is under way, and ask nothing more."""
        self._turns.stop()
        self._transport.stop()

    def _follow(self, url: str, visit: "_Visit", way: _Way) -> _End:
        """Return what stands at the end of the redirects from a URL."""
        at, permanently = url, True
        for _ in range(MOST + 1):
            try:
                reply = self._ask(at, visit, way)
            except FetchError as error:
                reason = error.reason if at == url else f"leads to {shown(at)}: {error.reason}"
                raise FetchError(shown(url), reason, error.retry_after) from error
            try:
                step = redirect(reply)
            except ValueError as error:
                return _End(reply=reply, permanently=permanently, astray=str(error))
            if step is None:
                return _End(reply=reply, permanently=permanently)
            at, permanently = step.url, permanently and step.permanent
        return _End(reply=reply, permanently=permanently, astray=f"more than {MOST} redirects")

    def _ask(self, url: str, visit: "_Visit", way: _Way) -> Reply:
        """Return the answer to one request, in its turn and if robots.txt allows it."""
        url, origin = self._origin(url)
        delay = DELAY
        if visit.robots:
            rules = self._rules(origin, way)
            if not rules.allow(url):
                raise FetchError(shown(url), "robots.txt forbids it")
            delay = max(DELAY, rules.delay)
        headers = {**visit.headers, **self._asker.headers.get(str(origin), {})}
        with self._turns.turn(origin.host, shown(url), delay):
            reply = self._timed(Ask(url=url, headers=headers), visit.take, way)
        if reply.status in _OVERLOADED:
            hold = min(retry_after(reply.headers, self._now()) or HOLD, LONGEST_HOLD)
            self._turns.hold(origin.host, hold.total_seconds())
        return reply

    def _timed(self, ask: Ask, take: Take, way: _Way) -> Reply:
        """Return the answer to one request within the time that is left, and count what it took."""
        began = time.monotonic()
        try:
            return self._transport.send(ask, take, way.left)
        finally:
            way.left -= time.monotonic() - began

    def _origin(self, url: str) -> tuple[str, Origin]:
        """Return a URL as it is sent, and its origin."""
        try:
            self._guard.look_at(url)
            sent = asked_for(url)
            return sent, self._guard.origin(sent)
        except PermissionError as error:
            raise FetchError(shown(url), str(error.strerror)) from error
        except ValueError as error:
            raise FetchError(shown(url), "refused: not an address on the web") from error

    def _rules(self, origin: Origin, way: _Way) -> Rules:
        """Return what the robots.txt of an origin says; raises FetchError while it cannot be had."""
        url, now = f"{origin}/robots.txt", self._now()
        with self._lock:
            cached = self._robots.get(url)
        if cached is None or cached.until <= now:
            cached = self._looked_up(url, way, cached)
            with self._lock:
                self._robots[url] = cached
                self._robots.move_to_end(url)
                while len(self._robots) > _MOST_ROBOTS:
                    self._robots.popitem(last=False)
        if cached.rules is None:
            raise FetchError(url, cached.reason, cached.until - now)
        return cached.rules

    def _looked_up(self, url: str, way: _Way, before: _Cached | None) -> _Cached:
        """Return a robots.txt as it is now; the one before still holds where it cannot be had."""
        visit, now = _Visit(take=beginning(robots_txt.MOST), headers={}, robots=False), self._now()
        rules, reason, fresh = before.rules if before else None, "", ROBOTS_AGAIN
        try:
            end = self._follow(url, visit, way)
        except FetchError as error:
            reason = error.reason
        else:
            status = end.reply.status
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
                reason = f"robots.txt answered {status}"
            else:
                content = end.reply.content
                rules = OPEN if content is None else robots_txt.parse(content, self._asker.agent)
                fresh = min(max(fresh_for(end.reply.headers) or ROBOTS_FRESH, ROBOTS_AGAIN), ROBOTS_FRESH)
        return _Cached(rules=rules, until=now + fresh, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """What is the same for every request on a way."""

    take: Take
    headers: Mapping[str, str]
    robots: bool


def build(settings: Settings) -> Fetcher:
    """Return the fetcher of a process, as it is configured."""
    section = settings.fetch
    asker = Asker(agent=section.user_agent or agent(settings.site.base_url), headers=section.headers)
    return Fetcher(asker, Guard(section.allow_private, section.allow_ports), Turns())
