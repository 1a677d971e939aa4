import ast
import gzip
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import __version__
from feedsvc.errors import FetchError, ForbiddenError
from feedsvc.fetch import Asker, Fetcher, Guard, Limits, Turns, Validators, build
from feedsvc.fetch.addresses import Endpoint
from feedsvc.settings import Settings
from feedsvc.settings.schema import FetchSection, SiteSection
from tests.builders import free_port, wait_until
from tests.conftest import ROOT
from tests.sites import (
    Behaviour,
    Hours,
    Pages,
    Site,
    answered,
    dripping,
    saying,
    secured,
    site,
    waiting,
)

pytestmark = pytest.mark.real_time

BRIEF = Limits(connect=5, read=5, total=0.4)
LOOPBACK = ("127.0.0.1",)


@dataclass
class Town:
    """A site on loopback, what it serves, and a fetcher that may read it."""

    served: Site
    pages: Pages
    fetcher: Fetcher
    hours: Hours
    at: datetime = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.served.port}{path}"

    def content(self, path: str = "/") -> bytes | None:
        return self.fetcher.get(self.url(path)).content

    def failure(self, path: str = "/", *, robots: bool = True) -> str:
        """Return why nothing was read."""
        with pytest.raises(FetchError) as caught:
            self.fetcher.get(self.url(path), robots=robots)
        assert caught.value.url == self.url(path)
        return caught.value.reason


def fetching(port: int, limits: Limits | None = None, hours: Hours | None = None) -> Fetcher:
    """Return a fetcher that may read one port of 127.0.0.1, and does not sleep for its turns."""
    hours = hours or Hours()
    asker = Asker(agent="feedsvc/0 (+https://feeds.example.org)", limits=limits or Limits())
    return Fetcher(asker, Guard(LOOPBACK, [port, 80, 443]), Turns(hours.pause, hours.now))


@contextmanager
def town(pages: Mapping[str, Behaviour], limits: Limits | None = None) -> Iterator[Town]:
    behave, hours = Pages(pages), Hours()
    with site(behave, secure=True) as served:  # pages read their requests themselves
        yield Town(served, behave, fetching(served.port, limits, hours=hours), hours)


def moved(to: str, status: int = 302) -> Behaviour:
    return answered(status, Location=to)


def test_a_page_is_read_with_what_its_head_says() -> None:
    page = answered(
        body=b"<p>News", Content_Type="text/html; charset=GB18030", ETag='"1"', Cache_Control="max-age=60"
    )
    with town({"/a?b=1": page}) as there:
        answer = there.fetcher.get(there.url("/a?b=1#part"))
        assert answer.url == there.url("/a?b=1#part")
        assert answer.final == there.url("/a?b=1")
    assert (answer.status, answer.content, answer.failure) == (200, b"<p>News", None)
    assert (answer.media_type, answer.charset) == ("text/html", "gb18030")
    assert answer.validators == Validators(etag='"1"')
    assert answer.fresh_for == timedelta(minutes=1)
    assert answer.moved is None


def test_a_request_says_who_asks_and_nothing_more() -> None:
    with town({"/": answered()}) as there:
        there.content()
        _, head = there.pages.asked[-1]
    assert head == {
        "Host": f"127.0.0.1:{there.served.port}",
        "User-Agent": "feedsvc/0 (+https://feeds.example.org)",
        "Accept-Encoding": "gzip, br, zstd",
        "Accept": "*/*",
        "Connection": "close",
    }


def test_what_is_unchanged_costs_one_conditional_request() -> None:
    known = Validators(etag='W/"1"', last_modified="Wed, 04 Mar 2026 10:00:00 GMT")
    with town({"/": answered(304, ETag='W/"1"')}) as there:
        there.fetcher.get(there.url(), validators=known)
        answer = there.fetcher.get(there.url(), validators=known)
        assert there.pages.paths == ["/", "/"]
        head = there.pages.asked[-1][1]
    assert (answer.unchanged, answer.content, answer.failure) == (True, None, None)
    assert (head["If-None-Match"], head["If-Modified-Since"]) == (known.etag, known.last_modified)


