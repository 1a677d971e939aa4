"""What an operator watches, as Prometheus text; everything is counted elsewhere and only read here."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from feedsvc.model import Health
from feedsvc.store import Edition, Store
from feedsvc.web.responses import Responses

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_CHILDREN = Path("/proc/self/task")

_Wanted = TypeVar("_Wanted")

PAGE = "page"
"""Stands where the format would, for what is no feed."""

Counts = defaultdict[str, Counter[str]]
"""Answers by format and status line.

Plain numbers: in this interpreter no thread is interrupted between reading and writing one, and where one is,
a count is lost and nobody waits.
"""


def no_counts() -> Counts:
    """Return counts before the first answer."""
    return defaultdict(Counter)


@dataclass(slots=True, kw_only=True)
class Ticks:
    """How many ticks there were, and how long they took."""

    count: int = 0
    failed: int = 0
    seconds: float = 0.0

    def timed(self, tick: Callable[[], _Wanted]) -> Callable[[], _Wanted]:
        """Return a tick that is counted, also where it fails; what it returns is the clock's to know."""

        def counted() -> _Wanted:
            began = time.monotonic()
            try:
                return tick()
            except Exception:
                self.failed += 1
                raise
            finally:
                self.count += 1
                self.seconds += time.monotonic() - began

        return counted


@dataclass(frozen=True, kw_only=True, eq=False)  # the registry hashes it
class Metrics(Collector):
    """Reads what the rooms know of themselves."""

    store: Store
    responses: Responses
    counts: Counts
    ticks: Ticks
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; the registry calls this."""
        edition = self.store.edition
        yield _answers(self.counts)
        yield from self._work()
        yield from _holdings(edition)
        yield from _sources(edition.health)

    def _work(self) -> Iterator[Metric]:
        ticks, responses = self.ticks, self.responses
        took = SummaryMetricFamily("feedsvc_tick_seconds", "Ticks, and how long they took")
        took.add_metric([], count_value=ticks.count, sum_value=ticks.seconds)
        yield took
        yield CounterMetricFamily("feedsvc_ticks_failed", "Ticks that a bug ended", ticks.failed)
        rendered = responses.rendered
        yield CounterMetricFamily("feedsvc_feeds_rendered", "Feeds written, of whatever format", rendered)
        yield GaugeMetricFamily("feedsvc_feeds_kept", "Feeds that are ready to be sent", responses.kept)
        weight = GaugeMetricFamily("feedsvc_kept_bytes", "Bytes kept within a budget", labels=["what"])
        for what, size in responses.weights.items():
            weight.add_metric([what], size)
        yield weight
        yield GaugeMetricFamily("feedsvc_processes", "Processes that extract just now", _children())


def _answers(counts: Counts) -> Metric:
    family = CounterMetricFamily("feedsvc_answers", "Answers by format and status", labels=["format", "code"])
    for form, statuses in sorted(counts.copy().items()):
        codes: Counter[str] = Counter()
        for status, count in statuses.copy().items():  # others go on counting
            codes[status[:3]] += count
        for code, count in sorted(codes.items()):
            family.add_metric([form, code], count)
    return family


def _holdings(edition: Edition) -> Iterator[Metric]:
    yield GaugeMetricFamily("feedsvc_articles", "Articles that are served", len(edition.articles))
    yield GaugeMetricFamily("feedsvc_topics", "Topics that there are", len(edition.topics))
    yield GaugeMetricFamily(
        "feedsvc_generation", "The journal's generation that is served", edition.generation
    )
    yield GaugeMetricFamily("feedsvc_ready", "Whether there is something to serve", edition.ready)
    incidents = sum(each.closed is None for each in edition.incidents)
    yield GaugeMetricFamily("feedsvc_incidents_open", "What is wrong just now", incidents)
    troubles = len(edition.troubles)
    yield GaugeMetricFamily("feedsvc_journal_troubles", "What is wrong with the journal just now", troubles)


def _sources(health: Mapping[str, Health]) -> Iterator[Metric]:
    documents = GaugeMetricFamily("feedsvc_source_documents", "Documents of a source", labels=["source"])
    failures = GaugeMetricFamily("feedsvc_source_failures", "Failed looks in a row", labels=["source"])
    what = "When a source was read last, in seconds since the epoch"
    read = GaugeMetricFamily("feedsvc_source_last_success_timestamp_seconds", what, labels=["source"])
    for name, each in sorted(health.items()):
        documents.add_metric([name], each.documents)
        failures.add_metric([name], each.failures)
        if each.last_success:
            read.add_metric([name], each.last_success.timestamp())
    yield from (documents, failures, read)


def _children() -> int:
    """Return how many processes this one started and has still."""
    lists = (each.read_bytes() for each in _CHILDREN.glob("*/children"))
    return sum(len(pids.split()) for pids in lists)
