"""The pictures of articles: which are served, as what, and to whom again."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from markupsafe import escape
from werkzeug.http import http_date, parse_date
from werkzeug.test import TestResponse

from feedsvc.beside import files_path
from feedsvc.feeds import article_path
from feedsvc.sources import Picture
from tests.builders import NOON, Town, article, rich, town

PNG = b"\x89PNG\r\n\x1a\n..."
NAMES = ("the lake.png", "../湖.jpg")
LAKE = f"{files_path(article().id)}the%20lake.png"


@dataclass
class Shelf:
    """Pictures that a test puts there and takes away."""

    pictures: dict[tuple[str, str], Picture] = field(default_factory=dict)

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        self.pictures["1.txt", name] = Picture(content=content, modified=modified)

    def picture(self, key: str, name: str) -> Picture | None:
        return self.pictures.get((key, name))


@pytest.fixture
def shelf() -> Shelf:
    """Return a shelf with both pictures of the first article, and one that it does not show."""
    shelf = Shelf()
    for name in (*NAMES, "secret.png"):
        shelf.put(name, PNG)
    return shelf


@pytest.fixture
def place(shelf: Shelf) -> Town:
    """Return a town with an article that has pictures here and one of a source that has none."""
    place = town(pictures={"town": shelf})
    place.tick(
        article(files=NAMES),
        article(2, source="away", key="1.txt", files=NAMES),
        read=("town", "away"),
    )
    return place


def get(place: Town, path: str = LAKE, method: str = "GET", **fields: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return place.web.test_client().open(path, method=method, headers=headers)


def test_a_picture_is_counted_with_the_pages(place: Town) -> None:
    get(place)
    assert 'feedsvc_answers_total{code="200",format="page"} 1.0' in get(place, "/metrics").text


def test_a_picture_is_served_so_that_nothing_runs(place: Town) -> None:
    response = get(place)
    assert (response.status_code, response.data) == (200, PNG)
    assert dict(response.headers) == {
        "Content-Type": "image/png",
        "Cache-Control": "max-age=3600",
        "Last-Modified": http_date(NOON),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(len(PNG)),
        "ETag": response.headers["ETag"],
    }
    assert get(place, method="HEAD").data == b""


def test_a_picture_further_up_has_an_address_that_stays(place: Town) -> None:
    path = f"{files_path(article().id)}~up/{quote('湖.jpg')}"
    assert get(place, path).status_code == 200


@pytest.mark.parametrize("name", ["secret.png", "1.txt", "", "../1.txt", "the%20lake.png/", "THE%20LAKE.png"])
def test_only_what_the_article_shows_is_there(place: Town, name: str) -> None:
    assert get(place, files_path(article().id) + name).status_code in {404, 308}


def test_a_source_without_pictures_has_none(place: Town) -> None:
    assert get(place, f"{files_path(article(2).id)}the%20lake.png").status_code == 404


def test_a_picture_that_vanished_or_is_none_is_not_found(place: Town, shelf: Shelf) -> None:
    shelf.put("the lake.png", b"<script>alert(1)</script>")
    assert get(place).status_code == 404
    shelf.pictures.clear()
    assert get(place).status_code == 404


def test_the_picture_of_an_article_that_left_is_gone(place: Town) -> None:
    place.tick(withdrawn=[article().id])
    assert get(place).status_code == 410
    assert get(place, f"{files_path(article(9).id)}a.png").status_code == 404


def test_before_the_first_tick_a_picture_is_not_there_yet(shelf: Shelf) -> None:
    response = get(town(pictures={"town": shelf}))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


def test_who_has_a_picture_does_not_get_it_again(place: Town, shelf: Shelf) -> None:
    tag = get(place).headers["ETag"]
    again = get(place, If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert set(again.headers.keys()) == {"Cache-Control", "ETag", "Last-Modified"}
    assert get(place, If_Modified_Since=http_date(NOON)).status_code == 304
    assert get(place, If_Match='"x"').status_code == 412
    shelf.put("the lake.png", PNG + b"!", NOON + timedelta(seconds=1))
    assert get(place, If_None_Match=tag).status_code == 200
    assert get(place, If_Modified_Since=http_date(NOON)).status_code == 200


def test_a_picture_from_the_future_is_not_dated_later_than_its_answer(place: Town, shelf: Shelf) -> None:
    shelf.put("the lake.png", PNG, NOON.replace(year=2900))
    modified = parse_date(get(place).headers["Last-Modified"])
    assert modified is not None
    assert modified.year < 2900


def test_pages_show_pictures_below_the_prefix_that_a_proxy_strips_and_json_has_the_whole_address() -> None:
    place = town(base_url="https://example.org/news")
    told = article(html=f'<p><img src="{LAKE}"></p>', images=(LAKE,), files=NAMES)
    place.tick(told)
    path = article_path(told)
    assert f'<p><img src="/news{LAKE}"></p>' in get(place, path).text
    line = json.loads(get(place, f"{path}.json").data)
    assert line["images"] == [f"https://example.org/news{LAKE}"]
    assert line["html"] == f'<p><img src="https://example.org/news{LAKE}"></p>'


def test_a_page_offers_what_belongs_to_its_article() -> None:
    place = town()
    place.tick(rich())
    page = get(place, article_path(rich())).text
    talk, plan = rich().enclosures
    assert f'<a href="{escape(talk.url)}">{escape(talk.title)}</a> (audio/mpeg)' in page
    assert f'<a href="{plan.url}">{plan.url}</a> (application/pdf)' in page
