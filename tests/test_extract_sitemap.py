import gzip
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedsvc.extract import sitemap
from feedsvc.listed import Item, Sitemap

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
PAGES = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NAMESPACES}>
 <url><loc>https://osk.example/a?x=1&amp;y=2</loc><lastmod>2026-11-02T10:00:00+02:00</lastmod>
  <image:image><image:loc>https://osk.example/a.jpg</image:loc>
  <image:title>No title</image:title></image:image></url>
 <url><loc> https://osk.example/b&c=1#d </loc><lastmod>2026-11-03</lastmod>
  <news:news><news:publication_date>2026-11-01T08:00Z</news:publication_date><news:title>Ferry
   resumes</news:title></news:news></url>
 <url><loc>https://osk.example/a?x=1&amp;y=2</loc></url><url><loc/></url><url/>
</urlset>"""
ITEMS = (
    Item(
        url="https://osk.example/a?x=1&y=2",
        modified=datetime(2026, 11, 2, 10, tzinfo=timezone(timedelta(hours=2))),
    ),
    Item(
        url="https://osk.example/b&c=1",
        title="Ferry resumes",
        published=datetime(2026, 11, 1, 8, tzinfo=UTC),
        modified=datetime(2026, 11, 3),  # noqa: DTZ001 - no zone was written
    ),
)


@pytest.mark.parametrize(
    "content",
    [
        PAGES.encode(),
        gzip.compress(PAGES.encode()),
        PAGES.replace("UTF-8", "UTF-16").encode("utf-16"),
        PAGES.replace(f" {NAMESPACES}", f" {NAMESPACES.replace('xmlns=', 'xmlns:s=')}").encode(),
    ],
    ids=["plain", "gzip", "utf-16", "without a namespace"],
)
def test_a_sitemap_lists_documents_with_their_dates(content: bytes) -> None:
    assert sitemap.read(content) == Sitemap(items=ITEMS)


def test_an_index_lists_sitemaps() -> None:
    index = (
        b"<sitemapindex><sitemap><loc>https://osk.example/1.xml.gz</loc>"
        b"<lastmod>2026-11-03T00:00:00Z</lastmod></sitemap></sitemapindex>"
    )
    at = datetime(2026, 11, 3, tzinfo=UTC)
    assert sitemap.read(index) == Sitemap(sitemaps=(Item(url="https://osk.example/1.xml.gz", modified=at),))


def test_lines_of_text_are_a_sitemap() -> None:
    found = sitemap.read(b"https://osk.example/1\r\n\r\nnothing\nhttps://osk.example/2\n")
    assert [item.url for item in found.items] == ["https://osk.example/1", "https://osk.example/2"]


@pytest.mark.parametrize(
    ("content", "words", "count"),
    [
        (b"<html></html>", "no sitemap", 0),
        (
            b"<!DOCTYPE urlset [<!ENTITY a 'b'>]><urlset><url><loc>&a;</loc></url></urlset>",
            "document type",
            0,
        ),
        (gzip.compress(b"<urlset>" + b" " * (11 << 20) + b"</urlset>"), "more than 10 MiB", 0),
        (b"<urlset>" + b" " * (11 << 20) + b"</urlset>", "more than 10 MiB", 0),
        (gzip.compress(PAGES.encode())[:-9], "gzip without an end", 2),
        (b"\x1f\x8bnothing of the kind", "broken gzip", 0),
        (b"<urlset " + b"a='1' " * 2_000 + b"/>", "attributes", 0),
        (
            b"<urlset>" + b"<url><loc>https://osk.example/1</loc></url>" * 50_001 + b"</urlset>",
            "50,000 entries",
            1,
        ),
    ],
    ids=["html", "entities", "bomb", "long", "cut", "broken", "attributes", "many"],
)
def test_what_cannot_be_read_is_told_and_the_rest_kept(content: bytes, words: str, count: int) -> None:
    found = sitemap.read(content)
    assert words in found.problem
    assert len(found.items) == count


def test_nothing_is_expanded_and_no_file_is_read() -> None:
    include = (
        b'<urlset xmlns:xi="http://www.w3.org/2001/XInclude"><url><loc>'
        b'<xi:include href="/etc/hostname" parse="text"/></loc></url><url><loc>&file;</loc></url></urlset>'
    )
    assert sitemap.read(include) == Sitemap()


def test_no_more_than_the_limit_is_listed_of_lines() -> None:
    lines = "\n".join(f"https://osk.example/{number}" for number in range(sitemap.MOST + 5))
    assert len(sitemap.read(lines.encode()).items) == sitemap.MOST


@pytest.mark.parametrize(
    "content",
    [
        b"<" * 1_000_000,
        b"<urlset>" + b"<url>" * 100_000,
        b"<urlset><url>" + b"<x/>" * 900_000,
        b"<urlset>" + b"&" * 1_000_000,
    ],
    ids=["brackets", "nested", "children", "references"],
)
def test_hostile_sitemaps_take_no_time(content: bytes) -> None:
    begun = time.process_time()
    assert sitemap.read(content).items == ()
    assert time.process_time() - begun < 12  # watched, on a busy machine; half a second alone


def test_robots_name_sitemaps() -> None:
    robots = (
        b"User-agent: *\r\nDisallow: /x\r\n  SITEMAP : https://osk.example/1.xml # all\r\nSitemap:/2.xml\n"
        b"sitemap: https://osk.example/1.xml\nSitemap: https://osk.example/\xc3\xbc.xml"
    )
    assert sitemap.named_in_robots(robots) == ("https://osk.example/1.xml", "https://osk.example/%C3%BC.xml")
    assert sitemap.named_in_robots(b"") == ()
