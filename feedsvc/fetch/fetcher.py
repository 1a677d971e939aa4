"""Asking the web, politely and safely, for what configuration and documents name."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from feedsvc.errors import FetchError, ForbiddenError, RefusedError
from feedsvc.fetch import robots as robots_txt
from feedsvc.fetch.addresses import Guard, Origin
from feedsvc.fetch.answer import NO_VALIDATORS, Answer, Validators, read, retry_after
from feedsvc.fetch.body import beginning, whole
from feedsvc.fetch.client import agent
from feedsvc.fetch.deadline import Limits
from feedsvc.fetch.redirects import MOST, redirect
from feedsvc.fetch.robots import Rules
from feedsvc.fetch.rulebook import Rulebook
from feedsvc.fetch.transport import Ask, Reply, Take, Transport, asked_for, shown
from feedsvc.fetch.turns import DELAY, Turns
from feedsvc.settings import Settings

LIMITS = Limits(connect=10, read=15, total=30)
"""30 seconds in all, redirects and robots.txt included; only the wait for turns does not count."""
HOLD = timedelta(minutes=1)
"""How long a host is left alone that is overloaded and does not say for how long."""
LONGEST_HOLD = timedelta(hours=48)
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
class _Visit:
    """What is the same for every request on a way."""

    take: Take
    headers: Mapping[str, str]
    robots: bool


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
        self._rulebook = Rulebook(asker.agent, now)

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
        answer = read(url, end.reply, permanently=end.permanently, now=self._now())
        if not answer.unchanged:
            return answer
        said = answer.validators  # what a 304 leaves out stays as it was (RFC 9111 3.2)
        return replace(
            answer,
            validators=Validators(
                etag=said.etag or validators.etag,
                last_modified=said.last_modified or validators.last_modified,
            ),
        )

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of a URL's host names. Raises FetchError."""
        return self._rules(self._origin(url)[1], _Way(self._asker.limits.total)).sitemaps

    def stop(self) -> None:
        """End what is under way, and ask nothing more."""
        self._turns.stop()
        self._transport.stop()

    def _follow(self, url: str, visit: _Visit, way: _Way) -> _End:
        """Return what stands at the end of the redirects from a URL."""
        at, steps = url, list[bool]()
        while True:
            try:
                reply = self._ask(at, visit, way)
            except FetchError as error:
                reason = f"leads to {shown(at)}: {error.reason}" if steps else error.reason
                raise type(error)(shown(url), reason, error.retry_after) from error
            end = _End(reply=reply, permanently=bool(steps) and all(steps))
            try:
                step = redirect(reply)
            except ValueError as error:
                return replace(end, astray=str(error))
            if step is None or len(steps) == MOST:
                return replace(end, astray=f"more than {MOST} redirects") if step else end
            at = step.url
            steps.append(step.permanent)

    def _ask(self, url: str, visit: _Visit, way: _Way) -> Reply:
        """Return the answer to one request, in its turn and if robots.txt allows it."""
        url, origin = self._origin(url)
        delay = DELAY
        if visit.robots:
            rules = self._rules(origin, way)
            if not rules.allow(url):
                raise ForbiddenError(shown(url), "robots.txt forbids it")
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
        except RefusedError as error:
            raise ForbiddenError(shown(url), str(error.strerror)) from error
        except ValueError as error:
            raise ForbiddenError(shown(url), "refused: not an address on the web") from error

    def _rules(self, origin: Origin, way: _Way) -> Rules:
        """Return what the robots.txt of an origin says; raises FetchError while it cannot be had."""
        url = f"{origin}/robots.txt"
        visit = _Visit(take=beginning(robots_txt.MOST), headers={}, robots=False)

        def ask() -> Reply:
            late = way.left < self._asker.limits.total
            try:
                return self._follow(url, visit, way).reply
            except FetchError as error:
                if late:  # whoever led here took the time; it says nothing of this host
                    raise FetchError(url, error.reason, timedelta(0)) from error
                raise

        return self._rulebook.rules(url, ask)


def build(settings: Settings) -> Fetcher:
    """Return the fetcher of a process, as it is configured."""
    section = settings.fetch
    asker = Asker(agent=section.user_agent or agent(settings.site.base_url), headers=section.headers)
    return Fetcher(asker, Guard(section.allow_private, section.allow_ports), Turns())
