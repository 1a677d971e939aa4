"""Addresses on the web: made absolute as a link, normalised as a key, compared as the same article's."""

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from feedsvc import text

_WEB = frozenset({"http", "https"})
_LENGTH = 4096
_SAFE = "%/:=&?~#+!$,;'@()*"
_NEVER = ".invalid"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
_ESCAPED = re.compile("(?:%[0-9A-Fa-f]{2})+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id|_hs(?:enc|mi)"
    r"|mkt_tok|spm|share_token|cmpid|at_(?:medium|campaign)\w*)",
    re.IGNORECASE,
)
"""Names of parameters that say where a reader came from and never which page is meant."""
_SESSION = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)", re.IGNORECASE)
"""Names of parameters that hosts give readers without cookies, another value each time."""
_IN_THE_WAY = re.compile(
    r"(?:log|sign)[-_]?(?:in|on)|sso|(?:cookie[-_]?)?consent|error[-_]?404|error|(?:page[-_]?)?not[-_]?found"
)
_MISSING = re.compile(r"(?:/errors?|/[a-z]{2})?/404(?:\.\w+)?")  # deeper it is the number of an article
_FRONT = frozenset({"", "index", "default", "home", "main"})
_GATE = re.compile(r"(?:consent|login|signin|sso|accounts?)\.")
_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def absolute(href: str | None, base: str | None = None) -> str | None:
    """Return a reference as an absolute web address, or None where it is none.

    A relative reference needs a base; what an address cannot hold is percent-encoded.
    """
    written = text.clean(href or "").strip()
    if not written or len(written) > _LENGTH:
        return None
    try:
        parts = urlsplit(urljoin(base, written) if base else written)
        host = ascii_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # covers UnicodeError: brackets, ports and labels that are no address
        return None
    if (
        parts.scheme not in _WEB
        or not host
        or " " in host
        or parts.username is not None
        or host.endswith(_NEVER)
    ):
        return None
    tail = map(encoded, (parts.path, parts.query, parts.fragment))
    found = urlunsplit((parts.scheme, host + port, *tail))
    return found if len(found) <= _LENGTH else None


def key(href: str | None, base: str | None = None) -> str | None:
    """Return how a source calls the document that a reference leads to (RFC 3986 6.2), None as in `absolute`.

    Case, default ports, dot segments, escapes, fragments, sessions and tracking parameters tell no documents
    apart; scheme, `www.` and a slash at the end may, so they stay.
    """
    link = absolute(href, base)
    if link is None:
        return None
    parts = urlsplit(link)
    netloc = parts.netloc.removesuffix(f":{_PORTS[parts.scheme]}")
    path = _without_dots(_IN_PATH.sub("", _spelled(parts.path))) or "/"
    return urlunsplit((parts.scheme, netloc, path, _telling(_spelled(parts.query)), ""))


def part(url: str) -> str:
    """Return the fragment of an address that names a part of its page, with its sign; "" for parameters."""
    _, sign, fragment = url.partition("#")
    return "" if not fragment or "=" in fragment else sign + fragment


def before_move(url: str, at: str, once: str) -> str | None:
    """Return the key that an address of a site which is `at` now had `once`; None for another site's."""
    try:
        parts, now, then = urlsplit(url), urlsplit(at), urlsplit(once)
    except ValueError:  # an id that only looks like an address
        return None
    moved = (now.scheme, now.netloc) != (then.scheme, then.netloc)
    if not moved or (parts.scheme, parts.netloc) != (now.scheme, now.netloc):
        return None
    page = key(urlunsplit((then.scheme, then.netloc, *parts[2:4], "")))
    return page and page + part(url)


def canonical(url: str) -> str | None:
    """Return what addresses of the same page on the same site have in common, for merging articles only.

    Sites answer alike with and without TLS, `www.`, a slash at the end.
    """
    named = key(url)
    if named is None:
        return None
    parts = urlsplit(named)
    path = parts.path.rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}" + (f"?{parts.query}" if parts.query else "")


def is_detour(final: str, asked: str) -> bool:
    """Tell whether who asked for a page was led to one in the way of any: front page, log-in, error."""
    end, start = key(final), key(asked)
    if end is None or start is None or canonical(end) == canonical(start):
        return False
    parts, before = urlsplit(end), urlsplit(start)
    name, named = _last(parts.path), _last(before.path)
    if parts.path == "/" and not parts.query:
        return site(end) == site(start) and named not in _FRONT
    gate = _GATE.match(parts.netloc) and parts.netloc != before.netloc
    return bool(gate or (name != named and _IN_THE_WAY.fullmatch(name)) or _MISSING.fullmatch(parts.path))


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].partition(".")[0].lower()


def site(url: str) -> str:
    """Return the host of an absolute address without `www.`, for telling whether two are of one site."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def ascii_host(host: str) -> str:
    """Return a host as it stands in links: IDNA, an IPv6 address in brackets. Raises ValueError."""
    return f"[{host}]" if ":" in host else host.encode("idna").decode("ascii").lower()


def encoded(part: str) -> str:
    """Return a part of an address with what it cannot hold percent-encoded (RFC 3986 2.1), once."""
    return quote(_STRAY.sub("%25", part), safe=_SAFE)


def _spelled(part: str) -> str:
    """Return a part with escapes in capitals, and none where a plain character says the same."""
    return _ESCAPED.sub(lambda found: "".join(_each(unquote_to_bytes(found[0]))), part)


def _each(octets: bytes) -> Iterator[str]:
    for octet in octets:
        yield chr(octet) if octet in _UNRESERVED else f"%{octet:02X}"


def _without_dots(path: str) -> str:
    """Return a path without dot segments (RFC 3986 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in (["."], [".."]):
        kept.append("")
    return "/" + "/".join(kept)


def _telling(query: str) -> str:
    """Return a query without the parameters that say nothing of the page."""
    names = ((pair, pair.partition("=")[0]) for pair in query.split("&"))
    return "&".join(
        pair for pair, name in names if not (_TRACKING.fullmatch(name) or _SESSION.fullmatch(name))
    )
