"""What went wrong and what to do next: a page for people, problem details for programs (RFC 9457)."""

import json

from flask import Response, request
from werkzeug.exceptions import HTTPException

from feedsvc.store import LATEST
from feedsvc.web.pages.shell import VARY, Shell

PROBLEM = "application/problem+json"
_PAGE = "text/html"


def error_response(error: HTTPException, shell: Shell) -> Response:
    """Return an error in the form that the client asks for; one that does not say gets the page."""
    wished = request.accept_mimetypes.best_match([_PAGE, PROBLEM, "application/json"], _PAGE)
    response = _page(error, shell) if wished == _PAGE else _problem(error, shell)
    response.headers.extend([header for header in error.get_headers() if header[0] != "Content-Type"])
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept", VARY])
    return response


def _page(error: HTTPException, shell: Shell) -> Response:
    title, told = _words(error, shell)
    response = shell.render(
        "error.html", shell.offers(LATEST), code=error.code, title=title, told=told, bare=True
    )
    response.status_code = error.code or 500
    return response


def _problem(error: HTTPException, shell: Shell) -> Response:
    title, told = _words(error, shell)
    problem = {"type": "about:blank", "title": title, "status": error.code, "detail": told}
    body = json.dumps(problem, ensure_ascii=False) + "\n"
    return Response(body, error.code, mimetype=PROBLEM, content_type=PROBLEM)


def _words(error: HTTPException, shell: Shell) -> tuple[str, str]:
    """Return what an error is called and what it means for whoever meets it."""
    words, key = shell.words, f"error {error.code}"
    why = words.said(error.description or "")
    title = words(key) if key in words else error.name
    return title, words(f"{key} how" if f"{key} how" in words else "error other how", why=why)
