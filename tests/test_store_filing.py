"""Which topics articles get when they are acknowledged, in one store and in several on one journal."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import BehindError
from feedsvc.model import Article, Assignment, Change, Commit, Health
from feedsvc.store import Edition, Limits, SqliteJournal, Store
from feedsvc.store.check import check_journal
from feedsvc.store.filing import Refiled
from feedsvc.store.journal import Delta
from feedsvc.store.rows import encode
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics
from tests.builders import PLAIN, START, article, topic

HEALTH = Health(source="town", kind="folder", last_success=START)
ALL = Topics()


def place(name: str) -> Assignment:
    return Assignment(slug=slug(name), name=name, source="entities", matched=name)


def naming(number: int, *names: str) -> Article:
    return article(number, topics=tuple(map(place, names)))


def a_store(path: Path | None = None, topics: Topics = ALL) -> Store:
    return Store(topics, [HEALTH], Limits(), SqliteJournal(path))


def commit(store: Store, *articles: Article, day: int = 0, withdrawn: tuple[str, ...] = ()) -> Edition:
    at = START + timedelta(days=day)
    return store.commit(Commit(at=at, change=Change(health=HEALTH, articles=articles, withdrawn=withdrawn)))


def others(start: int, count: int = 9) -> list[Article]:
    return [article(number) for number in range(start, start + count)]


def in_feed(edition: Edition, slug: str) -> list[int]:
    return [edition.articles[id_].sequence for id_ in edition.lists["topic", slug].ids]


def test_a_place_has_no_feed_before_enough_documents_name_it_and_then_the_earlier_ones_as_well() -> None:
    store = a_store()
    edition = commit(store, naming(1, "溪口区"), naming(2, "溪口区"), *others(10))
    assert ("topic", "溪口区") not in edition.lists
    assert [each.slug for each in edition.articles[article(1).id].held] == ["溪口区"]
    assert edition.articles[article(1).id].topics == ()
    latest = edition.lists["latest", ""]
    edition = commit(store, naming(3, "溪口区"), day=1)
    first = edition.articles[article(1).id]
    assert in_feed(edition, "溪口区") == [1, 2, 12]
    assert ([each.slug for each in first.topics], first.held) == (["溪口区"], ())
    assert (first.revised, first.updated) == (START, article(1).updated)
    assert edition.lists["latest", ""].modified > latest.modified
    assert edition.held == {}
    assert [(each.slug, each.kind) for each in edition.listed] == [("溪口区", "place")]


def test_what_most_documents_name_is_no_topic_until_it_tells_them_apart() -> None:
    store = a_store()
    edition = commit(store, *(naming(number, "溪口区") for number in range(1, 4)), article(9))
    assert edition.registry.find("溪口区").status == 404
    edition = commit(store, *others(20), day=1)
    assert in_feed(edition, "溪口区") == [1, 2, 3]


def test_an_article_that_left_or_was_revised_counts_as_it_is_now() -> None:
    store = a_store()
    edition = commit(store, *(naming(number, "溪口区") for number in (1, 2)), *others(10))
    edition = commit(store, withdrawn=(article(1).id,), day=1)
    edition = commit(store, naming(3, "溪口区"), day=2)
    assert edition.registry.find("溪口区").status == 404
    edition = commit(store, replace(article(2), title="Another"), day=3)
    edition = commit(store, naming(4, "溪口区"), day=4)
    assert edition.registry.find("溪口区").status == 404
    assert len(edition.held["溪口区"]) == 2


class Elsewhere(SqliteJournal):
    """A journal to which another process writes just before the first write from here."""

    def __init__(self, path: Path, *articles: Article) -> None:
        super().__init__(path)
        self._articles = articles
        self._path = path

    def write(self, delta: Delta, base: int, claims: Mapping[str, int]) -> None:
        if self._articles:
            articles, self._articles = self._articles, ()
            commit(a_store(self._path), *articles)
            with pytest.raises(BehindError):
                super().write(delta, base, claims)
        super().write(delta, base, claims)


def test_processes_on_one_journal_agree_on_topics(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    commit(a_store(path), naming(1, "溪口区"), *others(10))
    store = Store(ALL, [HEALTH], Limits(), Elsewhere(path, naming(2, "溪口区"), naming(4, "C", "C#")))
    edition = commit(store, naming(3, "溪口区"), naming(5, "C#"))
    assert len(in_feed(edition, "溪口区")) == 3
    follower, fresh = a_store(path), a_store(path)
    assert follower.edition == fresh.edition == edition
    assert [each.slug for each in edition.articles[article(5).id].held] == ["c-951a4d"]
    assert check_journal(path).findings == ()


def test_a_follower_takes_in_new_topics_as_a_restart_would(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    writer, follower = a_store(path), a_store(path)
    commit(writer, naming(1, "溪口区"), naming(2, "溪口区"), *others(10))
    follower.catch_up()
    commit(writer, naming(3, "溪口区"), day=1)
    assert follower.catch_up() == writer.edition == a_store(path).edition


def test_a_topic_that_the_configuration_merges_hands_its_articles_over(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    first = a_store(path, PLAIN)
    commit(first, article(1, topics=(topic("Duties", "duties"),)), article(2, topics=(topic("Tax", "tax"),)))
    first.settle("one", START)
    rules = (TopicRule(slug="duties", name="Duties", merge_into="tax"), TopicRule(slug="fees", name="Fees"))
    second = a_store(path, replace(PLAIN, rules=rules))
    second.settle("two", START + timedelta(days=1))
    edition = second.edition
    assert (edition.registry.find("duties").status, edition.registry.find("duties").slug) == (308, "tax")
    assert sorted(in_feed(edition, "tax")) == [1, 2]
    assert edition.lists["topic", "duties"].ids == ()
    assert a_store(path, replace(PLAIN, rules=rules)).edition == edition
    assert check_journal(path).findings == ()


def test_a_deleted_topic_is_gone_from_its_articles_and_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    store = a_store(path, PLAIN)
    commit(store, article(1, topics=(topic("Art", "art"),)))
    edition = store.refile(lambda edition: Refiled(registry=edition.registry.delete("art")), START)
    assert edition.articles[article(1).id].topics == ()
    edition = commit(store, article(2, topics=(topic("Art", "art"),)), day=1)
    assert (edition.registry.find("art").status, in_feed(edition, "art")) == (410, [])
    assert a_store(path, PLAIN).edition == edition


def test_an_archive_page_says_that_it_changed_when_an_article_there_moves() -> None:
    store = a_store(None, PLAIN)
    articles = [article(number, topics=(topic("Art", "art"),)) for number in range(1, 61)]
    before = commit(store, *articles).lists["latest", ""]
    at = START + timedelta(days=1)
    after = store.refile(lambda edition: Refiled(registry=edition.registry.delete("art")), at).lists[
        "latest", ""
    ]
    assert before.pages[0] < after.pages[0] == at


def test_the_journal_knows_under_which_rules_articles_were_filed() -> None:
    store = a_store()
    assert store.edition.rulesets == ()
    assert commit(store).rulesets == ()
    assert commit(store, article(1)).rulesets == (ALL.digest,)
    assert commit(store, article(2), day=1).rulesets == (ALL.digest,)


def test_topics_that_an_older_version_wrote_are_read_and_listed() -> None:
    journal = SqliteJournal(None)
    store = Store(PLAIN, [HEALTH], Limits(), journal)
    commit(store, article(1, topics=(topic("Art", "art"),)))
    old = encode({"slug": "art", "name": "Art", "configured": False, "aliases": ["arts"]})
    journal.write(Delta(generation=2, rows={("topic", "art"): old}), 1, {})
    edition = store.catch_up()
    assert edition.topics["art"].name == "Art"
    assert [each.slug for each in edition.listed] == ["art"]
    assert commit(store, article(2, topics=(topic("ART", "art"),)), day=1).lists["topic", "art"].ids


def test_a_topic_that_is_configured_takes_none_over_that_differs_by_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "feedsvc.db"
    before = a_store(path, PLAIN)
    for number, name in enumerate(("C", "C++", "C#"), 1):
        commit(before, article(number, topics=(topic(name, "c"),)), day=number)
    slugs = {each.name: each.slug for each in before.edition.listed}
    ours = replace(PLAIN, rules=(TopicRule(slug="c", name="C"),))
    store = a_store(path, ours)
    store.settle("two", START + timedelta(days=5))
    edition = commit(store, article(4, topics=(topic("C++", "c"),)), day=6)
    assert {each.name: each.slug for each in edition.listed} == slugs
    assert {name: in_feed(edition, slug) for name, slug in slugs.items()} == {
        "C": [1],
        "C++": [2, 4],
        "C#": [3],
    }
    assert a_store(path, ours).edition == edition


def with_cash_in_finance(path: Path) -> Path:
    """Return a journal whose configuration merged a topic into one that no document has named."""
    rules = (TopicRule(slug="cash", name="Cash", merge_into="Finance"),)
    first = a_store(path, replace(PLAIN, rules=rules))
    first.settle("one", START)
    commit(first)
    return path


def test_what_a_configuration_merged_into_stays_when_another_one_comes(tmp_path: Path) -> None:
    path = with_cash_in_finance(tmp_path / "feedsvc.db")
    store = a_store(path, PLAIN)
    edition = commit(store, article(1, topics=(topic("Cash", "cash"),)))
    assert edition.registry.find("cash").status == 308
    assert in_feed(edition, "finance") == [1]


def test_a_journal_that_lacks_what_was_merged_into_is_read(tmp_path: Path) -> None:
    path = with_cash_in_finance(tmp_path / "feedsvc.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = connection.execute("DELETE FROM record WHERE kind = 'topic' AND name = 'finance'").rowcount
    assert rows == 1
    store = a_store(path, PLAIN)
    assert commit(store, article(1, topics=(topic("Cash", "cash"),))).articles
