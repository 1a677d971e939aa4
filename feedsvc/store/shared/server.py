"""The one place that speaks to Redis or Valkey: our scripts and plain commands, of server 7.0 only.

No call waits for long: a frozen server must look like one that is away.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from feedsvc.errors import ConfigurationError, JournalError

QUICK = 0.25
"""Seconds to wait for a connection or an answer of a few bytes."""
PATIENT = 2.0
"""Seconds to wait for an answer to what moves up to a megabyte, or one large row."""
_QUICK = ("bid", "bump", "claim", "doubt", "fill", "lease", "look", "release", "reopen")
_PATIENT = ("commit", "entries", "fold", "names", "take")


class Server:
    """The keys of one site on one server; every method raises JournalError when the server fails."""

    def __init__(self, url: str, site: str) -> None:
        self._prefix = f"feedsvc:{{{site}}}:"  # braces: a cluster keeps them all in one place
        self._clients = {seconds: _client(url, seconds) for seconds in (QUICK, PATIENT)}
        prelude = _source("prelude")
        self._scripts: dict[str, Script] = {
            name: self._clients[seconds].register_script(f"{prelude}\n{_source(name)}")
            for seconds, names in ((QUICK, _QUICK), (PATIENT, _PATIENT))
            for name in names
        }

    def run(self, script: str, *arguments: str | bytes | int) -> tuple[str, list[Any]]:
        """Return what a script answers: how it went, and the rest."""
        with _asked():
            word, *rest = self._scripts[script](keys=[self._prefix], args=arguments)
            return word.decode(), rest

    def stage(self, fields: dict[str, dict[bytes, bytes]], seconds: int) -> None:
        """Add fields to hashes that are gone after a while if no script makes them last."""
        with _asked(), self._clients[PATIENT].pipeline(transaction=False) as pipeline:
            for key, values in fields.items():
                pipeline.hset(self._prefix + key, items=[part for pair in values.items() for part in pair])
                pipeline.expire(self._prefix + key, seconds)
            pipeline.execute()

    def probe(self) -> None:
        """Write something: a server may answer and yet take nothing."""
        with _asked():
            self._clients[QUICK].set(f"{self._prefix}probe", "", px=1000)

    def forget(self, keys: Iterable[str]) -> None:
        """Delete what was staged in vain."""
        with _asked():
            self._clients[QUICK].unlink(*(self._prefix + key for key in keys))

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()


def _client(url: str, seconds: float) -> redis.Redis:
    try:
        return redis.Redis.from_url(
            url,
            protocol=2,
            socket_connect_timeout=QUICK,
            socket_timeout=seconds,
            retry=Retry(NoBackoff(), 0),  # the library's own ten tries take most of a minute
        )
    except ValueError as error:
        raise ConfigurationError(f"state.shared: {error}") from error


def _source(script: str) -> str:
    return files(__package__).joinpath("lua", f"{script}.lua").read_text(encoding="utf-8")


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise JournalError(f"Redis: {error or type(error).__name__}") from error
