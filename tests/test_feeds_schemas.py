"""Atom by the schema of RFC 4287 appendix B, JSON Feed by its published one: all that we write and serve."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree
from referencing import Registry
from referencing.jsonschema import DRAFT4

from feedsvc.feeds import Feed, write
from feedsvc.topics import TopicRule
from tests.builders import SITE, START, Town, article, feed, rich, topic, town

Validator = Any
"""jsonschema has no types."""

ATOM = "{http://www.w3.org/2005/Atom}"
SAFE = etree.XMLParser(no_network=True, resolve_entities=False)
BARE = article(2, language=None, summary="", html="")
FEEDS = [
    feed(),
    feed(article()),
    feed(rich(), BARE, article(1)),
    feed(rich(), path="/topics/社区", title="社区 – <Town> & news", subtitle="a < b", language="zh-Hans"),
]
LISTS = ("/latest", "/topics/社区", "/topics/empty", "/sources/town", "/sources/away", "/status")


@pytest.fixture(scope="module")
def atom(schemas: Path) -> etree.RelaxNG:
    """Return the schema of Atom."""
    return etree.RelaxNG(etree.parse(schemas / "atom-rfc4287.rng"))


@pytest.fixture(scope="module")
def json_feed(schemas: Path) -> Validator:
    """Return a validator that finds the one schema through the other, without a network."""
    schema, shared = (json.loads((schemas / name).read_bytes()) for name in ("feed.json", "feed-1.json"))
    part = DRAFT4.create_resource(shared)
    base = schema["id"].rsplit("/", 1)[0]
    names = {f"{base}/feed-1", f"{base}/feed-1.json", shared["id"].rstrip("#")}
    registry: Registry[Any] = Registry().with_resources((name, part) for name in sorted(names))
    draft = jsonschema.Draft4Validator
    return draft(schema, registry=registry, format_checker=draft.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def place() -> Town:
    """Return a town where everything happened: many articles, an edit, a withdrawal, an incident."""
    place = town(topics=[TopicRule(slug="empty", name="Empty & <none>")])
    many = [article(number, topics=(topic("社区"),)) for number in range(1, 161)]
    place.tick(*many, rich(161), article(162, source="away"), read=("town", "away"))
    edited = replace(many[-1], html="<p>Edited</p>", updated=START)
    place.tick(edited, BARE, withdrawn=[many[0].id, many[-2].id], at=START + timedelta(minutes=5))
    place.tick(failing="no such <folder>", at=START + timedelta(minutes=10), read=("away",))
    return place


def served(place: Town, path: str) -> bytes:
    answer = place.web.test_client().get(path.removeprefix(SITE.base_url))
    assert answer.status_code == 200, path
    return bytes(answer.data)


def atom_documents(place: Town) -> Iterator[etree._Element]:
    """Yield every list's feed and the archives that it leads to."""
    paths, met = [f"{page}.atom" for page in LISTS], set[str]()
    while paths:
        path = paths.pop()
        if path in met:
            continue
        met.add(path)
        root = etree.fromstring(served(place, path), SAFE)
        links = root.iterfind(f"{ATOM}link")
        paths += [link.get("href", "") for link in links if link.get("rel") == "prev-archive"]
        yield root


def json_documents(place: Town) -> Iterator[Any]:
    """Yield every list's feed and what follows it."""
    paths = [f"{page}.json" for page in LISTS]
    while paths:
        document = json.loads(served(place, paths.pop()))
        paths += [document["next_url"]] if "next_url" in document else []
        yield document


@pytest.mark.parametrize("shown", FEEDS)
def test_atom_is_valid_by_the_schema_of_rfc_4287(shown: Feed, atom: etree.RelaxNG) -> None:
    assert atom.validate(etree.fromstring(write("atom", shown, SITE), SAFE)), atom.error_log


@pytest.mark.parametrize("shown", FEEDS)
def test_a_json_feed_is_valid_by_its_schema(shown: Feed, json_feed: Validator) -> None:
    assert [error.message for error in json_feed.iter_errors(json.loads(write("json", shown, SITE)))] == []


def test_every_atom_document_served_is_valid(place: Town, atom: etree.RelaxNG) -> None:
    documents = list(atom_documents(place))
    assert len(documents) >= len(LISTS)
    for document in documents:
        assert atom.validate(document), atom.error_log


def test_every_json_document_served_is_valid(place: Town, json_feed: Validator) -> None:
    documents = list(json_documents(place))
    assert len(documents) >= len(LISTS)
    for document in documents:
        assert [error.message for error in json_feed.iter_errors(document)] == []


def test_the_schemas_would_see_a_fault(atom: etree.RelaxNG, json_feed: Validator) -> None:
    assert not atom.validate(etree.fromstring(b'<feed xmlns="http://www.w3.org/2005/Atom"><title/></feed>'))
    assert not json_feed.is_valid({"version": "https://jsonfeed.org/version/1.1", "title": "no items"})
