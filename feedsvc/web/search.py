"""Searches: a page for people, and the same search as a feed that can be subscribed to."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from feedsvc.errors import RuleError, SearchError
from feedsvc.feeds import FORMATS, article_path, rfc3339, write
from feedsvc.model import Article
from feedsvc.search import LENGTH, Excerpt, Found, Order, Query, Search, excerpt, read_query
from feedsvc.store import LATEST, Edition, Limits
from feedsvc.store.lists import LARGEST
from feedsvc.store.window import Candidates, choose
from feedsvc.web.addresses import SEARCH_PATH
from feedsvc.web.catalogue import MAX_AGE, Absence
from feedsvc.web.conditional import Prepared
from feedsvc.web.drafts import Draft
from feedsvc.web.pages import Pages, absent
from feedsvc.web.representation import FEED_POLICY, Representation, feed_links
from feedsvc.web.responses import Responses

HITS = 20
"""Articles on a page of results."""
PAGES = 25
"""Pages of results at most: who wants more looks for something else."""
ORDERS: tuple[Order, ...] = ("relevance", "date")
PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a search is not answered (RFC 9457)."""

    status: HTTPStatus
    detail: str
    pointed: str = ""
    """The search, and on a second line a caret under the fault."""
    wait: int = 0
    """Seconds after which it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article as a page of results shows it."""

    article: Article
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of results."""

    hits: tuple[Hit, ...]
    count: int
    at_least: bool
    """Whether there may be more than `count`."""
    order: Order
    page: int
    """From 1."""
    first: int
    """The rank of the first hit."""
    feeds: tuple[tuple[str, str, str], ...]
    """Name, URL and media type of the search as a feed."""
    orders: tuple[tuple[Order, str], ...]
    """Every order and the link to the results in it."""
    previous: str = ""
    """The link to the page before, "" on the first."""
    following: str = ""


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
            empty = "an empty search finds nothing: add ?q= and a word to the address"
            return self._refused("", Problem(status=HTTPStatus.BAD_REQUEST, detail=empty))
        if isinstance(query, Problem):
            return self._refused(_written(), query)
        if request.args.get("q") != query.spelling:
            return self._redirected(suffix, query, limit)
        edition = self.pages.store.edition
        if not edition.ready:
            raise absent(Absence.NOT_READY, edition)

        def compose() -> Representation:
            return self._representation(suffix, query, limit)

        at = edition.committed  # grows whenever anything changes that a feed shows
        drafted = Draft(origin=at, modified=at, compose=compose, ad_hoc=True)
        try:
            return self.responses.searched((SEARCH_PATH, suffix, query.spelling, limit), drafted)
        except SearchError as error:
            return self._refused(query.spelling, _problem(error))

    def page(self) -> ResponseReturnValue:
        """Show what a search finds, or the box to write one."""
        edition = self.pages.store.edition
        query = _asked()
        if query is None:
            return self._rendered(edition, "", None)
        if isinstance(query, Problem):
            return self._refused(_written(), query)
        if not edition.ready:
            raise absent(Absence.NOT_READY, edition)
        try:
            found = self.search.find(query, _order(), _page() * HITS + 1)
        except SearchError as error:
            return self._refused(_written(), _problem(error))
        return self._rendered(found.edition, _written(), self._results(query, found))

    def _representation(self, suffix: str, query: Query, limit: int | None) -> Representation:
        """Return the feed of the articles that came last, in the order of every feed."""
        count = self.pages.store.edition.limits.count if limit is None else limit
        found = self.search.find(query, "arrival", count)
        shown = _fitting(found, count, found.edition.limits.size if limit is None else LARGEST)
        catalogue = self.pages.catalogue
        feed = catalogue.searched(found.edition, query.spelling, shown)
        feed = replace(feed, query=_query(query, limit))
        return Representation(
            body=write(suffix, feed, catalogue.site),
            content_type=FORMATS[suffix].content_type,
            modified=int(found.edition.committed.timestamp()),
            max_age=feed.ttl,
            links=tuple(feed_links(feed, suffix, catalogue.site)),
        )

    def _results(self, query: Query, found: Found) -> Results:
        order, page = _order(), _page()
        shown = found.articles[(page - 1) * HITS : page * HITS]
        more = len(found.articles) > page * HITS and page < PAGES
        site = self.pages.catalogue.site

        def link(order: Order, page: int) -> str:
            way = ("" if order == ORDERS[0] else f"&order={order}") + (f"&page={page}" if page > 1 else "")
            return self.pages.link(SEARCH_PATH) + _query(query, None) + way

        return Results(
            hits=tuple(Hit(article=each, excerpt=excerpt(query.rule, each)) for each in shown),
            count=found.count,
            at_least=found.at_least,
            order=order,
            page=page,
            first=(page - 1) * HITS + 1,
            feeds=tuple(
                (form.name, site.link(f"{SEARCH_PATH}.{suffix}") + _query(query, None), form.media_type)
                for suffix, form in FORMATS.items()
            ),
            orders=tuple((each, link(each, 1)) for each in ORDERS),
            previous=link(order, page - 1) if page > 1 else "",
            following=link(order, page + 1) if more else "",
        )

    def _redirected(self, suffix: str, query: Query, limit: int | None) -> ResponseReturnValue:
        response = redirect(self.pages.link(f"{SEARCH_PATH}.{suffix}") + _query(query, limit), 308)
        response.headers["Content-Security-Policy"] = FEED_POLICY
        response.headers["Cache-Control"] = f"max-age={MAX_AGE}"
        return response

    def _refused(self, written: str, problem: Problem) -> Response:
        """Say what is wrong: to a browser as a page, to anybody else as a problem."""
        if _wants_page():
            response = self._rendered(self.pages.store.edition, written, None, problem)
            response.last_modified = None
        else:
            response = Response(_spelled(problem), mimetype=PROBLEM_TYPE)
        response.status_code = problem.status
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Accept"
        if problem.wait:
            response.headers["Retry-After"] = str(problem.wait)
        return response

    def _rendered(
        self, edition: Edition, written: str, results: Results | None, problem: Problem | None = None
    ) -> Response:
        pages = self.pages
        page = render_template(
            "search.html",
            site=pages.catalogue.site,
            edition=edition,
            root=pages.root,
            title=written or "Search",
            feeds=(),
            link=pages.link,
            article_path=article_path,
            rfc3339=rfc3339,
            zone=pages.zone,
            written=written,
            longest=LENGTH,
            results=results,
            problem=problem,
        )
        response = make_response(page)
        response.last_modified = edition.committed
        return response


def _fitting(found: Found, count: int, size: int) -> tuple[Article, ...]:
    """Return articles as a feed shows them: as many as fit into it, newest first."""
    slots = tuple(article.id for article in reversed(found.articles))
    candidates = Candidates(recent=(), slots=slots, unarchived=0)
    limits = Limits(count=count, time=found.edition.limits.time * 0, size=size)
    newest = found.edition.lists[LATEST].newest
    return choose(candidates, found.edition.articles, limits, newest).articles


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
        return Problem(status=HTTPStatus.BAD_REQUEST, detail=error.message, pointed=error.pointed)


def _problem(error: SearchError) -> Problem:
    status = HTTPStatus.SERVICE_UNAVAILABLE if error.wait else HTTPStatus.BAD_REQUEST
    return Problem(status=status, detail=str(error), wait=error.wait)


def _query(query: Query, limit: int | None) -> str:
    return f"?q={quote(query.spelling, safe='')}" + ("" if limit is None else f"&limit={limit}")


def _order() -> Order:
    return "date" if request.args.get("order") == "date" else "relevance"


def _page() -> int:
    """Return the number of the page that a request asks for; what is no number is noise."""
    written = request.args.get("page", "")
    return min(PAGES, max(1, int(written))) if written.isascii() and written[:9].isdigit() else 1


def _wants_page() -> bool:
    """Tell whether a browser asks: it names HTML, readers and programs take anything."""
    return "text/html" in request.headers.get("Accept", "text/html" if request.path == SEARCH_PATH else "")


def _spelled(problem: Problem) -> bytes:
    words = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    return msgspec.json.encode(words | ({"pointed": problem.pointed} if problem.pointed else {}))
