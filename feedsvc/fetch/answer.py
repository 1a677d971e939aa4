"""What an answer says beside its content, read from its head."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self

from feedsvc.fetch.transport import Reply

LONGEST = timedelta(days=365)
"""The longest time that is believed, whatever an answer says."""
_SECONDS = re.compile(r"[0-9]{1,10}", re.ASCII)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,10})", re.ASCII | re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s])", re.IGNORECASE)
_LONGEST_VALIDATOR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What to ask again with, as it was sent; "" where it was not."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, version: str) -> Self:
        """Return what `version` made one text of."""
        etag, _, last_modified = version.partition("\n")
        return cls(etag=etag, last_modified=last_modified)

    @property
    def version(self) -> str:
        """Return both as one text, "" for neither; it fits `Known.version`."""
        return f"{self.etag}\n{self.last_modified}" if self else ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    def headers(self) -> dict[str, str]:
        """Return the fields of a conditional request (RFC 9110 13.1)."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking for a URL."""

    url: str
    """Asked for."""
    final: str
    """Answered, after redirects: what relative links are relative to."""
    moved: str | None
    """Where it stands for good: `final`, if every redirect on the way was permanent (301, 308)."""
    status: int
    content: bytes | None
    """None without an article to read: 304, and whatever is not 200 (or 203)."""
    media_type: str
    """In lower case without parameters; "" where nobody says."""
    charset: str | None
    """As the head declares it."""
    validators: Validators
    fresh_for: timedelta | None
    """How long the content stays as it is, by Cache-Control or Expires; None where nobody says."""
    retry_after: timedelta | None
    """How long we are asked to stay away."""

    @property
    def unchanged(self) -> bool:
        """Tell whether the content is what the validators stand for."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def gone(self) -> bool:
        """Tell whether it is gone for good (410)."""
        return self.status == HTTPStatus.GONE

    @property
    def failure(self) -> str | None:
        """Say what is wrong with it in words, None where there is content or nothing changed."""
        if self.unchanged or self.content is not None:
            return None
        try:
            return f"answered {self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return f"answered {self.status}"


def read(url: str, reply: Reply, *, permanently: bool, now: datetime) -> Answer:
    """Return what the last reply on the way from `url` says."""
    head = reply.headers
    kind, charset = _content_type(head.get("Content-Type", ""))
    return Answer(
        url=url,
        final=reply.url,
        moved=reply.url if permanently else None,
        status=reply.status,
        content=reply.content,
        media_type=kind,
        charset=charset,
        validators=Validators(
            etag=_sendable(head.get("ETag", "")), last_modified=_sendable(head.get("Last-Modified", ""))
        ),
        fresh_for=fresh_for(head),
        retry_after=retry_after(head, now),
    )


def fresh_for(head: Mapping[str, str]) -> timedelta | None:
    """Return how long an answer stays fresh (RFC 9111 4.2.1), None where it does not say."""
    said = head.get("Cache-Control", "")
    if _NO_STORE.search(said):
        return timedelta(0)
    if match := _MAX_AGE.search(said):
        return _bounded(_seconds(match[1]) - _seconds(head.get("Age", "")))
    if "Expires" not in head:
        return None
    expires, date = _moment(head["Expires"]), _moment(head.get("Date", ""))
    return _bounded(expires - date) if expires and date else timedelta(0)  # "0" means: already stale


def retry_after(head: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer asks to stay away (RFC 9110 10.2.3), None where it does not."""
    said = head.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(said):
        return _bounded(_seconds(said))
    moment = _moment(said)
    return _bounded(moment - now) if moment else None


def _content_type(said: str) -> tuple[str, str | None]:
    """Return a media type, "" for none, and the charset it declares."""
    message = Message()
    message["Content-Type"] = said[:500]
    kind = message.get_content_type() if "/" in said else ""
    charset = message.get_param("charset")
    return kind, (charset.strip().lower() or None) if isinstance(charset, str) else None


def _sendable(validator: str) -> str:
    """Return a validator, "" for one that should not be sent back."""
    fits = len(validator) <= _LONGEST_VALIDATOR and validator.isprintable()
    return validator.strip() if fits else ""


def _seconds(said: str) -> timedelta:
    return timedelta(seconds=int(said)) if _SECONDS.fullmatch(said.strip()) else timedelta(0)


def _moment(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError, IndexError):
        return None
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:  # at the edge of the calendar
        return None


def _bounded(span: timedelta) -> timedelta:
    return min(max(span, timedelta(0)), LONGEST)
