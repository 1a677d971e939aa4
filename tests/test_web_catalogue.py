"""Which lists exist, and what their feeds say of themselves."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from feedsvc.store import LATEST, PAGE, ArticleList, Limits, ListKey
from feedsvc.store.lists import empty_list
from feedsvc.text import slug
from feedsvc.topics import TopicRule
from feedsvc.web.addresses import STATUS
from feedsvc.web.catalogue import Absence, Catalogue, Moved
from tests.builders import SITE, START, article, topic, town

CATALOGUE = Catalogue(site=SITE, language="en", intervals={"town": 300, "fast": 1, "slow": 86400})


def listed(*sources: str) -> ArticleList:
    return replace(empty_list(Limits()), sources=frozenset(sources))


@pytest.mark.parametrize(
    ("key", "sources", "seconds"),
    [
        (("source", "town"), [], 300),
        (("source", "fast"), [], 60),
        (("source", "slow"), [], 3600),
        (("source", "none"), [], 3600),
        (LATEST, [], 60),
        (LATEST, ["town", "slow"], 300),
        (("topic", "a"), ["slow"], 3600),
        (("topic", "a"), ["slow", "town"], 300),
        (("topic", "a"), ["town", "removed"], 300),
        (("topic", "a"), ["removed"], 3600),
        (("topic", "a"), [], 60),
        (STATUS, [], 60),
    ],
)
def test_an_answer_is_fresh_until_the_sources_behind_it_are_looked_at_again(
    key: ListKey, sources: list[str], seconds: int
) -> None:
    assert CATALOGUE.max_age(key, listed(*sources)) == seconds


def test_without_sources_an_answer_is_fresh_for_an_hour() -> None:
    assert Catalogue(site=SITE, language="en", intervals={}).max_age(LATEST, listed()) == 3600


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
    place = town(topics=[TopicRule(slug="a", name="Arts")])
    place.tick(article(topics=(topic("Arts", "a"),)), at=START)
    edition = place.store.edition
    articles = CATALOGUE.find(edition, key)
    assert isinstance(articles, ArticleList)
    shown = CATALOGUE.feed(edition, key, articles)
    assert shown.title == title
    assert "Town news" in shown.subtitle


@pytest.mark.parametrize("name", ["old", "OLD", "Old ", "R&D", "r d", "ART"])
def test_a_topic_is_found_under_its_aliases_and_its_other_spellings(name: str) -> None:
    topics = [
        TopicRule(slug="art", name="Arts", aliases=("old",)),
        TopicRule(slug="r-d", name="R&D", aliases=("research",)),
    ]
    place = town(topics=topics)
    found = CATALOGUE.find(place.store.edition, ("topic", name))
    assert found in (Moved(key=("topic", "art")), Moved(key=("topic", "r-d")))


def test_what_is_no_topic_under_any_spelling_is_unknown_once_all_was_read() -> None:
    place = town(topics=[TopicRule(slug="art", name="Arts", aliases=("old",))])
    for name in ("none", "", "!?", "art-"):
        assert CATALOGUE.find(place.store.edition, ("topic", name)) is not None
    assert CATALOGUE.find(place.store.edition, ("topic", "none")) is Absence.NOT_READY
    place.tick(article())
    for name in ("none", "", "!?"):
        assert CATALOGUE.find(place.store.edition, ("topic", name)) is Absence.UNKNOWN
    assert CATALOGUE.find(place.store.edition, ("source", "TOWN")) is Absence.UNKNOWN


def test_a_feed_says_what_its_list_says() -> None:
    place = town()
    place.tick(*(article(number) for number in range(PAGE + 9)))
    place.tick(withdrawn=[article(1).id], at=START + timedelta(days=9))
    edition = place.store.edition
    listed = edition.lists[LATEST]
    shown = CATALOGUE.feed(edition, LATEST, listed)
    assert (shown.articles, shown.updated, shown.tombstones) == (
        listed.shown,
        listed.updated,
        listed.tombstones,
    )
    assert (shown.page, shown.older, shown.ttl) == (None, 1, 300)


def test_a_page_of_the_archive_says_which_and_what_came_before_and_tells_no_tombstones() -> None:
    place = town()
    place.tick(*(article(number) for number in range(3 * PAGE)))
    place.tick(withdrawn=[article(1).id], at=START + timedelta(days=9))
    first, second = (CATALOGUE.archive(place.store.edition, LATEST, number) for number in (1, 2))
    assert (first.page, first.older, len(first.articles)) == (1, None, PAGE - 1)
    assert (second.page, second.older, len(second.articles)) == (2, 1, PAGE)
    assert second.subtitle == "The newest articles of Town news, page 2"
    assert second.updated == article(2 * PAGE - 1).updated
    assert (second.ttl, second.tombstones) == (3600, ())


def test_a_feed_that_reaches_past_its_window_is_otherwise_the_same() -> None:
    place = town(limits=Limits(count=3, time=timedelta(0)))
    place.tick(*(article(number) for number in range(PAGE)))
    place.tick(article(99), at=START + timedelta(days=9))
    edition = place.store.edition
    articles = edition.lists[LATEST]
    shown, far = CATALOGUE.feed(edition, LATEST, articles), CATALOGUE.reaching(edition, LATEST, articles, 20)
    assert (len(shown.articles), len(far.articles)) == (3, 20)
    assert replace(far, articles=shown.articles, query="") == shown
    assert far.query == "?limit=20"


def test_incidents_may_be_asked_for_by_number_too() -> None:
    place = town()
    place.tick(article())
    place.tick(failing="gone", at=START + timedelta(days=1))
    place.tick(at=START + timedelta(days=2))
    place.tick(failing="gone again", at=START + timedelta(days=3))
    edition = place.store.edition
    found = CATALOGUE.find(edition, STATUS)
    assert isinstance(found, ArticleList)
    assert len(CATALOGUE.feed(edition, STATUS, found).articles) == 2
    (newest,) = CATALOGUE.reaching(edition, STATUS, found, 1).articles
    assert "gone again" in newest.text


def test_every_feed_of_articles_is_listed_in_its_group() -> None:
    place = town(topics=[TopicRule(slug="b", name="Boats")])
    place.tick(article(topics=(topic("Arts", "a"),)))
    groups = [(name, list(outlines)) for name, outlines in CATALOGUE.outlines(place.store.edition)]
    assert [(name, [(each.path, each.title) for each in outlines]) for name, outlines in groups] == [
        ("", [("/latest", "Town news")]),
        ("Topics", [("/topics/a", "Arts – Town news"), ("/topics/b", "Boats – Town news")]),
        ("Sources", [("/sources/town", "town – Town news")]),  # away was not read yet
    ]


def test_every_feed_that_there_is_says_when_it_was_published_last() -> None:
    place = town()
    place.tick(article(topics=(topic("社区"),)), at=START + timedelta(days=1))
    place.tick(failing="gone", at=START + timedelta(days=2))
    moments = CATALOGUE.published(place.store.edition)
    assert len(moments) == 4 * 3
    assert moments["https://feeds.example.org/latest.rss"] == START + timedelta(days=1)
    assert moments["https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.atom"] == START + timedelta(days=1)
    assert "https://feeds.example.org/sources/away.json" not in moments  # not read yet
    assert moments["https://feeds.example.org/status.json"] == START + timedelta(days=2)


@pytest.mark.parametrize("name", ["C++", "Arts, Crafts", "a+b", "-minus"])
def test_a_name_that_reads_like_a_combination_leads_to_its_topic(name: str) -> None:
    place = town()
    place.tick(article(1, topics=(topic(name, slug(name)),)), article(2, topics=(topic("Plain", "plain"),)))
    client = place.web.test_client()
    moved = client.get(f"/topics/{quote(name)}.atom")
    assert moved.status_code == 308
    assert client.get(moved.headers["Location"]).status_code == 200
    for nothing in ("plain+", "plain+nothing", "+plain"):
        assert client.get(f"/topics/{quote(nothing)}.atom").status_code == 404
