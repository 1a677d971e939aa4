"""The views of how the service fares: its sources, its clock, the documents that gave no article."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from feedsvc.model import Skipped
from feedsvc.store import Edition
from feedsvc.web.addresses import STATUS
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.paging import asked_page, last_page, sliced

INCIDENTS = 50
FIRST_DOCUMENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Shows what goes on behind the feeds; asks nothing but memory."""

    pages: Pages

    def sources(self) -> ResponseReturnValue:
        """Show every source and how it fares."""
        edition, page = self.pages.store.edition, asked_page()
        rows = list(edition.health.items())
        busy = self.pages.directory.activity
        return self.pages.show(
            "sources.html",
            edition,
            rows=[
                (name, health, busy(edition, ("source", name), edition.lists["source", name]))
                for name, health in sliced(rows, page)
            ],
            page=page,
            last=last_page(rows),
        )

    def status(self) -> ResponseReturnValue:
        """Show the service itself."""
        edition, pages = self.pages.store.edition, self.pages
        response = pages.show(
            "status.html",
            edition,
            STATUS,
            last=pages.clock.last_tick(),
            next=pages.clock.next_tick(),
            ticks=pages.ticks(),
            underway=pages.underway(),
            polls=pages.polls() if pages.polls else (),
            incidents=edition.incidents[:INCIDENTS],
            skipped=_skipped(edition)[:FIRST_DOCUMENTS],
            without=sum(len(health.skipped) for health in edition.health.values()),
        )
        del response.last_modified  # it changes with the clock, not with commits
        return response

    def documents(self) -> ResponseReturnValue:
        """Show every document that gave no article, and why."""
        edition, page = self.pages.store.edition, asked_page()
        rows = _skipped(edition)
        return self.pages.show(
            "documents.html", edition, rows=sliced(rows, page), page=page, last=last_page(rows)
        )


def _skipped(edition: Edition) -> list[tuple[str, Skipped]]:
    """Return the documents that gave no article, with their sources; those meant to give one first."""
    rows = [(name, each) for name, health in edition.health.items() for each in health.skipped]
    return sorted(rows, key=lambda row: row[1].expected)
