"""Has Redis acknowledge a generation, in one script; what is too large for that is staged before."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from msgspec.structs import replace

from feedsvc.errors import BehindError, JournalError, StaleClaimError
from feedsvc.store.journal import Delta
from feedsvc.store.shared.reading import Log
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.staging import flat, forget, stage_parts, stage_rows
from feedsvc.store.shared.wire import Head, is_small, pack_rows

LOG_ENTRIES = 1_000
LOG_BYTES = 64 * 1024 * 1024
"""How far back the log reaches; who was away for longer reads everything."""
_ROUNDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """The rows of a commit, as its script takes them."""

    form: str
    arguments: tuple[str | bytes | int, ...]
    staged: str = ""
    size: int = 0


def commit(server: Server, head: Head, delta: Delta, claims: Mapping[str, int]) -> Head:
    """Commit a delta decided on the head, and return the head after it."""
    load = _load(server, head, delta)
    tokens = [part for claim in claims.items() for part in claim]
    word, rest = server.run(
        "commit",
        head.epoch,
        head.generation,
        delta.generation,
        load.size,
        LOG_ENTRIES,
        LOG_BYTES,
        len(claims),
        *tokens,
        load.form,
        *load.arguments,
    )
    if word != "ok":
        if load.staged:
            with suppress(JournalError):  # else it is gone after a while
                forget(server, load.staged)
        raise _refusal(head, word, [part.decode() for part in rest])
    unfolded = delta.generation if load.form == "parts" else 0
    return replace(head, generation=delta.generation, unfolded=unfolded)


def fold(server: Server, log: Log, head: Head) -> Head:
    """Put the parts of a large generation into the buckets, and return the head after that.

    Several processes may do so at once; each part counts once.
    """
    for _ in range(_ROUNDS):
        if not head.unfolded:
            return head
        for number in range(head.part, head.pieces):
            rows = log.piece(head.parts, number)
            if rows is None:
                server.run("doubt", head.generation)
                raise JournalError("Redis lost a part of a generation; a journal that has it fills it again")
            last = "last" if number + 1 == head.pieces else ""
            word, _ = server.run("fold", head.unfolded, number, last, *flat(rows, head.unfolded))
            if word != "ok":
                break
        head = log.head()
    raise JournalError("a large generation does not get folded")


def _load(server: Server, head: Head, delta: Delta) -> _Load:
    if delta.whole or (delta.rows and not head.rows):
        rows = {key: value for key, value in delta.rows.items() if value is not None}
        name = stage_rows(server, rows, delta.generation, lambda: None)
        return _Load(form="whole", arguments=(name, len(rows)), staged=name)
    if is_small(delta.rows):
        packed = pack_rows(delta.rows.items())
        return _Load(form="rows", arguments=(packed, *flat(delta.rows, delta.generation)), size=len(packed))
    name, count = stage_parts(server, delta.rows)
    size = sum(len(value or b"") for value in delta.rows.values())
    return _Load(form="parts", arguments=(name, count), staged=name, size=size)


def _refusal(head: Head, word: str, rest: list[str]) -> JournalError:
    if word == "stale":
        return StaleClaimError(rest[0])
    if word == "behind":
        return BehindError(head.generation, int(rest[0] or 0))
    if word == "lost":
        return JournalError("Redis lost rows on their way; it must evict none (maxmemory-policy noeviction)")
    return JournalError("Redis was restarted while this was committed")
