"""The pages in a real browser, as people meet them."""

import gzip
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browsing import chromium, faults, site, violations
from tests.builders import Server

LARGEST = 60_000
PAINTERS = "https://pictures.example.net/painters.jpg"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with site(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """Return a wide window that reads English; whatever it complains of fails the test."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    context = browser.new_context(
        base_url=address(server), viewport={"width": 1280, "height": 900}, locale="en-GB"
    )
    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def parsed(url: str) -> feedparser.FeedParserDict:
    with urllib.request.urlopen(url) as answer:
        return feedparser.parse(answer.read())


def an_article(server: Server, title: str = "harbour at nine", topic: str = "ferry") -> str:
    with urllib.request.urlopen(f"{address(server)}/topics/{topic}.json") as answer:
        entries = json.loads(answer.read())["items"]
    (path,) = [each["id"].removeprefix("urn:uuid:") for each in entries if title in each["title"]]
    return f"/articles/{path}"


def kinds_of_pages(server: Server) -> dict[str, str]:
    article = an_article(server)
    return {
        "home": "/",
        "latest": "/latest",
        "archive": "/latest/archive/1",
        "topics": "/topics",
        "topics-of-a-kind": "/topics?kind=own",
        "combined": "/topics?with=Ferry",
        "topic": f"/topics/{quote('渡口')}",
        "sources": "/sources",
        "source": "/sources/notes",
        "empty-source": "/sources/away",
        "status": "/status",
        "documents": "/status/documents",
        "article": article,
        "pictured": an_article(server, "crane", "harbour"),
        "explain": f"{article}/explain",
        "search": "/search?q=harbour",
        "search-chinese": f"/search?q={quote('夜航')}&order=date",
        "search-empty": "/search",
        "search-none": "/search?q=lynx",
        "search-wrong": "/search?q=(harbour",
        "missing": "/nothing",
    }


def test_home_leads_to_a_topic_an_article_and_back_to_a_search_and_to_a_feed_that_parses(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("link", name="Ferry", exact=True).first.click()
    expect(page).to_have_url("/topics/ferry")
    page.get_by_role("link", name="The ferry leaves the harbour at nine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The ferry leaves the harbour at nine")
    page.go_back()
    expect(page).to_have_url("/topics/ferry")
    assert copied(page) == {"The ferry leaves the harbour at nine", "A second ferry is built in the hills"}
    page.get_by_role("searchbox", name="Search for").fill("harbour")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("/search[?]q=harbour$"))
    expect(page.get_by_text("2 articles found")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("harbour")
    assert copied(page) == {"The ferry leaves the harbour at nine", "A crane in the harbour is painted green"}
    page.get_by_role("link", name="by date").click()
    expect(page.get_by_role("link", name="by date")).to_have_attribute("aria-current", "true")


def copied(page: Page) -> set[str]:
    """Copy the address of a page's Atom feed; return the titles there."""
    button = page.get_by_role("button", name="Copy the address of the Atom feed")
    button.click()
    expect(button).to_have_text("Copied")
    feed = parsed(page.evaluate("navigator.clipboard.readText()"))
    assert not feed.bozo
    return {entry.title for entry in feed.entries}


def test_a_search_in_chinese_finds_marks_and_keeps_its_language(server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=address(server), locale="en-GB")
    page = context.new_page()
    page.goto("/?lang=zh")
    page.get_by_role("searchbox", name="搜索内容").fill("夜航")
    page.get_by_role("searchbox", name="搜索内容").press("Enter")
    expect(page.get_by_text("找到 1 篇文章")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("夜航")
    page.get_by_role("searchbox", name="搜索内容").fill("(夜航")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".pointed")).to_contain_text("(夜航\n    ^")
    assert "monospace" in page.locator(".pointed").evaluate("shown => getComputedStyle(shown).fontFamily")
    context.close()


def test_a_person_who_opens_a_search_as_a_feed_sees_its_page(page: Page) -> None:
    page.goto("/search.atom?q=harbour")
    expect(page).to_have_url(re.compile("/search[?]q=harbour$"))


