"""In front of Flask: answers for what is prepared by one look-up, and lets everything else through."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from feedsvc.web.conditional import answer
from feedsvc.web.metrics import PAGE, Counts
from feedsvc.web.responses import Responses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AD_HOC = frozenset({"limit", "q", "raw"})
"""Query parameters that ask for a representation of their own; any other is noise."""

PERSON = "document"
"""What Sec-Fetch-Dest says where a person opens an address in a browser; no feed reader sends that."""

FORM = "feedsvc.form"
"""Where the application leaves, in the environment of a request, the format of a feed that it answered."""


class Front:
    """A WSGI application around another; without it every answer is the same, only later."""

    def __init__(self, application: "WSGIApplication", responses: Responses, counts: Counts) -> None:
        self._application = application
        self._peek = responses.peek
        self._counts = counts

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a GET or HEAD for a prepared path; a list as body takes the server's fast path."""
        prepared = self._peek(environ["PATH_INFO"])
        if (
            prepared is None
            or environ.get("HTTP_SEC_FETCH_DEST") == PERSON
            or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or (
                environ.get("QUERY_STRING")
                and not AD_HOC.isdisjoint(parse_qs(environ["QUERY_STRING"], keep_blank_values=True))
            )
        ):
            return self._passed_on(environ, start_response)
        status, headers, body = answer(prepared, environ)
        self._counts[prepared.form][status] += 1
        start_response(status, headers)
        return body

    def _passed_on(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Have the application answer, and count what it says."""

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 - as it comes
            self._counts[environ.get(FORM) or PAGE][status] += 1
            return start_response(status, headers, *more)

        return self._application(environ, started)