@pytest.mark.parametrize(("said", "kept"), [("", '"1"'), ('"2"', '"2"')])
def test_what_is_unchanged_is_asked_for_again_with_what_it_says_last(said: str, kept: str) -> None:
    with town({"/": answered(304, ETag=said)}) as there:
        answer = there.fetcher.get(there.url(), validators=Validators(etag='"1"'))
    assert answer.validators == Validators(etag=kept)


def test_a_304_that_says_one_validator_leaves_the_other_as_it_was() -> None:
    earlier, later = "Wed, 04 Mar 2026 10:00:00 GMT", "Wed, 04 Mar 2026 11:00:00 GMT"
    with town({"/": answered(304, Last_Modified=later)}) as there:
        answer = there.fetcher.get(there.url(), validators=Validators(etag='"1"', last_modified=earlier))
    assert answer.validators == Validators(etag='"1"', last_modified=later)


def test_unchanged_from_nothing_is_no_answer() -> None:
    with town({"/": answered(304)}) as there:
        assert there.failure() == "answered 304 Not Modified, and nothing was known"


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_error_is_an_answer_without_content(status: int) -> None:
    with town({"/": answered(status, b"sorry")}) as there:
        answer = there.fetcher.get(there.url())
    assert (answer.status, answer.content) == (status, None)
    assert answer.failure


def test_a_page_packed_twice_is_unpacked() -> None:
    body = gzip.compress(gzip.compress(b"news"))
    with town({"/": answered(body=body, Content_Encoding="gzip, gzip")}) as there:
        assert there.content() == b"news"


@pytest.mark.parametrize(
    ("first", "second", "for_good"), [(301, 308, True), (301, 302, False), (307, 308, False)]
)
def test_a_page_has_moved_where_every_redirect_is_for_good(
    first: int,
    second: int,
    for_good: bool,  # noqa: FBT001
) -> None:
    pages = {"/a": moved("/b", first), "/b": moved("/c", second), "/c": answered(body=b"c")}
    with town(pages) as there:
        answer = there.fetcher.get(there.url("/a"))
        assert answer.final == there.url("/c")
        assert answer.moved == (there.url("/c") if for_good else None)
        assert answer.content == b"c"


def test_five_redirects_are_followed_and_no_more() -> None:
    pages = {f"/{step}": moved(f"/{step + 1}", 301) for step in range(6)} | {"/6": answered(body=b"end")}
    with town(pages) as there:
        assert there.content("/1") == b"end"
        there.pages.asked.clear()
        assert there.failure("/0") == "more than 5 redirects"
        assert there.pages.paths == [f"/{step}" for step in range(6)]


def test_a_circle_of_redirects_is_left() -> None:
    with town({"/": moved("/")}) as there:
        assert there.failure() == "more than 5 redirects"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.2/", "leads to http://127.0.0.2/: refused: 127.0.0.0/8 is Loopback"),
        ("//127.0.0.2/", "leads to http://127.0.0.2/: refused"),
        ("http://[::1]/", "leads to http://[::1]/: refused: ::1/128 is Loopback"),
        ("http://169.254.169.254/latest/", "refused: 169.254.169.254/32 is Cloud metadata"),
        ("http://2130706433/", "refused: "),
        ("http://127.0.0.1:22/", "refused: port 22 is not in [fetch] allow_ports"),
        ("file:///etc/passwd", "leads to file:///etc/passwd: refused: scheme 'file' is not in"),
        ("gopher://127.0.0.1/", "refused: scheme 'gopher'"),
        ("data:text/html,hello", "refused: scheme 'data'"),
        ("http://name:word@127.0.0.1/", "leads to http://…@127.0.0.1/: refused: carries credentials"),
        ("http:\\\\127.0.0.2\\", "refused: it holds a control character or a backslash"),
        ("http://[::1", "leads to what is no address"),
        (
            "http://127.0.0.2/\x1b[31m",
            "leads to http://127.0.0.2/�[31m: refused: it holds a control character",
        ),
        ("http://127.0.0.2/" + "a" * 9000, "aaa…: refused: is longer than max_url_length (8192)"),
        ("", "answered 302 and not where to"),
    ],
)
def test_a_redirect_to_where_nobody_may_go_opens_no_socket(
    location: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []
    connect = socket.socket.connect

    def watched(line: socket.socket, address: tuple[str, int]) -> None:
        connected.append(address)
        connect(line, address)

    with town({"/": moved(location)}) as there:
        monkeypatch.setattr(socket.socket, "connect", watched)
        assert reason in there.failure()
        assert connected == [("127.0.0.1", there.served.port)] * 2  # robots.txt and the page


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """Return an authority that requests trusts."""
    made = trustme.CA()
    path = tmp_path / "authority.pem"
    made.cert_pem.write_to_path(str(path))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(path))
    return made


