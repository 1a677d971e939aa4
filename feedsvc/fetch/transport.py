"""One request and its answer: `requests` on urllib3, with our connections in it.

Proxies, cookies and passwords of the environment are nobody's business, and a redirect is an answer.
"""

import logging
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO, Self, cast

from requests import PreparedRequest, Request, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, IncompleteRead, InvalidChunkLength
from urllib3.response import HTTPResponse

from feedsvc.fetch.addresses import LookUp
from feedsvc.fetch.deadline import Deadline, Limits

_CREDENTIALS = re.compile(r"(?<=//)[^/?#]*@")
_LONGEST_SHOWN = 500
_LONGEST_LINE = 4096
"""Bytes of a line between chunks, with what a server may note there."""
_LENGTH = re.compile(rb"[0-9A-Fa-f]{1,15}")

Take = Callable[[Response, Callable[[], None]], bytes | None]
"""Reads a body as far as it is wanted; its second argument raises TimeoutError when the time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    """Posted if given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one request was answered."""

    url: str
    status: int
    headers: Mapping[str, str]
    """By name in any case."""
    content: bytes | None


class Transport:
    """Asks in the name of `agent` whatever `look_up` finds. Safe to use from several threads."""

    def __init__(self, agent: str, look_up: LookUp, limits: Limits) -> None:
        self._agent = agent
        self._look_up = look_up
        self._limits = limits
        self._under_way: set[Deadline] = set()
        logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns of answers in their own words

    def send(self, ask: Ask, take: Take, seconds: float) -> Reply:
        """Return the answer to a request, its body as far as `take` reads it. Raises FetchError.

        The adapter is asked without a session, which would unpack the whole body of a redirect.
        """
        with self._deadline(seconds) as deadline, _Adapter(deadline) as adapter:
            try:
                with adapter.send(
                    self._prepared(ask), stream=True, timeout=(self._limits.connect, self._limits.read)
                ) as answer:
                    deadline.check()
                    content = take(answer, deadline.check)
                    deadline.check()
                    return Reply(
                        url=ask.url, status=answer.status_code, headers=answer.headers, content=content
                    )
            except (OSError, HTTPError) as error:  # all of requests' errors are OSErrors
                raise deadline.failure(shown(ask.url), error) from error

    def _prepared(self, ask: Ask) -> PreparedRequest:
        method = "GET" if ask.form is None else "POST"
        own = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "gzip, br, zstd"}
        return Request(
            method, ask.url, {**own, "Connection": "close", **ask.headers}, data=ask.form
        ).prepare()

    def stop(self) -> None:
        """End what is under way."""
        for deadline in tuple(self._under_way):
            deadline.end()

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[Deadline]:
        with Deadline(self._limits, self._look_up, seconds) as deadline:
            self._under_way.add(deadline)
            try:
                yield deadline
            finally:
                self._under_way.discard(deadline)


def asked_for(url: str) -> str:
    """Return a URL as it is sent: in ASCII, without its fragment. Raises ValueError for one of no use."""
    prepared = PreparedRequest()
    prepared.prepare_url(url.strip(), None)  # whose errors are ValueErrors, too
    return str(prepared.url).partition("#")[0]


def unread(_answer: Response, _check: Callable[[], None]) -> None:
    """Leave a body unread."""


def shown(url: str) -> str:
    """Return a URL as it may stand in a log: without credentials, in one line, not without end."""
    said = _CREDENTIALS.sub("…@", url[: 2 * _LONGEST_SHOWN])
    readable = "".join(char if char.isprintable() else "�" for char in said)
    return readable if len(url) <= _LONGEST_SHOWN else f"{readable[:_LONGEST_SHOWN]}…"


class _Answer(HTTPResponse):
    """An answer whose chunks are bounded.

    urllib3 2.8 reads a chunk of -1 bytes, and a line after the last chunk, to their ends, wherever these are.
    """

    def read_chunked(
        self,
        amt: int | None = None,
        decode_content: bool | None = None,  # noqa: ARG002, FBT001 (as urllib3 calls it; we unpack ourselves)
    ) -> Generator[bytes, None, None]:
        """Yield a body without its framing (RFC 9112 7.1), as it was packed; trailers are left."""
        most = amt or _LONGEST_LINE
        line = cast("BinaryIO", cast("Any", self._fp).fp)
        while left := _length_of_chunk(self, line.readline(_LONGEST_LINE)):
            while left:
                piece = line.read(min(left, most))
                if not piece:
                    raise IncompleteRead(0, left)
                left -= len(piece)
                yield piece
            line.readline(_LONGEST_LINE)


def _length_of_chunk(answer: HTTPResponse, said: bytes) -> int:
    digits = said.partition(b";")[0].strip()
    if not (said.endswith(b"\n") and _LENGTH.fullmatch(digits)):
        raise InvalidChunkLength(answer, said[:20])
    return int(digits, 16)


class _Connection(HTTPConnection):
    """A connection that its request's deadline makes and ends."""

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:  # noqa: ANN401 (urllib3's own)
        super().__init__(*args, **options)
        self._deadline = deadline

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # of urllib3, as its own method says
        """Return the answer in our class, which urllib3 has no other way to be told of."""
        answer = super().getresponse()
        answer.__class__ = _Answer
        return answer

    def _new_conn(self) -> Any:  # noqa: ANN401 (a socket, which urllib3 has a wider word for)
        return self._deadline.connect(self.host, self.port)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same with TLS."""


class _Adapter(HTTPAdapter):
    """Hands a deadline down to the connections."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
