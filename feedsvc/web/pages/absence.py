"""Why there is nothing to show, as errors of HTTP and in words."""

from uuid import UUID

from werkzeug.exceptions import Gone, HTTPException, NotFound, ServiceUnavailable

from feedsvc.model import Article
from feedsvc.store import Edition
from feedsvc.web.catalogue import Absence

RETRY_AFTER = 2
"""Seconds after which a first ingest may be over."""


def article_of(edition: Edition, uuid: UUID) -> Article:
    """Return an article. Raises what HTTP says of one that was withdrawn, never was, or is not read yet."""
    article = edition.articles.get(uuid.urn)
    if article is not None:
        return article
    if uuid.urn in edition.gone or uuid.urn in edition.attic.articles:
        raise absent(Absence.GONE, edition)
    raise absent(Absence.UNKNOWN if edition.ready else Absence.NOT_READY, edition)


def absent(why: Absence, edition: Edition) -> HTTPException:
    """Return the error for a list or an article that there is not, or not yet."""
    if why is Absence.UNKNOWN:
        return NotFound()
    if why is Absence.GONE:
        return Gone()
    return ServiceUnavailable(waiting(edition), retry_after=RETRY_AFTER)


def waiting(edition: Edition) -> str:
    """Say why there is nothing to serve yet."""
    if edition.finished:
        return "no source could be read yet"
    return "the sources are being read for the first time"
