"""Asking a source's own address whether it changed: one conditional request, and what to remember of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

from msgspec import structs

from feedsvc import weburl
from feedsvc.errors import AbsentError, BarredError, EndedError, FetchError, ForbiddenError, SourceError
from feedsvc.fetch import NO_VALIDATORS, Answer, Validators
from feedsvc.model import Known
from feedsvc.sources.base import NEVER_MET, NOTE, digest

_ERRORS: Mapping[int, type[SourceError]] = {HTTPStatus.NOT_FOUND: AbsentError, HTTPStatus.GONE: EndedError}


class Web(Protocol):
    """What sources need of `fetch.Fetcher`."""

    def get(self, url: str, *, validators: Validators = NO_VALIDATORS) -> Answer:
        """Return what an address answers; raise FetchError where there is no answer."""
        ...

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's host names; raise FetchError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """An address of a source, as it is asked again and again."""

    source: str
    url: str
    mark: str = ""
    """What else the reading of it depends on; under another one it counts as changed."""
    dated: str = ""
    """When it changed last, as another list says; "" where none does."""

    @property
    def note(self) -> str:
        """Return the name of what is remembered of it."""
        return f"{NOTE}{self.url} {self.mark}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list answered."""

    content: bytes | None
    """None where it is unchanged."""
    url: str
    """Where it stands: what its links are read from."""
    media_type: str
    charset: str | None
    note: Known
    fresh_for: timedelta | None

    @property
    def moved(self) -> str:
        """Return where it moved for good, "" where it did not."""
        return self.note.url


def ask(web: Web, what: List, known: Mapping[str, Known], *, anew: bool = False) -> Asked:
    """Ask for a list if it changed, or `anew` whatever is known; raise SourceError where it cannot be had.

    A host that sends no validators is told apart by the content. A place it once moved to and that fails
    is not the last word: the configured one is asked as well.
    """
    before = known.get(what.note, NEVER_MET)
    if anew:  # but where it moved to is where it is
        before = structs.replace(before, version="", digest="")
    answer = _answer(web, what, before)
    content = answer.content
    same = content is not None and digest(content) == before.digest
    moved = answer.moved or (before.url if answer.url == before.url else "")
    return Asked(
        content=None if same else content,
        url=answer.final,
        media_type=answer.media_type,
        charset=answer.charset,
        note=Known(
            version=f"{answer.validators.etag}\n{answer.validators.last_modified}\n{what.dated}",
            digest=before.digest if content is None else digest(content),
            url=moved,
        ),
        fresh_for=answer.fresh_for,
    )


def called(key: str, configured: str, asked: Asked, known: Mapping[str, Known]) -> str:
    """Return what a document is called: as before its source moved, if it was met there."""
    earlier = None if key in known else weburl.before_move(key, asked.url, configured)
    return earlier if earlier and earlier in known else key


def unread(what: List) -> Known:
    """Return what to remember of a list that is still to be asked."""
    return Known(version=f"\n\n{what.dated}", digest="")


def dated(note: Known) -> str:
    """Return when a list changed last, as another one said when it was read."""
    return note.version.rpartition("\n")[2]


def _answer(web: Web, what: List, before: Known) -> Answer:
    first = before.url or what.url
    failure = SourceError(what.source, "")
    for place in dict.fromkeys((first, what.url)):
        validators = _validators(before) if place == first else NO_VALIDATORS
        try:
            answer = web.get(place, validators=validators)
        except FetchError as error:
            kind = BarredError if isinstance(error, ForbiddenError) else SourceError
            failure = kind(what.source, str(error), error.retry_after)
            continue
        if answer.failure is None:
            return answer
        failure = _ERRORS.get(answer.status, SourceError)(
            what.source, f"{place}: {answer.failure}", answer.retry_after
        )
    raise failure


def _validators(note: Known) -> Validators:
    """Return what to ask again with; nothing where the content was never read."""
    etag, _, rest = note.version.partition("\n")
    return Validators(etag=etag, last_modified=rest.partition("\n")[0]) if note.digest else NO_VALIDATORS
