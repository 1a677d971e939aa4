import time

import pytest

from feedsvc.fetch.robots import MOST, OPEN, Rules, parse, product

SITE = "https://news.example.org"


def rules(text: str, agent: str = "feedsvc/0.4.0 (+https://feeds.example.org)") -> Rules:
    return parse(text.encode(), agent)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /夏", "/%E5%A4%8F", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: feedsvc\nDisallow: /b", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: FeedSvc/9.9\nDisallow: /b", "/b", False),
        ("user-agent : feedsvc # us\ndisallow: /b", "/b", False),
        ("User-agent: other\nUser-agent: feedsvc\nDisallow: /b", "/b", False),
        ("User-agent: feedsvc\nDisallow: /a\nUser-agent: feedsvc\nDisallow: /b", "/a", False),
        ("User-agent: feed\nDisallow: /", "/a", True),
        ("User-agent: feedsvc-news\nDisallow: /", "/a", True),
        ("User-agent: svc\nDisallow: /", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("<!doctype html><title>Disallow: /</title>", "/a", True),
    ],
)
def test_a_robots_txt_is_obeyed(text: str, path: str, allowed: bool) -> None:  # noqa: FBT001
    assert rules(text).allow(SITE + path) == allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 86400", 10),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: feedsvc\nCrawl-delay: 3", 3),
    ],
)
def test_a_crawl_delay_is_honoured_within_reason(text: str, delay: float) -> None:
    assert rules(text).delay == delay


def test_a_host_without_rules_is_open() -> None:
    assert OPEN.allow(SITE + "/a")
    assert OPEN.sitemaps == ()


def test_sitemaps_are_named_for_all() -> None:
    text = f"Sitemap: {SITE}/a.xml\nUser-agent: other\nDisallow: /\nsitemap: {SITE}/b.xml.gz"
    assert rules(text).sitemaps == (f"{SITE}/a.xml", f"{SITE}/b.xml.gz")


@pytest.mark.parametrize(
    ("agent", "token"),
    [("feedsvc/0.4.0 (+x)", "feedsvc"), ("Example-Reader", "Example-Reader"), ("7", "another")],
)
def test_the_product_of_a_user_agent_is_what_robots_txt_calls_us(agent: str, token: str) -> None:
    assert product(agent) == token


@pytest.mark.parametrize(
    "line", ["Disallow: /" + "*a" * 100, "Disallow: /a*b$c", "User-agent: x", "Disallow: /%", "\u2028" * 50]
)
def test_the_longest_robots_txt_is_read_in_no_time(line: str) -> None:
    text = "User-agent: *\n" + f"{line}\n" * (MOST // len(line.encode()))
    started = time.process_time()
    rules(text).allow(SITE + "/" + "a" * 2000)
    assert time.process_time() - started < 5