def test_a_page_is_read_over_tls(authority: trustme.CA) -> None:
    with site(secured(authority, answered(body=b"news")), secure=True) as served:
        answer = fetching(served.port).get(f"https://127.0.0.1:{served.port}/", robots=False)
    assert answer.content == b"news"


def test_no_redirect_leads_from_https_to_http(authority: trustme.CA) -> None:
    with (
        site(answered(body=b"news")) as plain,
        site(secured(authority, moved(f"http://127.0.0.1:{plain.port}/")), secure=True) as served,
    ):
        fetcher = Fetcher(
            Asker(agent="feedsvc/0"), Guard(LOOPBACK, [plain.port, served.port]), Turns(lambda _: False)
        )
        with pytest.raises(FetchError, match="leads from https to http"):
            fetcher.get(f"https://127.0.0.1:{served.port}/", robots=False)
        assert plain.asked == []


def test_tls_is_spoken_with_the_name_and_not_with_the_address(authority: trustme.CA) -> None:
    def found(_host: str, port: int, _seconds: float) -> tuple[Endpoint, ...]:
        return (Endpoint(socket.AF_INET, ("127.0.0.1", port)),)

    with site(secured(authority, answered(body=b"news")), secure=True) as served:
        guard = Guard(["town.example.org"], [served.port], found)
        fetcher = Fetcher(Asker(agent="feedsvc/0"), guard, Turns(lambda _: False))
        with pytest.raises(FetchError, match=r"not valid for 'town\.example\.org'"):
            fetcher.get(f"https://town.example.org:{served.port}/", robots=False)


def test_robots_txt_is_asked_first_and_once() -> None:
    with town(
        {"/": answered(body=b"a"), "/robots.txt": answered(body=b"User-agent: *\nDisallow: /b")}
    ) as there:
        assert there.content() == b"a"
        assert there.failure("/b") == "robots.txt forbids it"
        assert there.content() == b"a"
        assert [path for path, _ in there.pages.asked] == ["/robots.txt", "/", "/"]


def test_robots_txt_is_obeyed_at_the_end_of_a_redirect_too() -> None:
    pages = {"/": moved("/b"), "/robots.txt": answered(body=b"User-agent: feedsvc\nDisallow: /b")}
    with town(pages) as there:
        assert there.failure() == f"leads to {there.url('/b')}: robots.txt forbids it"
        with pytest.raises(ForbiddenError):
            there.fetcher.get(there.url("/"))


def test_who_need_not_ask_robots_txt_does_not() -> None:
    with town({"/": answered(body=b"a"), "/robots.txt": answered(503)}) as there:
        assert there.failure() == "robots.txt answered 503"
        assert there.fetcher.get(there.url(), robots=False).content == b"a"


@pytest.mark.parametrize("robots", [moved("/elsewhere"), moved("/robots.txt"), moved("")])
def test_a_robots_txt_behind_redirects_is_followed_and_one_that_leads_nowhere_is_none(
    robots: Behaviour,
) -> None:
    with town({"/robots.txt": robots, "/elsewhere": answered(404), "/": answered(body=b"a")}) as there:
        assert there.content() == b"a"


def test_a_robots_txt_of_any_length_is_read_so_far() -> None:
    long = b"User-agent: *\nDisallow: /a\n" + b"# and so on\n" * 2**20 + b"Disallow: /\n"
    with town({"/": answered(body=b"a"), "/robots.txt": answered(body=long)}) as there:
        assert there.content() == b"a"
        assert there.failure("/a") == "robots.txt forbids it"


