import errno
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import FetchError, ForbiddenError
from feedsvc.fetch import Asker, Fetcher, Guard, Turns
from feedsvc.fetch.addresses import Endpoint, Origin, look_up
from tests.sites import Hours

PUBLIC = "93.184.215.14"
HOSTILE = [
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7F.0x0.0x0.0x1/",
    "http://127.0.0.0x1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://00000177.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://0/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::ffff:0:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[::5db8:d70e]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:5db8:d70e::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fec0::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[::1%25lo]/",
    "http://[fd00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fd20:ce::254]/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/",
    "http://169.254.170.2/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://192.0.0.8/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    f"http://{PUBLIC}@127.0.0.1/",
    f"http://{PUBLIC}\\@127.0.0.1/",
    f"http://127.0.0.1\\@{PUBLIC}/",
    f"http://{PUBLIC}:80@127.0.0.1/",
    f"http://{PUBLIC}\n.127.0.0.1/",
    f"http://{PUBLIC}:22/",
    f"http://{PUBLIC}:99999/",
    f"ftp://{PUBLIC}/",
    f"gopher://{PUBLIC}/",
    f"//{PUBLIC}/",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "http:///",
    "",
]


class Sockets:
    """Refuses every connection, and remembers where to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[str] = []

        def connect(_line: socket.socket, address: tuple[str, int]) -> None:
            self.opened.append(address[0])
            raise OSError(errno.ECONNREFUSED, "Connection refused")

        for name in ("connect", "connect_ex"):
            monkeypatch.setattr(socket.socket, name, connect)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Sockets:
    return Sockets(monkeypatch)


def fetching(guard: Guard) -> Fetcher:
    hours = Hours()
    return Fetcher(Asker(agent="feedsvc/0"), guard, Turns(hours.pause, hours.now))


def refusal(guard: Guard, url: str, *, robots: bool) -> str:
    with pytest.raises(FetchError) as caught:
        fetching(guard).get(url, robots=robots)
    return caught.value.reason


@pytest.mark.parametrize("robots", [True, False])
@pytest.mark.parametrize("url", HOSTILE)
def test_no_socket_is_opened_to_what_is_not_public(url: str, robots: bool, sockets: Sockets) -> None:  # noqa: FBT001
    assert refusal(Guard(), url, robots=robots).startswith("refused: ")
    assert sockets.opened == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (f"http://{PUBLIC}/", PUBLIC),
        ("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"),
        ("http://[64:ff9b::5db8:d70e]/", "64:ff9b::5db8:d70e"),  # how machines with IPv6 alone see IPv4
    ],
)
def test_what_is_public_is_connected_to(url: str, address: str, sockets: Sockets) -> None:
    assert refusal(Guard(), url, robots=False) == "Connection refused"
    assert sockets.opened == [address]


def named(*answers: list[str]) -> Callable[[str, int, float], tuple[Endpoint, ...]]:
    """Return what finds every host at the addresses of the next answer, over and over."""
    count = 0

    def found(_host: str, port: int, _seconds: float) -> tuple[Endpoint, ...]:
        nonlocal count
        count += 1
        return tuple(Endpoint(socket.AF_INET, (each, port)) for each in answers[(count - 1) % len(answers)])

    return found


def test_a_name_that_is_public_and_then_private_is_never_followed_to_the_private_one(
    sockets: Sockets,
) -> None:
    looked = 0
    found = named([PUBLIC], ["127.0.0.1"])

    def counted(host: str, port: int, seconds: float) -> tuple[Endpoint, ...]:
        nonlocal looked
        looked += 1
        return found(host, port, seconds)

    fetcher = fetching(Guard(look_up=counted))
    reasons = set()
    for _ in range(1000):
        with pytest.raises(FetchError) as caught:
            fetcher.get("http://news.example.org/", robots=False)
        reasons.add(caught.value.reason)
    assert looked == 1000
    assert sockets.opened == [PUBLIC] * 500
    assert reasons == {
        "Connection refused",
        (
            "refused: news.example.org is at 127.0.0.1, and 127.0.0.0/8 is Loopback (RFC1122); "
            "[fetch] allow_private opens what is yours"
        ),
    }


@pytest.mark.parametrize("answer", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], ["168.63.129.16"]])
def test_a_name_with_one_closed_address_is_refused_whole(answer: list[str], sockets: Sockets) -> None:
    assert refusal(Guard(look_up=named(answer)), "http://news.example.org/", robots=False).startswith(
        "refused: news.example.org is at 1"
    )
    with pytest.raises(ForbiddenError):  # its robots.txt is not asked either, nor waited for
        fetching(Guard(look_up=named(answer))).get("http://news.example.org/")
    assert sockets.opened == []


@pytest.mark.parametrize(
    ("opened", "url"),
    [
        (["10.0.0.0/8"], "http://10.1.2.3/"),
        (["127.0.0.1"], "http://127.0.0.1/"),
        (["::1"], "http://[::1]/"),
        (["10.0.0.0/8"], "http://intranet.example.org/"),
        (["intranet.example.org"], "http://INTRANET.example.org./"),
        (["xn--strae-oqa.example"], "http://straße.example/"),
        (["Intranet.example.org."], "http://intranet.example.org/"),
        (["xn--bcher-kva.example"], "http://BÜCHER.example/"),
    ],
)
def test_what_is_opened_is_connected_to(opened: list[str], url: str, sockets: Sockets) -> None:
    found = named(["10.1.2.3"]) if "example" in url else look_up
    assert refusal(Guard(opened, look_up=found), url, robots=False) == "Connection refused"
    assert len(sockets.opened) == 1


@pytest.mark.parametrize(
    ("opened", "address"),
    [
        (["10.0.0.0/8"], "192.168.0.1"),
        (["other.example.org"], "10.1.2.3"),
        (["example.org"], "10.1.2.3"),
        (["intranet.example.org"], "169.254.169.254"),
        (["intranet.example.org"], "100.100.100.200"),
        (["intranet.example.org"], "224.0.0.1"),
    ],
)
def test_what_is_opened_opens_nothing_else(opened: list[str], address: str, sockets: Sockets) -> None:
    guard = Guard(opened, look_up=named([address]))
    assert refusal(guard, "http://intranet.example.org/", robots=False).startswith("refused: ")
    assert sockets.opened == []


def test_a_port_is_judged_again_where_the_connection_is_made() -> None:
    with pytest.raises(PermissionError, match=r"refused: port 22 is not in \[fetch\] allow_ports"):
        Guard(look_up=named([PUBLIC])).endpoints("news.example.org", 22, 1)


def test_other_ports_are_opened_by_number(sockets: Sockets) -> None:
    guard = Guard(allow_ports=[8080], look_up=named([PUBLIC]))
    assert refusal(guard, "http://news.example.org:8080/", robots=False) == "Connection refused"
    assert "port 80 is not" in refusal(guard, "http://news.example.org/", robots=False)
    assert len(sockets.opened) == 1


def test_a_network_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="host bits"):
        Guard(["10.0.0.1/8"])


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTP://News.Example.org:80/a?b", "http://news.example.org"),
        ("https://news.example.org:80/", "https://news.example.org:80"),
        ("https://xn--bcher-kva.example./", "https://xn--bcher-kva.example"),
        ("https://[2606:2800::1]/", "https://[2606:2800::1]"),
    ],
)
def test_an_origin_is_spelt_in_one_way(url: str, origin: str) -> None:
    assert str(Guard(allow_ports=[80, 443]).origin(url)) == origin


def test_an_origin_of_an_odd_port_names_it() -> None:
    assert str(Origin(scheme="http", host="::1", port=8080)) == "http://[::1]:8080"


@given(st.text(max_size=60))
def test_whatever_stands_for_a_host_gives_an_origin_or_a_reason(host: str) -> None:
    with suppress(PermissionError):
        assert Guard().origin(f"http://{host}/").host.isascii()


@given(
    st.text(alphabet=st.characters(max_codepoint=0x2FFF) | st.sampled_from("0127.:@/\\\\[]%xⓛ①"), max_size=40)
)
def test_no_address_however_it_is_written_leads_to_this_machine(text: str) -> None:
    fetcher = fetching(Guard(look_up=named(["127.0.0.1"])))
    with pytest.MonkeyPatch.context() as patched:
        sockets = Sockets(patched)
        for url in (text, f"http://{text}", f"http://{PUBLIC}{text}", f"http://{PUBLIC}/{text}@127.0.0.1/"):
            with pytest.raises(FetchError):
                fetcher.get(url, robots=False)
    assert not {"127.0.0.1", "::1"} & set(sockets.opened)


def test_a_silent_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(TimeoutError):
        look_up("news.example.org", 80, 0.05)
    over.set()


def test_what_cannot_be_the_name_of_a_host_is_told() -> None:
    with pytest.raises(OSError, match="not the name of a host"):
        look_up("a" * 64 + ".example.org", 80, 5)


def test_the_addresses_of_a_host_are_told_once() -> None:
    assert look_up("127.0.0.1", 80, 5) == (Endpoint(socket.AF_INET, ("127.0.0.1", 80)),)
