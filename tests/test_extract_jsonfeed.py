import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.extract import feed, jsonfeed
from feedsvc.listed import Entry, FeedListed
from feedsvc.model import Enclosure

BASE = "https://osk.example/feed.json"
ONE: dict[str, Any] = {
    "id": "tag:osk.example,2026:1",
    "url": "/1",
    "title": "Ferry  resumes",
    "content_html": "<p>It <a href='t'>does</a>.</p>",
    "summary": "It does.",
    "date_published": "2026-11-01T10:00:00Z",
    "date_modified": "2026-11-02T10:00:00Z",
    "authors": [{"name": "Ann Vale"}, {"url": "https://ann.example/"}],
    "tags": ["Boats", "Boats", ""],
    "language": "en",
    "attachments": [
        {"url": "/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5.0, "title": "Sound"},
        {"url": "x:y"},
        {"url": "/2"},
    ],
}


def written(*items: object, **more: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Osk", "items": items} | more
    ).encode()


def test_a_json_feed_comes_out_as_it_says() -> None:
    more = {"home_page_url": "/", "feed_url": "/f.json", "next_url": "?2", "authors": [{"name": "Quay"}]}
    found = feed.read(b"\xef\xbb\xbf" + written(ONE, {"id": 7, "content_text": "a < b"}, **more), BASE)
    assert (found.id, found.link) == ("https://osk.example/f.json", "https://osk.example/")
    assert (found.next, found.title, found.problem) == ("https://osk.example/feed.json?2", "Osk", "")
    first, second = found.entries
    assert first == Entry(
        key="tag:osk.example,2026:1",
        title="Ferry resumes",
        link="https://osk.example/1",
        html="<p>It <a href='t'>does</a>.</p>",
        base="https://osk.example/1",
        summary="It does.",
        authors=("Ann Vale",),
        categories=("Boats",),
        published=datetime(2026, 11, 1, 10, tzinfo=UTC),
        updated=datetime(2026, 11, 2, 10, tzinfo=UTC),
        language="en",
        enclosures=(
            Enclosure(url="https://osk.example/1.mp3", media_type="audio/mpeg", length=5, title="Sound"),
            Enclosure(url="https://osk.example/2", media_type="application/octet-stream"),
        ),
    )
    assert (second.key, second.text, second.authors, second.base) == ("7", "a < b", ("Quay",), BASE)


def test_version_1_and_escaped_slashes_are_read() -> None:
    old = written({"external_url": "https://fenn.example/x#y", "summary": "S", "author": {"name": "Bo"}})
    found = feed.read(old.replace(b"/version/1.1", b"/version/1").replace(b"/", b"\\/"), BASE)
    (entry,) = found.entries
    assert (entry.key, entry.text, entry.summary) == ("https://fenn.example/x#y", "S", "")
    assert entry.authors == ("Bo",)
    assert found.id == BASE


def test_one_wrong_entry_costs_no_other() -> None:
    found = feed.read(written({"id": "1", "tags": 5}, {"title": "no id"}, ONE, ONE, {"url": "x:y"}), BASE)
    assert [entry.title for entry in found.entries] == ["no id", "Ferry resumes"]
    assert found.problem == "2 empty or broken entries"


def test_a_summary_is_plain_text() -> None:
    found = feed.read(written({"id": "1", "content_text": "Long.", "summary": "a < b, use Vec<T>"}), BASE)
    assert found.entries[0].summary == "a &lt; b, use Vec&lt;T&gt;"


def test_loosely_typed_fields_cost_no_entry() -> None:
    items: list[object] = [
        {"id": "1", "attachments": [{"url": "https://osk.example/a", "size_in_bytes": "12345"}]},
        {"id": "2", "tags": ["a", None]},
        {"id": "3", "author": "Ann"},
        {"id": "4", "authors": ["Bo", {"name": "Cy"}, None]},
    ]
    found = feed.read(written(*items, title=None), BASE)
    assert (found.title, found.problem) == ("", "")
    assert [entry.authors for entry in found.entries] == [(), (), ("Ann",), ("Bo", "Cy")]
    assert found.entries[0].enclosures[0].length == 12345
    assert found.entries[1].categories == ("a",)


@pytest.mark.parametrize(
    "content",
    [
        written(ONE)[:-9],
        written(ONE, title=5),
        written() + b"[" * 1_000_000,
        written().replace(b"[]", b"[" * 1_000_000),
    ],
    ids=["cut", "wrong title", "more after it", "deep"],
)
def test_a_broken_feed_says_so(content: bytes) -> None:
    found = feed.read(content, BASE)
    assert found.problem.startswith("broken JSON Feed: ")
    assert found == FeedListed(problem=found.problem)


def test_a_deep_entry_is_a_broken_one() -> None:
    deep = written(5).replace(b"[5]", b'[{"id": "1", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]")
    assert feed.read(deep, BASE).entries == ()


def test_what_only_mentions_the_version_is_none() -> None:
    assert not jsonfeed.looks_so(b"<p>see https://jsonfeed.org/version/1.1</p>")
    assert not jsonfeed.looks_so(b'{"a": 1}')
