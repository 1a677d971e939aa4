"""Links as a feed can carry them: absolute, http or https, ASCII."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from feedsvc import text

_WEB = frozenset({"http", "https"})
_LENGTH = 4096
_SAFE = "%/:=&?~#+!$,;'@()*"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")


def absolute(href: str | None, base: str | None = None) -> str | None:
    """Return a reference as an absolute web address, or None where it is none.

    A relative reference needs a base; what an address cannot hold is percent-encoded.
    """
    written = text.clean(href or "").strip()
    if not written or len(written) > _LENGTH:
        return None
    try:
        parts = urlsplit(urljoin(base, written) if base else written)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # covers UnicodeError: brackets, ports and labels that are no address
        return None
    if parts.scheme not in _WEB or not host or " " in host or parts.username is not None:
        return None
    netloc = f"[{host}]" if ":" in host else host
    tail = map(_encoded, (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc + port, *tail))


def mail(href: str) -> str | None:
    """Return a mailto reference, or None for anything else."""
    written = text.clean(href).strip()
    return _encoded(written) if written.lower().startswith("mailto:") else None


def _encoded(part: str) -> str:
    """Return a part of an address with what it cannot hold percent-encoded (RFC 3986 2.1), once."""
    return quote(_STRAY.sub("%25", part), safe=_SAFE)
