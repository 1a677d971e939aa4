"""JSON Feed 1.1: its schema and what its prose asks for."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT4

from feedsvc.feeds import Feed, write
from tests.builders import SITE, article, feed, rich

Json = Any
Validator = Any
"""jsonschema has no types."""

FEEDS = [feed(), feed(article()), feed(rich(), article(2, language=None, summary="", html=""))]


def shown(content: Feed) -> Json:
    return json.loads(write("json", content, SITE))


@pytest.fixture(scope="module")
def validator(schemas: Path) -> Validator:
    """Return a validator that finds the one schema through the other, without a network."""
    schema, shared = (json.loads((schemas / name).read_bytes()) for name in ("feed.json", "feed-1.json"))
    part = DRAFT4.create_resource(shared)
    base = schema["id"].rsplit("/", 1)[0]
    names = {f"{base}/feed-1", f"{base}/feed-1.json", shared["id"].rstrip("#")}
    registry: Registry[Any] = Registry().with_resources((name, part) for name in sorted(names))
    draft = jsonschema.Draft4Validator
    return draft(schema, registry=registry, format_checker=draft.FORMAT_CHECKER)


@pytest.mark.parametrize("content", FEEDS)
def test_a_json_feed_is_valid_by_its_schema(content: Feed, validator: Validator) -> None:
    assert [error.message for error in validator.iter_errors(shown(content))] == []


def test_the_schema_would_see_a_fault(validator: Validator) -> None:
    assert not validator.is_valid({"version": "https://jsonfeed.org/version/1.1", "title": "no items"})


def test_a_json_feed_says_where_it_stands_and_who_publishes() -> None:
    said = shown(feed(path="/topics/社区", title="社区", language="zh-Hans"))
    assert said == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "社区",
        "home_page_url": "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA",
        "feed_url": "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.json",
        "description": "The newest articles of Town news",
        "language": "zh-Hans",
        "authors": [{"name": "Town news"}],
        "items": [],
    }


def test_a_json_item_holds_the_article_in_full() -> None:
    (item,) = shown(feed(rich()))["items"]
    assert item == {
        "id": rich().id,
        "url": rich().url,
        "title": rich().title,
        "summary": rich().summary,
        "content_html": rich().html,
        "content_text": rich().text,
        "image": rich().images[0],
        "date_published": "2024-03-04T21:00:00Z",
        "date_modified": "2024-03-07T12:00:00Z",
        "authors": [{"name": name} for name in rich().authors],
        "tags": ["社区", "R&D"],
        "language": "zh-Hans",
    }


def test_a_json_item_leaves_out_what_the_article_does_not_have() -> None:
    (item,) = shown(feed(article(language=None, summary="", html="")))["items"]
    assert item.keys() & {"image", "authors", "tags", "language", "summary"} == set()
    assert item["content_html"] == ""


def test_a_json_feed_is_utf_8_without_escapes() -> None:
    content = write("json", feed(rich()), SITE)
    assert "林见鹿".encode() in content
    assert not content.startswith(b"\xef\xbb\xbf")