def test_the_builder_shows_address_and_count_as_topics_are_chosen(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/topics")
    result = page.locator("#combined")
    expect(result).to_contain_text("Choose a topic")
    page.get_by_label("Topic 1").fill("Ferry")
    expect(result).to_contain_text("/topics/ferry")
    expect(result).to_contain_text("2 articles")
    page.get_by_label("Topic 2").fill("Harbour")
    expect(result).to_contain_text("/topics/ferry+harbour")
    expect(result).to_contain_text("1 article")
    assert copied(page) == {"The ferry leaves the harbour at nine"}
    page.get_by_label("Topic 2").fill("")
    page.get_by_label("Topic 1").fill("no such topic")
    expect(result).to_contain_text("There is no feed like that")
    page.get_by_label("Topic 1").fill("Ferry")
    result.get_by_role("link", name="/topics/ferry").click()
    expect(page).to_have_url("/topics/ferry")


def test_a_person_who_opens_a_feed_sees_its_page_and_may_see_the_source(page: Page, server: Server) -> None:
    page.goto("/topics/ferry.rss")
    expect(page).to_have_url("/topics/ferry")
    answer = page.goto("/topics/ferry.rss?raw")
    assert answer is not None
    assert answer.headers["content-type"].startswith("application/rss+xml")
    assert not parsed(f"{address(server)}/topics/ferry.rss").bozo


def test_the_language_of_the_browser_decides_and_an_address_wins(server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=address(server), locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="主题", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("主题")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Topics")
    page.get_by_role("link", name="Latest").click()  # and it stays chosen
    expect(page.get_by_role("heading", level=1)).to_have_text("Latest articles")
    context.close()


def test_without_scripts_everything_but_the_copy_buttons_is_there(server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=address(server), java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/topics")
    page.get_by_label("Topic 1").fill("Ferry")
    page.get_by_role("button", name="Show the feed").click()
    expect(page.locator("#combined")).to_contain_text("2 articles")
    page.locator("#combined").get_by_role("link", name="/topics/ferry").click()
    expect(page.get_by_role("link", name="Open the RSS feed in a feed reader")).to_have_attribute(
        "href", f"feed:{address(server)}/topics/ferry.rss"
    )
    assert page.get_by_role("button", name="Copy").count() == 0
    context.close()


@pytest.mark.parametrize("width", [320, 360, 1600])
def test_no_page_is_wider_than_the_window(server: Server, browser: Browser, width: int) -> None:
    context = browser.new_context(base_url=address(server), viewport={"width": width, "height": 800})
    page = context.new_page()
    for name, path in kinds_of_pages(server).items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


def test_a_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/latest")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_no_page_asks_another_host_for_anything_or_breaks_the_policy(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    pages = kinds_of_pages(server)
    del pages["missing"], pages["search-wrong"]  # which browsers report as errors
    for path in pages.values():
        page.goto(path)
    assert asked
    assert all(url.startswith(address(server)) for url in asked)


def test_pictures_that_stand_elsewhere_are_fetched_once_a_reader_wants_them(
    server: Server, browser: Browser
) -> None:
    asked: list[str] = []
    context = browser.new_context(base_url=address(server), locale="en-GB")
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.route(PAINTERS, lambda route: route.abort())
    page.goto(an_article(server, "crane", "harbour"))
    expect(page.get_by_text("Four painters")).to_be_visible()
    assert PAINTERS not in asked
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_role("img", name="Four painters")).to_be_attached()
    assert PAINTERS in asked
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_wrong_on_any_kind_of_page(
    server: Server, browser: Browser, scheme: str, width: int, language: str
) -> None:
    context = browser.new_context(
        base_url=address(server),
        viewport={"width": width, "height": 800},
        bypass_csp=True,  # or axe could not run
        color_scheme="dark" if scheme == "dark" else "light",
        locale=language,
    )
    page = context.new_page()
    found = {}
    for name, path in kinds_of_pages(server).items():
        page.goto(path)
        found[name] = violations(page)
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_page_is_valid_html_and_small(server: Server, tmp_path: Path, language: str) -> None:
    sizes = {}
    for name, path in kinds_of_pages(server).items():
        answer = server.get(path, headers={"Accept-Language": language, "Accept-Encoding": "gzip"})
        sizes[name] = len(answer.body)
        plain = gzip.decompress(answer.body) if "content-encoding" in answer.headers else answer.body
        (tmp_path / f"{name}.html").write_bytes(plain)
    assert faults(tmp_path) == []
    assert max(sizes.values()) < LARGEST, sizes
