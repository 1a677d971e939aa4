"""What a service keeps in memory: at rest, for each article, and after many ticks."""

import gc
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from feedsvc.extract import MEDIA_TYPES
from feedsvc.extract.pool import LINGER
from feedsvc.ingest import Ingest, Intake
from feedsvc.model import Article, Change, Commit, Health, Hints
from feedsvc.sources import Folder
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.topics import Topics
from tests.bench.processes import family, megabytes
from tests.bench.table import Row, alone
from tests.builders import PLAIN, START, article
from tests.conftest import ROOT, child_environ, serving
from tests.fakes import PoolInThisProcess

REST = 60.0
"""Seconds of rest before a service at rest is looked at, from when its processes have ended."""
ARTICLES = 10_000
LETTERS = 1_000
"""Chinese ones of three bytes each."""
TICKS = int(os.environ.get("BENCH_TICKS", "10000"))
_BATCH = 1_000
EXTRACTORS = ("trafilatura", "readability", "nh3")


def rows(_rounds: int) -> Iterator[Row]:
    """Yield a row for each."""
    yield alone("memory at rest with seeds/, all processes", [_at_rest()], "MB", "≤ 100")
    yield alone("memory for an article of 3 KB", [_for_each()], "KB", "≤ 4")
    yield alone(f"memory more after {TICKS:,} ticks", [_after_ticks()], "MB", "≤ 1")


def _at_rest() -> float:
    """Return the megabytes of a service a minute after its last extraction."""
    with TemporaryDirectory() as place:
        copytree(ROOT / "seeds", Path(place, "seeds"))
        with serving(Path(place), child_environ() | {"FEEDSVC_STATE__PATH": "feedsvc.db"}) as start:
            server = start("seeds").wait_until_ready()
            time.sleep(max(LINGER, REST))
            pids = family(server.process.pid)
            mapped = "".join(Path(f"/proc/{pid}/maps").read_text(encoding="utf-8") for pid in pids)
            loaded = [name for name in EXTRACTORS if f"/{name}" in mapped]
            assert not loaded, f"the serving process imported {loaded}"
            return megabytes(pids)


def _for_each() -> float:
    """Return the kilobytes that the store keeps for each article of 3 KB, all of them in memory."""
    with TemporaryDirectory() as place:
        store = Store(
            PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(Path(place, "feedsvc.db"))
        )
        _commit(store, 0)
        before = megabytes([os.getpid()])
        for first in range(_BATCH, ARTICLES + _BATCH, _BATCH):
            _commit(store, first)
        gc.collect()
        return 1000 * (megabytes([os.getpid()]) - before) / ARTICLES


def _commit(store: Store, first: int) -> None:
    health = Health(source="town", kind="folder", last_attempt=START, last_success=START)
    articles = tuple(_told(number) for number in range(first, first + _BATCH))
    store.commit(Commit(at=START + timedelta(seconds=first), change=Change(health=health, articles=articles)))


def _told(number: int) -> Article:
    chosen = random.Random(number)  # noqa: S311 - the same documents each time
    text = "".join(chr(chosen.randint(0x4E00, 0x57FF)) for _ in range(LETTERS))
    return article(number, text=text, html=f"<p>{text}</p>", summary=text[:200])


def _after_ticks() -> float:
    """Return the megabytes that a process has grown by in many ticks that bring nothing."""
    name = "seeds"
    with TemporaryDirectory() as place:
        store = Store(
            Topics(), [Health(source=name, kind="folder")], Limits(), SqliteJournal(Path(place, "feedsvc.db"))
        )
        source = Folder(name=name, path=ROOT / "seeds", media_types=MEDIA_TYPES)
        intake = Intake(source=source, hints=Hints(source=name), interval=timedelta(seconds=1))
        ingest = Ingest([intake], Topics(), store, pool=PoolInThisProcess())
        moment = datetime.now(UTC) + timedelta(days=2)
        for number in range(TICKS // 10):
            ingest.tick(lambda at=moment + timedelta(seconds=number): at)  # type: ignore[misc]
        before = megabytes([os.getpid()])
        for number in range(TICKS // 10, TICKS):
            ingest.tick(lambda at=moment + timedelta(seconds=number): at)  # type: ignore[misc]
        return megabytes([os.getpid()]) - before
