"""Where each field of an article came from, in words."""

from functools import lru_cache
from typing import NamedTuple

from feedsvc import text
from feedsvc.extract import language, titles
from feedsvc.extract.ladder import Dating
from feedsvc.extract.reading import FIELDS, Reading
from feedsvc.model import Hints, Provenance

_KEPT = 256  # a reader says few things of where fields stood
_DERIVED = "beginning of the body"
_SAMPLE = 2000  # characters of a text show its script


class Completed(NamedTuple):
    """The fields of an article that may have come from elsewhere than its reading."""

    title: str
    text: str
    authors: tuple[str, ...]
    language: str | None
    url: str | None


def told(article: Completed, reading: Reading, dating: Dating, hints: Hints) -> tuple[Provenance, ...]:
    """Return the provenance of every field that has a value."""
    stated = {field: reading.origins.get(field, reading.origin) for field in FIELDS}
    known = {
        "title": stated["title"] if titles.tidy(reading.title) else _made_title(article),
        "authors": stated["authors"] if article.authors else "",
        "published": dating.origin,
        "language": _of_language(article, reading, hints, stated["language"]),
        "body": stated["body"],
        "summary": stated["summary"] if reading.summary else _DERIVED,
        "url": _of_url(article, reading, stated["url"]),
    }
    return tuple([_provenance(field, origin) for field, origin in known.items() if origin])


@lru_cache(_KEPT)  # one record for what thousands of articles say alike
def _provenance(field: str, origin: str) -> Provenance:
    return Provenance(field=field, origin=origin)


def _made_title(article: Completed) -> str:
    made = text.fold(article.title.rstrip("…"))
    return _DERIVED if text.fold(article.text).startswith(made) else "name of the file"


def _of_language(article: Completed, reading: Reading, hints: Hints, stated: str) -> str:
    """Say which of the declarations a language agrees with, else what gave it away."""
    if not article.language:
        return ""
    first = article.language.partition("-")[0]
    for declared, origin in ((reading.language, stated), (hints.language, "configuration")):
        if (declared or "").lower().replace("_", "-").partition("-")[0].strip() == first:
            return origin
    by_script = language.by_script(f"{article.title}\n{article.text[:_SAMPLE]}"[:_SAMPLE])
    return "script of the text" if by_script else "words of the text"


def _of_url(article: Completed, reading: Reading, stated: str) -> str:
    if not article.url:
        return ""
    return stated if reading.url and "url" in reading.origins else "address of the document"
