"""Whatever the bytes: an article or a reason, valid feeds, in time."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsvc.extract import MEDIA_TYPES, extract
from feedsvc.feeds import FORMATS, write
from feedsvc.model import Article, Document, Hints, Skipped
from tests.builders import QUICK, SITE, feed
from tests.mutation import document

pytestmark = pytest.mark.real_time

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HINTS = Hints(source="mutated", timezone="Asia/Shanghai")
PATIENCE = 5  # seconds of processor time
BATCH = 20  # articles of a feed
ATOM = "{http://www.w3.org/2005/Atom}"


def articles(documents: Iterable[Document]) -> Iterator[Article]:
    """Yield what becomes of documents, each in time and each an article or a reason."""
    for each in documents:
        began = time.process_time()
        found = extract(each, HINTS, NOW)
        assert time.process_time() - began < PATIENCE, each.key
        if isinstance(found, Skipped):
            assert found.reason, each.key
        else:
            yield replace(found, sequence=1)


def assert_valid_feeds(batch: list[Article]) -> None:
    """Parse what every format makes of articles; none may be missing."""
    shown = feed(*batch)
    rss = etree.fromstring(write("rss", shown, SITE))
    assert [item.findtext("guid") for item in rss.iter("item")] == [each.id for each in batch]
    assert all(item.findtext("title") for item in rss.iter("item"))
    atom = etree.fromstring(write("atom", shown, SITE))
    entries = atom.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [each.id for each in batch]
    assert all(entry.findtext(f"{ATOM}title") and entry.findtext(f"{ATOM}updated") for entry in entries)
    items = json.loads(write("json", shown, SITE))["items"]
    assert [item["id"] for item in items] == [each.id for each in batch]
    assert set(FORMATS) == {"rss", "atom", "json"}


def assert_survived(numbers: range) -> None:
    found = articles(document(number) for number in numbers)
    while batch := list(islice(found, BATCH)):
        assert_valid_feeds(batch)


def test_two_thousand_broken_documents_break_nothing() -> None:
    assert_survived(range(2_000))


@pytest.mark.long
def test_a_million_broken_documents_break_nothing() -> None:
    assert_survived(range(2_000, 1_002_000))


@given(st.binary(max_size=4096), st.sampled_from(sorted(MEDIA_TYPES.values())))
def test_any_bytes_break_nothing(content: bytes, media_type: str) -> None:
    made = Document(source="any", key="k", media_type=media_type, content=content, location="k")
    for found in articles([made]):
        assert_valid_feeds([found])


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".md", "[" * 20_000),
        (".md", "![](" * 20_000),
        (".md", "*_" * 50_000),
        (".md", "> " * 5_000 + "x"),
        (".md", "- " * 5_000 + "x"),
        (".md", "---\n" + "a: [" * 4_000 + "\n---\n"),
        (".txt", "x" * 1_000_000),
        (".txt", "字" * 1_000_000),
        (".txt", "字，" * 500_000),
        (".txt", "1 " * 500_000),
        (".txt", "记者 " * 300_000),
        (".txt", "A line of the town.\n" * 200_000),
        (".txt", "\n" * 1_000_000),
        (".txt", "2024-01-02\n" * 100_000),
        (".txt", "• Related stories\n" * 50_000),
        (".txt", "Related stories\nThe weir is mended\n" * 50_000),
        (".txt", "力争到" * 300_000),
        (".txt", "will in " * 100_000),
        (".txt", "\u0301" * 500_000),
    ],
    ids=lambda given: given[:12] if len(given) > 4 else given,
)
def test_what_is_made_to_be_slow_is_quick_or_refused(suffix: str, content: str) -> None:
    made = Document(
        source="slow",
        key="k",
        media_type=MEDIA_TYPES[suffix],
        content=content.encode(),
        location=f"k{suffix}",
    )
    taken = []
    for _ in range(2):  # the first time may load a library
        began = time.process_time()
        extract(made, HINTS, NOW)
        taken.append(time.process_time() - began)
    assert min(taken) <= QUICK
