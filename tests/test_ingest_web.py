"""Sources on the web from end to end: a site on loopback, the real client, an injected clock."""

import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from threading import Event, Timer
from typing import cast

import pytest

from feedsvc.extract import feed
from feedsvc.extract import listing as links
from feedsvc.extract import sitemap as maps
from feedsvc.extract.pool import AnyJob
from feedsvc.fetch import Fetcher
from feedsvc.ingest import Ingest, Intake, Report
from feedsvc.listed import Listed
from feedsvc.model import Article, Change, Commit, Health, Hints, Incident, Skipped
from feedsvc.sources import Feed, Listing, Page, Sitemap, Source
from feedsvc.store import LATEST, Limits, SqliteJournal, Store
from feedsvc.topics import Topics
from tests import websites
from tests.builders import town, wait_until
from tests.fakes import WHEN, Hands, MemorySource, PoolInThisProcess
from tests.sites import Behaviour, answered, waiting
from tests.websites import Web, atom, listing, packed, sitemap, sitemap_index, story, title

pytestmark = pytest.mark.real_time

FIVE_MINUTES = timedelta(minutes=5)


class CountingPool(PoolInThisProcess):
    """Counts what it extracts."""

    jobs = 0

    def extract(self, jobs: Iterable[AnyJob]) -> Iterator[tuple[AnyJob, Article | Skipped]]:
        for each in super().extract(jobs):
            self.jobs += 1
            yield each


@dataclass
class World:
    """Sources on a web, a store, and ticks five minutes apart."""

    web: Web
    make: Callable[[Fetcher, Hands], list[Source]]
    hands: Hands = field(default_factory=Hands)
    limits: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pool = CountingPool()
        self.journal = SqliteJournal(None)
        self.fetcher = self.web.fetcher(self.hands, **self.limits)
        sources = self.make(self.fetcher, self.hands)
        health = [Health(source=each.name, kind=each.kind) for each in sources]
        self.store = Store(Topics(), health, Limits(count=500), self.journal)
        self.intakes = [
            Intake(
                source=each,
                hints=Hints(source=each.name),
                interval=FIVE_MINUTES,
                remote=each.kind != "memory",
            )
            for each in sources
        ]
        self.ingest = Ingest(self.intakes, Topics(), self.store, pool=self.pool, look_again=0)

    def tick(self, times: int = 1) -> Report:
        for _ in range(times):
            self.hands.move(minutes=5)
            self.web.hours.at += 300
            report = self.ingest.tick(self.hands)
        return report

    def health(self, name: str) -> Health:
        return self.store.edition.health[name]

    def articles(self, source: str = "") -> list[Article]:
        shown = self.store.edition.lists[LATEST].shown
        return [each for each in shown if source in {"", each.source}]

    def titles(self, source: str = "") -> list[str]:
        return sorted(each.title for each in self.articles(source))


def a_listing(web: Web, name: str, fetcher: Fetcher, hands: Hands, items: str = "") -> Listing:
    read = partial(links.links, items=items)
    return Listing(name=name, url=f"{web.base}/{name}/", web=fetcher, links=read, now=hands, items=items)


def a_feed(web: Web, name: str, fetcher: Fetcher, hands: Hands, *, full_text: bool = False) -> Feed:
    return Feed(
        name=name,
        url=f"{web.base}/{name}.atom",
        web=fetcher,
        entries=feed.read,
        now=hands,
        full_text=full_text,
    )


def a_sitemap(web: Web, name: str, path: str, fetcher: Fetcher, hands: Hands) -> Sitemap:
    return Sitemap(name=name, url=f"{web.base}{path}", web=fetcher, maps=maps.read, now=hands)


def a_page(web: Web, name: str, fetcher: Fetcher) -> Page:
    return Page(name=name, url=f"{web.base}/{name}.html", web=fetcher)


def grow(web: Web, name: str, count: int, charset: str = "utf-8") -> None:
    for number in range(1, count + 1):
        web.put(f"/{name}/{number}.html", story(name, number, charset=charset))
    web.put(f"/{name}/", listing(name, range(1, count + 1), charset))


