"""The documents that gave no article, put in order once per change of them; a folder may hold very many."""

from collections.abc import Sequence
from operator import is_

from feedsvc.extract.identity import article_id
from feedsvc.model import Article, Skipped
from feedsvc.store import Edition

Refusal = tuple[str, Skipped]
"""The name of a source, and a document of it."""


class Refusals:
    """Remembers the refusals of the newest edition."""

    def __init__(self) -> None:
        self._kept: tuple[Sequence[Sequence[Skipped]], Sequence[Refusal]] = ((), ())

    def of(self, edition: Edition) -> Sequence[Refusal]:
        """Return the documents that gave no article; those that were meant to give one first."""
        told = [health.skipped for health in edition.health.values()]
        before, rows = self._kept
        if len(told) != len(before) or not all(map(is_, told, before)):
            rows = sorted(_rows(edition), key=lambda row: row[1].expected)
            self._kept = told, rows
        return rows


def _rows(edition: Edition) -> list[Refusal]:
    return [(name, each) for name, health in edition.health.items() for each in health.skipped]


def called(rows: Sequence[Refusal], name: str) -> Sequence[Refusal]:
    """Return the rows whose document has something in its name, whatever its case."""
    wanted = name.casefold()
    return [row for row in rows if wanted in row[1].key.casefold()] if wanted else rows


def published(edition: Edition, site_id: str, key: str) -> list[Article]:
    """Return what documents of exactly this name gave, in any source."""
    ids = (article_id(site_id, source, key) for source in edition.health)
    return [edition.articles[id_] for id_ in ids if id_ in edition.articles]


def withdrawn(edition: Edition, site_id: str, key: str) -> bool:
    """Tell whether what a document of this name gave was withdrawn."""
    return any(article_id(site_id, source, key) in edition.gone for source in edition.health)
