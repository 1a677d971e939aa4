"""Which language a page is in, and what caches are told of that."""

import pytest
from lxml import html
from werkzeug.test import TestResponse

from feedsvc.feeds import article_path
from tests.builders import Town, article, topic, town

PATHS = ["/", "/latest", "/topics", "/sources", "/status", "/status/documents", article_path(article(1))]


@pytest.fixture
def place() -> Town:
    place = town()
    place.tick(article(1, topics=(topic("社区"),)))
    return place


def get(place: Town, path: str, language: str | None = None) -> TestResponse:
    headers = {} if language is None else {"Accept-Language": language}
    return place.web.test_client().get(path, headers=headers)


def tag(response: TestResponse) -> str:
    return str(html.document_fromstring(response.data).get("lang"))


@pytest.mark.parametrize(
    ("wish", "query", "shown"),
    [
        (None, "", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-Hans"),
        ("de,en;q=0.5,zh;q=0.4", "", "en"),
        ("de", "", "en"),
        ("zh;q=0", "", "en"),
        ("en", "?lang=zh", "zh-Hans"),
        ("zh", "?lang=en-GB", "en"),
        ("zh", "?lang=klingon", "zh-Hans"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_the_address_wins_over_the_browser_and_that_over_the_site(
    place: Town, path: str, wish: str | None, query: str, shown: str
) -> None:
    response = get(place, path + query, wish)
    assert tag(response) == shown
    assert response.headers["Content-Language"] == shown
    assert {"Accept-Language", "Accept-Encoding"} <= set(response.vary)


def test_each_language_has_validators_of_its_own(place: Town) -> None:
    english, chinese = get(place, "/", "en"), get(place, "/", "zh")
    assert english.headers["ETag"] != chinese.headers["ETag"]


@pytest.mark.parametrize("path", PATHS)
def test_a_language_that_was_chosen_goes_along_with_every_link_to_a_page(place: Town, path: str) -> None:
    shown = html.document_fromstring(get(place, f"{path}?lang=zh").data)
    for link in (str(each.get("href")) for each in shown.iter("a")):
        if link.startswith("/") and not link.endswith(".json"):
            assert "lang=zh" in link
    shown = html.document_fromstring(get(place, path, "zh").data)
    assert not any("lang=zh" in str(each.get("href")) for each in shown.iter("a"))


def test_the_other_language_is_one_link_away_and_keeps_the_rest_of_the_query(place: Town) -> None:
    shown = html.document_fromstring(get(place, "/topics?kind=own&lang=en").data)
    assert shown.xpath("//a[@hreflang]/text()") == ["中文"]
    assert shown.xpath("//a[@hreflang]/@href") == ["?kind=own&lang=zh"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_compressed_for_who_asks_for_that(place: Town, path: str) -> None:
    client = place.web.test_client()
    plain, squeezed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.data) < len(plain.data)
    assert plain.headers["ETag"] != squeezed.headers["ETag"]
    again = client.get(
        path, headers={"Accept-Encoding": "gzip, br", "If-None-Match": squeezed.headers["ETag"]}
    )
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_what_is_short_is_sent_as_it_is(place: Town) -> None:
    response = place.web.test_client().get("/combine", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
