"""The views of how the service fares: its sources, its clock, the documents that gave no article."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from feedsvc.model import Health
from feedsvc.store import Edition, ListKey
from feedsvc.web.activity import Activity
from feedsvc.web.addresses import STATUS
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.paging import asked_page, last_page, sliced
from feedsvc.web.pages.refusals import called, published, withdrawn
from feedsvc.web.pages.shell import LONGEST
from feedsvc.web.pages.ticks import drawn

INCIDENTS = 50
FIRST_DOCUMENTS = 10
FIRST_SOURCES = 10
"""Shown beside the clock; those that fail before others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Shows what goes on behind the feeds; asks nothing but memory."""

    pages: Pages

    def sources(self) -> ResponseReturnValue:
        """Show every source and how it fares."""
        edition, page = self.pages.store.edition, asked_page()
        rows = list(edition.health.values())
        return self.pages.show(
            "sources.html",
            edition,
            rows=self._busy(edition, sliced(rows, page)),
            page=page,
            last=last_page(rows),
        )

    def status(self) -> ResponseReturnValue:
        """Show the service itself."""
        edition, pages = self.pages.store.edition, self.pages
        refusals = pages.refusals.of(edition)
        worst = sorted(edition.health.values(), key=lambda each: each.incident is None)
        response = pages.show(
            "status.html",
            edition,
            STATUS,
            last=pages.clock.last_tick(),
            next=pages.clock.next_tick(),
            ticks=drawn(pages.ticks()),
            sources_first=self._busy(edition, worst[:FIRST_SOURCES]),
            underway=pages.underway(),
            polls=pages.polls() if pages.polls else (),
            incidents=edition.incidents[:INCIDENTS],
            skipped=refusals[:FIRST_DOCUMENTS],
            without=len(refusals),
        )
        del response.last_modified  # it changes with the clock, not with commits
        return response

    def documents(self) -> ResponseReturnValue:
        """Show every document that gave no article, and why; or what became of one."""
        edition, page = self.pages.store.edition, asked_page()
        asked = request.args.get("q", "").strip()[:LONGEST]
        rows = called(self.pages.refusals.of(edition), asked)
        site = self.pages.catalogue.site
        return self.pages.show(
            "documents.html",
            edition,
            rows=sliced(rows, page),
            page=page,
            last=last_page(rows),
            document=asked,
            published=published(edition, site.id, asked) if asked else (),
            withdrawn=withdrawn(edition, site.id, asked),
        )

    def _busy(self, edition: Edition, sources: Iterable[Health]) -> list[tuple[str, Health, Activity]]:
        """Return sources by name, with what they brought lately."""
        keys: list[tuple[ListKey, Health]] = [(("source", each.source), each) for each in sources]
        activity = self.pages.directory.activity
        return [(key[1], each, activity(edition, key, edition.lists[key])) for key, each in keys]
