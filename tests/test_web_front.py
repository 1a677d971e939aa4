"""The front answers as Flask would, only sooner."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feedsvc.topics import TopicRule
from feedsvc.web.conditional import Prepared
from tests.builders import Town, article, topic, town

PATHS = [
    "/",
    "/latest",
    "/latest.rss",
    "/latest.atom",
    "/latest.json",
    "/latest.xml",
    "/status.rss",
    "/topics/社区.rss",
    "/topics/%E7%A4%BE%E5%8C%BA.atom",
    "/topics/none.rss",
    "/sources/town.json",
    "/sources/away.rss",
    "/latest.rss/",
    "//latest.rss",
    "/healthz",
    "/readyz",
    "/nothing.rss",
    "/feeds.opml",
    "/feed",
    "/feed.json",
    "/topics/Community.rss",
    "/latest/archive/1.atom",
    "/latest/archive/2.json",
    "/latest/archive/3.rss",
    "/latest/archive/0.rss",
    "/topics/社区/archive/1.rss",
    "/status/archive/1.rss",
]
PREPARED = [
    *("/latest.rss", "/latest.atom", "/latest.json", "/status.rss", "/sources/town.json"),
    *("/feeds.opml", "/latest/archive/1.atom"),
]
QUERIES = [
    "",
    "utm_source=mail",
    "limit=3",
    "limit=0&x=1",
    "limit=many",
    "q=lake",
    "raw=1",
    "raw",
    "limit=",
    "&&=",
    "%ff",
]
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PURGE"]


@dataclass(frozen=True)
class Answer:
    status: str
    headers: frozenset[tuple[str, str]]
    body: bytes


@pytest.fixture
def place() -> Town:
    """Return a town whose feeds are prepared."""
    place = town(topics=[TopicRule(slug="社区", name="社区", aliases=("community",))])
    place.tick(*(article(number, topics=(topic("社区"),)) for number in range(60)))
    for path in PREPARED:
        assert isinstance(place.responses.find(path), Prepared)
    return place


def both(web: Flask, builder: EnvironBuilder) -> tuple[Answer, Answer]:
    """Return the answers with the front and without it."""
    behind = partial(Flask.wsgi_app, web)
    return ask(web.wsgi_app, builder), ask(behind, builder)


def request(path: str, **more: Any) -> EnvironBuilder:  # noqa: ANN401
    """Return a request as servers hand it over: the builder itself takes `//x` for a host."""
    return EnvironBuilder(environ_overrides={"PATH_INFO": unquote(path).encode().decode("latin-1")}, **more)


def ask(application: object, builder: EnvironBuilder) -> Answer:
    content, status, headers = run_wsgi_app(application, builder.get_environ())  # type: ignore[arg-type]
    return Answer(
        status=status,
        headers=frozenset(each for each in headers if each[0] != "Date"),
        body=b"".join(content),
    )


def validators(place: Town) -> Iterator[dict[str, str]]:
    prepared = place.responses.find("/latest.rss")
    assert isinstance(prepared, Prepared)
    modified = dict(prepared.identity.headers)["Last-Modified"]
    tags = [variant.etag for variant in prepared.variants.values()]
    for tag, coding in product([*tags, f"W/{tags[0]}", "*", '"other"'], ["identity", "gzip", "br"]):
        yield {"If-None-Match": tag, "Accept-Encoding": coding}
        yield {"If-Match": tag, "Accept-Encoding": coding}
    yield {"If-Modified-Since": modified}
    yield {"If-Unmodified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}
    yield {"If-None-Match": '"other"', "If-Modified-Since": modified}
    yield {"Range": "bytes=0-9"}
    yield {"Accept": "image/png"}
    for field in ("gzip", "br", "zstd", "gzip, br;q=0", "*", "*;q=0", "identity;q=0", "", ";", "\xff"):
        yield {"Accept-Encoding": field}
    yield {"Host": "evil.example"}
    yield {"Cookie": "a=b"}


def test_every_path_query_and_method_is_answered_the_same(place: Town) -> None:
    for path, query, method in product(PATHS, QUERIES, METHODS):
        builder = request(path, query_string=query, method=method)
        front, behind = both(place.web, builder)
        assert front == behind, (method, path, query)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_validator_is_answered_the_same(place: Town, method: str) -> None:
    for path, headers in product(
        ["/latest.rss", "/status.rss", "/latest.json", "/feeds.opml"], validators(place)
    ):
        builder = request(path, method=method, headers=headers)
        front, behind = both(place.web, builder)
        assert front == behind, (path, headers)


def test_the_first_answer_equals_those_from_the_front() -> None:
    place = town()
    place.tick(article())
    builder = request("/latest.rss")
    first = ask(place.web.wsgi_app, builder)
    assert place.responses.peek("/latest.rss")
    assert ask(place.web.wsgi_app, builder) == first


def test_the_front_hands_the_prepared_list_to_the_server(place: Town) -> None:
    prepared = place.responses.peek("/latest.rss")
    assert prepared
    heard: list[object] = []
    builder = request("/latest.rss")
    body = place.web.wsgi_app(builder.get_environ(), lambda *said: heard.extend(said))  # type: ignore[arg-type]
    assert body == [prepared.identity.body]
    assert heard[1] is prepared.identity.headers
