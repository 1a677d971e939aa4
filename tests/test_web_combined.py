"""Combinations of topics as pages and feeds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.store import ArticleList
from feedsvc.store.filing import Refiled
from feedsvc.topics import TopicRule
from feedsvc.web.catalogue import Absence, Catalogue, Moved
from feedsvc.web.conditional import Prepared
from feedsvc.web.responses import Responses
from tests.builders import SITE, START, Town, article, topic, town

CATALOGUE = Catalogue(site=SITE, language="en", intervals={"town": 300})


def filed(*slugs: str) -> dict[str, Any]:
    return {"topics": tuple(map(topic, slugs))}


def a_town(**more: Any) -> Town:  # noqa: ANN401 - whatever a town takes
    place = town(**more)
    place.tick(
        article(1, **filed("a")), article(2, **filed("a", "b")), article(3, **filed("b", "c")),
        article(4, **filed("a", "b", "c")),
    )  # fmt: skip
    return place


def titles(place: Town, path: str) -> list[str]:
    return [item["title"] for item in json.loads(place.web.test_client().get(path).data)["items"]]


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [("a+b", [4, 2]), ("a%2Bb", [4, 2]), ("a+b+-c", [2]), ("a,c", [4, 3, 2, 1]), ("a+-b", [1])],
)
def test_a_combination_has_what_its_parts_say(expression: str, numbers: list[int]) -> None:
    place = a_town()
    assert titles(place, f"/topics/{expression}.json") == [f"Story {number}" for number in numbers]
    page = place.web.test_client().get(f"/topics/{expression}")
    assert page.status_code == 200
    assert all(f"Story {number}" in page.text for number in numbers)


@pytest.mark.parametrize(
    ("asked", "status", "location"),
    [
        ("b+a", 308, "/topics/a+b.rss"),
        ("a+a", 308, "/topics/a.rss"),
        ("a+Alpha", 308, "/topics/a+alpha.rss"),
        ("a+-a", 404, None),
        ("-a", 404, None),
        ("a+nowhere", 404, None),
        ("a,b+c", 404, None),
        ("a+gone", 410, None),
    ],
)
def test_other_orders_lead_to_the_canonical_one(asked: str, status: int, location: str | None) -> None:
    place = a_town(topics=[TopicRule(slug="alpha", name="Alpha")])
    place.tick(article(7, **filed("gone")), at=START + timedelta(hours=1))
    place.store.refile(lambda edition: Refiled(registry=edition.registry.delete("gone")), START)
    answer = place.web.test_client().get(f"/topics/{asked}.rss")
    assert (answer.status_code, answer.headers.get("Location")) == (status, location)


def test_a_combination_has_no_archive_no_hub_and_a_limit() -> None:
    place = a_town()
    client = place.web.test_client()
    assert client.get("/topics/a+b/archive/1.atom").status_code == 404
    answer = client.get("/topics/a+b.atom")
    assert b"prev-archive" not in answer.data
    assert titles(place, "/topics/a,b.json?limit=3") == ["Story 4", "Story 3", "Story 2"]
    assert 'rel="hub"' not in answer.headers["Link"]
    assert "https://feeds.example.org/topics/a+b.rss" not in CATALOGUE.published(place.store.edition)


def test_a_combination_comes_back_byte_equal_after_eviction_and_follows_its_parts() -> None:
    place = a_town()
    client = place.web.test_client()
    before = client.get("/topics/a+b.rss")
    fresh = Responses(place.store, CATALOGUE)
    again = fresh.find("/topics/a+b.rss")
    assert isinstance(again, Prepared)
    assert (before.data, before.headers["ETag"]) == (again.identity.body, again.identity.etag)
    place.tick(article(9, **filed("a", "b")), withdrawn=[article(2).id], at=START + timedelta(hours=1))
    assert titles(place, "/topics/a+b.json") == ["Story 9", "Story 4"]
    assert article(2).id.encode() in client.get("/topics/a+b.atom").data  # its tombstone


def test_only_so_many_combinations_are_remembered() -> None:
    place = a_town()
    edition = place.store.edition
    first = CATALOGUE.find(edition, ("topic", "a+b"))
    assert CATALOGUE.find(edition, ("topic", "a+b")) is first
    for signs in range(100):
        slugs = [f"t{signs}", f"u{signs}"]
        place.tick(article(100 + signs, **filed(*slugs)), at=START + timedelta(hours=1 + signs))
        CATALOGUE.find(place.store.edition, ("topic", "+".join(slugs)))
    later = CATALOGUE.find(place.store.edition, ("topic", "a+b"))
    assert isinstance(first, ArticleList)
    assert isinstance(later, ArticleList)
    assert later is not first
    assert later.ids == first.ids


def test_before_the_first_tick_a_combination_is_not_ready() -> None:
    place = town(topics=[TopicRule(slug="a", name="A"), TopicRule(slug="b", name="B")])
    assert CATALOGUE.find(place.store.edition, ("topic", "a+b")) is Absence.NOT_READY
    assert CATALOGUE.find(place.store.edition, ("topic", "b+a")) == Moved(key=("topic", "a+b"))
    assert CATALOGUE.title(place.store.edition, ("topic", "a+-b")) == "A − B"


@given(st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=8))
def test_both_of_two_topics_are_what_stands_in_both(sets: list[set[str]]) -> None:
    place = town(topics=[TopicRule(slug=slug, name=slug) for slug in "abc"])
    place.tick(*(article(number, **filed(*sorted(slugs))) for number, slugs in enumerate(sets, 1)))
    edition = place.store.edition
    of = {slug: set(edition.lists["topic", slug].ids) for slug in "abc"}
    both, either = (CATALOGUE.find(edition, ("topic", each)) for each in ("a+b+-c", "a,b"))
    assert isinstance(both, ArticleList)
    assert isinstance(either, ArticleList)
    assert set(both.ids) == of["a"] & of["b"] - of["c"]
    assert set(either.ids) == of["a"] | of["b"]
