"""Searches: a page for people, and the same search as a feed that can be subscribed to."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedsvc.errors import RuleError, SearchError
from feedsvc.feeds import FORMATS, Feed, Writer
from feedsvc.model import Article
from feedsvc.search import LENGTH, Found, Order, Query, Search, excerpt, read_query
from feedsvc.store import LATEST, Edition, Limits
from feedsvc.store.lists import LARGEST
from feedsvc.store.window import newest_fitting
from feedsvc.web.addresses import SEARCH, list_path
from feedsvc.web.catalogue import MAX_AGE, Absence
from feedsvc.web.conditional import Prepared
from feedsvc.web.drafts import Draft
from feedsvc.web.pages import Hit, Pages, Results, absent
from feedsvc.web.pages.paging import asked_page
from feedsvc.web.pages.problems import problem_response, wants_page
from feedsvc.web.pages.shell import VARY, Offer
from feedsvc.web.representation import FEED_POLICY, Representation, represented
from feedsvc.web.responses import Responses

HITS = 20
"""Articles on a page of results."""
PAGES = 25
"""Pages of results at most: who wants more looks for something else."""
EMPTY = "an empty search finds nothing: add ?q= and a word to the address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a search is not answered (RFC 9457)."""

    detail: str
    pointed: str = ""
    """The search, and on a second line a caret under the fault."""
    wait: int = 0
    """Seconds after which it may be."""

    @property
    def status(self) -> HTTPStatus:
        """What HTTP calls it."""
        return HTTPStatus.SERVICE_UNAVAILABLE if self.wait else HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """Answers what people and readers look for."""

    responses: Responses
    pages: Pages
    search: Search

    def feed(self, suffix: str, limit: int | None) -> Prepared | ResponseReturnValue:
        """Return a search as a feed; one that is spelled otherwise than all others are is sent there."""
        query = _asked()
        if query is None:
            return self._refused("", Problem(detail=EMPTY))
        if isinstance(query, Problem):
            return self._refused(_written(), query)
        if request.args.get("q") != query.spelling:
            return self._redirected(suffix, query, limit)
        self._require_ready()

        def drafting(writer: Writer) -> Draft:
            at = self.pages.store.edition.committed  # grows whenever anything changes that a feed shows

            def compose() -> Representation:
                return self._representation(suffix, query, limit, writer)

            return Draft(origin=at, modified=at, compose=compose, ad_hoc=True)

        try:
            return self.responses.searched((list_path(SEARCH), suffix, query.spelling, limit), drafting)
        except SearchError as error:
            return self._refused(query.spelling, _problem(error))

    def page(self) -> ResponseReturnValue:
        """Show what a search finds, or the box to write one."""
        query = _asked()
        if query is None:
            return self._shown(Results(query=""))
        if isinstance(query, Problem):
            return self._refused(_written(), query)
        self._require_ready()
        page = asked_page()
        try:
            found = self.search.find(query, _order(), min(page, PAGES) * HITS + 1)
        except SearchError as error:
            return self._refused(_written(), _problem(error))
        return self._shown(_results(query, found, page), query)

    def _require_ready(self) -> None:
        edition = self.pages.store.edition
        if not edition.ready:
            raise absent(Absence.NOT_READY, edition)

    def _representation(self, suffix: str, query: Query, limit: int | None, writer: Writer) -> Representation:
        """Return the feed of the articles that came last, in the order of every feed."""
        count = self.pages.store.edition.limits.count if limit is None else limit
        found = self.search.find(query, "arrival", count)
        return represented(self._feed(query, found, limit), suffix, found.edition.committed, writer)

    def _feed(self, query: Query, found: Found, limit: int | None) -> Feed:
        limits = found.edition.limits
        count, size = (limits.count, limits.size) if limit is None else (limit, LARGEST)
        shown = _fitting(found.articles, found.edition, replace(limits, count=count, size=size))
        feed = self.pages.catalogue.searched(found.edition, query.spelling, shown)
        return replace(feed, query=_query(query, limit))

    def _redirected(self, suffix: str, query: Query, limit: int | None) -> ResponseReturnValue:
        raw = "&raw" if "raw" in request.args else ""
        path = self.pages.link(f"{list_path(SEARCH)}.{suffix}")
        response = redirect(path + _query(query, limit) + raw, 308)
        response.headers["Content-Security-Policy"] = FEED_POLICY
        response.headers["Cache-Control"] = f"max-age={MAX_AGE}"
        return response

    def _refused(self, written: str, problem: Problem) -> Response:
        """Say what is wrong: to people on the page of searches, to programs as a problem."""
        said, status = self.pages.shell().words.said(problem.detail), problem.status
        results = Results(query=written[:LENGTH], problem=said, pointed=problem.pointed, wait=problem.wait)
        pointed = {"pointed": problem.pointed} if problem.pointed else {}
        response = (
            self._shown(results)
            if wants_page()
            else problem_response(status, status.phrase, problem.detail, **pointed)
        )
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(["Accept", VARY])
        if problem.wait:
            response.headers["Retry-After"] = str(problem.wait)
        return response

    def _shown(self, results: Results, query: Query | None = None) -> Response:
        """Show results, and offer the feeds of the search, or those of everything where there is none."""
        offers = self._offers(query) if query else self.pages.shell().offers(LATEST)
        return self.pages.results(results, offers)

    def _offers(self, query: Query) -> list[Offer]:
        site, path = self.pages.catalogue.site, list_path(SEARCH)
        return [
            Offer(
                name=form.name,
                suffix=suffix,
                url=site.link(f"{path}.{suffix}") + _query(query, None),
                media_type=form.media_type,
            )
            for suffix, form in FORMATS.items()
        ]


def _results(query: Query, found: Found, page: int) -> Results:
    """Return one page of what was found. Raises NotFound behind the last one."""
    shown = found.articles[(page - 1) * HITS : page * HITS]
    known = page + 1 if found.at_least else -(-found.count // HITS)
    last_page = max(1, min(PAGES, known))
    if page > last_page:
        raise NotFound
    return Results(
        query=_written(),
        hits=[Hit(article=each, excerpt=excerpt(query.rule, each)) for each in shown],
        count=found.count,
        at_least=found.at_least,
        order=_order(),
        page=page,
        last_page=last_page,
    )


def _fitting(found: tuple[Article, ...], edition: Edition, limits: Limits) -> tuple[Article, ...]:
    """Return articles as a feed shows them: as many as fit into it, newest first."""
    slots = tuple(article.id for article in reversed(found))
    return newest_fitting(slots, edition.articles, limits.count, limits.size)


def _written() -> str:
    return request.args.get("q", "").strip()


def _asked() -> Query | Problem | None:
    """Return what a request looks for, what is wrong with it, or None for nothing."""
    written = _written()
    if not written:
        return None
    try:
        return read_query(written)
    except RuleError as error:
        return Problem(detail=error.message, pointed=error.pointed)


def _problem(error: SearchError) -> Problem:
    return Problem(detail=str(error), wait=error.wait)


def _query(query: Query, limit: int | None) -> str:
    return f"?q={quote(query.spelling, safe='')}" + ("" if limit is None else f"&limit={limit}")


def _order() -> Order:
    return "date" if request.args.get("order") == "date" else "relevance"
