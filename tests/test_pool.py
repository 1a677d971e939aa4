"""Real processes: what extraction in them promises cannot be had from a stand-in."""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Thread

import pytest

from feedsvc.errors import SourceError
from feedsvc.extract import pool as room
from feedsvc.extract.batch import Extract, Job
from feedsvc.extract.pool import AHEAD, BEHIND, BYTES_TOGETHER, TOGETHER, ExtractionPool, _batches
from feedsvc.model import Article, Document, Hints, Skipped
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.weight import weight
from tests.builders import article, wait_until

pytestmark = pytest.mark.real_time

WHEN = article().published

AGES = 600


def told(asked: bytes) -> str:
    """Return the size of more memory than there is, or how nice the process is."""
    return str(len(bytearray(2 << 30)) if asked == b"swell" else os.nice(0))


def act(document: Document, hints: Hints, now: datetime) -> Article | Skipped:
    """Do what the document's content asks for; runs in a process of the pool."""
    match document.content:
        case b"hang":
            time.sleep(AGES)
        case b"spin":
            while True:
                pass
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"exit":
            os._exit(3)
        case b"swell" | b"nice" as asked:
            return Skipped(key=document.key, reason=told(asked))
        case b"interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        case b"raise":
            message = "a bug"
            raise RuntimeError(message)
        case b"slow":
            time.sleep(0.2)
    return article(key=document.key, source=hints.source, published=now)


HINTS = Hints(source="town")
others: set[int | None] = set()


@pytest.fixture(autouse=True)
def processes_of_other_tests() -> None:
    """Remember what pools of other tests left idle for a while."""
    others.clear()
    others.update(each.pid for each in multiprocessing.active_children())


def children() -> list[multiprocessing.process.BaseProcess]:
    return [each for each in multiprocessing.active_children() if each.pid not in others]


def jobs(*contents: str) -> Iterator[Job]:
    for number, content in enumerate(contents):
        document = Document(
            source="town",
            key=str(number),
            media_type="text/plain",
            content=content.encode(),
            location=f"/srv/{number}",
        )
        yield Job(document=document, hints=HINTS, now=WHEN)


def apart(*contents: str) -> Iterator[Job]:
    """Yield jobs that do not travel together."""
    for job in jobs(*contents):
        yield Job(document=job.document, hints=Hints(source="town"), now=WHEN)


def opened(run: Extract = act, workers: int = 2, seconds: float = 30, linger: float = 30) -> ExtractionPool:
    return ExtractionPool(workers=workers, seconds=seconds, run=run, linger=linger)


def outcomes(pool: ExtractionPool, *contents: str) -> list[str]:
    """Return "" for each article and the reason for each skipped document, in order."""
    found = list(pool.extract(jobs(*contents)))
    assert [job.document.key for job, _ in found] == [outcome.key for _, outcome in found]
    assert [job.document.key for job, _ in found] == [str(number) for number in range(len(contents))]
    return [outcome.reason if isinstance(outcome, Skipped) else "" for _, outcome in found]


def test_outcomes_come_in_the_order_of_the_jobs_with_what_the_job_carries() -> None:
    with opened() as pool:
        assert outcomes(pool, "slow", "ok", "slow", "ok", "ok") == [""] * 5
        (_, outcome), *_ = pool.extract(jobs("ok"))
    expected = article(key="0", source="town", published=WHEN)
    assert outcome == replace(expected, weight=weight(expected))


def test_documents_are_extracted_for_real_unless_told_otherwise() -> None:
    with ExtractionPool(workers=1) as pool:
        (_, outcome), *_ = pool.extract(jobs("The library opens\n\n  It opens on Monday, says the mayor."))
    assert isinstance(outcome, Article)
    assert outcome.title == "The library opens"


def test_articles_are_filed_where_they_are_extracted_under_what_their_job_says() -> None:
    rule = TopicRule(slug="books", name="Books", match=parse("library"))
    content = "The library opens\n\n  It opens on Monday, says the mayor."
    (job,) = jobs(content)
    ours = Topics(rules=(rule,), origins=frozenset({"explicit", "rules"}))
    with ExtractionPool(workers=1, file=ours.assign) as pool:
        ((_, outcome),) = pool.extract([replace(job, topics=("Town",))])
    assert isinstance(outcome, Article)
    assert [(topic.slug, topic.matched) for topic in outcome.topics] == [
        ("town", "configuration"),
        ("books", "library"),
    ]


def refuse(article: Article, _topics: tuple[str, ...]) -> Article:
    raise KeyError(article.key)


def test_a_bug_in_filing_costs_only_its_document() -> None:
    with ExtractionPool(workers=1, run=act, file=refuse) as pool:
        assert outcomes(pool, "ok") == ["internal error: KeyError('0')"]


def test_a_document_that_takes_its_time_is_stopped_while_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "PATIENCE", AGES)  # a nice process waits long for its half a second
    with opened(seconds=0.5) as pool:
        assert outcomes(pool, "ok", "spin", "ok", "ok") == ["", "extraction took over 0.5 s", "", ""]


def test_a_document_that_hangs_is_stopped_and_reported_while_others_go_on() -> None:
    with opened(seconds=0.5) as pool:
        assert outcomes(pool, "ok", "hang", "ok", "ok") == ["", "extraction took over 3 s", "", ""]


def test_a_document_is_not_to_blame_for_a_busy_machine() -> None:
    with opened(seconds=0.1) as pool:  # of processor time, of which sleeping takes none
        assert outcomes(pool, "slow", "slow") == ["", ""]


@pytest.mark.parametrize("way", ["die", "exit"])
def test_a_document_that_ends_its_process_is_reported_while_others_go_on(way: str) -> None:
    with opened() as pool:
        reasons = outcomes(pool, "ok", way, "ok", "ok")
    assert reasons[0] == reasons[2] == reasons[3] == ""
    assert reasons[1].startswith("extraction ended its process")


