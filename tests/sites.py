"""Servers on loopback that behave, or misbehave, as a test says."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import trustme

DRIP_SECONDS = 0.02


class Hours:
    """A clock that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waited: list[float] = []

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> bool:
        self.waited.append(seconds)
        self.at += seconds
        return False


class Site:
    """A server on loopback that behaves as a test says, and remembers what it was asked."""

    def __init__(
        self, behave: Callable[[socket.socket], object], *, secure: bool, host: str = "127.0.0.1"
    ) -> None:
        self.asked: list[bytes] = []
        self._secure = secure
        self._behave = behave
        self._listening = socket.create_server((host, 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/hub?key=1"

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._answer, args=(line,)))
                self._threads[-1].start()

    def _answer(self, line: socket.socket) -> None:
        line.settimeout(10)
        with line, suppress(OSError):
            if not self._secure:
                self.asked.append(request(line))
            self._behave(line)


def request(line: socket.socket) -> bytes:
    """Return a request with its body, or what comes first of something else, such as TLS."""
    read = line.recv(65536)
    while b"\r\n\r\n" not in read and read.startswith(b"POST"):
        read += line.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next((int(each[15:]) for each in head.splitlines() if each.startswith(b"Content-Length:")), 0)
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def site(behave: Callable[[socket.socket], object], *, secure: bool = False) -> Iterator[Site]:
    served = Site(behave, secure=secure)
    try:
        yield served
    finally:
        served.close()


def saying(text: str, charset: str = "utf-8") -> Callable[[socket.socket], object]:
    return lambda line: line.sendall(text.encode(charset))


def status(code: int) -> Callable[[socket.socket], object]:
    return saying(f"HTTP/1.1 {code} Word\r\nContent-Length: 0\r\n\r\n")


def dripping(first: bytes, drop: bytes = b"x") -> Callable[[socket.socket], object]:
    """Return what sends a little at a time until the other side has enough."""

    def behave(line: socket.socket) -> None:
        line.sendall(first)
        for _ in range(500):
            line.sendall(drop)
            time.sleep(DRIP_SECONDS)

    return behave


def secured(
    authority: trustme.CA, behave: Callable[[socket.socket], object]
) -> Callable[[socket.socket], object]:
    """Return what behaves so after a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def handshake(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as inner:
            request(inner)
            behave(inner)

    return handshake


def waiting(line: socket.socket) -> None:
    """Say nothing until the other side goes."""
    line.recv(1)


Behaviour = Callable[[socket.socket], object]


def answered(status: int = 200, body: bytes = b"", **head: str) -> Behaviour:
    """Return what answers with a body and fields of a head, whose names have `_` for `-`."""
    fields = {"Content-Length": str(len(body)), **{name.replace("_", "-"): head[name] for name in head}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return lambda line: line.sendall(f"HTTP/1.1 {status} Word\r\n{lines}\r\n".encode() + body)


class Pages:
    """Answers by path, 404 for what it does not have; remembers the heads of requests in order."""

    def __init__(self, pages: Mapping[str, Behaviour] | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, line: socket.socket) -> None:
        head = request(line).partition(b"\r\n\r\n")[0].decode("latin-1")
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        self.asked.append((path, dict(each.split(": ", 1) for each in lines)))
        self.pages.get(path, answered(404))(line)

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]
