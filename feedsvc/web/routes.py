"""The Flask application: every page and feed; `Front` only makes the feeds faster."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from feedsvc.store import Edition
from feedsvc.web.catalogue import Absence
from feedsvc.web.conditional import Prepared, answer
from feedsvc.web.front import Front
from feedsvc.web.pages import RETRY_AFTER, Pages, absent, waiting
from feedsvc.web.responses import Responses

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' http: https:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Finished(Response):
    """An answer that already has every header it needs."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002
        """Return the headers as they are: Werkzeug would take Last-Modified from a 304."""
        return self.headers


def create_site(responses: Responses, pages: Pages) -> Flask:
    """Return the application with the front before it."""
    site = Flask(__name__)
    site.url_map.merge_slashes = False  # its redirects repeat the request's Host (promise 10)
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    _add_pages(site, pages)
    _add_health(site, pages)

    def feed(**_: str) -> ResponseReturnValue:
        found = responses.find(request.environ["PATH_INFO"])
        return _feed(found, pages.store.edition, request.environ)

    for suffix in ("rss", "atom", "json"):
        for rule in ("/latest", "/status", "/topics/<name>", "/sources/<name>"):
            site.add_url_rule(f"{rule}.{suffix}", "feed", feed)

    def without_stray_slashes() -> ResponseReturnValue | None:
        return _without_stray_slashes(pages)

    site.register_error_handler(HTTPException, pages.error)
    site.before_request(without_stray_slashes)
    site.after_request(_with_page_headers)
    site.wsgi_app = Front(site.wsgi_app, responses)  # type: ignore[method-assign]  # Flask's documented way
    return site


def _add_pages(site: Flask, pages: Pages) -> None:
    site.add_url_rule("/", "home", pages.home)
    site.add_url_rule("/latest", "latest", pages.latest)
    site.add_url_rule("/topics", "topics", pages.topics)
    site.add_url_rule("/topics/<name>", "topic", pages.topic)
    site.add_url_rule("/sources", "sources", pages.sources)
    site.add_url_rule("/sources/<name>", "source", pages.source)
    site.add_url_rule("/articles/<uuid:uuid>", "article", pages.article)
    site.add_url_rule("/articles/<uuid:uuid>.json", "article_json", pages.article_json)
    site.add_url_rule("/status", "status", pages.status)


def _add_health(site: Flask, pages: Pages) -> None:
    def healthz() -> ResponseReturnValue:
        return _plain("ok")

    def readyz() -> ResponseReturnValue:
        if pages.store.edition.ready:
            return _plain("ready")
        return _plain(waiting(pages.store.edition), 503, {"Retry-After": str(RETRY_AFTER)})

    site.add_url_rule("/healthz", "healthz", healthz)
    site.add_url_rule("/readyz", "readyz", readyz)


def _plain(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(f"{text}\n", status, kept, mimetype="text/plain")


def _feed(found: Prepared | Absence, edition: Edition, environ: "WSGIEnvironment") -> Response:
    """Return what the front would have answered, as Flask's response."""
    if isinstance(found, Absence):
        raise absent(found, edition)
    status, headers, body = answer(found, environ)
    response = Finished(body, status)
    response.headers = Headers(headers)
    return response


def _without_stray_slashes(pages: Pages) -> ResponseReturnValue | None:
    """Answer 308 for a path that differs from a page's only by slashes before or after it."""
    path = request.environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    tidy = f"/{path.strip('/')}"  # one slash only, or it would name another host
    if path == tidy:
        return None
    query = request.query_string.decode("utf-8", "replace")
    return redirect(pages.link(tidy) + (f"?{query}" if query else ""), 308)


def _with_page_headers(response: Response) -> Response:
    """Complete a page's headers; what was not modified is not sent again."""
    if isinstance(response, Finished):
        return response
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == HTTPStatus.OK and response.last_modified:
        response.last_modified = min(response.last_modified, datetime.now(UTC))
        response.add_etag()
        response.make_conditional(request)
    return response
