"""Puts into Redis what is too large for one script, under names that nobody reads yet."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping

from feedsvc.store.journal import RowKey
from feedsvc.store.shared.reading import BUCKETS
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import batches, bucket, field_name, pack_rows, pack_value

SECONDS = 120
"""Until what was staged and never taken is gone by itself; begins anew with every batch."""

Fields = Mapping[RowKey, bytes]


def stage_rows(server: Server, rows: Fields, generation: int, between: Callable[[], object]) -> str:
    """Stage all rows there are, in buckets, and return what they are staged under.

    `between` is called after every batch.
    """
    name = secrets.token_hex(8)
    ordered = dict(sorted(rows.items(), key=lambda row: bucket(field_name(row[0]))))
    for batch in batches(ordered):
        fields: defaultdict[str, dict[bytes, bytes]] = defaultdict(dict)
        for key, value in batch:
            field = field_name(key)
            fields[f"rows:{name}:{bucket(field)}"][field] = pack_value(generation, value or b"")
        server.stage(fields, SECONDS)
        between()
    return name


def stage_parts(server: Server, rows: Mapping[RowKey, bytes | None]) -> tuple[str, int]:
    """Stage what a large generation changes; return under what, and in how many parts."""
    name = secrets.token_hex(8)
    number = -1
    for number, batch in enumerate(batches(rows)):
        server.stage({f"parts:{name}": {str(number).encode(): pack_rows(batch)}}, SECONDS)
    return name, number + 1


def forget(server: Server, name: str) -> None:
    """Delete what was staged under a name."""
    server.forget([f"parts:{name}", *(f"rows:{name}:{number:02x}" for number in range(BUCKETS))])


def flat(rows: Mapping[RowKey, bytes | None], generation: int) -> list[str | bytes]:
    """Return rows as scripts take them: bucket, name, value each; an empty value deletes."""
    arguments: list[str | bytes] = []
    for key, value in rows.items():
        field = field_name(key)
        packed = b"" if value is None else pack_value(generation, value)
        arguments += [bucket(field), field, packed]
    return arguments
