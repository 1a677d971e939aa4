"""A body made a prepared response: its codings, its tags, its headers."""

import hashlib
import re
from dataclasses import replace
from email.utils import formatdate

import pytest

from feedsvc.feeds import Link
from feedsvc.web.conditional import Prepared
from feedsvc.web.representation import Representation, feed_links, squeezed
from tests.builders import SITE, START, article, feed
from tests.test_web_coding import UNPACK

NOW = START.timestamp() + 5
BODY = b"<feed>" + b"<entry/>" * 99 + b"</feed>"
PLAIN = Representation(
    body=BODY,
    content_type="application/atom+xml; charset=utf-8",
    modified=int(START.timestamp()),
    max_age=300,
    links=(Link(rel="self", href="https://feeds.example.org/latest.atom"),),
)


def ready(told: Representation = PLAIN, now: float = NOW) -> Prepared:
    """Return a response with all its variants."""
    return squeezed(told.prepared(now))


def test_a_response_is_there_as_it_is_before_it_is_compressed() -> None:
    prepared = PLAIN.prepared(NOW)
    assert prepared.offered == ("identity",)
    assert prepared.identity == ready().identity


def test_the_body_is_prepared_in_every_coding_the_smallest_first_and_as_it_is_last() -> None:
    prepared = ready()
    assert set(prepared.variants) == {"gzip", "br", "zstd", "identity"}
    assert prepared.offered == tuple(prepared.variants)
    sizes = [len(variant.body) for variant in prepared.variants.values()]
    assert sizes == sorted(sizes)
    assert prepared.identity.body == BODY
    for name, unpack in UNPACK.items():
        assert unpack(prepared.variants[name].body) == BODY


def test_a_coding_that_makes_a_body_no_smaller_is_not_offered() -> None:
    assert ready(replace(PLAIN, body=b"<a/>")).offered == ("identity",)


def test_the_tag_is_a_hash_of_the_body_and_each_coding_has_its_own() -> None:
    prepared = ready()
    digest = hashlib.sha256(BODY).hexdigest()[:32]
    assert prepared.identity.etag == f'"{digest}"'
    for name in UNPACK:
        assert prepared.variants[name].etag == f'"{digest}-{name}"'
    other = ready(replace(PLAIN, body=BODY + b" "))
    assert {each.etag for each in other.variants.values()}.isdisjoint(
        each.etag for each in prepared.variants.values()
    )


def test_the_same_representation_is_prepared_the_same_now_and_later() -> None:
    assert ready() == ready(now=NOW + 86_400)


def test_the_headers_say_all_that_a_cache_needs() -> None:
    headers = dict(PLAIN.prepared(NOW).identity.headers)
    assert headers == {
        "Content-Type": "application/atom+xml; charset=utf-8",
        "Cache-Control": "max-age=300, stale-while-revalidate=300, stale-if-error=86400",
        "Last-Modified": formatdate(START.timestamp(), usegmt=True),
        "Vary": "Accept-Encoding, Sec-Fetch-Dest",
        "Link": '<https://feeds.example.org/latest.atom>; rel="self"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Access-Control-Allow-Origin": "*",
        "Content-Length": str(len(BODY)),
        "ETag": PLAIN.prepared(NOW).identity.etag,
    }


@pytest.mark.parametrize("coding", UNPACK)
def test_a_coding_changes_encoding_length_and_tag_and_no_other_header(coding: str) -> None:
    prepared = ready()
    plain, coded = dict(prepared.identity.headers), dict(prepared.variants[coding].headers)
    assert coded.pop("Content-Encoding") == coding
    assert coded.pop("Content-Length") == str(len(prepared.variants[coding].body))
    assert coded.pop("ETag") == prepared.variants[coding].etag
    assert coded.items() <= plain.items()
    assert plain.keys() - coded.keys() == {"Content-Length", "ETag"}


@pytest.mark.parametrize("coding", [*UNPACK, "identity"])
def test_a_304_repeats_what_guides_a_cache_and_nothing_that_describes_the_body(coding: str) -> None:
    variant = ready().variants[coding]
    assert variant.headers_304 == [
        header
        for header in variant.headers
        if header[0] in {"Cache-Control", "Last-Modified", "Vary", "ETag"}
    ]
    assert len(variant.headers_304) == 4


def test_the_date_is_never_shown_later_than_now_and_is_compared_as_it_is() -> None:
    early = PLAIN.prepared(START.timestamp() - 0.4)
    assert dict(early.identity.headers)["Last-Modified"] == formatdate(START.timestamp() - 1, usegmt=True)
    assert early.modified == START.timestamp()


def test_a_feed_names_itself_its_hubs_its_page_and_its_other_formats() -> None:
    site = replace(SITE, hubs=("https://hub.example.org/",))
    stem = "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA"
    shown = feed(article(), path="/topics/社区", older=2)
    assert list(feed_links(shown, "atom", site)) == [
        Link(rel="self", href=f"{stem}.atom"),
        Link(rel="hub", href="https://hub.example.org/"),
        Link(rel="alternate", href=stem, type="text/html"),
        Link(rel="alternate", href=f"{stem}.rss", type="application/rss+xml"),
        Link(rel="alternate", href=f"{stem}.json", type="application/feed+json"),
        Link(rel="prev-archive", href=f"{stem}/archive/2.atom"),
    ]


def test_a_page_of_the_archive_names_its_neighbours() -> None:
    links = {link.rel: link.href for link in feed_links(feed(article(), page=2, older=1), "rss", SITE)}
    assert links["self"] == "https://feeds.example.org/latest/archive/2.rss"
    assert links["current"] == "https://feeds.example.org/latest.rss"
    assert links["next-archive"] == "https://feeds.example.org/latest/archive/3.rss"
    assert links["prev-archive"] == "https://feeds.example.org/latest/archive/1.rss"
    assert links["alternate"] == "https://feeds.example.org/latest/archive/2.json"


def test_links_are_spelled_as_the_standard_asks() -> None:
    told = replace(PLAIN, links=tuple(feed_links(feed(article(), older=1), "json", SITE))).prepared(NOW)
    spelled = [value for name, value in told.identity.headers if name == "Link"]
    assert spelled[0] == '<https://feeds.example.org/latest.json>; rel="self"'
    assert spelled[1] == '<https://feeds.example.org/latest>; rel="alternate"; type="text/html"'
    for value in spelled:
        assert re.fullmatch(r'<[\x21-\x7e]+>; rel="[a-z-]+"(; type="[a-z/+]+")?', value)