def test_a_listing_without_a_selector_gives_each_article_once() -> None:
    with websites.web() as web:
        grow(web, "harbour", 8)
        world = World(web, lambda fetcher, hands: [a_listing(web, "harbour", fetcher, hands)])
        world.tick()
        assert world.titles() == sorted(title("harbour", number) for number in range(1, 9))
        assert {each.published_from for each in world.articles()} == {"metadata"}
        assert world.health("harbour").documents == 8
        asked = len(web.pages.paths)
        world.tick()
        assert web.pages.paths[asked:] == ["/harbour/"]
        assert web.pages.asked[-1][1]["If-None-Match"]
        assert world.health("harbour").incident is None


def town_sources(web: Web, fetcher: Fetcher, hands: Hands) -> list[Source]:
    return [
        a_listing(web, "harbour", fetcher, hands),
        a_sitemap(web, "valley", "/valley/sitemap.xml", fetcher, hands),
        a_listing(web, "hill", fetcher, hands),
        a_feed(web, "log", fetcher, hands),
        a_feed(web, "moved", fetcher, hands),
        a_feed(web, "gone", fetcher, hands),
        a_listing(web, "slow", fetcher, hands),
        a_feed(web, "failing", fetcher, hands),
        a_listing(web, "lying", fetcher, hands),
        a_page(web, "page", fetcher),
    ]


def put_valley(web: Web, changed: str, edition: int) -> None:
    """Publish a sitemap index with two sitemaps, one of them packed."""
    for number in (1, 2, 3, 4):
        web.put(f"/valley/{number}.html", story("valley", number, edition=edition if number == 4 else 1))
    first = {f"/valley/{number}.html": "2024-04-20T00:00:00Z" for number in (1, 2)}
    second = {"/valley/3.html": "2024-04-20T00:00:00Z", "/valley/4.html": changed}
    web.put("/valley/a.xml.gz", packed(sitemap(web.base, first)), "application/gzip")
    web.put("/valley/b.xml", sitemap(web.base, second), "application/xml")
    index = {"/valley/a.xml.gz": "2024-04-20T00:00:00Z", "/valley/b.xml": changed}
    web.put("/valley/sitemap.xml", sitemap_index(web.base, index), "application/xml")


def put_town(web: Web) -> None:
    grow(web, "harbour", 6)
    put_valley(web, "2024-04-20T00:00:00Z", 1)
    grow(web, "hill", 5, "gb18030")
    web.put("/log.atom", atom("log", range(11, 21), "/log2.atom"), "application/atom+xml")
    web.put("/log2.atom", atom("log", range(1, 11)), "application/atom+xml")
    web.put("/moved.atom", atom("moved", range(1, 4)), "application/atom+xml")
    web.put("/gone.atom", atom("gone", range(1, 3)), "application/atom+xml")
    web.put("/failing.atom", atom("failing", range(1, 3)), "application/atom+xml")
    web.behave("/slow/", waiting)
    web.wordless.add("/lying/")
    grow(web, "lying", 4)
    web.put("/page.html", story("page", 1))


def events(web: Web) -> dict[int, Callable[[], object]]:
    """Return what happens before which tick."""
    return {
        10: lambda: grow(web, "harbour", 9),
        29: lambda: web.behave("/gone.atom", answered(503)),
        15: lambda: web.put("/new.atom", atom("moved", range(1, 6)), "application/atom+xml"),
        16: lambda: web.move("/moved.atom", "/new.atom"),
        20: lambda: web.behave("/failing.atom", answered(500)),
        30: lambda: web.behave("/gone.atom", answered(410)),
        40: lambda: web.put("/lying/", b"<html><body><p>Please log in to read on.</p></body></html>"),
        45: lambda: web.put("/lying/", listing("lying", range(1, 6))),
        46: lambda: web.put("/lying/5.html", story("lying", 5)),
        50: lambda: put_valley(web, "2024-04-25T00:00:00Z", 2),
        55: lambda: web.put("/failing.atom", atom("failing", range(1, 5)), "application/atom+xml"),
        60: lambda: web.put("/page.html", story("page", 1, edition=2)),
        70: lambda: web.put("/log.atom", atom("log", range(13, 23), "/log2.atom"), "application/atom+xml"),
        80: lambda: web.behave("/page.html", answered(404)),
    }


EXPECTED = {
    "harbour": range(1, 10),
    "valley": range(1, 5),
    "hill": range(1, 6),
    "log": range(1, 23),
    "moved": range(1, 6),
    "gone": range(1, 3),
    "slow": range(0),
    "failing": range(1, 5),
    "lying": range(1, 6),
    "page": range(0),
}


