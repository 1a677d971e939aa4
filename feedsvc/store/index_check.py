"""Looking for damage in the search index of a journal; writes nothing."""

import sqlite3
from collections.abc import Iterator, Mapping
from sqlite3 import Connection

from feedsvc.model import Article
from feedsvc.store.index_rows import version
from feedsvc.store.rows import decode


def index_faults(connection: Connection, articles: Mapping[str, Article]) -> Iterator[str]:
    """Yield what is wrong with the index, one line each; one that is to be begun has no faults."""
    if not version(connection):
        return
    try:
        held = {number for (number,) in connection.execute("SELECT id FROM words_docsize")}
        noted = connection.execute("SELECT name, record FROM unindexed").fetchall()
    except sqlite3.Error as error:
        yield f"the search index cannot be read, and is built anew when that is noticed: {error}"
        return
    names = {name for name, _ in noted}
    old = {decode(("article", name), record).sequence for name, record in noted if record is not None}
    for id_, article in articles.items():
        if article.sequence not in held and id_ not in names:
            yield f"the search index lacks the article {id_}, and nothing says that it is to be taken in"
    for number in sorted(held - old - {article.sequence for article in articles.values()}):
        yield f"the search index holds the number {number}, which no article has"
