"""Whose turn it is: requests to one host are few at once and never close together, whoever asks."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Semaphore

from feedsvc.errors import BusyError

DELAY = 1.0
"""Seconds between the beginnings of two requests to a host."""
AT_ONCE = 2
"""Requests to a host that may be under way at once."""
PATIENCE = 120.0
"""Seconds that a request waits for its turn; what takes longer is told, and asked another time."""
_MOST_HOSTS = 10_000
"""Remembered before those whose time to wait is over are forgotten."""


@dataclass(slots=True)
class _Host:
    """When a host may be asked next."""

    next: float
    held: float = 0.0
    """Until when it asked to be left alone."""
    places: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))


class Turns:
    """Hands out turns to all sources of a process. Safe to use from several threads.

    `pause` waits for so many seconds and returns True to give up, as `Event.wait` does; without it, `stop`
    ends all waiting.
    """

    def __init__(
        self,
        pause: Callable[[float], bool] | None = None,
        now: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._stopped = Event()
        self._pause = pause or self._stopped.wait
        self._now = now
        self._patience = patience
        self._hosts: dict[str, _Host] = {}
        self._most = _MOST_HOSTS
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str, url: str, delay: float = DELAY) -> Iterator[None]:
        """Wait for a turn to ask `host` for `url`, and keep it; the next begins `delay` seconds after it.

        Raises BusyError where that takes longer than patience reaches.
        """
        place = self._place(host)
        if not place.places.acquire(timeout=self._patience):
            raise _too_busy(host, url, self._patience)
        try:
            self._wait(host, place, url, delay)
            yield
        finally:
            place.places.release()

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while, as it asked."""
        place = self._place(host)
        with self._lock:
            place.held = max(place.held, self._now() + seconds)
            place.next = max(place.next, place.held)

    def stop(self) -> None:
        """Give nobody a turn any more, and end all waiting."""
        self._stopped.set()

    def _place(self, host: str) -> _Host:
        with self._lock:
            now = self._now()
            if len(self._hosts) > self._most:
                self._hosts = {name: each for name, each in self._hosts.items() if each.next > now}
                self._most = max(_MOST_HOSTS, 2 * len(self._hosts))
            return self._hosts.setdefault(host, _Host(now))

    def _wait(self, host: str, place: _Host, url: str, delay: float) -> None:
        """Wait for a turn; for another one, if the host asked to be left alone meanwhile."""
        held = True
        while held:
            wait = self._reserve(place, delay)
            if wait > self._patience or self._pause(wait):
                raise _too_busy(host, url, wait)
            held = place.held > self._now()

    def _reserve(self, place: _Host, delay: float) -> float:
        """Return the seconds until the next turn, which is taken if they are not too many."""
        with self._lock:
            now = self._now()
            begin = max(now, place.next)
            if begin - now <= self._patience:
                place.next = begin + delay
            return begin - now


def _too_busy(host: str, url: str, seconds: float) -> BusyError:
    return BusyError(url, f"{host} is left alone for another {seconds:.0f} s", timedelta(seconds=seconds))
