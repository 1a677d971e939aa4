"""An end to the whole of a request, whatever the other side drips, and its reason in words."""

import errno
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead, LineTooLong
from threading import Lock, Timer
from typing import Self

from feedsvc.errors import FetchError, ForbiddenError, RefusedError
from feedsvc.fetch.addresses import Endpoint, LookUp

_OURS = {errno.EACCES, errno.EBADMSG}
"""Of errors whose words are our own: what is refused, and what is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a request may take, in seconds, and how much it may bring."""

    connect: float = 5
    """For each address of a host, and for the TLS handshake."""
    read: float = 10
    """Between two pieces of an answer."""
    total: float = 20
    """From the first look-up to the last byte."""
    size: int = 10 * 2**20
    """Bytes of a body, both as sent and as unpacked."""


class Deadline:
    """Makes the connections of one request and ends them when its time is over, whatever they wait for.

    `seconds` is how much of `limits.total` is left.
    """

    def __init__(self, limits: Limits, look_up: LookUp, seconds: float) -> None:
        self._limits = limits
        self._look_up = look_up
        self._until = time.monotonic() + seconds
        self._lines: list[socket.socket] = []
        self._lock = Lock()
        self._timer = Timer(max(0.0, seconds), self.end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to the first address of a host that takes one. Raises OSError."""
        failure = OSError("no address")
        for endpoint in self._look_up(host, port, self._left()):
            if (left := self._left()) <= 0:
                break
            try:
                line = _connected(endpoint, min(self._limits.connect, left))
            except OSError as error:
                failure = error
            else:
                return self._watched(line)
        raise failure

    def check(self) -> None:
        """Raise TimeoutError when the time is over: an answer that was cut off may look whole."""
        if self._left() <= 0:
            raise TimeoutError

    def failure(self, url: str, error: BaseException) -> FetchError:
        """Return why a request failed, in words that do not change from one time to the next."""
        causes = list(_causes(error))
        refused = any(isinstance(each, RefusedError) for each in causes)
        return (ForbiddenError if refused else FetchError)(url, self._reason(causes))

    def _reason(self, causes: Sequence[BaseException]) -> str:
        if self._left() <= 0:
            return f"no answer within {self._limits.total:g} s"
        for each in causes:
            if isinstance(each, OSError) and each.errno in _OURS and each.strerror:
                return each.strerror
        for kinds, words in _WORDS:
            if any(isinstance(each, kinds) for each in causes):
                return words
        if any(type(each) is HTTPException for each in causes):  # more than a hundred fields
            return "the head of the answer is too long"
        if any(isinstance(each, HTTPException) for each in causes):
            return "no HTTP answer"
        return str(getattr(causes[-1], "strerror", None) or causes[-1])

    def end(self) -> None:
        """End every connection now."""
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # ended by the other side
                    line.shutdown(socket.SHUT_RDWR)

    def _left(self) -> float:
        return self._until - time.monotonic()

    def _watched(self, line: socket.socket) -> socket.socket:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body are sent apart
        with self._lock:
            self._lines.append(line.dup())  # TLS takes the first one's descriptor away
        if self._left() <= 0:
            self.end()
        return line


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "no answer in time"),
    (IncompleteRead, "the answer was cut short"),
    (LineTooLong, "the head of the answer is too long"),
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _connected(endpoint: Endpoint, seconds: float) -> socket.socket:
    line = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(endpoint.address)
    except BaseException:
        line.close()
        raise
    return line
