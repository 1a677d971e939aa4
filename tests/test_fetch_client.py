import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from feedsvc import __version__
from feedsvc.errors import FetchError
from feedsvc.fetch import Client, Limits
from tests.builders import free_port, wait_until
from tests.sites import dripping, saying, secured, site, status, waiting

pytestmark = pytest.mark.real_time

BASE = "https://feeds.example.org"
FORM = {"hub.mode": "publish", "hub.url": f"{BASE}/latest.atom?a=1&b=村"}
BRIEF = Limits(connect=5, read=5, total=0.4)


def failure(url: str, limits: Limits = BRIEF) -> tuple[str, float]:
    """Return why a request failed, and after how many seconds."""
    started = time.monotonic()
    with pytest.raises(FetchError) as caught:
        Client(BASE, limits).post_form(url, FORM)
    assert str(caught.value) == f"{url}: {caught.value.reason}"
    assert caught.value.url == url
    return caught.value.reason, time.monotonic() - started


def test_a_form_arrives_and_says_who_sent_it() -> None:
    with site(status(202)) as served:
        assert Client(BASE).post_form(served.url(), FORM) == 202
    head, _, body = served.asked[0].decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST /hub?key=1 HTTP/1.1"
    assert headers["Host"] == f"127.0.0.1:{served.port}"
    assert headers["User-Agent"] == f"feedsvc/{__version__} (+{BASE})"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == (
        "hub.mode=publish&hub.url=https%3A%2F%2Ffeeds.example.org%2Flatest.atom%3Fa%3D1%26b%3D%E6%9D%91"
    )


def test_proxies_and_passwords_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with site(status(204)) as served:
        assert Client(BASE).post_form(served.url(), FORM) == 204
    assert b"authorization" not in served.asked[0].lower()


@pytest.mark.parametrize("code", [200, 400, 410, 429, 503])
def test_the_status_is_returned_whatever_it_is(code: int) -> None:
    with site(status(code)) as served:
        assert Client(BASE).post_form(served.url(), FORM) == code


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(code: int) -> None:
    def behave(line: socket.socket) -> None:
        line.sendall(f"HTTP/1.1 {code} Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".encode())

    with site(behave) as served:
        assert Client(BASE).post_form(served.url(), FORM) == code
    assert len(served.asked) == 1


def test_a_cookie_is_forgotten() -> None:
    client = Client(BASE)
    with site(saying("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")) as served:
        assert [client.post_form(served.url(), FORM) for _ in range(2)] == [200, 200]
    assert b"cookie" not in served.asked[1].lower()