def test_sitemaps_are_found_in_robots_txt() -> None:
    with town({"/robots.txt": answered(body=b"Sitemap: https://news.example.org/s.xml")}) as there:
        assert there.fetcher.sitemaps(there.url("/news/")) == ("https://news.example.org/s.xml",)


def test_a_host_is_asked_once_a_second_or_as_seldom_as_it_says() -> None:
    with town({"/": answered(), "/robots.txt": answered(body=b"User-agent: *\nCrawl-delay: 5")}) as there:
        for _ in range(3):
            there.content()
        assert there.hours.at == 1 + 5 + 5


@pytest.mark.parametrize(("status", "said", "seconds"), [(429, "30", 30), (503, "", 60), (500, "9", 1)])
def test_a_host_that_is_overloaded_is_left_alone(status: int, said: str, seconds: int) -> None:
    with town({"/": answered(status, Retry_After=said), "/b": answered(body=b"b")}) as there:
        answer = there.fetcher.get(there.url())
        before = there.hours.at
        assert there.content("/b") == b"b"
        assert there.hours.at - before == seconds
    assert answer.retry_after == (timedelta(seconds=int(said)) if said else None)


def test_a_host_that_wants_an_hour_is_not_waited_for() -> None:
    with town({"/": answered(503, Retry_After="3600")}) as there:
        there.fetcher.get(there.url())
        assert there.failure("/b") == "127.0.0.1 is left alone for another 3600 s"
        assert there.pages.paths == ["/"]


def test_headers_for_an_origin_are_sent_there_and_nowhere_else() -> None:
    elsewhere = Pages({"/": answered(body=b"b")})
    with (
        site(elsewhere, secure=True) as other,
        town({"/": moved(f"http://127.0.0.1:{other.port}/")}) as there,
    ):
        asker = Asker(agent="feedsvc/0", headers={there.url("")[:]: {"Authorization": "Bearer word"}})
        guard = Guard(LOOPBACK, [there.served.port, other.port])
        answer = Fetcher(asker, guard, Turns(lambda _: False)).get(there.url())
    assert answer.content == b"b"
    assert [head["Authorization"] for _, head in there.pages.asked] == ["Bearer word"] * 2
    assert not any("Authorization" in head for _, head in elsewhere.asked)


def test_a_cookie_is_forgotten_even_on_the_way() -> None:
    with town({"/": answered(302, Location="/b", Set_Cookie="a=b; Path=/"), "/b": answered()}) as there:
        there.content()
    assert not any("Cookie" in head for _, head in there.pages.asked)


def test_proxies_and_passwords_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with town({"/": answered(body=b"a")}) as there:
        assert there.content() == b"a"
    assert not any("Authorization" in head for _, head in there.pages.asked)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://name:secret@127.0.0.1/", "refused: carries credentials"),
        ("no address", "refused: not an address on the web"),
        ("http://[", "refused: "),
    ],
)
def test_what_is_no_address_is_told_without_its_credentials(url: str, reason: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetching(80).get(url)
    assert caught.value.reason.startswith(reason)
    assert "secret" not in str(caught.value)


def test_the_only_room_that_asks_the_web_is_this_one() -> None:
    asking = {"requests", "urllib3", "http.client", "urllib.request", "ssrfguard", "protego"}
    for path in (ROOT / "feedsvc").rglob("*.py"):
        if "fetch" not in path.relative_to(ROOT).parts:
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            taken = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            taken |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
            assert not asking & taken, path


def test_an_address_with_letters_of_any_script_is_sent_in_ascii() -> None:
    with town({"/%E5%A4%8F%20b": answered(body=b"a")}) as there:
        assert there.content("/夏 b") == b"a"


CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "0003 ; note=a\r\nabc\r\n2\nde\n0\r\nX-Trailer: a\r\n\r\n",
        "5\r\nabcde\r\n0\r\n" + "a" * 2**20,
    ],
)
def test_a_body_in_chunks_is_put_together(body: str) -> None:
    with town({"/": saying(CHUNKED + body)}) as there:
        assert there.content() == b"abcde"