def test_a_small_web_gives_the_expected_articles_each_once_over_a_hundred_ticks() -> None:
    with websites.web() as web:
        put_town(web)
        world = World(web, partial(town_sources, web), limits={"total": 1.0, "read": 1.0})
        happening = events(web)
        seen: Counter[str] = Counter()
        for number in range(100):
            happening.get(number, lambda: None)()
            before = set(world.store.edition.articles)
            world.tick()
            seen.update(set(world.store.edition.articles) - before)
            if number == 79:
                assert "edition 2" in world.articles("page")[0].text
        for name, numbers in EXPECTED.items():
            assert world.titles(name) == sorted(title(name, each) for each in numbers), name
        assert set(seen.values()) == {1}  # none came twice
        assert len(seen) == sum(map(len, EXPECTED.values())) + 1  # and one page went
        incidents = Counter(each.source for each in world.store.edition.incidents)
        assert incidents == {"slow": 1, "gone": 2, "failing": 1, "lying": 1, "page": 1}
        still_open = {each.source for each in world.store.edition.incidents if each.closed is None}
        assert still_open == {"slow", "gone", "page"}
        told = [each for each in world.store.edition.incidents if each.source == "gone"]
        assert [("has ended" in each.reason, each.closed is None) for each in told] == [
            (True, True),
            (False, False),
        ]
        assert world.health("moved").moved == f"{web.base}/new.atom"
        assert web.count("/moved.atom") <= 17 + 1
        assert web.count("/gone.atom") == 31
        assert world.health("gone").ended == f"{web.base}/gone.atom"
        assert world.health("gone").next_check is None
        assert web.count("/slow/") < 12  # 1.8 times longer each time
        assert "edition 2" in next(
            each.text for each in world.articles("valley") if each.title == title("valley", 4)
        )
        assert next(iter(world.store.edition.gone.values())).id not in world.store.edition.articles
        assert web.count("/harbour/1.html") == web.count("/hill/1.html") == web.count("/valley/1.html") == 1
        assert web.count("/valley/4.html") == 2


def test_an_unchanged_source_costs_one_conditional_request_a_check_and_no_extraction() -> None:
    with websites.web() as web:
        put_town(web)
        world = World(web, lambda *given: [each for each in town_sources(web, *given) if each.name != "slow"])
        world.tick(2)
        web.pages.asked.clear()
        web.hours.waited.clear()
        world.pool.jobs = 0
        world.tick(20)
        asked = [(path, head) for path, head in web.pages.asked if path != "/robots.txt"]
        own = ["/harbour/", "/valley/sitemap.xml", "/hill/", "/log.atom", "/moved.atom", "/gone.atom"]
        own += ["/failing.atom", "/lying/", "/page.html"]
        assert Counter(path for path, _ in asked) == dict.fromkeys(own, 20)
        bare = {path for path, head in asked if "If-None-Match" not in head}
        assert bare == {"/lying/"}  # which has no validators to ask with
        assert world.pool.jobs == 0


def test_a_host_is_asked_once_a_second_whatever_the_number_of_its_sources() -> None:
    with websites.web() as web:
        put_town(web)
        world = World(web, lambda *given: [each for each in town_sources(web, *given) if each.name != "slow"])
        began = web.hours.at
        world.tick()
        requests = len(web.pages.asked)
        assert web.hours.at - 300 - began >= requests - 2  # on the clock of turns: all but the first two wait


