"""Answering for a prepared response: methods, preconditions and validators (RFC 9110), written once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from feedsvc.web.coding import IDENTITY, preferred

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_ANYTHING = "*"

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A body in one content coding, with everything that is sent around it."""

    body: bytes
    etag: str
    """With its quotes; strong, so every coding has its own (RFC 9110 8.8.3.3)."""
    headers: Headers
    headers_304: Headers
    """Those that a 304 carries (RFC 9110 15.4.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A representation with everything a request may ask of it, made once."""

    variants: Mapping[str, Variant]
    """By content coding, the smallest first; identity is always among them."""
    offered: tuple[str, ...]
    """The keys of the variants."""
    modified: int
    """Seconds since the epoch; what If-Modified-Since is compared with."""
    form: str = ""
    """The format, for whoever counts; "" for what is no feed."""

    @property
    def identity(self) -> Variant:
        """The body as it is."""
        return self.variants[IDENTITY]


def answer(prepared: Prepared, environ: Mapping[str, Any]) -> tuple[str, Headers, list[bytes]]:
    """Return status, headers and body for a GET or HEAD (RFC 9110 13.2.2).

    The header lists are the prepared ones: do not change them.
    """
    variant = prepared.variants[preferred(environ.get("HTTP_ACCEPT_ENCODING"), prepared.offered)]
    if _has_moved_on(prepared, variant, environ):
        return "412 Precondition Failed", [("Content-Length", "0")], []
    if _unchanged(prepared, variant, environ):
        return "304 Not Modified", variant.headers_304, []
    body = [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]
    return "200 OK", variant.headers, body


def _has_moved_on(prepared: Prepared, variant: Variant, environ: Mapping[str, Any]) -> bool:
    """Return whether the client wants another representation; If-Match wins over If-Unmodified-Since."""
    tags = environ.get("HTTP_IF_MATCH")
    if tags is not None:
        return not _matches(tags, variant.etag, weakly=False)
    moment = _seconds(environ.get("HTTP_IF_UNMODIFIED_SINCE"))
    return moment is not None and prepared.modified > moment


def _unchanged(prepared: Prepared, variant: Variant, environ: Mapping[str, Any]) -> bool:
    """Return whether the client has this representation; If-None-Match wins over If-Modified-Since."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return _matches(tags, variant.etag, weakly=True)
    moment = _seconds(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return moment is not None and prepared.modified <= moment


def _seconds(date: str | None) -> float | None:
    """Return an HTTP date in seconds since the epoch; None for what is no date and is to be ignored."""
    if not date:
        return None
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    # asctime dates name no zone and mean GMT (RFC 9110 5.6.7)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _matches(field: str, etag: str, *, weakly: bool) -> bool:
    """Compare an entity tag with a list of them or `*` (RFC 9110 8.8.3.2)."""
    if field == etag or field.strip() == _ANYTHING:
        return True
    return any(match[1] == etag and (weakly or match[0] == etag) for match in _TAG.finditer(field))
