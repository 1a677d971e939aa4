"""Posting to whom the configuration names."""

from collections.abc import Mapping

from feedsvc import __version__
from feedsvc.fetch.addresses import look_up
from feedsvc.fetch.deadline import Limits
from feedsvc.fetch.transport import Ask, Transport, unread

LIMITS = Limits()


def agent(base_url: str) -> str:
    """Return the name we ask under, with where to find who runs us."""
    return f"feedsvc/{__version__} (+{base_url})" if base_url else f"feedsvc/{__version__}"


class Client:
    """Posts in the name of the site at `base_url`. Safe to use from several threads.

    It goes wherever it is sent, as only the configuration sends it; what documents name is for `Fetcher`.
    """

    def __init__(self, base_url: str, limits: Limits = LIMITS) -> None:
        self._transport = Transport(agent(base_url), look_up, limits)
        self._limits = limits

    def post_form(self, url: str, form: Mapping[str, str]) -> int:
        """Post a form and return the status of the answer; a redirect is one, not followed.

        Its body stays unread. Raises FetchError.
        """
        return self._transport.send(Ask(url=url, form=form), unread, self._limits.total).status
