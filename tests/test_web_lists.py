"""Lists in pages: none of them grows with what is stored."""

from datetime import timedelta

import pytest
from lxml import html

from feedsvc.feeds import article_path
from feedsvc.model import Skipped
from feedsvc.store import PAGE
from feedsvc.web.pages.listing import SHOWN
from tests.builders import START, Town, article, topic, town

HOUR = timedelta(hours=1)


def many(count: int) -> Town:
    place = town()
    place.tick(*(article(number, topics=(topic("社区"),)) for number in range(count)))
    return place


def page(place: Town, path: str) -> html.HtmlElement:
    response = place.web.test_client().get(path)
    assert response.status_code == 200, path
    return html.document_fromstring(response.data)


def walked(place: Town, path: str) -> list[list[str]]:
    """Return the articles on each page, from the first to where no page is older."""
    found = []
    while path:
        shown = page(place, path)
        (listed,) = shown.find_class("articles")
        found.append([link.get("href") for link in listed.xpath(".//h2/a")])
        older = shown.xpath("//nav/a[@rel='next']/@href")
        path = older[0] if older else ""
    return found


@pytest.mark.parametrize("path", ["/latest", "/topics/%E7%A4%BE%E5%8C%BA", "/sources/town"])
def test_who_goes_on_to_what_is_older_meets_every_article(path: str) -> None:
    place = many(3 * PAGE + 10)
    pages = walked(place, path)
    met = {link for links in pages for link in links}
    assert met == {article_path(article(number)) for number in range(3 * PAGE + 10)}
    assert max(map(len, pages)) <= PAGE
    assert len(pages[0]) == SHOWN


def test_a_page_leads_back_to_what_is_newer() -> None:
    place = many(3 * PAGE)
    assert page(place, "/latest?page=2").xpath("//a[@rel='prev']/@href") == ["/latest"]
    assert page(place, "/latest/archive/1").xpath("//a[@rel='prev']/@href") == ["/latest/archive/2"]
    assert page(place, "/latest/archive/3").xpath("//a[@rel='prev']/@href") == ["/latest"]
    assert page(place, "/latest").xpath("//a[@rel='prev']/@href") == []


def test_the_third_page_of_a_long_window_leads_back_to_the_second() -> None:
    place = many(3 * SHOWN)
    assert page(place, "/latest?page=3").xpath("//a[@rel='prev']/@href") == ["/latest?page=2"]


@pytest.mark.parametrize(
    "path",
    [
        "/latest?page=99",
        "/latest?page=0",
        "/latest?page=x",
        "/latest?page=-1",
        "/latest?page=99999999999",
        "/latest/archive/9",
        "/latest/archive/0",
        "/latest/archive/01",
        "/latest/archive/١",
        "/topics/社区/archive/01",
        "/sources/town/archive/01",
        "/topics/none/archive/1",
        "/sources?page=2",
        "/status/documents?page=2",
        "/topics?page=2",
        "/topics?kind=own&page=2",
    ],
)
def test_a_page_that_there_is_not_is_404(path: str) -> None:
    assert many(PAGE).web.test_client().get(path).status_code == 404


def test_the_archive_of_an_alias_is_at_the_topic() -> None:
    response = many(PAGE).web.test_client().get("/topics/社区 /archive/1")
    assert (response.status_code, response.headers["Location"]) == (
        308,
        "/topics/%E7%A4%BE%E5%8C%BA/archive/1",
    )


def test_a_list_says_when_it_changed_and_when_it_is_looked_at_again() -> None:
    place = many(2)
    words = " ".join(page(place, "/latest").text_content().split())
    assert "Last change1 January 2026 08:00 CST" in words
    assert "Next checknow" in words


def test_a_combination_says_how_many_articles_it_has_and_when_it_changed() -> None:
    place = town()
    place.tick(*(article(number, topics=(topic("a"), topic("b"))) for number in range(3)), article(4))
    place.tick(withdrawn=[article(2).id], at=START + HOUR)
    shown = page(place, "/topics/a+b")
    words = " ".join(shown.text_content().split())
    assert shown.find_class("lead")[0].text_content().split() == ["2", "articles"]
    assert "Last change1 January 2026 09:00 CST" in words
    assert "in 30 days" in shown.xpath("//*[@class='lead']/*[name()='svg']/@aria-label")[0]


def test_a_combination_that_never_had_an_article_never_changed() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2, topics=(topic("b"),)))
    assert "Last changenever" in " ".join(page(place, "/topics/a+b").text_content().split())


def test_a_combination_of_more_than_its_feed_shows_leads_to_no_archive() -> None:
    place = town()
    for days in range(2):
        place.tick(
            *(article(100 * days + number, topics=(topic("a"), topic("b"))) for number in range(60)),
            at=START + 9 * days * 24 * HOUR,
        )
    shown = page(place, "/topics/a+b?page=3")
    assert shown.xpath("//nav/a[@rel='next']") == []
    assert "120 articles" in shown.text_content()


def test_documents_without_an_article_are_told_in_pages_failures_first() -> None:
    place = town()
    planned = [Skipped(key=f"{number:02}.pdf", reason="unsupported", expected=True) for number in range(70)]
    place.tick(article(1), skipped=[*planned, Skipped(key="broken.txt", reason="no text")])
    first, second = page(place, "/status/documents"), page(place, "/status/documents?page=2")
    rows = [[cell.text_content() for cell in row] for row in first.iter("tr")][1:]
    assert (len(rows), rows[0]) == (50, ["broken.txt", "town", "no text"])
    assert len(list(second.iter("tr"))) == 22
    assert second.xpath("//a[@rel='prev']/@href") == ["/status/documents"]
    assert "All 71 documents" in page(place, "/status").text_content()
    assert "None." in page(town(), "/status/documents").text_content()


def test_many_sources_are_told_in_pages() -> None:
    place = town(sources=[f"s{number:03}" for number in range(120)])
    assert len(list(page(place, "/sources?page=3").iter("tr"))) == 21


def test_no_page_grows_with_the_store() -> None:
    paths = ["/", "/latest", "/topics", "/topics?kind=own", "/sources", "/status", "/latest/archive/1"]

    def sizes(count: int) -> dict[str, int]:
        place = town()
        place.tick(
            *(
                article(number, topics=(topic("社区"), topic(f"t{number}")), title="Story of a day")
                for number in range(count)
            )
        )
        return {path: len(place.web.test_client().get(path).data) for path in paths}

    few, lots = sizes(400), sizes(1200)
    for path in paths:
        assert lots[path] < few[path] * 1.03, path