def test_a_document_whose_content_is_a_path_or_an_address_causes_no_access() -> None:
    with websites.web() as web:
        opened: list[str] = []
        spying = True

        def spy(event: str, arguments: tuple[object, ...]) -> None:
            if spying and event in {"open", "socket.connect"}:
                opened.append(str(arguments))

        bodies = ("/etc/passwd", "file:///etc/passwd", f"{web.base}/secret", "http://127.0.0.1:1/")
        for number, body in enumerate(bodies):
            web.put(f"/p{number}.html", body.encode())
            web.put(f"/f{number}.atom", body.encode(), "application/atom+xml")
            web.put(f"/s{number}.xml", body.encode(), "application/xml")

        def make(fetcher: Fetcher, hands: Hands) -> list[Source]:
            numbers = range(len(bodies))
            pages: list[Source] = [a_page(web, f"p{number}", fetcher) for number in numbers]
            pages += [a_feed(web, f"f{number}", fetcher, hands) for number in numbers]
            return pages + [
                a_sitemap(web, f"s{number}", f"/s{number}.xml", fetcher, hands) for number in (0, 1)
            ]

        world = World(web, make)
        sys.addaudithook(spy)  # for good: it cannot be taken away
        world.tick(2)
        spying = False
        own = {f"/p{number}.html" for number in range(4)} | {f"/f{number}.atom" for number in range(4)}
        assert set(web.pages.paths) == own | {"/s0.xml", "/s1.xml"}
        assert opened
        assert not [each for each in opened if "passwd" in each or "secret" in each or ", 1)" in each]


def test_copies_in_other_sources_are_merged_into_the_first_and_named_there() -> None:
    with websites.web() as web:
        grow(web, "harbour", 4)
        for number in range(1, 4):
            web.put(f"/copy/{number}.html", story("harbour", number))
        web.put("/copy/", listing("copy", range(1, 4)))
        web.put(
            "/feed.atom", atom("feed", range(1, 4), link="/harbour/{number}.html"), "application/atom+xml"
        )

        def make(fetcher: Fetcher, hands: Hands) -> list[Source]:
            lists: list[Source] = [a_listing(web, name, fetcher, hands) for name in ("harbour", "copy")]
            return [*lists, a_feed(web, "feed", fetcher, hands)]

        world = World(web, make)
        world.tick()
        assert Counter(each.source for each in world.articles()) == {"harbour": 4}
        via = {each.title: each.via for each in world.articles()}
        assert via[title("harbour", 1)] == (f"{web.base}/copy/1.html",)
        assert via[title("harbour", 4)] == ()
        told = {skipped.reason.partition(" urn")[0] for skipped in world.health("copy").skipped}
        assert told == {"the same article as"}
        before = world.store.edition
        world.tick(2)
        assert world.store.edition.lists == before.lists


def page_then_listing(web: Web) -> Callable[[Fetcher, Hands], list[Source]]:
    """Return what makes a page and a listing that lists it, too."""

    def make(fetcher: Fetcher, hands: Hands) -> list[Source]:
        return [a_page(web, "page", fetcher), a_listing(web, "harbour", fetcher, hands)]

    return make


def test_a_copy_comes_back_when_the_first_leaves_its_source() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        web.put("/page.html", story("harbour", 2))

        world = World(web, page_then_listing(web))
        world.tick()
        assert Counter(each.source for each in world.articles()) == {"page": 1, "harbour": 2}
        web.behave("/page.html", answered(404))
        world.tick(4)
        assert Counter(each.source for each in world.articles()) == {"harbour": 3}


def test_a_copy_that_cannot_come_back_is_asked_for_later_and_later() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        web.put("/page.html", story("harbour", 2))

        world = World(web, page_then_listing(web))
        world.tick()
        web.behave("/harbour/2.html", answered(500))
        web.behave("/page.html", answered(404))
        world.tick(26)
        assert Counter(each.source for each in world.articles()) == {"harbour": 2}
        assert web.count("/harbour/2.html") <= 1 + 5  # two hours of waits that grow


def test_a_copy_comes_back_when_the_first_source_is_configured_no_more() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        web.put("/page.html", story("harbour", 2))

        world = World(web, page_then_listing(web))
        world.tick()
        left = world.intakes[1:]
        world.store = Store(Topics(), [Health(source="harbour", kind="listing")], Limits(), world.journal)
        world.ingest = Ingest(left, Topics(), world.store, pool=world.pool, look_again=0)
        world.tick(2)
        assert Counter(each.source for each in world.articles()) == {"harbour": 3}


def test_the_pages_of_a_feed_are_its_full_text_and_each_is_asked_once() -> None:
    with websites.web() as web:
        grow(web, "harbour", 2)
        web.behave("/harbour/3.html", answered(410))
        web.put("/harbour.atom", atom("harbour", range(1, 4)), "application/atom+xml")
        world = World(web, lambda fetcher, hands: [a_feed(web, "harbour", fetcher, hands, full_text=True)])
        world.tick()
        assert world.health("harbour").skipped == ()
        assert world.titles() == sorted(title("harbour", number) for number in range(1, 4))
        pages = [each for each in world.articles() if "told at length here" not in each.text]
        assert {each.title for each in pages} == {title("harbour", number) for number in (1, 2)}
        world.tick()
        assert [web.count(f"/harbour/{number}.html") for number in (1, 2, 3)] == [1, 1, 1]


