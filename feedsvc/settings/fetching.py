"""What is wrong with `[fetch]`, beyond what its types tell."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Network, ip_network
from urllib.parse import urlsplit

from feedsvc.settings.schema import FetchSection

_HOST = re.compile(r"(?!.*(?:^|\.)[0-9]+$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.ASCII)
_FIELD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # RFC 9110 5.6.2
_AGENT = re.compile(r"[A-Za-z_-]+[!-~ ]{0,200}")
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Networks of IPv6 that carry addresses of IPv4, and are judged by these."""
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "proxy-authorization",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
"""Fields that make a request what it is, by their names in lower case."""


def fetch_faults(section: FetchSection) -> Iterator[tuple[str, str]]:
    """Yield what is wrong: (path, problem). A header's value may be a password and is not shown."""
    for index, entry in enumerate(section.allow_private):
        if problem := _closed(entry):
            yield f"fetch.allow_private[{index}]", problem
    if section.user_agent and not _AGENT.fullmatch(section.user_agent):
        yield "fetch.user_agent", f"no name of a program: {section.user_agent!r}"
    for origin, headers in section.headers.items():
        path = f"fetch.headers.{origin}"
        if not _is_origin(origin):
            yield path, f"{origin!r} is no origin; write it like https://news.example.org, without a path"
        yield from ((f"{path}.{name}", problem) for name, problem in _header_faults(headers))


def _closed(entry: str) -> str:
    """Say why an entry opens nothing, "" where it is a network or the name of a host."""
    try:
        network = ip_network(entry)
    except ValueError:
        return _misspelt(entry)
    if any(isinstance(network, IPv6Network) and network.subnet_of(each) for each in _CARRIERS):
        return f"{entry!r} carries addresses of IPv4; name those"
    return ""


def _misspelt(entry: str) -> str:
    """Say what is wrong with what is no network, "" for a host."""
    try:
        meant = ip_network(entry, strict=False)
    except ValueError:
        host = _HOST.fullmatch(entry.removesuffix(".").lower())
        return "" if host else f"no network, and no host in ASCII: {entry!r}"
    return f"{entry!r} is an address in a network; did you mean {str(meant)!r}?"


def _is_origin(origin: str) -> bool:
    """Tell whether an origin is spelt as the requests to it are, so that they are told apart by it."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets or a port that cannot be
        return False
    usual = {"http": 80, "https": 443}
    netloc = (f"[{host}]" if ":" in host else host) + ("" if port is None else f":{port}")
    spelt = f"{parts.scheme}://{netloc}" == origin and host.isascii()
    named = ":" in host or _HOST.fullmatch(host) or _is_address(host)
    return spelt and bool(named) and parts.scheme in usual and port != usual[parts.scheme]


def _is_address(host: str) -> bool:
    try:
        return str(ip_network(host).network_address) == host
    except ValueError:
        return False


def _header_faults(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        if not _FIELD.fullmatch(name):
            yield name, f"{name!r} is no name of a header"
        elif name.lower() in _OURS:
            yield name, f"{name} is not yours to set here"
        if not (value.isascii() and value.isprintable() and value.strip() == value):
            yield name, "a value of printable ASCII, without spaces around it, is right"
