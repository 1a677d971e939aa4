"""What every view stands on: the store, the catalogue, the clock, and the frame that a page is shown in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from feedsvc.ingest import Step, Ticked
from feedsvc.model import Tick
from feedsvc.store import LATEST, Edition, ListKey, Store
from feedsvc.web.catalogue import Catalogue
from feedsvc.web.pages.absence import waiting
from feedsvc.web.pages.cards import card
from feedsvc.web.pages.directory import Directory
from feedsvc.web.pages.polling import Polled
from feedsvc.web.pages.problems import error_response
from feedsvc.web.pages.refusals import Refusals
from feedsvc.web.pages.searching import Results
from feedsvc.web.pages.shell import Offer, Shell, shell


class Ticking(Protocol):
    """What the pages ask the clock."""

    def next_tick(self) -> datetime | None:
        """Return when the next tick is due."""
        ...

    def last_tick(self) -> Tick | None:
        """Return the last tick that ended."""
        ...


def _nothing() -> tuple[()]:
    return ()


def _nowhere() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What a request for a page is answered with."""

    store: Store
    catalogue: Catalogue
    clock: Ticking
    zone: ZoneInfo
    """The time zone that people are shown."""
    ticks: Callable[[], Sequence[Ticked]] = _nothing
    underway: Callable[[], Step | None] = _nowhere
    polls: Callable[[], Sequence[Polled]] | None = None
    """None where nobody counts."""
    directory: Directory = field(default_factory=Directory)
    refusals: Refusals = field(default_factory=Refusals)
    for_browsers: bool = True
    """Whether a person who opens a feed's address in a browser is shown its page."""

    def shell(self) -> Shell:
        """Return the frame for the request."""
        return shell(self.catalogue.site, self.catalogue.language, self.zone)

    def link(self, path: str) -> str:
        """Return the link to a path of ours within this host."""
        return self.shell().plain(path)

    def forward(self, path: str) -> str:
        """Return the link to a path of ours, with the query of the request that is sent there."""
        query = request.query_string.decode("utf-8", "replace")
        return self.link(path) + (f"?{query}" if query else "")

    def refresh(self) -> None:
        """Count what a commit changed, so that no request has to."""
        self.directory.refresh(self.store.edition)
        self.refusals.of(self.store.edition)

    def results(self, results: Results, offers: list[Offer]) -> Response:
        """Show what a search found; `offers` are the feeds of that search."""
        frame, edition = self.shell(), self.store.edition
        hits = [(card(hit.article, frame), hit.excerpt) for hit in results.hits]
        response = self.framed(
            frame, "search.html", edition, offers, results=results, hits=hits, title=results.query
        )
        del response.last_modified  # it changes with the index, too
        return response

    def error(self, error: HTTPException) -> ResponseReturnValue:
        """Show what went wrong and what to do next."""
        return error_response(error, self.shell())

    def show(self, template: str, edition: Edition, key: ListKey = LATEST, **more: object) -> Response:
        """Render a page; `key` is the list whose feeds it offers."""
        frame = self.shell()
        return self.framed(frame, template, edition, frame.offers(key), **more)

    def framed(
        self, frame: Shell, template: str, edition: Edition, offers: list[Offer], **more: object
    ) -> Response:
        """Render a page in the frame of this request."""
        why = "" if edition.ready else frame.words.said(waiting(edition))
        response = frame.render(template, offers, edition=edition, waiting=why, **more)
        response.last_modified = max(edition.ticked, edition.incidents_modified)
        return response