def test_the_entry_has_to_do_where_its_page_gives_no_article() -> None:
    with websites.web() as web:
        web.put("/harbour/1.html", b"<html><body><script>draw()</script></body></html>")
        web.put("/harbour/2.html", b"%PDF-1.7 ...", "application/pdf")
        web.put("/harbour.atom", atom("harbour", range(1, 3)), "application/atom+xml")
        world = World(web, lambda fetcher, hands: [a_feed(web, "harbour", fetcher, hands, full_text=True)])
        world.tick()
        assert world.titles() == [title("harbour", 1), title("harbour", 2)]
        assert {each.problems[-1] for each in world.articles()} == {
            "its page gave no article: no text found",
            "its page gave no article: unsupported media type application/pdf",
        }


def test_what_a_feed_says_replaces_no_article_of_the_page_itself() -> None:
    with websites.web() as web:
        grow(web, "harbour", 1)
        web.put("/harbour.atom", atom("harbour", range(1, 2)), "application/atom+xml")
        world = World(web, lambda fetcher, hands: [a_feed(web, "harbour", fetcher, hands, full_text=True)])
        world.tick()
        (before,) = world.articles()
        web.put("/harbour/1.html", b"<html><body><script>draw()</script></body></html>")
        edited = atom("harbour", range(1, 2)).replace(b"told at length here", b"told otherwise")
        web.put("/harbour.atom", edited, "application/atom+xml")
        world.tick()
        assert world.articles() == [before]
        assert [each.reason for each in world.health("harbour").skipped] == [
            "its page gave no article: no text found"
        ]


def test_an_entry_stands_for_a_page_that_is_not_there_and_for_none_that_is_published() -> None:
    with websites.web() as web:
        grow(web, "harbour", 1)
        web.put("/harbour.atom", atom("harbour", range(1, 3)), "application/atom+xml")
        world = World(web, lambda fetcher, hands: [a_feed(web, "harbour", fetcher, hands, full_text=True)])
        world.tick(3)
        alone = {each.title: each for each in world.articles()}[title("harbour", 2)]
        assert alone.problems == ("its page gave no article: answered 404 Not Found",)
        (page,) = (each for each in world.articles() if each.id != alone.id)
        web.behave("/harbour/1.html", answered(410))
        edited = atom("harbour", range(1, 3)).replace(b"told at length here", b"told otherwise")
        web.put("/harbour.atom", edited, "application/atom+xml")
        world.tick(3)
        after = {each.id: each for each in world.articles()}
        assert after[page.id] == page
        assert "told otherwise" in after[alone.id].text


def test_an_entry_that_stood_for_its_page_by_choice_goes_on_doing_so_once_the_page_is_wanted() -> None:
    with websites.web() as web:
        web.behave("/harbour/1.html", answered(403))
        web.put("/harbour.atom", atom("harbour", range(1, 2)), "application/atom+xml")
        world = World(web, lambda fetcher, hands: [a_feed(web, "harbour", fetcher, hands)])
        world.tick()
        (intake,) = world.intakes
        wanted = replace(intake, source=replace(cast("Feed", intake.source), full_text=True))
        world.ingest = Ingest([wanted], Topics(), world.store, pool=world.pool, look_again=0)
        for said in (b"told otherwise", b"told a third time"):
            edited = atom("harbour", range(1, 2)).replace(b"told at length here", said)
            web.put("/harbour.atom", edited, "application/atom+xml")
            world.tick(60)
            (article,) = world.articles()
            assert said.decode() in article.text


