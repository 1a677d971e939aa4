import gzip
import json

import pytest

from feedsvc.extract import guess
from feedsvc.listed import Guess, Kind, Subscription

BASE = "https://osk.example/boats/news"
TITLES = ["Ferry resumes after the repairs", "Council buys electric ploughs", "Old mill reopens as library"]


def rows(count: int, more: str = "") -> str:
    return "".join(f'<li><a href="/n/{n}">{TITLES[n % 3]}, no. {n}</a>{more}</li>' for n in range(count))


SENTENCE = "The water stood high in the harbour and nobody went out. "
PROSE = f"<p>{SENTENCE * 4}</p>" * 12


def described(*types: str) -> str:
    """Return JSON-LD of so many things."""
    return f'<script type="application/ld+json">{json.dumps([{"@type": each} for each in types])}</script>'


@pytest.mark.parametrize(
    ("content", "url", "kind", "words"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1"}', BASE, "feed", "JSON Feed"),
        (b"<?xml version='1.0'?><rss/>", BASE, "feed", "<rss>"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", BASE, "feed", "<feed>"),
        (b"<rdf:RDF xmlns:rdf='x'/>", BASE, "feed", "<RDF>"),
        ("<?xml version='1.0' encoding='utf-16'?><rss/>".encode("utf-16"), BASE, "feed", "<rss>"),
        (b"<urlset/>", BASE, "sitemap", "<urlset>"),
        (b"<sitemapindex/>", BASE, "sitemap", "<sitemapindex>"),
        (gzip.compress(b"<urlset/>", mtime=0), BASE, "sitemap", "gzip"),
        (b"https://osk.example/1\nhttps://osk.example/2\n", BASE, "sitemap", "one address a line"),
        (b"Sitemap: https://osk.example/s.xml", "https://osk.example/robots.txt", "sitemap", "robots.txt"),
        (b"User-agent: *", "https://osk.example/robots.txt", "page", "no links"),
        (b"<opml/>", BASE, "opml", "<opml>"),
        (b"", BASE, "page", "nothing"),
        (b"\x89PNG\r\n\x1a\n\0", BASE, "page", "nothing"),
        (b"<div>" * 600, BASE, "page", "nothing"),
        (rows(2).encode(), BASE, "page", "2 links"),
        (PROSE.encode(), BASE, "page", "no links"),
        (rows(9).encode(), BASE, "listing", "9 links that look like articles, and little text"),
        ((rows(3) + PROSE).encode(), BASE, "page", "more text of its own"),
        ((rows(3) + PROSE).encode(), "https://osk.example/", "listing", "first page"),
        ((rows(9, " 3 May 2026") + PROSE).encode(), BASE, "listing", "9 of 9 links"),
        (rows(9).encode(), "https://osk.example/2026/11/03/ferry", "page", "address"),
        (rows(9).encode(), "https://osk.example/ferry-resumes-after-repairs", "page", "address"),
        (rows(9).encode(), "https://osk.example/topics/ferries-and-boats-and-oars", "listing", "9 links"),
        (b'<meta property="og:type" content="Article">' + rows(9).encode(), BASE, "page", "og:type"),
        (b'<meta property="og:type" content="website">' + rows(9).encode(), BASE, "listing", "9 links"),
        ((described("NewsArticle") + rows(9)).encode(), BASE, "page", "JSON-LD"),
        ((described(*["BlogPosting"] * 3) + rows(9)).encode(), BASE, "listing", "9 links"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_an_answer_is_guessed_and_it_is_said_why(content: bytes, url: str, kind: Kind, words: str) -> None:
    found = guess.kind(content, url)
    assert found.kind == kind
    assert words in found.why
    assert found.feeds == ()


def test_a_page_names_its_feeds_best_first() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="RSS  of Osk" href="/rss">'
        '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="atom">'
        '<link rel="alternate" type="application/feed+json" href="/json">'
        '<link rel="alternate" hreflang="de" href="/de">'
        '<link rel="stylesheet" type="application/rss+xml" href="/x">'
        '<link rel="alternate" type="application/rss+xml">'
        '<link rel="alternate" type="application/rss+xml" title="again" href="/rss">'
    )
    feeds = (
        Subscription(url="https://osk.example/boats/atom"),
        Subscription(url="https://osk.example/rss", title="RSS of Osk"),
        Subscription(url="https://osk.example/json"),
    )
    assert guess.kind((head + PROSE).encode(), BASE).feeds == feeds


def test_the_header_says_the_charset() -> None:
    head = '<link rel="alternate" type="application/rss+xml" title="临江要闻" href="/r">'
    found = guess.kind((head + rows(9)).encode("gb18030"), BASE, "text/html; charset='GBK'")
    feeds = (Subscription(url="https://osk.example/r", title="临江要闻"),)
    assert found == Guess(kind="listing", why=found.why, feeds=feeds)