def test_a_body_that_never_comes_is_not_waited_for() -> None:
    def behave(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000000000\r\n\r\n")
        waiting(line)

    with site(behave) as served:
        started = time.monotonic()
        assert Client(BASE).post_form(served.url(), FORM) == 202
        assert time.monotonic() - started < 5


def test_a_silent_server_is_given_up_after_the_time_to_read() -> None:
    with site(waiting) as served:
        reason, seconds = failure(served.url(), Limits(connect=5, read=0.2, total=20))
    assert reason == "no answer in time"
    assert 0.2 <= seconds < 5


@pytest.mark.parametrize(
    ("scheme", "first", "drop"),
    [
        ("http", b"HTTP/1.1 202 Accepted\r\nX: ", b"x"),
        ("http", b"HTTP", b"/"),
        ("http", b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("https", b"\x16\x03\x03\x40\x00", b"\x02"),  # the beginning of a long handshake
    ],
)
def test_a_drip_ends_with_the_whole_time(scheme: str, first: bytes, drop: bytes) -> None:
    with site(dripping(first, drop)) as served:
        reason, seconds = failure(served.url(scheme))
    assert reason == "no answer within 0.4 s"
    assert 0.4 <= seconds < 3


def test_what_began_for_a_request_ends_with_it() -> None:
    before = set(threading.enumerate())
    with site(status(200)) as served:
        Client(BASE, Limits(total=300)).post_form(served.url(), FORM)
    wait_until(lambda: before.issuperset(threading.enumerate()))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "no HTTP answer"),
        ("SSH-2.0-Server\r\n", "no HTTP answer"),
        ("HTTP/1.1 abc\r\n", "no HTTP answer"),
    ],
)
def test_an_answer_that_is_none_is_told(said: str, reason: str) -> None:
    with site(saying(said)) as served:
        assert failure(served.url(), Limits())[0] == reason


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def _trusting(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have requests trust that authority alone."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(path))


@pytest.mark.usefixtures("_trusting")
def test_a_form_arrives_over_tls(authority: trustme.CA) -> None:
    with site(secured(authority, status(202)), secure=True) as served:
        assert Client(BASE).post_form(served.url("https"), FORM) == 202


@pytest.mark.usefixtures("_trusting")
def test_a_drip_over_tls_ends_with_the_whole_time(authority: trustme.CA) -> None:
    with site(secured(authority, dripping(b"HTTP/1.1 202 OK\r\nX: ")), secure=True) as served:
        reason, seconds = failure(served.url("https"))
    assert reason == "no answer within 0.4 s"
    assert 0.4 <= seconds < 3


def test_a_certificate_of_nobody_known_is_refused(authority: trustme.CA) -> None:
    with site(secured(authority, status(202)), secure=True) as served:
        assert "certificate verify failed" in failure(served.url("https"), Limits())[0]


@pytest.mark.usefixtures("_trusting")
def test_a_certificate_of_another_host_is_refused(authority: trustme.CA) -> None:
    with site(secured(authority, status(202)), secure=True) as served:
        url = served.url("https").replace("127.0.0.1", "localhost")
        assert "certificate is not valid for 'localhost'" in failure(url, Limits())[0]


def test_a_server_without_tls_is_told() -> None:
    with site(saying("HTTP/1.1 400 Speak plainly\r\n\r\n")) as served:
        assert "SSL" in failure(served.url("https"), Limits())[0]


def test_a_closed_port_is_told() -> None:
    assert failure(f"http://127.0.0.1:{free_port()}/", Limits())[0] == "Connection refused"


def test_a_name_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure("http://hub.invalid/", Limits())[0] == "Name or service not known"


@pytest.mark.parametrize("url", ["http://", "http://[::1/", "http://a b/", "ftp://example.org/", "hub"])
def test_what_is_no_address_is_told(url: str) -> None:
    assert failure(url, Limits())[0]


Found = list[tuple[object, ...]]


def look_up(monkeypatch: pytest.MonkeyPatch, found: Callable[[int], Found]) -> list[str]:
    """Have names found as a test says; return the list of names looked up."""
    asked: list[str] = []
    numeric = socket.getaddrinfo

    def looked(host: str, port: int, *rest: object, **named: object) -> object:
        if host != "hub.example.org":
            return numeric(host, port, *rest, **named)  # type: ignore[arg-type]
        asked.append(host)
        return found(port)

    monkeypatch.setattr(socket, "getaddrinfo", looked)
    return asked


def at(*addresses: str) -> Callable[[int], Found]:
    return lambda port: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]


def test_the_next_address_of_a_host_is_tried_after_one_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = look_up(monkeypatch, at("127.0.0.2", "127.0.0.1"))  # nobody listens on the first
    with site(status(202)) as served:
        assert Client(BASE).post_form(f"http://hub.example.org:{served.port}/", FORM) == 202
    assert asked == ["hub.example.org"]


def test_a_host_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up(monkeypatch, at())
    assert failure("http://hub.example.org/", Limits())[0] == "no address"


def test_no_address_is_tried_when_the_look_up_took_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(port: int) -> Found:
        time.sleep(0.05)
        return at("127.0.0.1")(port)

    look_up(monkeypatch, slow)
    with site(status(202)) as served:
        reason, _ = failure(f"http://hub.example.org:{served.port}/", Limits(total=0.02))
    assert reason == "no answer within 0.02 s"
    assert served.asked == []


@pytest.mark.parametrize(("connect", "most"), [(0.1, 0.1), (5, 0.4)])
def test_each_address_has_the_time_to_connect_but_no_more_than_is_left(
    connect: float, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def silent(line: socket.socket, _address: object) -> None:
        given.append(line.gettimeout() or 0)
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", silent)
    look_up(monkeypatch, at("192.0.2.1", "192.0.2.2"))
    reason, _ = failure("http://hub.example.org/", Limits(connect=connect, read=5, total=0.4))
    assert reason == "no answer in time"
    assert len(given) == 2
    assert all(0 < timeout <= most for timeout in given)


def test_no_other_address_is_tried_when_the_first_took_the_whole_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[object] = []

    def slow(_line: socket.socket, address: object) -> None:
        tried.append(address)
        time.sleep(0.05)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", slow)
    look_up(monkeypatch, at("192.0.2.1", "192.0.2.2"))
    reason, _ = failure("http://hub.example.org/", Limits(total=0.04))
    assert reason == "no answer within 0.04 s"
    assert tried == [("192.0.2.1", 80)]


def test_a_connection_made_as_the_time_ran_out_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def slow(line: socket.socket, address: tuple[str, int]) -> None:
        connect(line, address)
        time.sleep(0.3)

    monkeypatch.setattr(socket.socket, "connect", slow)
    with site(dripping(b"HTTP/1.1 202 OK\r\nX: ")) as served:
        reason, seconds = failure(served.url(), Limits(connect=5, read=5, total=0.1))
    assert reason == "no answer within 0.1 s"
    assert seconds < 3
