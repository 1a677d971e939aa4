"""Errors: pages that lead on, and problem details for programs."""

import json
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from feedsvc.feeds import article_path
from feedsvc.web import create_site
from tests.builders import Town, article, town

PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def place() -> Town:
    place = town()
    place.tick(article(1), article(2))
    place.tick(withdrawn=[article(1).id])
    return place


def get(place: Town, path: str, **headers: str) -> TestResponse:
    return place.web.test_client().get(
        path, headers={name.replace("_", "-"): headers[name] for name in headers}
    )


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "There is nothing at this address"),
        ("/topics/none.rss", 404, "There is nothing at this address"),
        (article_path(article(1)), 410, "withdrawn where it was published"),
        ("/sources/away.rss", 503, "Not yet: "),
    ],
)
@pytest.mark.parametrize(
    "accept", ["application/json", "application/problem+json", "application/json, text/html;q=0.5"]
)
def test_programs_get_problem_details_and_people_pages_that_lead_on(
    place: Town, path: str, status: int, words: str, accept: str
) -> None:
    problem, page = get(place, path, Accept=accept), get(place, path, Accept=PAGE)
    assert problem.status_code == page.status_code == status
    assert problem.headers["Content-Type"] == "application/problem+json"
    told = json.loads(problem.data)
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert words in told["detail"]
    assert words in page.text
    for link in ('href="/latest"', 'href="/topics"', 'href="/status"'):
        assert link in page.text
    for response in (problem, page):
        assert {"Accept", "Accept-Language"} <= set(response.vary)
        assert response.headers["Cache-Control"] == "no-store"
        assert ("Retry-After" in response.headers) == (status == 503)


@pytest.mark.parametrize(
    "accept",
    ["*/*", "", "image/png", "application/rss+xml", "application/xml, */*;q=0.1", "text/html;q=0"],
)
def test_who_does_not_name_html_gets_problem_details(place: Town, accept: str) -> None:
    assert get(place, "/latest/nothing", Accept=accept).mimetype == "application/problem+json"
    assert get(place, "/latest/nothing").mimetype == "application/problem+json"


@pytest.mark.parametrize("accept", ["text/html", "text/html, */*", "application/json;q=0.5, Text/HTML"])
def test_who_names_html_gets_the_page(place: Town, accept: str) -> None:
    assert get(place, "/latest/nothing", Accept=accept).mimetype == "text/html"


def test_errors_are_told_in_the_language_that_was_asked_for(place: Town) -> None:
    assert "此地址没有内容" in get(place, "/nothing", Accept=PAGE, Accept_Language="zh-CN").text
    told = json.loads(get(town(), "/latest?lang=zh", Accept="application/json").data)
    assert told["title"] == "尚未就绪"
    assert "正在首次读取来源" in told["detail"]


def test_an_error_without_words_of_its_own_says_what_http_says(place: Town) -> None:
    response = place.web.test_client().put("/latest")
    assert response.status_code == 405
    assert "Not that way" in response.text
    assert "not allowed" in response.text
    assert "HEAD" in response.headers["Allow"]


def test_an_error_page_offers_a_search_where_one_can_help_and_no_feed(place: Town) -> None:
    for path in ("/nothing", article_path(article(1))):
        page = get(place, path, Accept=PAGE).text
        assert 'role="search"' in page
        assert 'rel="alternate"' not in page
    assert 'role="search"' not in get(place, "/sources/away", Accept=PAGE).text


@pytest.mark.parametrize("accept", ["*/*", PAGE])
def test_an_error_stays_small_whatever_was_asked_for_and_whatever_the_site_is_called(accept: str) -> None:
    place = town(base_url="https://bulletins-of-the-harbour.feeds.example.org/kingsbury")
    title = "Bulletins of the harbour of Kingsbury and of the villages around it"
    site = replace(place.pages.catalogue.site, title=title)
    pages = replace(place.pages, catalogue=replace(place.pages.catalogue, site=site))
    place.tick(article())
    client = create_site(place.responses, pages).test_client()
    for path in ("/nothing", f"/{'x' * 3000}", f"/nothing?{'y' * 3000}", f"/topics/{'社' * 500}.rss"):
        error = client.get(path, headers={"Accept": accept})
        assert error.status_code == 404
        assert len(error.data) < 2000
