"""What ingest needs to tell changed from unchanged: the documents met, and those that are missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern
from typing import Any

from msgspec import structs

from feedsvc.model import Change, Known
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.layers import layered
from feedsvc.store.rows import decode, document_key, document_name, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """By source, then by key."""

    known: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    """Known documents that scans do not find, and since when."""
    samples: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Lines of some of a source's flattened pages, the oldest page first."""


def remember(memory: Memory, delta: Delta) -> Memory:
    """Return the memory after a delta; what it does not touch is the same object."""
    before = Memory() if delta.whole else memory
    return Memory(
        known=_after(before.known, "known", delta),
        missing=_after(before.missing, "missing", delta),
        samples=_samples(before.samples, delta),
    )


def memory_rows(memory: Memory, change: Change) -> Iterator[tuple[RowKey, bytes | None]]:
    """Yield the rows by which a change alters what is remembered of its source."""
    source = change.health.source
    known, missing = memory.known.get(source, {}), memory.missing.get(source, {})
    for key, met in change.known.items():
        if known.get(key) != met:
            yield ("known", document_name(source, key)), encode(met)
    for key in change.forgotten:
        if key in known:
            yield ("known", document_name(source, key)), None
    for key, since in change.missing.items():
        if missing.get(key) != since:
            yield ("missing", document_name(source, key)), encode(since)
    for key in missing.keys() - change.missing.keys():
        yield ("missing", document_name(source, key)), None
    if change.sample is not None and change.sample != memory.samples.get(source):
        yield ("sample", source), _spelled(change.sample)


def all_memory_rows(memory: Memory) -> Iterator[tuple[RowKey, bytes]]:
    """Yield all rows of a memory."""
    for kind, by_source in (("known", memory.known), ("missing", memory.missing)):
        for source, by_key in by_source.items():
            for key, value in by_key.items():
                yield (kind, document_name(source, key)), encode(value)
    for source, sample in memory.samples.items():
        yield ("sample", source), _spelled(sample)


def _spelled(sample: Mapping[str, frozenset[str]]) -> bytes:
    """Return a sample in one row: its pages have an order."""
    return encode(tuple((key, tuple(sorted(lines))) for key, lines in sample.items()))


def _shared(value: Any) -> Any:  # noqa: ANN401 (a Known or a datetime)
    """Let what names an article be the same object as its id."""
    if isinstance(value, Known) and value.article:
        structs.force_setattr(value, "article", intern(value.article))
    return value


def _samples(
    before: Mapping[str, Mapping[str, frozenset[str]]], delta: Delta
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    changed = {
        row[1]: decode(row, value) for row, value in delta.rows.items() if value and row[0] == "sample"
    }
    read = {source: {key: frozenset(lines) for key, lines in sample} for source, sample in changed.items()}
    return {**before, **read} if read else before


def _after(
    before: Mapping[str, Mapping[str, Any]], kind: str, delta: Delta
) -> Mapping[str, Mapping[str, Any]]:
    changed: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row, value in delta.rows.items():
        if row[0] == kind:
            source, key = document_key(row[1])
            changed[source][intern(key)] = None if value is None else _shared(decode(row, value))
    kept = {source: layered(before.get(source, {}), values) for source, values in changed.items()}
    return {**before, **kept} if kept else before
