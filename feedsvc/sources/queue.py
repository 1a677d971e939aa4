"""Documents that lists lead to: each fetched once, a few a check, of which the oldest comes first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import msgspec
from msgspec import structs

from feedsvc import weburl
from feedsvc.errors import BusyError, FetchError
from feedsvc.fetch import Answer, due
from feedsvc.listed import Entry, Item, encoded
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources.asking import Web
from feedsvc.sources.base import NEVER_MET, NOTE, Found

BATCH = 20
"""Documents that are fetched in one check: of a big site, the first checks take the newest ones."""
LONGEST = 100_000
"""Documents that may wait; of a list that names new ones at every check, without end, the newest are met."""
TRIES = 8
"""How often a document is asked for that cannot be had: a day, as the waits grow."""
AGAIN = timedelta(minutes=10)
"""The first of these waits, before it grows."""
LISTED = "listed"
"""The version of a document whose list does not say when it changed."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_HTML = (b"<!doctype html", b"<html")
_VAGUE = frozenset({"", "application/octet-stream", "text/plain"})
_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A document still to be read, as it is remembered: its list may not be read again until then."""

    version: str = LISTED
    """Which one of its versions is wanted."""
    title: str = ""
    published: datetime | None = None
    tries: int = 0
    missed: bool = False
    """Whether it was not there the last time."""
    until: datetime | None = None
    """Not to be asked for earlier."""


def waiting(known: Known) -> Waiting | None:
    """Return what a document waits for; None for one that was read."""
    if not known.version:  # it is to be read again
        return Waiting()
    return spelt(known.version) if known.version.startswith("{") else None


def spelt(text: str) -> Waiting:
    """Return what was spelled, nothing special where that makes no sense."""
    try:
        return msgspec.json.decode(text, type=Waiting)
    except msgspec.DecodeError:
        return Waiting()


def spell(wait: Waiting) -> str:
    """Return a document's state as the version that is remembered of it."""
    return msgspec.json.encode(wait).decode()


def queue(
    items: Iterable[Item], known: Mapping[str, Known], now: datetime
) -> tuple[tuple[Found, ...], Mapping[str, Known]]:
    """Return what to fetch now, oldest first, and what to remember of all that is to be fetched.

    Of what is due the newest goes first, so that news does not wait behind an archive.
    """
    older = {key: wait for key, each in known.items() if not key.startswith(NOTE) and (wait := waiting(each))}
    fresh = _fitting(
        {item.url: wait for item in items if (wait := _wanted(item, known.get(item.url)))}, older
    )
    candidates = {**fresh, **{key: wait for key, wait in older.items() if key not in fresh}}
    ready = [key for key, wait in candidates.items() if wait.until is None or wait.until <= now]
    chosen = sorted(ready, key=lambda key: _when(candidates[key]), reverse=True)[:BATCH]
    notes = {key: _remembered(wait, known.get(key)) for key, wait in fresh.items()}
    return tuple(_found(key, candidates[key]) for key in reversed(chosen)), notes


def fetched(web: Web, source: str, found: Found, now: Callable[[], datetime]) -> Document | Skipped:
    """Return a document, or why it cannot be had and when to ask for it again."""
    wait = spelt(found.memo)
    try:
        answer = web.get(found.address)
    except BusyError as error:  # which is no try, and no failure of the document
        later = replace(wait, until=now() + (error.retry_after or AGAIN))
        reason = "its host is to be left alone for now"
        return Skipped(key=found.key, reason=reason, version=spell(later), expected=True)
    except FetchError as error:
        return _later(found, wait, error.reason, now(), error.retry_after)
    if answer.status in _MISSING:
        return _missed(found, wait, answer)
    if answer.content is None:
        return _later(found, wait, answer.failure or "answered nothing", now(), answer.retry_after)
    if weburl.is_detour(answer.final, found.address):
        return _later(found, wait, f"leads to {answer.final}", now(), None)
    hint = Entry(key=found.key, title=wait.title, published=wait.published)
    document = of_answer(source, found.key, answer.content, answer.media_type, answer.charset)
    return replace(document, url=answer.final, entry=encoded(hint))


def of_answer(source: str, key: str, content: bytes, media_type: str, charset: str | None) -> Document:
    """Return a page as a document; hosts call HTML by other names."""
    beginning = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    vague = media_type in _VAGUE and beginning.startswith(_HTML)
    return Document(
        source=source,
        key=key,
        media_type="text/html" if vague or not media_type else media_type,
        content=content,
        location=key,
        charset=charset,
    )


def _fitting(fresh: Mapping[str, Waiting], older: Mapping[str, Waiting]) -> Mapping[str, Waiting]:
    """Return what there is room to remember of; what waits already has its place."""
    room = max(0, LONGEST - len(older))
    new = [key for key in fresh if key not in older]
    if len(new) <= room:
        return fresh
    kept = {*older, *sorted(new, key=lambda key: _when(fresh[key]), reverse=True)[:room]}
    return {key: wait for key, wait in fresh.items() if key in kept}


def _wanted(item: Item, known: Known | None) -> Waiting | None:
    """Return what is to be read of an item; None where that was, or waits already."""
    version = item.modified.isoformat() if item.modified else LISTED
    new = Waiting(version=version, title=item.title, published=item.published)
    if known is None:
        return new
    if before := waiting(known):
        return replace(before, version=version, title=item.title, published=item.published)
    return None if known.version == version or not item.modified else new


def _when(wait: Waiting) -> datetime:
    """Return what a document is newer or older by."""
    when = wait.published
    if when is None and wait.version not in {"", LISTED}:
        when = datetime.fromisoformat(wait.version)
    return when.replace(tzinfo=when.tzinfo or UTC) if when else _NEVER


def _remembered(wait: Waiting, before: Known | None) -> Known:
    return structs.replace(before or NEVER_MET, version=spell(wait))


def _found(key: str, wait: Waiting) -> Found:
    return Found(key=key, version=wait.version, address=key, memo=spell(wait))


def _later(found: Found, wait: Waiting, reason: str, now: datetime, retry_after: timedelta | None) -> Skipped:
    """Return a failure that may pass; one that does not is given up in the end."""
    tries = wait.tries + 1
    if tries >= TRIES:
        return Skipped(key=found.key, reason=f"given up: {reason}", version=wait.version)
    until = due.after_failure(now, AGAIN, tries, name=found.key, retry_after=retry_after)
    again = replace(wait, tries=tries, until=until)
    return Skipped(key=found.key, reason=reason, version=spell(again))


def _missed(found: Found, wait: Waiting, answer: Answer) -> Skipped:
    """Return that a document is gone: 410, or 404 twice (DESIGN section 6)."""
    reason = answer.failure or ""
    if answer.gone or wait.missed:
        return Skipped(key=found.key, reason=reason, version=wait.version, gone=True)
    return Skipped(key=found.key, reason=reason, version=spell(replace(wait, missed=True)))
