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
]
QUERIES = ["", "utm_source=mail", "limit=3", "q=lake", "raw=1", "raw", "limit=", "&&=", "%ff"]
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PURGE"]


@dataclass(frozen=True)
class Answer:
    status: str
    headers: frozenset[tuple[str, str]]
    body: bytes


@pytest.fixture
def place() -> Town:
    """Return a town whose feeds are prepared."""
    place = town()
    place.tick(article(1, topics=(topic("社区"),)), article(2))
    for path in ("/latest.rss", "/latest.atom", "/latest.json", "/status.rss", "/sources/town.json"):
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
    return Answer(status=status, headers=frozenset(headers), body=b"".join(content))


def validators(place: Town) -> Iterator[dict[str, str]]:
    prepared = place.responses.find("/latest.rss")
    assert isinstance(prepared, Prepared)
    modified = dict(prepared.headers)["Last-Modified"]
    for tag in (prepared.etag, f"W/{prepared.etag}", "*", '"other"'):
        yield {"If-None-Match": tag}
        yield {"If-Match": tag}
    yield {"If-Modified-Since": modified}
    yield {"If-Unmodified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}
    yield {"If-None-Match": '"other"', "If-Modified-Since": modified}
    yield {"Range": "bytes=0-9"}
    yield {"Accept": "image/png"}
    yield {"Accept-Encoding": "gzip"}
    yield {"Host": "evil.example"}
    yield {"Cookie": "a=b"}


def test_every_path_query_and_method_is_answered_the_same(place: Town) -> None:
    for path, query, method in product(PATHS, QUERIES, METHODS):
        builder = request(path, query_string=query, method=method)
        front, behind = both(place.web, builder)
        assert front == behind, (method, path, query)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_validator_is_answered_the_same(place: Town, method: str) -> None:
    for path, headers in product(["/latest.rss", "/status.rss", "/latest.json"], validators(place)):
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
    assert body == [prepared.body]
    assert heard[1] is prepared.headers
