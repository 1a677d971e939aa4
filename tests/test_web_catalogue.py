"""Which lists exist, where they stand, and what their feeds say of themselves."""

import pytest

from feedsvc.model import Topic
from feedsvc.store import LATEST, ArticleList, ListKey
from feedsvc.web.catalogue import STATUS, Catalogue
from tests.builders import SITE, START, article, topic, town

CATALOGUE = Catalogue(site=SITE, language="en", intervals={"town": 300, "fast": 1, "slow": 86400})


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/latest", LATEST),
        ("/status", STATUS),
        ("/topics/社区", ("topic", "社区")),
        ("/sources/town", ("source", "town")),
        ("/topics/a/b", None),
        ("/topics", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_path_names_a_list(path: str, key: ListKey | None) -> None:
    assert CATALOGUE.key(path) == key
    if key:
        assert CATALOGUE.path(key) == path


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/latest.rss", (LATEST, "rss")),
        ("/topics/a.b.json", (("topic", "a.b"), "json")),
        ("/latest.html", None),
        ("/latest", None),
        ("/topics.rss", None),
        (".rss", None),
    ],
)
def test_a_suffix_makes_a_list_a_feed(path: str, place: tuple[ListKey, str] | None) -> None:
    assert CATALOGUE.split(path) == place


@pytest.mark.parametrize(
    ("key", "seconds"),
    [
        (("source", "town"), 300),
        (("source", "fast"), 60),
        (("source", "slow"), 3600),
        (("source", "none"), 3600),
        (LATEST, 60),
        (("topic", "a"), 60),
    ],
)
def test_an_answer_is_fresh_until_its_sources_are_looked_at_again(key: ListKey, seconds: int) -> None:
    assert CATALOGUE.max_age(key) == seconds


def test_without_sources_an_answer_is_fresh_for_an_hour() -> None:
    assert Catalogue(site=SITE, language="en", intervals={}).max_age(LATEST) == 3600


@pytest.mark.parametrize(
    ("key", "title"),
    [
        (LATEST, "Town news"),
        (STATUS, "Incidents – Town news"),
        (("topic", "a"), "Arts – Town news"),
        (("source", "town"), "town – Town news"),
    ],
)
def test_a_feed_is_titled_after_its_list_and_its_site(key: ListKey, title: str) -> None:
    place = town(topics=[Topic(slug="a", name="Arts")])
    place.tick(article(topics=(topic("Arts", "a"),)), at=START)
    edition = place.store.edition
    articles = CATALOGUE.find(edition, key)
    assert isinstance(articles, ArticleList)
    shown = CATALOGUE.feed(edition, key, articles)
    assert shown.title == title
    assert "Town news" in shown.subtitle
