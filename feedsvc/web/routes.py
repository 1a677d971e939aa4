"""The Flask application: every page and feed; `Front` only makes the feeds faster."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from feedsvc.feeds import FORMATS
from feedsvc.search import Search
from feedsvc.store import Edition
from feedsvc.web.addresses import (
    GUESSED,
    OPML_PATH,
    PAGE_NUMBER,
    SEARCH,
    document_path,
    feed_address,
    list_path,
    readable,
)
from feedsvc.web.catalogue import MAX_AGE, Absence
from feedsvc.web.coding import CODINGS, IDENTITY, preferred
from feedsvc.web.conditional import Prepared, answer
from feedsvc.web.drafts import Elsewhere
from feedsvc.web.files import Files, Pictures
from feedsvc.web.front import FORM, PERSON, Front
from feedsvc.web.metrics import CONTENT_TYPE, Metrics, Ticks, no_counts
from feedsvc.web.pages import RETRY_AFTER, Pages, absent, waiting
from feedsvc.web.pages.articles import Articles
from feedsvc.web.pages.lists import Lists
from feedsvc.web.pages.polling import polled
from feedsvc.web.pages.running import Running
from feedsvc.web.pages.topics import Topics
from feedsvc.web.policy import PAGE_POLICY
from feedsvc.web.representation import FEED_POLICY, VARY
from feedsvc.web.responses import Responses
from feedsvc.web.search import Searching

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


_SQUEEZED = frozenset({"text/html", "application/json", "application/problem+json"})
_WORTH_IT = 600  # bytes
_NUMBER = re.compile(r" *[+-]?[0-9]{1,40} *")
LIMIT = 500
"""The most articles that `limit` reaches."""


class Finished(Response):
    """An answer that already has every header it needs."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002
        """Return the headers as they are: Werkzeug would take Last-Modified from a 304."""
        return self.headers


class PageNumber(IntegerConverter):
    """The number of a page in a path: Werkzeug's own would take 01 and digits of any script for 1."""

    regex = PAGE_NUMBER


def create_site(
    responses: Responses,
    pages: Pages,
    pictures: Mapping[str, Pictures] = MappingProxyType({}),
    ticks: Ticks | None = None,
    search: Search | None = None,
) -> Flask:
    """Return the application with the front before it; a search without an index reads all there is."""
    site = Flask(__name__)
    site.url_map.merge_slashes = False  # its redirects repeat the request's Host (promise 10)
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    metrics = Metrics(store=pages.store, responses=responses, counts=no_counts(), ticks=ticks or Ticks())
    pages = replace(pages, polls=pages.polls or partial(polled, metrics.counts))
    _add_pages(site, pages)
    _add_health(site, pages)

    def feed(**_: str) -> ResponseReturnValue:
        found = responses.find(request.environ["PATH_INFO"], _limit(request.args.get("limit", "")))
        if isinstance(found, Elsewhere):
            return _redirect(pages, found)
        if pages.for_browsers and isinstance(found, Prepared) and (page := _page_instead()):
            return _see(pages, page)
        return _feed(found, pages.store.edition, request.environ)

    files = Files(store=pages.store, pictures=pictures)

    def file(uuid: UUID, name: str) -> Response:
        return _finished(files.find(uuid, name), request.environ)

    site.add_url_rule("/articles/<uuid:uuid>/files/<path:name>", "file", file)
    site.add_url_rule(OPML_PATH, "feed", feed)
    for rule in ("/latest", "/status", "/topics/<name>", "/sources/<name>"):
        for suffix in FORMATS:
            site.add_url_rule(f"{rule}.{suffix}", "feed", feed)
            site.add_url_rule(f"{rule}/archive/<page>.{suffix}", "feed", feed)

    _add_search(site, Searching(responses=responses, pages=pages, search=search or Search(pages.store, None)))

    def tidied() -> ResponseReturnValue | None:
        return _tidied(pages)

    site.register_error_handler(HTTPException, pages.error)
    site.before_request(tidied)
    site.after_request(_with_page_headers)
    site.add_url_rule("/metrics", "metrics", lambda: Response(metrics.text(), content_type=CONTENT_TYPE))
    site.wsgi_app = Front(site.wsgi_app, responses, metrics.counts)  # type: ignore[method-assign]  # Flask's documented way
    return site


def _add_pages(site: Flask, pages: Pages) -> None:
    lists, articles = Lists(pages=pages), Articles(pages=pages)
    topics, running = Topics(pages=pages), Running(pages=pages)
    site.url_map.converters["page"] = PageNumber
    site.add_url_rule("/", "home", lists.home)
    site.add_url_rule("/latest", "latest", lists.latest)
    site.add_url_rule("/topics", "topics", topics.directory)
    site.add_url_rule("/topics/<name>", "topic", lists.topic)
    site.add_url_rule("/combine", "combine", topics.combine)
    site.add_url_rule("/sources", "sources", running.sources)
    site.add_url_rule("/sources/<name>", "source", lists.source)
    site.add_url_rule("/articles/<uuid:uuid>", "article", articles.article)
    site.add_url_rule("/articles/<uuid:uuid>.json", "article_json", articles.line)
    site.add_url_rule("/articles/<uuid:uuid>/explain", "explain", articles.explain)
    site.add_url_rule("/status", "status", running.status)
    site.add_url_rule("/status/documents", "documents", running.documents)
    site.add_url_rule("/latest/archive/<page:page>", "latest_archive", lists.latest_archive)
    site.add_url_rule("/topics/<name>/archive/<page:page>", "topic_archive", lists.topic_archive)
    site.add_url_rule("/sources/<name>/archive/<page:page>", "source_archive", lists.source_archive)


