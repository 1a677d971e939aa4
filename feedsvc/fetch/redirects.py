"""Where a redirect leads, and whether it is followed."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from feedsvc.fetch.transport import Reply

MOST = 5
_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One step on the way."""

    url: str
    permanent: bool


def redirect(reply: Reply) -> Redirect | None:
    """Return where an answer leads on to, None for the end of the way; raises ValueError with the reason."""
    if reply.status not in _FOLLOWED:
        return None
    said = reply.headers.get("Location", "").strip()
    if not said:
        raise ValueError(f"answered {reply.status} and not where to")
    with suppress(UnicodeError):
        said = said.encode("latin-1").decode()  # as it was sent; fields are read as Latin-1
    try:
        url = urljoin(reply.url, said).partition("#")[0]
    except ValueError as error:
        raise ValueError("leads to what is no address") from error
    if reply.url.lower().startswith("https:") and url.lower().startswith("http:"):
        raise ValueError("leads from https to http, where anybody may have written it")
    return Redirect(url=url, permanent=reply.status in _PERMANENT)