def test_an_entry_that_was_a_copy_is_published_once_it_says_something_else() -> None:
    with websites.web() as web:
        grow(web, "harbour", 1)
        web.put("/harbour.atom", atom("harbour", range(1, 2)), "application/atom+xml")
        web.put("/copies.atom", atom("copies", range(9, 10), "", "/gone.html"), "application/atom+xml")
        world = World(
            web,
            lambda fetcher, hands: [
                a_feed(web, "harbour", fetcher, hands, full_text=True),
                a_feed(web, "copies", fetcher, hands, full_text=True),
            ],
        )
        world.tick(3)
        web.behave("/harbour/1.html", answered(404))
        copy = atom("copies", range(1, 2), "", "/harbour/1.html")
        web.put("/copies.atom", copy, "application/atom+xml")
        world.tick(3)
        assert world.titles("copies") == [title("copies", 9)]
        assert any("the same article" in each.reason for each in world.health("copies").skipped)
        web.put("/copies.atom", copy.replace(b"/harbour/1.html", b"/gone.html"), "application/atom+xml")
        world.tick(3)
        assert world.titles("copies") == [title("copies", 1), title("copies", 9)]


def test_pages_that_lead_to_a_log_in_are_no_articles_until_they_can_be_read() -> None:
    with websites.web() as web:
        grow(web, "harbour", 4)
        web.put(
            "/login.html", b"<html><body><h1>Please log in</h1><p>Members read on here.</p></body></html>"
        )
        for number in (1, 2):
            web.move(f"/harbour/{number}.html", "/login.html")
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        world.tick()
        assert world.titles() == [title("harbour", 3), title("harbour", 4)]
        reasons = {each.reason for each in world.health("harbour").skipped}
        assert reasons == {f"leads to {web.base}/login.html"}
        for number in (1, 2):
            web.behave(
                f"/harbour/{number}.html", answered(200, story("harbour", number), Content_Type="text/html")
            )
        world.tick(12)
        assert len(world.titles()) == 4


def test_a_listing_publishes_nothing_of_what_is_no_article() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        web.put("/harbour/3.html", b"%PDF-1.7 ...", "application/pdf")
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        world.tick()
        assert world.titles() == [title("harbour", 1), title("harbour", 2)]


def test_a_slow_site_holds_up_no_folder() -> None:
    with websites.web() as web:
        web.behave("/slow/", waiting)
        folder = MemorySource()
        folder.write("a.md", "# A\n\nWords are here.\n")
        back = Event()
        world = World(web, lambda *given: [folder, a_listing(web, "slow", *given)], limits={"total": 1.5})
        ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0, back=back.set)
        assert [each.source for each in ingest.tick(world.hands).sources] == ["town"]
        world.hands.move(minutes=5)
        assert [each.source for each in ingest.tick(world.hands).sources] == ["town"]
        assert back.wait(20)
        report = ingest.tick(world.hands)
        assert [each.failure for each in report.sources] == [f"{web.base}/slow/: no answer within 1.5 s"]
        ingest.stop()


def test_a_first_tick_of_sites_alone_is_finished_when_the_last_is_back() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        backs: list[int] = []
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        came = Event()

        def back() -> None:
            backs.append(1)
            came.set()

        ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0, back=back)
        assert ingest.tick(world.hands).sources == ()
        assert not world.store.edition.finished
        assert came.wait(20)
        assert [each.new for each in ingest.tick(world.hands).sources] == [3]
        assert world.store.edition.ready
        ingest.stop()


def later(seconds: float, body: bytes) -> Behaviour:
    """Return what answers after a while."""

    def behave(line: socket.socket) -> None:
        time.sleep(seconds)
        answered(body=body, Content_Type="text/html")(line)

    return behave


def test_sites_that_come_back_one_by_one_are_asked_once_in_a_first_tick() -> None:
    names = ["harbour", "valley", "hill", "dale"]
    with websites.web() as web:
        for number, name in enumerate(names):
            grow(web, name, 2)
            web.behave(f"/{name}/", later(0.4 * number, listing(name, range(1, 3))))
        world = World(web, lambda *given: [a_listing(web, name, *given) for name in names])
        back = Event()
        ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0, back=back.set)

        def ticked() -> bool:  # as the clock does whenever an errand is back
            if back.wait(0.05):
                back.clear()
                ingest.tick(world.hands)
            return world.store.edition.finished

        ingest.tick(world.hands)
        wait_until(ticked, "all are read")
        ingest.tick(world.hands)
        assert len(world.articles()) == 8
        assert [web.count(f"/{name}/") for name in names] == [1] * 4
        ingest.stop()