def _add_search(site: Flask, searching: Searching) -> None:
    pages, path = searching.pages, list_path(SEARCH)

    def feed() -> ResponseReturnValue:
        found = searching.feed(request.path.rpartition(".")[2], _limit(request.args.get("limit", "")))
        if not isinstance(found, Prepared):
            return found
        if pages.for_browsers and (page := _page_instead()):
            return _see(pages, page)
        return _finished(found, request.environ)

    site.add_url_rule(path, "search", searching.page)
    for suffix in FORMATS:
        site.add_url_rule(f"{path}.{suffix}", "search_feed", feed)


def _add_health(site: Flask, pages: Pages) -> None:
    def healthz() -> ResponseReturnValue:
        return _plain("ok")

    def readyz() -> ResponseReturnValue:
        if pages.store.edition.ready:
            return _plain("warm" if _is_warm(pages) else "ready")
        return _plain(waiting(pages.store.edition), 503, {"Retry-After": str(RETRY_AFTER)})

    site.add_url_rule("/healthz", "healthz", healthz)
    site.add_url_rule("/readyz", "readyz", readyz)


def _is_warm(pages: Pages) -> bool:
    """Tell whether what is served is from before the restart: a tick is due, and none has ended."""
    return pages.clock.last_tick() is None and pages.clock.next_tick() is not None


def _plain(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(f"{text}\n", status, kept, mimetype="text/plain")


def _feed(found: Prepared | Absence, edition: Edition, environ: "WSGIEnvironment") -> Response:
    """Return what the front would have answered, as Flask's response."""
    if not isinstance(found, Prepared):
        raise absent(found, edition)
    return _finished(found, environ)


def _finished(prepared: Prepared, environ: "WSGIEnvironment") -> Response:
    environ[FORM] = prepared.form
    status, headers, body = answer(prepared, environ)
    response = Finished(body, status)
    response.headers = Headers(headers)
    return response


def _limit(written: str) -> int | None:
    """Return how many articles a request asks for; what is no number is noise."""
    return min(LIMIT, max(1, int(written))) if _NUMBER.fullmatch(written) else None


def _tidied(pages: Pages) -> ResponseReturnValue | None:
    """Answer 308 for a path that differs from a page's only by slashes, and for those that readers guess."""
    path = readable(request.environ["PATH_INFO"])
    tidy = f"/{path.strip('/')}"  # one slash only, or it would name another host
    meant = GUESSED.get(tidy, tidy)
    return None if path == meant else _redirect(pages, Elsewhere(path=meant))


def _redirect(pages: Pages, elsewhere: Elsewhere) -> ResponseReturnValue:
    """Send a client to another path of ours, with its query."""
    response = redirect(pages.forward(elsewhere.path), 308 if elsewhere.for_good else 307)
    response.headers["Content-Security-Policy"] = FEED_POLICY
    response.headers["Cache-Control"] = f"max-age={MAX_AGE}" if elsewhere.for_good else "no-store"
    return response


def _page_instead() -> str | None:
    """Return the path of the page for a person who opened a feed's address and did not ask for its source."""
    if request.headers.get("Sec-Fetch-Dest") != PERSON or "raw" in request.args:
        return None
    address = feed_address(readable(request.environ["PATH_INFO"]))
    return document_path(address.key, address.page) if address else None


def _see(pages: Pages, path: str) -> ResponseReturnValue:
    """Send a person to the page of a feed (RFC 9110 15.4.4); nobody keeps that, a reader may ask next."""
    response = redirect(pages.forward(path), HTTPStatus.SEE_OTHER)
    response.headers["Content-Security-Policy"] = FEED_POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = VARY
    return response


def _squeeze(response: Response) -> None:
    """Compress a page where that is wished for; feeds were compressed before anybody asked."""
    response.vary.add("Accept-Encoding")
    field = request.headers.get("Accept-Encoding")
    if preferred(field, ("gzip", IDENTITY)) == "gzip" and len(response.data) >= _WORTH_IT:
        response.data = CODINGS["gzip"](response.data)
        response.content_encoding = "gzip"


def _with_page_headers(response: Response) -> Response:
    """Complete a page's headers; what was not modified is not sent again."""
    if isinstance(response, Finished):
        return response
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype in _SQUEEZED and not response.direct_passthrough:
        _squeeze(response)
    dated = response.last_modified
    if response.status_code == HTTPStatus.OK and (dated or response.mimetype == "text/html"):
        if dated and dated >= datetime.now(UTC).replace(microsecond=0):
            del response.last_modified  # it may change within this second (RFC 9110 8.8.2.2)
        response.add_etag()
        response.make_conditional(request)
    return response