def test_a_document_that_takes_too_much_memory_costs_only_itself() -> None:
    with opened() as pool:
        assert outcomes(pool, "swell", "ok") == ["extraction took over 1024 MiB", ""]


def test_a_bug_met_in_one_document_is_logged_and_costs_only_itself(caplog: pytest.LogCaptureFixture) -> None:
    with opened() as pool:
        assert outcomes(pool, "raise", "ok") == ["internal error: RuntimeError('a bug')", ""]
    (record,) = (record for record in caplog.records if record.name == "feedsvc.extract.pool")
    assert record.levelno == logging.ERROR
    assert record.message.startswith("bug in extraction of /srv/0\nTraceback")


def test_ctrl_c_is_left_to_the_parent() -> None:
    with opened() as pool:
        assert outcomes(pool, "interrupt", "ok") == ["", ""]


def test_only_a_few_jobs_are_taken_ahead_of_the_consumer() -> None:
    taken: list[str] = []

    def counted() -> Iterator[Job]:
        for job in jobs(*["ok"] * 500):
            taken.append(job.document.key)
            yield job

    with opened(workers=1) as pool:
        results = pool.extract(counted())
        for consumed in range(1, 5):
            next(results)
            assert len(taken) <= consumed + (AHEAD + 1) * TOGETHER[-1]
        assert len(list(results)) == 496


def test_documents_of_one_batch_fail_alone() -> None:
    with opened(workers=1, seconds=0.3) as pool:
        reasons = outcomes(pool, "ok", "raise", "ok", "spin", "ok", "swell", "ok")
    assert [bool(reason) for reason in reasons] == [False, True, False, True, False, True, False]


def test_more_and_more_documents_travel_together_up_to_a_number_and_a_size() -> None:
    few, most = TOGETHER[0], TOGETHER[-1]
    sizes = [len(batch) for batch in _batches(jobs(*["x"] * (4 * most)))]
    assert sizes[:2] == [few, 2 * few]
    assert max(sizes) == sizes[-2] == most
    assert sum(sizes) == 4 * most
    large = "x" * (BYTES_TOGETHER // 2)
    assert [len(batch) for batch in _batches(jobs(large, large, "x", large, large * 3, "x"))] == [2, 2, 1, 1]
    mixed = [*jobs("a", "b"), Job(document=next(jobs("c")).document, hints=Hints(source="b"), now=WHEN)]
    assert [len(batch) for batch in _batches(mixed)] == [2, 1]


def test_processes_wait_for_more_and_end_when_there_is_none() -> None:
    with opened(workers=1, linger=0.3) as pool:
        assert outcomes(pool, "ok") == [""]
        (first,) = children()
        assert outcomes(pool, "ok") == [""]
        assert children() == [first]
        wait_until(lambda: not children())
        assert outcomes(pool, "ok") == [""]


def test_without_documents_no_process_starts() -> None:
    with opened() as pool:
        assert outcomes(pool) == []
        assert not children()


def test_no_process_outlives_the_with_block() -> None:
    with opened() as pool:
        assert outcomes(pool, "ok") == [""]
        assert children()
    assert not children()


def test_no_process_outlives_a_with_block_that_is_left_by_an_error_with_work_in_flight() -> None:
    def read_one() -> None:
        with opened() as pool:
            next(pool.extract(apart("ok", "hang", "hang", "hang")))
            raise KeyError

    with pytest.raises(KeyError):
        read_one()
    assert not children()


def test_stopping_from_another_thread_interrupts_all_that_is_in_flight_at_once() -> None:
    with opened() as pool:
        results = pool.extract(apart("ok", *["hang"] * 3, *["ok"] * 50))
        assert isinstance(next(results)[1], Article)
        stopper = Thread(target=pool.stop)
        stopper.start()
        rest = [outcome for _, outcome in results]
        stopper.join()
    interrupted = [Skipped(key=str(number), reason="interrupted", retry=True) for number in range(1, 4)]
    assert rest[:3] == interrupted
    assert len(rest) == 53
    assert not children()


def test_a_stopped_pool_interrupts_what_it_is_given() -> None:
    with opened() as pool:
        pool.stop()
        assert outcomes(pool, "ok", "ok") == ["interrupted", "interrupted"]


def test_idle_processes_that_somebody_killed_are_started_anew() -> None:
    with opened() as pool:
        assert outcomes(pool, "ok") == [""]
        for process in children():
            process.kill()
        assert outcomes(pool, "ok") == [""]


@dataclass
class Unstartable:
    """What no process can be given: each ends with a code when it is."""

    code: int

    def __call__(self, document: Document, hints: Hints, now: datetime) -> Article | Skipped:
        raise NotImplementedError

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (self.code,)


@pytest.mark.parametrize("code", [0, 1])
def test_processes_that_cannot_start_are_given_up_and_no_document_is_blamed(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK", 0.05)
    with (
        opened(run=Unstartable(code)) as pool,
        pytest.raises(SourceError, match="'town': extraction processes cannot start"),
    ):
        outcomes(pool, *["ok"] * 50)
    assert not children()


def test_a_batch_may_take_longer_than_processes_may_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(workers=1) as pool:
        assert outcomes(pool, "ok") == [""]
        monkeypatch.setattr(room, "LOOK", 0.1)
        monkeypatch.setattr(room, "LOOKS", 10)
        assert outcomes(pool, *["slow"] * TOGETHER[0]) == [""] * TOGETHER[0]


def test_extraction_gives_way_to_who_serves() -> None:
    with opened() as pool:
        assert outcomes(pool, "nice") == [str(min(19, os.nice(0) + BEHIND))]