def test_a_first_tick_whose_process_died_before_it_said_so_is_finished_by_the_next() -> None:
    with websites.web() as web:
        grow(web, "harbour", 2)
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        world.tick()
        assert world.store.edition.finished
        unfinished = Store(Topics(), [world.health("harbour")], Limits(), SqliteJournal(None))
        change = Change(health=world.health("harbour"))
        unfinished.commit(Commit(at=world.hands(), change=change), complete=False)
        assert not unfinished.edition.finished
        ingest = Ingest(world.intakes, Topics(), unfinished, pool=world.pool, look_again=0, back=list)
        ingest.tick(world.hands)
        assert unfinished.edition.finished
        assert web.count("/harbour/") == 1
        ingest.stop()


def test_stopping_ends_what_is_under_way_at_once() -> None:
    with websites.web() as web:
        web.behave("/slow/", waiting)
        world = World(web, lambda *given: [a_listing(web, "slow", *given)], limits={"total": 30, "read": 30})

        def end() -> None:
            world.fetcher.stop()
            world.ingest.stop()

        stopper = Timer(0.3, end)
        stopper.start()
        began = time.monotonic()
        assert world.ingest.tick(world.hands) == Report()
        assert time.monotonic() - began < 5
        stopper.join()


def a_bug(*_: object) -> Listed:
    raise ZeroDivisionError


def test_a_bug_of_a_source_is_a_failure_of_that_source_alone() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)

        def make(fetcher: Fetcher, hands: Hands) -> list[Source]:
            broken = replace(a_listing(web, "harbour", fetcher, hands), name="broken", links=a_bug)
            return [broken, a_listing(web, "harbour", fetcher, hands)]

        world = World(web, make)
        world.tick()
        assert "internal error: ZeroDivisionError" in str(world.health("broken").incident)
        assert len(world.titles("harbour")) == 3


def test_the_page_of_sources_says_what_moved_and_what_has_ended() -> None:
    health = Health(
        source="osk",
        kind="feed",
        moved="https://osk.example/new",
        ended="https://osk.example/",
        last_success=WHEN,
    )
    failing = replace(health, stale=WHEN, incident=Incident(source="osk", reason="answered 410", opened=WHEN))
    place = town()
    for each, words in ((health, "It moved to https://osk.example/new"), (failing, "counts as stale from")):
        place.store.commit(Commit(at=WHEN, change=Change(health=replace(each, source="town"))))
        page = place.web.test_client().get("/sources").text
        assert words in page
        assert "never: it has ended" in page


def test_a_source_on_the_web_is_one_processs_at_a_time() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        journal = world.store
        claim = journal.claim("harbour", 60)
        assert claim
        journal.release(claim)
        other = Store(Topics(), [Health(source="harbour", kind="listing")], Limits(), world.journal)
        held = other.claim("harbour", 60)
        assert held
        assert world.tick().sources == ()
        assert web.pages.paths == []
        other.release(held)
        assert [each.new for each in world.tick().sources] == [3]


def test_a_listed_document_that_is_gone_when_it_changes_is_withdrawn() -> None:
    with websites.web() as web:
        put_valley(web, "2024-04-20T00:00:00Z", 1)
        world = World(web, lambda *given: [a_sitemap(web, "valley", "/valley/sitemap.xml", *given)])
        world.tick()
        put_valley(web, "2024-04-25T00:00:00Z", 2)
        web.behave("/valley/4.html", answered(404))
        world.tick()
        assert len(world.titles()) == 4
        world.tick()
        assert world.titles() == sorted(title("valley", number) for number in (1, 2, 3))
        assert len(world.store.edition.gone) == 1
        asked = web.count("/valley/4.html")
        world.tick(3)
        assert web.count("/valley/4.html") == asked


def test_another_configuration_reads_what_is_listed_anew() -> None:
    with websites.web() as web:
        grow(web, "harbour", 3)
        world = World(web, lambda *given: [a_listing(web, "harbour", *given)])
        world.tick()
        world.intakes[0] = replace(world.intakes[0], hints=Hints(source="harbour", timezone="Asia/Shanghai"))
        world.ingest = Ingest(world.intakes, Topics(), world.store, pool=world.pool, look_again=0)
        before = world.articles()
        world.tick(2)
        assert web.count("/harbour/1.html") == 2
        assert world.articles() == before
