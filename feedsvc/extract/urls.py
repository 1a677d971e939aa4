"""Links as a feed can carry them: absolute, http or https, ASCII."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from feedsvc import beside, text

_WEB = frozenset({"http", "https"})
_LENGTH = 4096
_SAFE = "%/:=&?~#+!$,;'@()*"
BESIDE = "https://beside.invalid/"
"""Stands for where an article is served until its id is known; no host is so called (RFC 6761)."""
_NEVER = ".invalid"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document stands, which its references are read from."""

    base: str | None = None
    beside: frozenset[str] = frozenset()
    """Pictures near it, as paths from its directory."""

    def resolve(self, href: str | None) -> str | None:
        """Return a reference as an absolute web address, or as one below `BESIDE` for a picture near it."""
        if self.beside and (name := beside.named(text.clean(href or ""))) in self.beside:
            return BESIDE + beside.spelled(name or "")
        return absolute(href, self.base)


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
    if (
        parts.scheme not in _WEB
        or not host
        or " " in host
        or parts.username is not None
        or host.endswith(_NEVER)
    ):
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
