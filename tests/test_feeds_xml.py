"""What the two XML formats must hold for validators and readers."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from lxml import etree, html

from feedsvc.feeds import Feed, Site, write
from feedsvc.model import Enclosure, Tombstone
from tests.builders import NOON, SITE, article, feed, rich, topic

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
SAFE = etree.XMLParser(no_network=True, resolve_entities=False)

FEEDS = [
    feed(),
    feed(article()),
    feed(rich(), article(2), article(1)),
    feed(rich(), path="/topics/社区", title="社区 – <Town> & news", subtitle="a < b", language="zh-Hans"),
    feed(article(), page=3, older=2),
]


def root(suffix: str, shown: Feed) -> etree._Element:
    return etree.fromstring(write(suffix, shown, SITE), SAFE)


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.iterfind(path)]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize("shown", FEEDS)
def test_the_file_starts_as_parsers_expect(shown: Feed, suffix: str) -> None:
    content = write(suffix, shown, SITE)
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    assert b"<!DOCTYPE" not in content
    assert b"ns0:" not in content
    assert content.count(b"<?") == 1
    assert re.search(rb"<(rss|feed)[ >]", content[:512])


def test_an_atom_entry_has_one_link_to_read_it_at_and_it_comes_first() -> None:
    for entry in root("atom", feed(rich(), article(2))).iterfind(f"{ATOM}entry"):
        link, *others = entry.iterfind(f"{ATOM}link")
        assert (link.get("rel"), link.get("type")) == ("alternate", "text/html")
        assert "alternate" not in {other.get("rel", "alternate") for other in others}


def test_an_atom_entry_links_to_all_its_enclosures_and_to_where_else_it_was_published() -> None:
    (entry,) = root("atom", feed(rich())).iterfind(f"{ATOM}entry")
    _, *others = entry.iterfind(f"{ATOM}link")
    assert [dict(other.items()) for other in others] == [
        {
            "rel": "enclosure",
            "href": "https://example.org/talk.mp3?a=1&b=2",
            "type": "audio/mpeg",
            "length": "4200000",
            "title": "A talk on “reeds” & rain",
        },
        {"rel": "enclosure", "href": "https://example.org/map.pdf", "type": "application/pdf"},
        {"rel": "via", "href": "https://valley.example.net/a?b=1&c=2"},
        {"rel": "via", "href": "https://dale.example.net/3"},
    ]


def test_an_atom_entry_says_which_feed_it_came_from() -> None:
    entries = root("atom", feed(rich(), article(2))).iterfind(f"{ATOM}entry")
    sources = [list(entry.iterfind(f"{ATOM}source")) for entry in entries]
    (source,), none = sources
    assert none == []
    assert [(each.tag.removeprefix(ATOM), each.text) for each in source] == [
        ("id", "https://hill.example.net/feed?a=1&b=2"),
        ("title", "Hill & Dale <gazette>"),
        ("updated", "2024-03-06T12:00:00Z"),
        ("link", None),
    ]
    assert dict(source[3].items()) == {"rel": "self", "href": "https://hill.example.net/feed.atom?a=1&b=2"}


def test_an_rss_item_has_its_first_enclosure_and_the_feed_it_came_from() -> None:
    rich_item, plain = root("rss", feed(rich(), article(2))).iterfind("channel/item")
    (enclosure,) = rich_item.iterfind("enclosure")
    assert dict(enclosure.items()) == {
        "url": "https://example.org/talk.mp3?a=1&b=2",
        "type": "audio/mpeg",
        "length": "4200000",
    }
    (source,) = rich_item.iterfind("source")
    assert (source.get("url"), source.text) == (
        "https://hill.example.net/feed.atom?a=1&b=2",
        "Hill & Dale <gazette>",
    )
    assert not {"enclosure", "source"} & {each.tag for each in plain}


def test_an_enclosure_of_unknown_length_has_the_length_that_rss_asks_for() -> None:
    told = article(enclosures=(Enclosure(url="https://example.org/a.ogg", media_type="audio/ogg"),))
    (enclosure,) = root("rss", feed(told)).iterfind("channel/item/enclosure")
    assert enclosure.get("length") == "0"


@pytest.mark.parametrize(("suffix", "path"), [("rss", "channel/item"), ("atom", f"{ATOM}entry")])
def test_the_first_picture_leads_an_article_and_is_no_enclosure(suffix: str, path: str) -> None:
    first, plain = root(suffix, feed(rich(), article(2))).iterfind(path)
    (lead,) = first.iterfind(f"{MEDIA}content")
    assert dict(lead.items()) == {"url": "https://example.org/lake.jpg?w=1&h=2", "medium": "image"}
    assert list(plain.iterfind(f"{MEDIA}content")) == []


def related(suffix: str, shown: Feed, site: Site = SITE) -> list[tuple[str | None, str | None]]:
    """Return the links to other documents than the feed itself and its page."""
    parent = etree.fromstring(write(suffix, shown, site), SAFE)
    links = (parent[0] if suffix == "rss" else parent).iterfind(f"{ATOM}link")
    pairs = [(link.get("rel"), link.get("href")) for link in links]
    return [pair for pair in pairs if pair[0] not in {"self", "alternate"}]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_feed_links_to_its_archive_and_a_page_to_its_neighbours(suffix: str) -> None:
    stem = "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA"
    first = feed(article(), path="/topics/社区")
    assert related(suffix, first) == []
    assert related(suffix, replace(first, older=7)) == [("prev-archive", f"{stem}/archive/7.{suffix}")]
    assert related(suffix, replace(first, page=7, older=6)) == [
        ("current", f"{stem}.{suffix}"),
        ("next-archive", f"{stem}/archive/8.{suffix}"),
        ("prev-archive", f"{stem}/archive/6.{suffix}"),
    ]
    assert related(suffix, replace(first, page=1)) == [
        ("current", f"{stem}.{suffix}"),
        ("next-archive", f"{stem}/archive/2.{suffix}"),
    ]


@pytest.mark.parametrize(("suffix", "parent"), [("rss", "channel/"), ("atom", "")])
def test_only_an_archive_page_says_that_it_is_one(suffix: str, parent: str) -> None:
    assert len(list(root(suffix, feed(article(), page=2)).iterfind(f"{parent}{HISTORY}archive"))) == 1
    assert list(root(suffix, feed(article(), older=2)).iterfind(f"{parent}{HISTORY}archive")) == []


@pytest.mark.parametrize(("suffix", "parent"), [("rss", "channel/"), ("atom", "")])
def test_an_archive_page_names_its_own_address_and_the_id_of_its_feed(suffix: str, parent: str) -> None:
    page, current = (root(suffix, feed(article(), page=number)) for number in (2, None))
    (own,) = (each for each in page.iterfind(f"{parent}{ATOM}link") if each.get("rel") == "self")
    assert own.get("href") == f"https://feeds.example.org/latest/archive/2.{suffix}"
    assert texts(page, f"{ATOM}id") == texts(current, f"{ATOM}id")


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_the_hubs_stand_in_the_body(suffix: str) -> None:
    site = replace(SITE, hubs=("https://hub.example.org/?a=1&b=2", "https://other.example.org/"))
    assert related(suffix, feed(), site) == [
        ("hub", "https://hub.example.org/?a=1&b=2"),
        ("hub", "https://other.example.org/"),
    ]


def test_atom_tells_of_what_was_withdrawn() -> None:
    at = NOON + timedelta(seconds=1, microseconds=2)
    shown = feed(
        article(), tombstones=(Tombstone(id="urn:uuid:7", at=at), Tombstone(id="urn:uuid:8", at=NOON))
    )
    deleted = root("atom", shown).iterfind(f"{TOMBSTONES}deleted-entry")
    assert [dict(each.items()) for each in deleted] == [
        {"ref": "urn:uuid:7", "when": "2024-03-04T12:00:01Z"},
        {"ref": "urn:uuid:8", "when": "2024-03-04T12:00:00Z"},
    ]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_the_namespace_of_tombstones_is_declared_where_there_is_one(suffix: str) -> None:
    name = TOMBSTONES.strip("{}").encode()
    assert name not in write(suffix, feed(article()), SITE)
    shown = feed(article(), tombstones=(Tombstone(id="urn:uuid:7", at=NOON),))
    assert (name in write(suffix, shown, SITE)) == (suffix == "atom")


@pytest.mark.parametrize(
    ("title", "spelled"),
    [
        ("5 < 6 & ]]> 结束", "5 &#x3C; 6 &#x26; ]]&gt; 结束"),
        ("<b>AT&T</b>", "&#x3C;b&gt;AT&#x26;T&#x3C;/b&gt;"),
        ("&lt;", "&#x26;lt;"),
        ("plain", "plain"),
    ],
)
def test_an_rss_title_cannot_be_taken_for_mark_up(title: str, spelled: str) -> None:
    content = write("rss", feed(article(title=title), title=title), SITE)
    assert content.count(f"<title>{spelled}</title>".encode()) == 2
    assert texts(etree.fromstring(content, SAFE), "channel/item/title") == [title]


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


def test_an_archive_page_names_no_hub() -> None:
    site = replace(SITE, hubs=("https://hub.example.org/",))
    for suffix in ("rss", "atom", "json"):
        assert b"hub.example.org" not in write(suffix, feed(article(), page=2), site)
        assert b"hub.example.org" in write(suffix, feed(article()), site)


@pytest.mark.parametrize(
    "told",
    ["<b>AT&T</b>", "a &amp; b", "&#65;", "&copy 2024", "&copy; 2024", "</p>"],
)
def test_a_text_that_looks_like_html_is_declared_as_html_in_atom(told: str) -> None:
    (entry,) = root("atom", feed(article(title=told, summary=told))).iterfind(f"{ATOM}entry")
    for element in (entry.find(f"{ATOM}title"), entry.find(f"{ATOM}summary")):
        assert element is not None
        assert element.get("type") == "html"
        assert html.fragment_fromstring(element.text or "", create_parent=True).text_content() == told


@pytest.mark.parametrize("told", ["5 < 6 & 7 > 6", "AT&T", "a &b c", "plain", "<-", "if a<b"])
def test_a_plain_text_stays_plain_in_atom(told: str) -> None:
    (entry,) = root("atom", feed(article(title=told, summary=told))).iterfind(f"{ATOM}entry")
    for element in (entry.find(f"{ATOM}title"), entry.find(f"{ATOM}summary")):
        assert element is not None
        assert element.get("type") in {None, "text"}
        assert element.text == told
