"""One journal for several machines, over the Redis protocol."""

from datetime import UTC, datetime
from pathlib import Path

from feedsvc.errors import ConfigurationError
from feedsvc.store.journal import Delta, Journal
from feedsvc.store.rows import decode
from feedsvc.store.sqlite import SqliteJournal


def share(local: Journal, path: Path | None, url: str, site: str) -> Journal:
    """Return the journal that a site's machines share at a URL; `local` is this one's own, at `path`."""
    try:  # only who shares needs the extra
        from feedsvc.store.shared.journal import Shared  # noqa: PLC0415
        from feedsvc.store.shared.server import Server  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "state.shared (or REDIS_URL) needs the Redis client: pip install 'feedsvc[redis]'"
        ) from error
    return Shared(local, Server(url, site), readable=decode, aside=lambda delta: put_aside(delta, path))


def put_aside(delta: Delta, path: Path | None) -> str:
    """Keep all rows of a journal in a file beside it, itself a journal, and return the file's name."""
    if path is None:
        return "nothing, as it was in memory"
    aside = path.with_name(f"{path.name}.aside-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
    journal = SqliteJournal(aside)
    try:
        journal.write(Delta(generation=delta.generation, rows=delta.rows, whole=True), 0, {})
    finally:
        journal.close()
    return aside.name