def test_large_chunks_are_put_together_too() -> None:
    body = "ab" * 200_000
    with town({"/": saying(f"{CHUNKED}{len(body):X}\r\n{body}\r\n1\r\nc\r\n0\r\n\r\n")}) as there:
        assert there.content() == body.encode() + b"c"


def reset(line: socket.socket) -> None:
    """Say half of an answer and break off."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.05)  # for the half to arrive first
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def endless(line: socket.socket) -> None:
    """Send fields of a head for as long as anybody reads them."""
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        line.sendall(b"X-%d: a\r\n" % number)


def endless_field(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100_000):
        line.sendall(b"a" * 1000)


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (answered(body=bytes(11 * 2**20)), "refused: larger than 10 MiB"),
        (
            answered(body=gzip.compress(bytes(11 * 2**20)), Content_Encoding="gzip"),
            "refused: larger than 10 MiB",
        ),
        (answered(body=b"a", Content_Encoding="gzip,gzip,gzip"), "refused: packed more than twice"),
        (answered(body=b"abc", Content_Encoding="gzip"), "its gzip packing is damaged or cut short"),
        (answered(body=b"half", Content_Length="100"), "the answer was cut short"),
        (
            saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf"),
            "the answer was cut short",
        ),
        (saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "the answer was cut short"),
        (
            saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc"),
            "the answer was cut short",
        ),
        (saying(CHUNKED + "5\r\nabcde"), "the answer was cut short"),
        (saying(CHUNKED + "f" * 16 + "\r\nabcde"), "the answer was cut short"),
        (saying(CHUNKED + "f" * 9 + "\r\nabcde"), "the answer was cut short"),
        (saying(CHUNKED + "5\r\nabcde\r\n0"), "the answer was cut short"),
        (saying(CHUNKED), "the answer was cut short"),
        (saying(CHUNKED + "5" + ";" * 5000 + "\r\nabcde\r\n0\r\n\r\n"), "the answer was cut short"),
        (reset, "Connection reset by peer"),
        (endless, "the head of the answer is too long"),
        (endless_field, "the head of the answer is too long"),
        (saying(""), "no HTTP answer"),
        (saying("220 mail.example.org\r\n"), "no HTTP answer"),
    ],
)
def test_an_answer_that_is_none_is_told_with_the_reason(behave: Behaviour, reason: str) -> None:
    with town({"/": behave}) as there:
        assert there.failure() == reason


NAMES = st.sampled_from(
    [
        "Content-Length",
        "Content-Encoding",
        "Transfer-Encoding",
        "Location",
        "Set-Cookie",
        "Content-Type",
        "X",
        "",
    ]
)
VALUES = st.sampled_from(
    ["1,2", "-1", "0", "9" * 30, "chunked", "gzip", "a=b; expires=x", "http://[", "/", "\0", "\xff"]
)
FIELDS = st.tuples(NAMES, st.sampled_from([": ", ":", "\t"]), VALUES).map("".join)
HEADS = st.tuples(
    st.sampled_from(
        ["HTTP/1.1 200 OK", "HTTP/1.0 302", "HTTP/1.1 100", "HTTP/1.1 99999", "HTTP/2 200", "ICY 200"]
    ),
    st.lists(FIELDS, max_size=4),
    st.sampled_from(["", "abc", "5\r\nabcde\r\n0\r\n\r\n", "-5\r\nabc", "f" * 16 + "\r\n"]),
).map(lambda parts: "\r\n".join([parts[0], *parts[1], "", parts[2]]).encode("latin-1"))


@settings(max_examples=20, deadline=None)
@given(st.lists(HEADS, min_size=10, max_size=10))
def test_whatever_answers_is_an_answer_or_has_a_reason(answers: list[bytes]) -> None:
    pages = {f"/{number}": saying(said.decode("latin-1"), "latin-1") for number, said in enumerate(answers)}
    with town({"/robots.txt": answered(404), **pages}) as there:
        for path in pages:
            try:
                answer = there.fetcher.get(there.url(path))
            except FetchError as error:
                said = error.reason
            else:
                said = answer.failure or answer.final
            assert said


@pytest.mark.parametrize(
    "behave",
    [
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nX: "),
        dripping(b"HTTP/1.1 302 Found\r\nLocation: /"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        waiting,
    ],
)
def test_a_drip_ends_with_the_whole_time(behave: Behaviour) -> None:
    with town({"/": behave}, BRIEF) as there:
        started = time.monotonic()
        assert there.failure(robots=False) == "no answer within 0.4 s"
        assert 0.4 <= time.monotonic() - started < 3


def test_a_way_of_slow_redirects_ends_with_the_whole_time() -> None:
    def slow(line: socket.socket) -> None:
        time.sleep(0.15)
        moved("/")(line)

    with town({"/": slow}, BRIEF) as there:
        started = time.monotonic()
        assert there.failure(robots=False) == f"leads to {there.url()}: no answer within 0.4 s"
        assert 0.4 <= time.monotonic() - started < 3


def test_a_robots_txt_that_drips_takes_the_time_of_its_page_and_is_remembered() -> None:
    with town({"/": answered(), "/robots.txt": dripping(b"HTTP/1.1 200 OK\r\n\r\n")}, BRIEF) as there:
        started = time.monotonic()
        assert there.failure() == "no answer within 0.4 s"
        assert there.failure() == "no answer within 0.4 s"
        assert time.monotonic() - started < 3
        assert len(there.pages.asked) == 1


def test_who_leads_to_a_host_too_late_says_nothing_of_it() -> None:
    other = Pages({"/": answered(body=b"b")})

    def late(line: socket.socket) -> None:
        time.sleep(0.3)
        moved(f"http://127.0.0.1:{served.port}/")(line)

    def slowly(line: socket.socket) -> None:
        time.sleep(0.3)
        answered(404)(line)

    other.pages["/robots.txt"] = slowly
    with site(other, secure=True) as served, town({"/": late, "/robots.txt": answered(404)}) as there:
        guard = Guard(LOOPBACK, [there.served.port, served.port])
        fetcher = Fetcher(Asker(agent="feedsvc/0", limits=BRIEF), guard, Turns(lambda _: False))
        with pytest.raises(FetchError, match=r"no answer within 0\.4 s"):
            fetcher.get(there.url())
        assert fetcher.get(f"http://127.0.0.1:{served.port}/").content == b"b"


def test_a_stop_ends_what_is_under_way_and_lets_nothing_begin() -> None:
    with town({"/": waiting}) as there:
        reasons: list[str] = []
        asking = threading.Thread(target=lambda: reasons.append(there.failure(robots=False)))
        asking.start()
        wait_until(lambda: bool(there.pages.asked))
        there.fetcher.stop()
        asking.join(10)
        assert reasons == ["no HTTP answer"]
    with town({"/": answered()}) as there:
        fetcher = Fetcher(Asker(agent="feedsvc/0"), Guard(LOOPBACK, [there.served.port]), Turns())
        fetcher.stop()
        with pytest.raises(FetchError, match="left alone"):
            fetcher.get(there.url())
        assert there.pages.asked == []


def test_a_fetcher_is_built_as_configured() -> None:
    with town({"/": answered(body=b"a")}) as there:
        section = FetchSection(allow_private=LOOPBACK, allow_ports=(there.served.port,))
        site = SiteSection(base_url="https://feeds.example.org")
        assert build(Settings(fetch=section, site=site)).get(there.url(), robots=False).content == b"a"
        mine = FetchSection(
            allow_private=LOOPBACK,
            allow_ports=(there.served.port,),
            headers={there.url(""): {"X-Key": "word"}},
            user_agent="Reader/1",
        )
        build(Settings(fetch=mine)).get(there.url(), robots=False)
        build(Settings(fetch=FetchSection(allow_private=LOOPBACK, allow_ports=(there.served.port,)))).get(
            there.url(), robots=False
        )
    heads = [head for _, head in there.pages.asked]
    assert [head["User-Agent"] for head in heads] == [
        f"feedsvc/{__version__} (+https://feeds.example.org)",
        "Reader/1",
        f"feedsvc/{__version__}",
    ]
    assert [head.get("X-Key") for head in heads] == [None, "word", None]
    with pytest.raises(FetchError, match="refused"):
        build(Settings()).get(there.url())
