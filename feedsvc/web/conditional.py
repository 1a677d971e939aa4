"""Answering for a prepared response: methods, preconditions and validators (RFC 9110), written once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_ANYTHING = "*"

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A representation with everything a request may ask of it, made once."""

    body: bytes
    etag: str
    """With its quotes; strong."""
    modified: int
    """Seconds since the epoch; what If-Modified-Since is compared with."""
    headers: Headers
    headers_304: Headers
    """Those that a 304 carries (RFC 9110 15.4.5)."""


def answer(prepared: Prepared, environ: Mapping[str, Any]) -> tuple[str, Headers, list[bytes]]:
    """Return status, headers and body for a GET or HEAD (RFC 9110 13.2.2).

    The header lists are the prepared ones: do not change them.
    """
    if_match = environ.get("HTTP_IF_MATCH")
    if if_match is not None and not _matches(if_match, prepared.etag, weakly=False):
        return "412 Precondition Failed", [("Content-Length", "0")], []
    if _unchanged(prepared, environ):
        return "304 Not Modified", prepared.headers_304, []
    body = [] if environ["REQUEST_METHOD"] == "HEAD" else [prepared.body]
    return "200 OK", prepared.headers, body


def _unchanged(prepared: Prepared, environ: Mapping[str, Any]) -> bool:
    """Return whether the client has this representation; If-None-Match wins over If-Modified-Since."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return _matches(tags, prepared.etag, weakly=True)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False
    # asctime dates name no zone and mean GMT (RFC 9110 5.6.7)
    return prepared.modified <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _matches(field: str, etag: str, *, weakly: bool) -> bool:
    """Compare an entity tag with a list of them or `*` (RFC 9110 8.8.3.2)."""
    if field.strip() == _ANYTHING:
        return True
    return any(match[1] == etag and (weakly or match[0] == etag) for match in _TAG.finditer(field))
