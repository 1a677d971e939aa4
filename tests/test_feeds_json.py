"""JSON Feed 1.1: what its prose asks for."""

import json
from dataclasses import replace
from typing import Any

from feedsvc.feeds import Feed, write
from tests.builders import SITE, article, feed, rich

Json = Any


def shown(content: Feed) -> Json:
    return json.loads(write("json", content, SITE))


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
        "attachments": [
            {
                "url": "https://example.org/talk.mp3?a=1&b=2",
                "mime_type": "audio/mpeg",
                "title": "A talk on “reeds” & rain",
                "size_in_bytes": 4_200_000,
            },
            {"url": "https://example.org/map.pdf", "mime_type": "application/pdf"},
        ],
        "_source": {
            "id": "https://hill.example.net/feed?a=1&b=2",
            "title": "Hill & Dale <gazette>",
            "feed_url": "https://hill.example.net/feed.atom?a=1&b=2",
        },
        "_via": {"urls": list(rich().via)},
    }


def test_a_json_item_leaves_out_what_the_article_does_not_have() -> None:
    (item,) = shown(feed(article(language=None, summary="", html="")))["items"]
    assert item.keys() == {
        *("id", "url", "title", "content_html", "content_text", "date_published", "date_modified")
    }
    assert item["content_html"] == ""


def test_a_json_feed_is_utf_8_without_escapes() -> None:
    content = write("json", feed(rich()), SITE)
    assert "林见鹿".encode() in content
    assert not content.startswith(b"\xef\xbb\xbf")


def test_a_json_feed_leads_on_to_its_archive_and_a_page_to_the_one_before() -> None:
    assert "next_url" not in shown(feed(article()))
    assert shown(feed(article(), older=3))["next_url"] == "https://feeds.example.org/latest/archive/3.json"
    page = shown(feed(article(), page=3, older=2))
    assert page["feed_url"] == "https://feeds.example.org/latest/archive/3.json"
    assert page["next_url"] == "https://feeds.example.org/latest/archive/2.json"
    assert page["home_page_url"] == "https://feeds.example.org/latest"
    assert "next_url" not in shown(feed(article(), page=1))


def test_a_json_feed_names_the_hubs_that_tell_subscribers() -> None:
    site = replace(SITE, hubs=("https://hub.example.org/?a=1", "https://other.example.org/"))
    assert json.loads(write("json", feed(), site))["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example.org/?a=1"},
        {"type": "WebSub", "url": "https://other.example.org/"},
    ]
    assert "hubs" not in shown(feed())
