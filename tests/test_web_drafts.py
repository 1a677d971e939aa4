"""What stands at a path: feeds, pages of archives, the list of feeds, and the walk through them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.feeds import FORMATS
from feedsvc.model import Article
from feedsvc.store import LATEST, PAGE, Limits, ListKey
from feedsvc.topics import TopicRule
from feedsvc.web.addresses import list_path
from feedsvc.web.catalogue import Absence
from feedsvc.web.conditional import Prepared
from feedsvc.web.drafts import Elsewhere
from tests.builders import SITE, START, Town, Value, article, topic, town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAR = (START + 900 * DAY).timestamp
BRIEF = Limits(count=3, time=timedelta(0))
ATOM = "{http://www.w3.org/2005/Atom}"


def found(place: Town, path: str) -> Prepared:
    result = place.responses.find(path.encode().decode("latin-1"))
    assert isinstance(result, Prepared), (path, result)
    return result


def body(place: Town, path: str) -> bytes:
    return found(place, path).identity.body


def items(place: Town, path: str) -> list[dict[str, Value]]:
    return list(json.loads(body(place, path))["items"])


def walked(place: Town, path: str) -> Iterator[dict[str, Value]]:
    """Yield all items from the feed that people subscribe to back to the first page."""
    seen: set[str] = set()
    while path:
        assert path not in seen
        seen.add(path)
        document = json.loads(body(place, path))
        yield from document["items"]
        path = unquote(document.get("next_url", "").removeprefix(SITE.base_url))


def filled(*more: Article, limits: Limits = BRIEF) -> Town:
    """Return a town with two full pages, and more."""
    place = town(limits=limits, clock=FAR, topics=[TopicRule(slug="art", name="Art", aliases=("old",))])
    place.tick(*(article(number) for number in range(2 * PAGE)), *more)
    place.tick(article(900), at=START + 9 * DAY)
    return place


@pytest.mark.parametrize(("suffix", "parent"), [("rss", "channel/"), ("atom", "")])
def test_a_walk_by_prev_archive_meets_every_article(suffix: str, parent: str) -> None:
    place = filled()
    names = {"rss": ("channel/item", "guid"), "atom": (f"{ATOM}entry", f"{ATOM}id")}[suffix]
    met: list[str | None] = []
    path = f"/latest.{suffix}"
    while path:
        root = etree.fromstring(body(place, path), etree.XMLParser(no_network=True))
        met += [each.findtext(names[1]) for each in root.iterfind(names[0])]
        links = {each.get("rel"): each.get("href") for each in root.iterfind(f"{parent}{ATOM}link")}
        path = (links.get("prev-archive") or "").removeprefix(SITE.base_url)
    assert set(met) == place.store.edition.articles.keys()


def test_a_page_holds_fifty_articles_newest_first_and_links_to_its_neighbours() -> None:
    place = filled()
    dates = [item["date_published"] for item in items(place, "/latest/archive/2.json")]
    assert len(dates) == PAGE
    assert dates == sorted(dates, reverse=True)
    prepared = found(place, "/latest/archive/2.rss")
    links = [value for name, value in prepared.identity.headers if name == "Link"]
    assert any("/latest/archive/1.rss" in link and 'rel="prev-archive"' in link for link in links)
    assert "max-age=3600," in dict(prepared.identity.headers)["Cache-Control"]


def test_the_page_after_the_last_is_for_now_the_feed_itself() -> None:
    place = filled()
    assert place.responses.find("/latest/archive/3.atom") == Elsewhere(path="/latest.atom", for_good=False)
    for number in (4, 5, 99):
        assert place.responses.find(f"/latest/archive/{number}.atom") is Absence.UNKNOWN
    assert place.responses.find("/topics/art/archive/1.json") == Elsewhere(
        path="/topics/art.json", for_good=False
    )


def test_every_neighbour_that_a_document_links_to_leads_somewhere() -> None:
    for limits in (BRIEF, Limits(size=12_000, time=timedelta(0))):
        place = filled(*(article(number) for number in range(100, 130)), limits=limits)
        path = "/latest.rss"
        while path:
            root = etree.fromstring(body(place, path), etree.XMLParser(no_network=True))
            links = {each.get("rel"): each.get("href") or "" for each in root.iterfind(f"channel/{ATOM}link")}
            for rel in ("self", "current", "next-archive", "prev-archive"):
                target = links.get(rel, links["self"]).removeprefix(SITE.base_url)
                assert isinstance(place.responses.find(target), Prepared | Elsewhere), (path, rel, target)
            path = links.get("prev-archive", "").removeprefix(SITE.base_url)


def test_an_archive_of_nothing_is_unknown() -> None:
    place = filled()
    for path in ("/topics/none/archive/1.rss", "/sources/none/archive/1.rss", "/latest/archive/0.rss"):
        assert place.responses.find(path) is Absence.UNKNOWN
    assert place.responses.find("/sources/away/archive/1.rss") is Absence.NOT_READY


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_arrives_or_is_edited_changes_no_byte_of_a_page(suffix: str) -> None:
    place = filled()
    path = f"/latest/archive/1.{suffix}"
    before = found(place, path)
    place.tick(*(article(number) for number in range(200, 280)), at=START + 10 * DAY)
    place.tick(article(1, title="Edited", topics=(topic("art"),)), at=START + 11 * DAY)
    assert found(place, path) is before
    fresh = found(replaced(place), path)
    assert fresh.identity == before.identity


def replaced(place: Town) -> Town:
    """Return another town on the same store that has prepared nothing yet."""
    other = town(clock=FAR)
    object.__setattr__(other.responses, "_store", place.store)
    return other


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_withdrawal_changes_the_page_it_stood_on_and_its_validators(suffix: str) -> None:
    place = filled()
    first, second = (f"/latest/archive/{number}.{suffix}" for number in (1, 2))
    before, other = found(place, first), found(place, second)
    place.tick(withdrawn=[article(1).id], at=START + 10 * DAY)
    after = found(place, first)
    assert article(1).id.encode() in before.identity.body
    assert article(1).id.encode() not in after.identity.body
    assert after.identity.etag != before.identity.etag
    assert after.modified > before.modified
    assert found(place, second) is other


def test_the_feed_tells_of_a_withdrawal_and_a_page_does_not() -> None:
    place = filled()
    place.tick(withdrawn=[article(1).id], at=START + 10 * DAY)
    stone = f'ref="{article(1).id}" when="2026-01-11T00:00:00Z"'.encode()
    assert stone in body(place, "/latest.atom")
    assert stone in body(place, "/sources/town.atom")
    assert b"deleted-entry" not in body(place, "/latest/archive/1.atom")


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_feed_never_gets_bigger_than_its_limit_whatever_was_withdrawn(suffix: str) -> None:
    place = town(limits=Limits(size=100_000), clock=FAR)
    place.tick(*(article(number, html="x" * 20_000) for number in range(400)))
    place.tick(withdrawn=[article(number).id for number in range(300)], at=START + DAY)
    assert len(body(place, f"/latest.{suffix}")) <= 100_000


def test_an_alias_of_a_topic_leads_to_it_in_every_form_for_good() -> None:
    place = filled()
    for suffix in FORMATS:
        assert place.responses.find(f"/topics/old.{suffix}") == Elsewhere(path=f"/topics/art.{suffix}")
    assert place.responses.find("/topics/OLD/archive/3.rss") == Elsewhere(path="/topics/art/archive/3.rss")
    assert place.responses.find("/topics/old.rss", 3) == Elsewhere(path="/topics/art.rss")


def test_a_limit_reaches_past_the_window_or_stays_within_it() -> None:
    place = filled()
    assert len(items(place, "/latest.json")) == 3
    for limit, count in ((1, 1), (2, 2), (60, 60), (500, 2 * PAGE + 1)):
        limited = place.responses.find("/latest.json", limit)
        assert isinstance(limited, Prepared)
        assert len(json.loads(limited.identity.body)["items"]) == count
    assert place.responses.find("/status.json", 3)
    assert place.responses.find("/nothing.json", 3) is Absence.UNKNOWN


def test_a_limit_says_nothing_on_a_page_or_on_the_list_of_feeds() -> None:
    place = filled()
    for path in ("/latest/archive/1.rss", "/feeds.opml"):
        limited = place.responses.find(path, 3)
        assert isinstance(limited, Prepared)
        assert limited.identity == found(place, path).identity


def test_the_list_of_feeds_waits_for_the_first_tick_and_grows_with_the_topics() -> None:
    place = town(clock=FAR)
    assert place.responses.find("/feeds.opml") is Absence.NOT_READY
    place.tick(article(), read=["town", "away"])
    before = found(place, "/feeds.opml")
    place.tick(article(2), at=START + DAY)
    assert found(place, "/feeds.opml") is before
    place.tick(article(3, topics=(topic("社区"),)), at=START + 2 * DAY)
    after = found(place, "/feeds.opml")
    assert after.modified > before.modified
    assert "社区 – Town news".encode() in after.identity.body
    headers = dict(after.identity.headers)
    assert headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert headers["Link"] == '<https://feeds.example.org/feeds.opml>; rel="self"'


def test_every_feed_of_the_list_of_feeds_can_be_read() -> None:
    place = filled(article(950, topics=(topic("社区"),)))
    place.tick(read=["away"], at=START + 10 * DAY)
    root = etree.fromstring(body(place, "/feeds.opml"), etree.XMLParser(no_network=True))
    paths = [each.get("xmlUrl") for each in root.iter("outline") if each.get("xmlUrl")]
    assert len(paths) == 5
    for path in paths:
        assert path
        assert items(place, unquote(path.removeprefix(SITE.base_url)).replace(".atom", ".json")) is not None


NUMBERS = st.integers(0, 220)
STEPS = st.lists(
    st.tuples(
        st.sets(NUMBERS, max_size=90),
        st.sets(NUMBERS, max_size=4),
        st.sampled_from([timedelta(seconds=3), HOUR, 30 * HOUR, 20 * DAY]),
    ),
    min_size=1,
    max_size=6,
)
"""Numbers that arrive, change or return; those withdrawn; how long until the next step."""
LIMITS = st.builds(
    Limits,
    count=st.integers(1, 120),
    time=st.sampled_from([timedelta(0), HOUR, 48 * HOUR]),
    size=st.sampled_from([8_000, 60_000, 1_000_000]),
    per_source=st.none() | st.integers(1, 30),
)
Step = tuple[set[int], set[int], timedelta]
LISTS: list[ListKey] = [LATEST, ("topic", "even"), ("topic", "moving"), ("source", "town")]


@dataclass
class History:
    """A town that lives through steps."""

    place: Town
    now: timedelta = timedelta(0)
    names: dict[str, int] = field(default_factory=dict)
    """Number by id."""

    def live(self, step: int, coming: set[int], leaving: set[int], wait: timedelta) -> None:
        """Let articles arrive, change, move between topics, return and be withdrawn."""
        self.now += wait
        fresh = [self.told(step, number) for number in sorted(coming)]
        withdrawn = [article(number).id for number in leaving]
        self.place.tick(*fresh, withdrawn=withdrawn, at=START + self.now, read=("town", "away"))

    def told(self, step: int, number: int) -> Article:
        topics = [topic("even")] * (number % 2 == 0) + [topic("moving")] * ((number + step) % 3 == 0)
        plain = article(number, title=f"Story {number}, {step}", topics=tuple(topics))
        return replace(plain, source="away" if number % 4 == 0 else "town")

    def members(self, key: ListKey) -> set[str]:
        listed = self.place.store.edition.lists.get(key)
        return set(listed.ids) if listed else set()


@settings(max_examples=25)
@given(STEPS, LIMITS)
def test_a_walk_meets_every_article_under_one_id_after_whatever_happened(
    steps: list[Step], limits: Limits
) -> None:
    history = History(town(limits=limits, clock=FAR))
    for step, (coming, leaving, wait) in enumerate(steps):
        history.live(step, coming, leaving, wait)
        for key in LISTS:
            if key not in history.place.store.edition.lists:
                continue
            met = list(walked(history.place, f"{list_path(key)}.json"))
            ids = {item["id"] for item in met}
            assert ids == history.members(key), (step, key)
            numbers = {(item["id"], item["title"].partition(",")[0]) for item in met}
            assert len(numbers) == len(ids)


@settings(max_examples=25)
@given(STEPS, LIMITS)
def test_a_full_page_changes_when_an_article_on_it_leaves_and_never_otherwise(
    steps: list[Step], limits: Limits
) -> None:
    history = History(town(limits=limits, clock=FAR))
    pages: dict[tuple[ListKey, int], tuple[tuple[str, ...], Prepared]] = {}
    for step, (coming, leaving, wait) in enumerate(steps):
        history.live(step, coming, leaving, wait)
        edition = history.place.store.edition
        for key in set(LISTS) & edition.lists.keys():
            for number in range(1, len(edition.lists[key].pages) + 1):
                ids = edition.lists[key].page(number)
                prepared = found(history.place, f"{list_path(key)}/archive/{number}.json")
                old_ids, old = pages.get((key, number), (ids, prepared))
                assert set(ids) <= set(old_ids)
                if ids == old_ids:
                    assert prepared.identity == old.identity
                else:
                    assert prepared.modified > old.modified
                    assert prepared.identity.etag != old.identity.etag
                pages[key, number] = ids, prepared
