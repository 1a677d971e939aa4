"""A person who opens a feed's address in a browser is shown its page; nothing changes for readers."""

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from feedsvc.feeds import FORMATS
from feedsvc.store import PAGE
from feedsvc.web import create_site
from tests.builders import Town, article, topic, town

PERSON = {"Sec-Fetch-Dest": "document"}


@pytest.fixture
def place() -> Town:
    place = town()
    place.tick(*(article(number, topics=(topic("社区"),)) for number in range(PAGE)))
    return place


def get(place: Town, path: str, **headers: str) -> TestResponse:
    return place.web.test_client().get(path, headers=headers)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("times", [1, 2])  # once through Flask, once past the prepared response
@pytest.mark.parametrize(
    ("feed", "page"),
    [
        ("/latest", "/latest"),
        ("/status", "/status"),
        ("/topics/社区", "/topics/%E7%A4%BE%E5%8C%BA"),
        ("/sources/town", "/sources/town"),
        ("/latest/archive/1", "/latest/archive/1"),
    ],
)
def test_a_person_is_sent_to_the_page_of_a_feed(
    place: Town, suffix: str, times: int, feed: str, page: str
) -> None:
    for _ in range(times):
        response = get(place, f"{feed}.{suffix}", **PERSON)
    assert (response.status_code, response.headers["Location"]) == (303, page)
    assert response.headers["Vary"] == "Accept-Encoding, Sec-Fetch-Dest"
    assert response.headers["Cache-Control"] == "no-store"
    assert get(place, response.headers["Location"]).status_code == 200


def test_the_query_goes_along(place: Town) -> None:
    assert get(place, "/latest.rss?lang=zh", **PERSON).headers["Location"] == "/latest?lang=zh"


def test_who_asks_for_the_source_gets_it(place: Town) -> None:
    plain = get(place, "/latest.rss")
    for path in ("/latest.rss?raw", "/latest.rss?raw=1"):
        response = get(place, path, **PERSON)
        assert (response.status_code, response.data) == (200, plain.data)


@pytest.mark.parametrize("said", [{}, {"Sec-Fetch-Dest": "empty"}, {"Sec-Fetch-Mode": "navigate"}])
def test_nothing_changes_for_whoever_does_not_say_so(place: Town, said: dict[str, str]) -> None:
    plain, asked = get(place, "/latest.rss"), get(place, "/latest.rss", **said)
    assert (asked.status_code, asked.data, dict(asked.headers)) == (200, plain.data, dict(plain.headers))


def test_what_is_not_there_or_has_no_page_is_answered_as_ever(place: Town) -> None:
    assert get(place, "/topics/none.rss", **PERSON).status_code == 404
    assert get(place, "/feeds.opml", **PERSON).status_code == 200
    assert get(town(), "/latest.rss", **PERSON).status_code == 503
    assert get(place, "/feed", **PERSON).headers["Location"] == "/latest.rss"


def test_it_can_be_turned_off(place: Town) -> None:
    pages = replace(place.pages, for_browsers=False)
    site = create_site(place.responses, pages)
    assert site.test_client().get("/latest.rss", headers=PERSON).status_code == 200
