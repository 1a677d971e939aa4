"""Sources on the web from end to end: a site on loopback, the real client, an injected clock."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from feedsvc.extract import feed
from feedsvc.extract import listing as links
from feedsvc.extract import sitemap as maps
from feedsvc.fetch import Fetcher
from feedsvc.ingest import Ingest, Intake, Report
from feedsvc.model import Article, Health, Hints
from feedsvc.sources import Feed, Listing, Page, Sitemap, Source
from feedsvc.store import LATEST, Limits, SqliteJournal, Store
from feedsvc.topics import Topics
from tests import websites
from tests.fakes import Hands, PoolInThisProcess
from tests.sites import answered, waiting
from tests.websites import Web, atom, listing, packed, sitemap, sitemap_index, story, title

FIVE_MINUTES = timedelta(minutes=5)


@dataclass
class World:
    """Sources on a web, a store, and ticks five minutes apart."""

    web: Web
    make: Callable[[Fetcher, Hands], list[Source]]
    hands: Hands = field(default_factory=Hands)
    limits: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pool = PoolInThisProcess()
        self.fetcher = self.web.fetcher(self.hands, **self.limits)
        sources = self.make(self.fetcher, self.hands)
        health = [Health(source=each.name, kind=each.kind) for each in sources]
        self.store = Store((), health, Limits(count=500), SqliteJournal(None))
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
        assert incidents == {"slow": 1, "gone": 1, "failing": 1, "lying": 1, "page": 1}
        still_open = {each.source for each in world.store.edition.incidents if each.closed is None}
        assert still_open == {"slow", "gone", "page"}
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
