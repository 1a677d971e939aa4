"""The HTTP client: whatever feedsvc asks of the web, it asks through here.

`requests` on urllib3, with what these leave out: an end to the whole of a request, whatever the other
side drips. Proxies, cookies and passwords of the environment are nobody's business.
"""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from threading import Lock, Timer
from typing import Any, Self, cast

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from feedsvc import __version__
from feedsvc.errors import FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a request may take, in seconds."""

    connect: float = 5
    """For each address of a host, and for the TLS handshake."""
    read: float = 10
    """Between two pieces of an answer."""
    total: float = 20
    """From the first look-up to the last byte; only a name server that is silent can stretch it."""


LIMITS = Limits()


class Client:
    """Asks the web, in the name of the site at `base_url`. Safe to use from several threads."""

    def __init__(self, base_url: str, limits: Limits = LIMITS) -> None:
        self._agent = f"feedsvc/{__version__} (+{base_url})"
        self._limits = limits

    def post_form(self, url: str, form: Mapping[str, str]) -> int:
        """Post a form and return the status of the answer; a redirect is one, not followed.

        Its body stays unread. Raises FetchError.
        """
        with _Deadline(self._limits) as deadline, self._session(deadline) as session:
            timeout = (self._limits.connect, self._limits.read)
            try:
                with session.post(
                    url, data=form, timeout=timeout, allow_redirects=False, stream=True
                ) as answer:
                    deadline.check()
                    return answer.status_code
            except (OSError, HTTPError) as error:  # all of requests' errors are OSErrors
                raise FetchError(url, deadline.reason(error)) from error

    def _session(self, deadline: "_Deadline") -> Session:
        """Return a session for one request: nothing of one reaches another."""
        session = Session()
        session.trust_env = False
        session.headers["User-Agent"] = self._agent
        session.mount("https://", _Adapter(deadline))
        session.mount("http://", _Adapter(deadline))
        return session


class _Deadline:
    """Ends the connections of one request when its time is over, whatever they wait for."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.total
        self._lines: list[socket.socket] = []
        self._lock = Lock()
        self._timer = Timer(limits.total, self._end)
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
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if (left := self._left()) <= 0:
                break
            try:
                line = socket.create_connection((str(address[0]), port), min(self._limits.connect, left))
            except OSError as error:
                failure = error
            else:
                return self._watched(line)
        raise failure

    def check(self) -> None:
        """Raise TimeoutError when the time is over: an answer cut off within its head looks whole."""
        if self._left() <= 0:
            raise TimeoutError

    def reason(self, error: BaseException) -> str:
        """Return why a request failed, in words that do not change from one time to the next."""
        if self._left() <= 0:
            return f"no answer within {self._limits.total:g} s"
        causes = [error]
        while cause := causes[-1].__cause__ or causes[-1].__context__:
            causes.append(cause)
        if any(isinstance(each, TimeoutError) for each in causes):
            return "no answer in time"
        if any(isinstance(each, HTTPException) for each in causes):
            return "no HTTP answer"
        return str(getattr(causes[-1], "strerror", None) or causes[-1])

    def _left(self) -> float:
        return self._until - time.monotonic()

    def _watched(self, line: socket.socket) -> socket.socket:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body are sent apart
        with self._lock:
            self._lines.append(line.dup())  # TLS takes the first one's descriptor away
        if self._left() <= 0:
            self._end()
        return line

    def _end(self) -> None:
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # ended by the other side
                    line.shutdown(socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    """A connection that its request's deadline makes and ends."""

    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:  # noqa: ANN401 (urllib3's own)
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        return self._deadline.connect(self.host, self.port)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same with TLS."""


class _Adapter(HTTPAdapter):
    """Hands a deadline down to the connections."""

    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: bool | str,  # noqa: FBT001 (as requests calls it)
        proxies: dict[str, str] | None = None,
        cert: str | tuple[str, str] | None = None,
    ) -> HTTPConnectionPool:
        """Return the pool that requests would use, with our connections in it."""
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        kind = _SecureConnection if pool.scheme == "https" else _Connection
        pool.ConnectionCls = cast("type[HTTPConnection]", partial(kind, deadline=self._deadline))
        return pool
