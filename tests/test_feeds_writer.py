"""Feeds out of kept entries: the bytes of a feed written as a whole, for the work of what changed."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import text
from feedsvc.feeds import FORMATS, Feed, Site, Writer, placed, write
from feedsvc.feeds.json import json_item
from feedsvc.feeds.writer import ENTRY_BYTES
from feedsvc.feeds.xml import entry_of, generator_of, with_numbers
from feedsvc.model import Enclosure, Tombstone, Upstream
from tests.builders import NOON, SITE, article, feed, rich, topic

LINES = st.text(st.characters(), min_size=1).map(text.one_line).filter(bool)
BODIES = st.lists(
    st.one_of(LINES, st.sampled_from(["<p>", "&amp;", "]]>", "<title>&amp;</title>", "\n"]))
).map("".join)
ENCLOSURES = st.builds(
    Enclosure,
    url=st.just("https://example.org/a?b=1&c=2"),
    media_type=st.sampled_from(["audio/mpeg", "application/pdf"]),
    length=st.integers(0, 9),
    title=st.one_of(st.just(""), LINES),
)
UPSTREAMS = st.builds(
    Upstream, id=LINES, title=LINES, url=st.just("https://example.org/feed?a&b"), updated=st.just(NOON)
)
ARTICLES = st.builds(
    article,
    st.integers(0, 99),
    title=LINES,
    summary=st.one_of(st.just(""), LINES),
    html=BODIES,
    text=BODIES,
    updated=st.integers(0, 10**7).map(lambda seconds: NOON + timedelta(seconds=seconds, microseconds=5)),
    authors=st.lists(LINES, max_size=2).map(tuple),
    language=st.sampled_from([None, "en", "zh-Hans"]),
    topics=st.lists(LINES.map(topic), max_size=2).map(tuple),
    images=st.sampled_from([(), ("https://example.org/a.png?b&c",)]),
    enclosures=st.lists(ENCLOSURES, max_size=2).map(tuple),
    upstream=st.one_of(st.none(), UPSTREAMS),
    via=st.sampled_from([(), ("https://example.org/b?a&c",)]),
    url=st.sampled_from([None, "https://example.org/c?a&d"]),
)
TOMBSTONES = st.lists(st.builds(Tombstone, id=st.just("urn:uuid:7"), at=st.just(NOON)), max_size=2).map(tuple)
SITES = st.sampled_from([SITE, replace(SITE, hubs=("https://hub.example.org/?a=1&b=2",))])


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    """Return a feed or a page of an archive, with what all formats know."""
    articles = draw(st.lists(ARTICLES, max_size=4, unique_by=lambda each: each.id))
    page, older = draw(st.sampled_from([(None, None), (None, 7), (1, None), (3, 2)]))
    title, subtitle, tombstones = draw(LINES), draw(LINES), draw(TOMBSTONES)
    query = draw(st.sampled_from(["", "?limit=5"]))
    said = {"title": title, "subtitle": subtitle, "tombstones": tombstones, "query": query}
    return feed(*articles, **said, page=page, older=older, path="/topics/社区")


def at_once(suffix: str, shown: Feed, site: Site) -> bytes:
    """Return a feed written as a whole: by feedgen, or by one call for JSON."""
    if suffix == "json":
        return json_at_once(shown, site)
    generator = generator_of(shown, site, suffix)
    for each in shown.articles:
        generator.add_entry(entry_of(placed(each, site.base_url), site), order="append")
    return with_numbers(generator.rss_str()) if suffix == "rss" else bytes(generator.atom_str())


def json_at_once(shown: Feed, site: Site) -> bytes:
    document: dict[str, Any] = json.loads(write("json", replace(shown, articles=()), site))
    document["items"] = [json.loads(json_item(placed(each, site.base_url), site)) for each in shown.articles]
    return json.dumps(document, ensure_ascii=False).encode()


@pytest.mark.parametrize("suffix", FORMATS)
@given(shown=feeds(), site=SITES)
def test_a_feed_of_kept_entries_is_byte_for_byte_the_feed_written_at_once(
    suffix: str, shown: Feed, site: Site
) -> None:
    writer, whole = Writer(site), at_once(suffix, shown, site)
    assert writer.write(suffix, shown) == whole
    assert writer.write(suffix, shown) == whole
    assert write(suffix, shown, site) == whole


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_rich_in_everything_is_written_the_same_at_once(suffix: str) -> None:
    pictured = article(
        3,
        files=("lake.png",),
        images=(f"/articles/{article(3).id.removeprefix('urn:uuid:')}/files/lake.png",),
    )
    shown = feed(rich(), article(2), pictured, tombstones=(Tombstone(id="urn:uuid:7", at=NOON),), older=4)
    assert Writer(SITE).write(suffix, shown) == at_once(suffix, shown, SITE)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_article_that_changed_is_written_anew_and_no_other(suffix: str) -> None:
    writer, told = Writer(SITE), [article(number, title=f"Told {number}") for number in (1, 2)]
    writer.write(suffix, feed(*told))
    object.__setattr__(told[0], "title", None)  # nothing could write it now
    shown = writer.write(suffix, feed(told[0], replace(told[1], title="Told anew")))
    assert b"Told 1" in shown
    assert b"Told anew" in shown
    assert b"Told 2" not in shown


@pytest.mark.parametrize("suffix", FORMATS)
def test_feeds_share_their_entries(suffix: str) -> None:
    writer, shared = Writer(SITE), article(1)
    writer.write(suffix, feed(shared))
    object.__setattr__(shared, "title", None)  # nothing could write it now
    assert b"Story 1" in writer.write(suffix, feed(article(2), shared, path="/topics/lake"))


def test_an_equal_article_of_another_edition_has_the_same_entry() -> None:
    writer = Writer(SITE)
    first = writer.write("atom", feed(rich()))
    assert writer.write("atom", feed(rich())) == first


def test_a_page_of_an_archive_takes_no_room_from_feeds() -> None:
    writer, old = Writer(SITE), article(1)
    writer.write("rss", feed(old, page=1))
    assert writer.weight == 0
    writer.write("rss", feed(replace(old, title="Edited")))
    assert b"Edited" not in writer.write("rss", feed(old, page=1))


def test_what_is_kept_never_weighs_more_than_its_budget() -> None:
    writer = Writer(SITE, budget=5_000)
    shown = feed(*(article(number, html="x" * 900) for number in range(20)))
    assert writer.write("rss", shown) == write("rss", shown, SITE)
    assert 3_000 < writer.weight <= 5_000 < ENTRY_BYTES


def test_one_article_that_cannot_be_written_costs_no_other_and_is_told_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer, bad = Writer(SITE), article(1, title="\x00")
    shown = feed(article(2), bad)
    for _ in range(2):
        assert writer.write("atom", shown).count(b"<entry") == 1
    assert caplog.text.count(f"cannot write article {bad.id} (1.txt) into /latest") == 2
