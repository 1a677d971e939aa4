"""Searching an edition: the same as reading every article, whatever the index has yet to take in."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.errors import SearchError
from feedsvc.model import Article, Change, Commit, Health
from feedsvc.search import preparation, read_query, search, shelf
from feedsvc.search.search import Order, Search
from feedsvc.search.shelf import Shelf
from feedsvc.store import LATEST, SqliteJournal, Store, index
from feedsvc.store.index import Index
from feedsvc.topics import TopicRule
from feedsvc.topics.matching import matched
from tests.builders import LIMITS, PLAIN, START, article, topic

SOURCES = ("town", "away")
TOPICS = replace(PLAIN, rules=(TopicRule(slug="water", name="Wasser", aliases=("aqua",)),))


class Library:
    """A store, its index, and searches in both."""

    def __init__(self, path: Path | None = None, sources: tuple[str, ...] = SOURCES) -> None:
        self.journal = SqliteJournal(path)
        health = [Health(source=name, kind="folder", last_success=START) for name in sources]
        self.store = Store(TOPICS, health, LIMITS, self.journal)
        self.index = Index(self.journal, preparation())
        self.search = Search(self.store, self.index)

    def commit(self, *articles: Article, withdrawn: tuple[str, ...] = (), source: str = "town") -> None:
        health = Health(source=source, kind="folder", last_success=START)
        change = Change(health=health, articles=articles, withdrawn=withdrawn)
        self.store.commit(Commit(at=START, change=change))

    def work(self) -> None:
        while self.index.work():
            pass

    def keys(self, written: str, order: Order = "arrival", most: int = 100) -> list[str]:
        found = self.search.find(read_query(written), order, most)
        return [each.key.removesuffix(".txt") for each in found.articles]

    def close(self) -> None:
        self.index.close()
        self.store.close()


@pytest.fixture
def library() -> Iterator[Library]:
    made = Library()
    yield made
    made.close()


def scan(library: Library, written: str) -> list[str]:
    """Return the keys of all that match, the last to come first, by reading every article."""
    shown = Shelf(edition=library.store.edition)
    rule = shown.meant(read_query(written).rule)
    there = sorted(shown.edition.articles.values(), key=lambda each: -each.sequence)
    found = (each for each in there if matched(rule, shown.look(each).holds) is not None)
    return [each.key.removesuffix(".txt") for each in found]


SYLLABLES = ("湖", "湖水", "社区", "社區", "书屋", "lake", "Lakes", "ice", "５Ｇ", "a", "的")


def random_article(number: int, draw: random.Random) -> Article:
    def text(length: int) -> str:
        return "".join(
            draw.choice(SYLLABLES) + draw.choice(("", "", " ", " ", "，", ", ", "-", "\n\n"))
            for _ in range(length)
        )

    return article(
        number,
        title=text(3).replace("\n\n", " "),
        text=text(30),
        authors=tuple(draw.sample(("林见鹿", "Ann Lee", "lake"), draw.randint(0, 2))),
        language=draw.choice(("en", "en-GB", "zh-Hans", None)),
        url=draw.choice((None, "https://lake.example.org/ICE", "https://example.org/湖")),
        source=draw.choice(SOURCES),
        topics=draw.choice(((), (topic("Water", "water"),), (topic("Ice", "ice"),))),
    )


TERMS = st.one_of(
    st.sampled_from(SYLLABLES),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3).map("".join),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=2).map(lambda words: f'"{"，".join(words)}"'),
    st.sampled_from(
        ("#water", "#aqua", "#wasser", "#none", "source:town", "source:none", "lang:en", "lang:zh")
    ),
    st.sampled_from(
        ("inurl:ice", "inurl:湖", "author:lee", "author:见鹿", 'author:"ann lee"', "/lak?e/", '"…"')
    ),
    st.tuples(st.sampled_from(("intitle:", "intext:")), st.sampled_from(SYLLABLES)).map("".join),
)
SEARCHES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(lambda part: f"!({part})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " ".join(f"({part})" for part in parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " OR ".join(f"({part})" for part in parts)),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def shelves() -> Iterator[Library]:
    library, draw = Library(), random.Random(4)  # noqa: S311 - the same articles every time
    everything = [random_article(number, draw) for number in range(1, 161)]
    for source in SOURCES:
        library.commit(*(each for each in everything if each.source == source), source=source)
    library.work()
    changed = [random_article(number, draw) for number in range(1, 20)]
    changed = [replace(each, source=old.source) for each, old in zip(changed, everything, strict=False)]
    for source in SOURCES:
        library.commit(*(each for each in changed if each.source == source), source=source)
    library.commit(withdrawn=tuple(each.id for each in everything[30:40] if each.source == "town"))
    library.index.work()
    lately = [replace(random_article(number, draw), source="town") for number in range(200, 210)]
    library.commit(*lately)
    yield library
    library.close()


@given(SEARCHES)
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
def test_every_search_finds_what_reading_everything_finds(shelves: Library, written: str) -> None:
    expected = scan(shelves, written)
    assert shelves.keys(written, most=1_000) == expected
    assert sorted(shelves.keys(written, "relevance", most=1_000)) == sorted(expected)
    found = shelves.search.find(read_query(written), "date", 5)
    assert len(found.articles) == min(5, len(expected))
    assert found.count == len(expected) or (found.at_least and found.count <= len(expected))


def test_what_is_not_indexed_yet_is_read(library: Library) -> None:
    library.commit(article(1, text="The lake froze"))
    assert library.keys("lake") == ["1"]
    library.work()
    library.commit(article(2, text="The lake thawed"), article(1, text="Changed"))
    assert library.keys("lake") == ["2"]
    assert library.keys("changed", "relevance") == ["1"]
    library.work()
    assert library.keys("lake") == ["2"]


def test_a_withdrawn_article_is_found_no_more_even_before_the_index_knows(library: Library) -> None:
    library.commit(article(1, text="lake"), article(2, text="lake"))
    library.work()
    library.commit(withdrawn=(article(1).id,))
    assert library.keys("lake") == ["2"]
    library.work()
    assert library.keys("lake") == ["2"]


def test_articles_of_a_source_that_is_not_configured_now_are_not_found(tmp_path: Path) -> None:
    before = Library(tmp_path / "feedsvc.db")
    before.commit(article(1, text="lake"))
    before.commit(article(2, text="lake", source="away"), source="away")
    before.work()
    before.close()
    after = Library(tmp_path / "feedsvc.db", sources=("town",))
    found = after.search.find(read_query("lake"), "date", 10)
    assert ([each.key for each in found.articles], found.count) == (["1.txt"], 1)
    assert after.keys("-none") == ["1"]
    after.close()


def test_what_is_asked_for_may_be_that_words_are_missing(library: Library) -> None:
    library.commit(article(1, text="lake"), article(2, text="ice"), article(3, text="none"))
    library.work()
    assert library.keys("!lake !ice") == ["3"]
    assert library.keys("!lake !ice", "relevance") == ["3"]


def test_a_title_is_more_relevant_than_a_body_and_dates_go_newest_first(library: Library) -> None:
    library.commit(
        article(1, text="A lake, a lake, and more words than one would like to read here."),
        article(2, title="The lake", text="Nothing else."),
        article(3, text="Of all the things that stand in this long text, one is a lake, and others are not."),
        article(4, text="none"),
    )
    library.work()
    assert library.keys("lake", "relevance") == ["2", "1", "3"]
    assert library.keys("lake", "relevance", most=2) == ["2", "1"]
    assert library.keys("lake", "date") == ["3", "2", "1"]
    assert library.keys("source:town", "relevance") == ["4", "3", "2", "1"]
    assert library.keys("lake source:town", "relevance") == ["2", "1", "3"]


def test_of_very_many_those_that_came_last_are_ranked(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 2)
    library.commit(*(article(number, text="lake " * number) for number in range(1, 6)))
    library.work()
    assert set(library.keys("lake", "relevance")[:2]) == {"4", "5"}
    assert library.keys("lake", "relevance")[2:] == ["3", "2", "1"]


def test_a_character_that_stands_nearly_everywhere_is_not_asked_of_the_index(library: Library) -> None:
    library.commit(*(article(number, text=f"湖的{number}") for number in range(1, 21)))
    library.commit(article(30, text="湖", title="的"))
    library.work()
    with library.index.snapshot(0, 5) as snapshot:
        assert snapshot
    assert library.keys("的") == ["30", *(str(number) for number in range(20, 0, -1))]
    assert library.keys("的 OR 书", "relevance", most=1) == ["30"]
    assert library.keys("intitle:的") == ["30"]
    assert library.keys("湖 !的") == []


def test_more_than_can_be_counted_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.commit(*(article(number, text="a-b") for number in range(1, 6)))
    library.work()
    query = read_query('"a-b"')
    assert not library.search.find(query, "date", 2).at_least
    monkeypatch.setattr(search, "COUNTED", 3)
    found = library.search.find(query, "date", 2)
    assert (found.count, found.at_least) == (2, True)
    found = library.search.find(query, "date", 9)
    assert (found.count, found.at_least) == (5, False)


def test_a_search_that_reads_too_much_is_told_to_ask_for_less(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.commit(*(article(number, text="a-b") for number in range(1, 6)))
    library.work()
    monkeypatch.setattr(search, "COUNTED", 0)
    clock = iter((0.0, 0.1, 0.2, 5.0))
    monkeypatch.setattr(search, "thread_time", lambda: next(clock))
    with pytest.raises(SearchError, match="too long") as raised:
        library.keys('"a-b"')
    assert raised.value.wait == 0


def test_a_search_that_the_index_takes_too_long_for_may_be_asked_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.commit(article(1, text="lake"))
    library.work()
    monkeypatch.setattr(index, "_STEPS", 1)
    monkeypatch.setattr(search, "SECONDS", -1)
    with pytest.raises(SearchError, match="took too long") as raised:
        library.keys("lake")
    assert raised.value.wait > 0


def test_while_the_index_lacks_much_a_search_says_when_to_ask_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SCAN", 2)
    library.commit(*(article(number, text="lake") for number in range(1, 4)))
    with pytest.raises(SearchError, match="being built") as raised:
        library.keys("lake")
    assert raised.value.wait > 0
    library.work()
    assert library.keys("lake") == ["3", "2", "1"]


def test_without_an_index_a_few_articles_are_read(library: Library) -> None:
    library.commit(article(1, text="湖水"), article(2))
    alone = Search(library.store, None)
    found = alone.find(read_query("湖 OR none"), "relevance", 10)
    assert [each.key for each in found.articles] == ["1.txt"]


def test_a_journal_that_is_away_leaves_reading(library: Library) -> None:
    library.commit(article(1, text="湖水"))
    library.work()
    library.store.close()
    assert library.keys("湖") == ["1"]


def test_what_another_process_committed_is_taken_in_first(tmp_path: Path) -> None:
    here, there = Library(tmp_path / "feedsvc.db"), Library(tmp_path / "feedsvc.db")
    here.commit(article(1, text="lake"))
    here.work()
    assert there.store.edition.generation == 0
    assert there.keys("lake") == ["1"]
    here.commit(article(1, text="changed"), article(2, text="lake"))
    assert there.keys("lake") == ["2"]
    here.work()
    here.commit(article(3, text="lake"))
    here.work()
    assert there.keys("lake") == ["3", "2"]
    here.close()
    there.close()


def test_a_journal_that_fell_behind_what_is_served_is_not_asked(library: Library) -> None:
    library.commit(article(1, text="lake"))
    library.work()
    with library.journal.database.use() as connection:
        connection.execute("UPDATE journal SET generation = 0")
    assert library.keys("lake") == ["1"]


def test_two_processes_give_the_same_order_at_the_same_generation(tmp_path: Path) -> None:
    here, there = Library(tmp_path / "feedsvc.db"), Library(tmp_path / "feedsvc.db")
    draw = random.Random(7)  # noqa: S311 - the same articles every time
    here.commit(*(replace(random_article(number, draw), source="town") for number in range(1, 40)))
    there.store.catch_up()
    unindexed = [there.search.find(read_query("湖 OR lake"), order, 20) for order in ("date", "arrival")]
    here.work()
    indexed = [here.search.find(read_query("湖 OR lake"), order, 20) for order in ("date", "arrival")]
    assert [found.articles for found in unindexed] == [found.articles for found in indexed]
    here.close()
    there.close()


@pytest.mark.parametrize("many", [0, 100])
def test_articles_stand_by_date_and_those_of_one_moment_by_id_however_many_there_are(
    library: Library, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(shelf, "_MANY", many)
    moment = article(9).published
    library.commit(*(article(number, published=moment) for number in range(1, 9)), article(20), article(10))
    shown = Shelf(edition=library.store.edition)
    expected = ["20.txt", "10.txt", *(f"{number}.txt" for number in range(1, 9))]
    assert [each.key for each in shown.newest()] == expected
    assert [each.key for each in shown.newest(shown.numbers)] == expected
    assert [
        each.key for each in shown.newest(shown.numbers - {each.sequence for each in shown.latest()})
    ] == []


def test_a_shelf_has_no_number_for_what_is_not_shown(library: Library) -> None:
    library.commit(article(1), article(2), article(3))
    library.commit(withdrawn=(article(2).id,))
    shown = Shelf(edition=library.store.edition)
    assert shown.numbers == {1, 3}
    assert [each.key for each in shown.articles((1, 2, 3, 4))] == ["1.txt", "3.txt"]
    assert [each.key for each in shown.latest()] == ["3.txt", "1.txt"]
    assert [each.key for each in shown.latest((1, 2, 3))] == ["3.txt", "1.txt"]
    assert shown.in_list(LATEST) == {1, 3}
