"""Where connections may go: judged is the address that is connected to, whatever a URL or a name says."""

import errno
import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread

from ssrfguard import (
    DEFAULT_DENIED,
    AddressTable,
    Block,
    BlockedAddressError,
    BlockedURLError,
    Policy,
    Reach,
)

from feedsvc.errors import RefusedError

PORTS = frozenset({80, 443})
_Network = IPv4Network | IPv6Network

_WRAPPED = frozenset(map(ip_network, ("::/96", "2001::/32", "2002::/16")))
"""IPv4-compatible, Teredo and 6to4: nothing public is there any more, whatever they carry inside."""
_OWN = (
    Block(network=ip_network("168.63.129.16"), name="Cloud metadata (Azure)", rfc="", reach=Reach.DENIED),
    Block(network=ip_network("::/0"), name="no public address", rfc="RFC4291", reach=Reach.DENIED),
    Block(network=ip_network("2000::/3"), name="Global Unicast", rfc="RFC4291", reach=Reach.PERMITTED),
)
"""What the registry leaves out: what is not said to be public is not, whatever is assigned one day."""
_TABLE = AddressTable(
    (
        *(
            replace(block, reach=Reach.DENIED) if block.network in _WRAPPED else block
            for block in DEFAULT_DENIED.blocks
        ),
        *_OWN,
    )
)
_METADATA = tuple(block.network for block in _TABLE.blocks if "metadata" in block.name)
_INTRANET = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1", "fc00::/7"),
    )
)
_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$")  # of a host, WHATWG URL "ends in a number"
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")
"""What parsers of URLs drop, or take for something else."""
_HINT = "[fetch] allow_private opens what is yours"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a socket can be connected to."""

    family: int
    address: tuple[str, int] | tuple[str, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The scheme, host and port of a URL (RFC 6454)."""

    scheme: str
    host: str
    """In lower case and IDNA; an IPv6 address without brackets."""
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme] == self.port
        return f"{self.scheme}://{host}" if usual else f"{self.scheme}://{host}:{self.port}"


LookUp = Callable[[str, int, float], tuple[Endpoint, ...]]
"""Finds a host: name, port and seconds to the addresses it has; raises OSError."""


def look_up(host: str, port: int, seconds: float) -> tuple[Endpoint, ...]:
    """Return where a host is; raises OSError, TimeoutError after `seconds`.

    A silent name server cannot be interrupted, so it is left to a thread that ends when it gives up.
    """
    answer: Future[tuple[Endpoint, ...]] = Future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.set_result(tuple(dict.fromkeys(Endpoint(each[0], each[4]) for each in found)))  # type: ignore[arg-type] # of IP
        except ValueError:  # by its letters or their number
            answer.set_exception(OSError(errno.EINVAL, "not the name of a host"))
        except OSError as error:
            answer.set_exception(error)

    Thread(target=ask, name="look-up", daemon=True).start()
    return answer.result(max(0.0, seconds))


class Guard:
    """Says where connections may go: the public web, and what its user opened.

    `allow_private` names networks, and hosts (in ASCII) that may be anywhere in an intranet. Raises
    ValueError for a network that is none.
    """

    def __init__(
        self,
        allow_private: Iterable[str] = (),
        allow_ports: Iterable[int] = PORTS,
        look_up: LookUp = look_up,
    ) -> None:
        networks, self._hosts = _opened(allow_private)
        self._policy = Policy(
            denied_networks=_TABLE, allowed_networks=networks, allowed_ports=frozenset(allow_ports)
        )
        self._look_up = look_up

    def look_at(self, url: str) -> None:
        """Raise RefusedError for a URL that several readers read in several ways."""
        if _ODD.search(url):
            raise _refused("it holds a control character or a backslash")

    def origin(self, url: str) -> Origin:
        """Return the origin of a URL in ASCII, nothing being looked up; raises RefusedError."""
        try:
            target = self._policy.check_url(url)
        except BlockedURLError as error:
            inside = isinstance(error.__cause__, BlockedAddressError)
            reason = error.reason.replace("allowed_ports", "[fetch] allow_ports")  # as a person sets it
            raise _refused(f"{reason}; {_HINT}" if inside else reason) from error
        host = target.host.rstrip(".")
        if target.address is None and _NUMBER.search(host):
            raise _refused(f"host {host!r} is an address in disguise")
        return Origin(scheme=target.scheme, host=host, port=target.port)

    def endpoints(self, host: str, port: int, seconds: float) -> tuple[Endpoint, ...]:
        """Return what to connect to after one look-up; raises OSError, of which RefusedError says the reason.

        A name with a single address that is closed is refused whole: that is how rebinding begins.
        """
        if port not in self._policy.allowed_ports:
            raise _refused(f"port {port} is not in [fetch] allow_ports")
        found = self._look_up(host, port, seconds)
        for each in found:
            self._judge(host, ip_address(each.address[0]))
        return found

    def _judge(self, host: str, address: IPv4Address | IPv6Address) -> None:
        named = host.rstrip(".").lower() in self._hosts
        if named and _within(address, _INTRANET) and not _within(address, _METADATA):
            return
        try:
            self._policy.check_address(address)
        except BlockedAddressError as error:
            raise _refused(
                f"{host} is at {address}, and {error.reason.removesuffix(' ()')}; {_HINT}"
            ) from error


def _opened(entries: Iterable[str]) -> tuple[tuple[_Network, ...], frozenset[str]]:
    """Return the networks and the names of hosts among what was opened."""
    networks, hosts = [], []
    for entry in entries:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            if "/" in entry:
                raise
            hosts.append(entry.rstrip(".").lower())
    return tuple(networks), frozenset(hosts)


def _within(address: IPv4Address | IPv6Address, networks: Iterable[_Network]) -> bool:
    return any(address in network for network in networks)


def _refused(reason: str) -> RefusedError:
    return RefusedError(errno.EACCES, f"refused: {reason}")
