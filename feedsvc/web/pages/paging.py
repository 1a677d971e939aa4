"""Pages of rows, so that no page grows with what is stored."""

import re
from collections.abc import Sequence
from typing import TypeVar

from flask import request
from werkzeug.exceptions import NotFound

from feedsvc.web.addresses import PAGE_NUMBER

ROWS = 50
_NUMBER = re.compile(PAGE_NUMBER)
_Row = TypeVar("_Row")


def asked_page() -> int:
    """Return what `?page=` asks for, the first by default. Raises NotFound for what is no number."""
    written = request.args.get("page", "1")
    if not _NUMBER.fullmatch(written):
        raise NotFound
    return int(written)


def sliced(rows: Sequence[_Row], page: int, size: int = ROWS) -> Sequence[_Row]:
    """Return the rows on a page. Raises NotFound behind the last one."""
    if page > last_page(rows, size):
        raise NotFound
    return rows[(page - 1) * size : page * size]


def last_page(rows: Sequence[object], size: int = ROWS) -> int:
    """Return the number of the last page; there is always one."""
    return max(1, -(-len(rows) // size))
