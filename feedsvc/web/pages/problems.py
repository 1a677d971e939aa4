"""What went wrong and what to do next: a page for people, problem details for programs (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException

from feedsvc.web.pages.shell import VARY, Shell

PROBLEM = "application/problem+json"
_PAGE = "text/html"


def error_response(error: HTTPException, shell: Shell) -> Response:
    """Return an error in the form that the client asks for."""
    response = _page(error, shell) if wants_page() else _problem(error, shell)
    response.headers.extend([header for header in error.get_headers() if header[0] != "Content-Type"])
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept", VARY])
    return response


def wants_page() -> bool:
    """Tell whether a person asks: browsers name HTML; pollers send anything, and get the smaller answer."""
    return request.accept_mimetypes.best_match([PROBLEM, "application/json", _PAGE], PROBLEM) == _PAGE


def problem_response(status: int, title: str, detail: str, **more: str) -> Response:
    """Return an error for a program, in its own words."""
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    body = json.dumps(problem, ensure_ascii=False) + "\n"
    return Response(body, status, mimetype=PROBLEM, content_type=PROBLEM)


def _page(error: HTTPException, shell: Shell) -> Response:
    title, told = _words(error, shell)
    response = shell.render("error.html", [], code=error.code, title=title, told=told)
    response.status_code = error.code or 500
    return response


def _problem(error: HTTPException, shell: Shell) -> Response:
    title, told = _words(error, shell)
    return problem_response(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, title, told)


def _words(error: HTTPException, shell: Shell) -> tuple[str, str]:
    """Return what an error is called and what it means for whoever meets it."""
    words, key = shell.words, f"error {error.code}"
    why = words.said(error.description or "")
    title = words(key) if key in words else error.name
    return title, words(f"{key} how" if f"{key} how" in words else "error other how", why=why)
