"""What the two XML formats must hold for validators and readers."""

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from feedsvc.feeds import Feed, write
from tests.builders import NOON, SITE, article, feed, rich, topic

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
SAFE = etree.XMLParser(no_network=True, resolve_entities=False)

FEEDS = [
    feed(),
    feed(article()),
    feed(rich(), article(2), article(1)),
    feed(rich(), path="/topics/社区", title="社区 – <Town> & news", subtitle="a < b", language="zh-Hans"),
]


def root(suffix: str, shown: Feed) -> etree._Element:
    return etree.fromstring(write(suffix, shown, SITE), SAFE)


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.iterfind(path)]


@pytest.mark.parametrize("shown", FEEDS)
def test_atom_is_valid_by_the_schema_of_rfc_4287(shown: Feed, schemas: Path) -> None:
    schema = etree.RelaxNG(etree.parse(schemas / "atom-rfc4287.rng"))
    assert schema.validate(root("atom", shown)), schema.error_log


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize("shown", FEEDS)
def test_the_file_starts_as_parsers_expect(shown: Feed, suffix: str) -> None:
    content = write(suffix, shown, SITE)
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    assert b"<!DOCTYPE" not in content
    assert b"ns0:" not in content
    assert content.count(b"<?") == 1
    assert re.search(rb"<(rss|feed)[ >]", content[:512])


def test_every_atom_entry_has_one_link_with_rel_and_type() -> None:
    for entry in root("atom", feed(rich(), article(2))).iterfind(f"{ATOM}entry"):
        (link,) = entry.iterfind(f"{ATOM}link")
        assert link.get("rel") == "alternate"
        assert link.get("type") == "text/html"


def test_the_links_of_an_atom_feed_are_itself_and_its_page() -> None:
    links = root("atom", feed(article())).iterfind(f"{ATOM}link")
    assert [(link.get("rel"), link.get("type"), link.get("href")) for link in links] == [
        ("self", "application/atom+xml", "https://feeds.example.org/latest.atom"),
        ("alternate", "text/html", "https://feeds.example.org/latest"),
    ]


def test_an_atom_feed_has_an_author_though_its_articles_have_none() -> None:
    assert texts(root("atom", feed(article())), f"{ATOM}author/{ATOM}name") == ["Town news"]


def test_an_atom_body_is_declared_as_html() -> None:
    (content,) = root("atom", feed(rich())).iterfind(f"{ATOM}entry/{ATOM}content")
    assert content.get("type") == "html"


def test_an_atom_entry_names_its_language() -> None:
    entries = root("atom", feed(rich(), article(2, language=None))).iterfind(f"{ATOM}entry")
    tag = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [entry.get(tag) for entry in entries] == ["zh-Hans", None]


def test_an_rss_item_names_its_language() -> None:
    items = root("rss", feed(rich(), article(2, language=None))).iterfind("channel/item")
    assert [texts(item, f"{DC}language") for item in items] == [["zh-Hans"], []]


def test_the_channel_of_rss_links_to_the_page_not_to_the_feed() -> None:
    channel = root("rss", feed(article()))[0]
    assert texts(channel, "link") == ["https://feeds.example.org/latest"]
    (self_link,) = channel.iterfind(f"{ATOM}link")
    assert dict(self_link.items()) == {
        "rel": "self",
        "type": "application/rss+xml",
        "href": "https://feeds.example.org/latest.rss",
    }


def test_authors_without_an_address_survive_in_rss() -> None:
    (item,) = root("rss", feed(rich())).iterfind("channel/item")
    assert texts(item, f"{DC}creator") == ["林见鹿", "Ann O'Hara & Sons"]
    assert texts(item, "author") == []


def test_an_rss_item_has_a_plain_summary_and_its_whole_body() -> None:
    (item,) = root("rss", feed(rich())).iterfind("channel/item")
    assert texts(item, "description") == ["5 &lt; 6 &amp; ]]&gt; 结束"]  # a description is HTML
    assert texts(item, f"{CONTENT}encoded") == [rich().html]


def test_an_rss_guid_is_the_id_and_no_link() -> None:
    (guid,) = root("rss", feed(article())).iterfind("channel/item/guid")
    assert guid.text == article().id
    assert guid.get("isPermaLink") == "false"


def test_rss_dates_have_four_digit_years_and_numeric_zones() -> None:
    channel = root("rss", feed(article(1, updated=NOON + timedelta(days=9))))[0]
    assert texts(channel, "item/pubDate") == ["Mon, 04 Mar 2024 13:00:00 +0000"]
    assert texts(channel, f"item/{ATOM}updated") == ["2024-03-13T12:00:00Z"]
    assert texts(channel, "lastBuildDate") == ["Wed, 13 Mar 2024 12:00:00 +0000"]


def test_atom_tells_the_publication_from_the_last_change() -> None:
    (entry,) = root("atom", feed(article(1, updated=NOON + timedelta(days=9)))).iterfind(f"{ATOM}entry")
    assert texts(entry, f"{ATOM}published") == ["2024-03-04T13:00:00Z"]
    assert texts(entry, f"{ATOM}updated") == ["2024-03-13T12:00:00+00:00"]


def test_what_describes_the_channel_stands_before_its_first_item() -> None:
    names = [element.tag for element in root("rss", feed(article(2), article(1)))[0]]
    assert names.index("ttl") < names.index("item")
    assert names.index("lastBuildDate") < names.index("item")
    assert {name for name, after in pairwise(names) if after == "item"} == {"ttl", "item"}


def test_ttl_is_in_minutes() -> None:
    assert texts(root("rss", feed(ttl=300)), "channel/ttl") == ["5"]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_the_generator_is_us(suffix: str) -> None:
    shown = root(suffix, feed())
    assert texts(shown, "channel/generator") + texts(shown, f"{ATOM}generator") == ["feedsvc"]


def test_categories_carry_the_address_of_the_topics() -> None:
    told = article(topics=(topic("R&D", "r-d"),))
    (category,) = root("atom", feed(told)).iterfind(f"{ATOM}entry/{ATOM}category")
    assert dict(category.items()) == {
        "term": "R&D",
        "label": "R&D",
        "scheme": "https://feeds.example.org/topics",
    }
    (category,) = root("rss", feed(told)).iterfind("channel/item/category")
    assert (category.get("domain"), category.text) == ("https://feeds.example.org/topics", "R&D")


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_addresses_in_a_feed_are_ascii(suffix: str) -> None:
    content = write(suffix, feed(path="/topics/社区", title="x"), SITE)
    assert b"https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA" in content
    assert not re.search(rb'(?:href="|<link>)[^"<]*[\x80-\xff]', content)
