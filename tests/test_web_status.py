"""The status page: what the clock, the readers and the sources did."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event

from flask.typing import ResponseReturnValue
from lxml import html

from feedsvc.clock import Clock
from feedsvc.extract.identity import article_id
from feedsvc.ingest import Ingest, Intake, Step, Ticked
from feedsvc.model import Hints, Known, Skipped, Tick
from feedsvc.search import Excerpt, Piece
from feedsvc.sources import Scan
from feedsvc.store import LATEST
from feedsvc.web import create_site
from feedsvc.web.pages import Hit, Results
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.polling import Polled
from feedsvc.web.pages.refusals import Refusals
from feedsvc.web.pages.running import FIRST_SOURCES
from feedsvc.web.pages.shell import Offer
from tests.builders import PLAIN, SITE, START, StoppedClock, Town, article, topic, town, wait_until
from tests.fakes import Hands, MemorySource, PoolInThisProcess


class FailingClock(StoppedClock):
    """A clock whose last tick met a bug and that plans none."""

    def next_tick(self) -> None:
        return None

    def last_tick(self) -> Tick:
        return Tick(started=START, seconds=2, failure="KeyError('x')")


@dataclass
class HangingSource(MemorySource):
    """A source that gives no answer before a test lets it."""

    asked: Event = field(default_factory=Event)
    free: Event = field(default_factory=Event)

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        self.asked.set()
        assert self.free.wait(20)
        return super().scan(known, now)


class NewClock(StoppedClock):
    """A clock before its first tick has ended."""

    def last_tick(self) -> None:
        return None


def ticked(number: int, **brought: int) -> Ticked:
    counts = {"new": 0, "changed": 0, "dropped": 0, **brought}
    return Ticked(started=START + timedelta(minutes=number), seconds=number / 10, failed=False, **counts)


def shown(place: Town, pages: Pages, path: str = "/status") -> html.HtmlElement:
    response = create_site(place.responses, pages).test_client().get(path)
    assert response.status_code == 200
    return html.document_fromstring(response.data)


def test_what_is_being_read_is_shown_until_it_is_read() -> None:
    place = town()
    step = Step(source="town", done=3_200, total=10_000)
    page = shown(place, replace(place.pages, underway=lambda: step))
    assert page.xpath("//dt[.='Underway']/following-sibling::dd[1]")[0].text == (
        "town: 3,200 of 10,000 documents read"
    )
    assert not shown(place, place.pages).xpath("//dt[.='Underway']")


def test_ticks_are_charts_with_a_summary_and_the_last_of_them_numbers() -> None:
    place = town()
    ticks = [ticked(number, new=number, changed=1) for number in range(30)]
    page = shown(place, replace(place.pages, ticks=lambda: ticks))
    first, second = page.find_class("chart")
    assert first.get("aria-label") == "the last 30 ticks, the longest 2.9 s"
    assert second.get("aria-label") == "the last 30 ticks: 435 new, 30 changed, 0 dropped"
    assert [path.get("class") for path in second] == ["new", "changed", "dropped"]
    assert first[0].get("d").endswith("v-60.0")
    rows = [[cell.text for cell in row] for row in page.xpath("//details//tbody/tr")]
    assert (len(rows), rows[0][-4:]) == (10, ["2.9", "29", "1", "0"])


def test_without_ticks_the_page_says_where_they_may_be() -> None:
    place = town()
    page = shown(place, replace(place.pages, clock=NewClock()))
    assert not page.find_class("chart")
    assert "No tick has ended in this process yet" in page.text_content()
    assert "none has ended yet" in page.text_content()


def test_a_tick_that_a_bug_ended_is_told_as_that() -> None:
    place = town()
    page = shown(place, replace(place.pages, clock=FailingClock()))
    assert [each.text for each in page.find_class("bad")] == ["ended by KeyError('x')"]
    assert "none planned" in page.text_content()


def test_polls_are_counted_by_format_with_their_share_of_304() -> None:
    place = town()
    polls = (Polled(format="RSS", requests=8, unchanged=6), Polled(format="Atom", requests=0, unchanged=0))
    page = shown(place, replace(place.pages, polls=lambda: polls))
    rows = [[cell.text for cell in row] for row in page.xpath("//section[h2/@id='polls']//tbody/tr")]
    assert rows == [["RSS", "8", "75 %"], ["Atom", "0", "0 %"]]


def test_the_page_has_no_date_since_the_clock_changes_it() -> None:
    place = town()
    place.tick(article(1))
    assert "Last-Modified" not in place.web.test_client().get("/status").headers


def test_the_status_opens_while_a_source_hangs_and_nothing_is_asked_of_it() -> None:
    place, source = town(), HangingSource()
    intake = Intake(source=source, hints=Hints(source="town"), interval=timedelta(hours=1))
    ingest = Ingest([intake], PLAIN, place.store, pool=PoolInThisProcess(), look_again=0)

    def tick() -> None:
        ingest.tick(Hands())

    clock = Clock(tick, timedelta(hours=1))
    pages = replace(place.pages, clock=clock)
    clock.start()
    try:
        assert source.asked.wait(20)
        source.asked.clear()
        assert "being read for the first time" in shown(place, pages).text_content()
        for path in ("/", "/sources", "/sources/town", "/status/documents", "/search"):
            create_site(place.responses, pages).test_client().get(path)
        assert not source.asked.is_set()
        assert not source.scans
    finally:
        source.free.set()
        clock.stop()
    wait_until(clock.last_tick, "the tick ends")


def test_a_commit_has_its_lists_counted_before_anybody_asks() -> None:
    place = town()
    place.store.subscribe(place.pages.refresh)
    place.tick(article(1, topics=(topic("社区"),)))
    edition = place.store.edition
    assert place.pages.directory.entries(edition) is place.pages.directory.entries(edition)
    assert place.pages.directory.activity(edition, LATEST, edition.lists[LATEST]).count == 1


def test_the_health_of_sources_stands_beside_the_clock_those_that_fail_first() -> None:
    place = town(sources=["town", *(f"s{number:02}" for number in range(20)), "zoo"])
    place.tick(article(1), read=["town"])
    place.tick(read=["zoo"], failing="empty")
    page = shown(place, place.pages, "/status?lang=zh")
    rows = [row for table in page.find_class("table") for row in table.iter("tr")][1:]
    assert len(rows) == FIRST_SOURCES
    assert [cell.text_content().strip() for cell in rows[0]][:2] == ["zoo", "空文件（连续 1 次）"]
    assert page.xpath("//section[@aria-labelledby='sources']/p/a/@href") == ["/sources?lang=zh"]
    few = shown(town(), town().pages)
    assert few.xpath("//section[@aria-labelledby='sources']/p/a") == []


def test_who_misses_something_is_told_what_became_of_its_document() -> None:
    place = town()
    kept, left = (replace(article(n), id=article_id(SITE.id, "town", article(n).key)) for n in (1, 2))
    place.tick(kept, left)
    place.tick(withdrawn=[left.id], skipped=[Skipped(key="Notes/Blank.md", reason="empty")])

    def told(name: str) -> str:
        page = shown(place, place.pages, f"/status/documents?q={name}")
        assert page.xpath("//input[@id='document']/@value") == [name]
        return " ".join(page.text_content().split())

    assert "empty" in told("blank")
    assert "This document gave an article: Story 1" in told(kept.key)
    assert "which was withdrawn" in told(left.key)
    assert "No document of that name" in told("lynx")
    assert "blank" not in told("lynx").lower()


def test_documents_are_put_in_order_once_until_they_are_others() -> None:
    place, refusals = town(), Refusals()
    place.tick(article(1), skipped=[Skipped(key="blank.md", reason="empty")])
    first = refusals.of(place.store.edition)
    assert refusals.of(place.store.edition) is first
    place.tick(article(1), skipped=[Skipped(key="other.md", reason="empty")])
    assert [each.key for _, each in refusals.of(place.store.edition)] == ["other.md"]


def results(place: Town, found: Results, path: str = "/found") -> html.HtmlElement:
    def view() -> ResponseReturnValue:
        return place.pages.results(
            found, [Offer(name="RSS", suffix="rss", url="/search.rss?q=x", media_type="x")]
        )

    site = create_site(place.responses, place.pages)
    site.add_url_rule("/found", "found", view)
    response = site.test_client().get(path)
    assert response.status_code == 200
    return html.document_fromstring(response.data)


def test_a_search_shows_what_was_found_with_the_words_marked_and_is_a_feed() -> None:
    hit = Hit(
        article=article(1),
        excerpt=Excerpt(
            title=(Piece(text="Story <"), Piece(text="1", marked=True)),
            body=(Piece(text="What "), Piece(text="happened", marked=True)),
        ),
    )
    found = Results(query='"story" & <1>', hits=(hit,) * 3, count=40, order="date", page=2, last_page=4)
    page = results(town(), found)
    assert [mark.text for mark in page.iter("mark")] == ["1", "happened"] * 3
    assert page.xpath("string(//title)").startswith('"story" & <1> – ')
    assert page.xpath("//a[@aria-current='true']/@href")[0].endswith("order=date")
    assert page.xpath("//a[@rel='next']/@href") == ["/search?page=3&q=%22story%22+%26+%3C1%3E&order=date"]
    assert page.xpath("//form[@role='search']/input/@value") == ['"story" & <1>']
    assert page.xpath("//link[@rel='alternate']/@href") == ["/search.rss?q=x"]
    assert page.xpath("//li/a[text()='Source']/@href") == ["/search.rss?q=x&raw"]
    assert "40 articles found" in page.text_content()
    uncounted = results(town(), replace(found, at_least=True)).text_content()
    assert "At least 40 articles found" in uncounted


def test_a_search_that_finds_nothing_or_is_wrong_says_what_to_do() -> None:
    assert "Nothing found for “lynx”." in results(town(), Results(query="lynx")).text_content()
    wrong = results(town(), Results(query="(", problem="a parenthesis is missing"))
    assert "a parenthesis is missing" in wrong.text_content()
    assert not wrong.find_class("subscribe")
    assert results(town(), Results(query=""), "/found?lang=zh").xpath("//h1")[0].text == "搜索"


def test_every_page_offers_a_search() -> None:
    client = town().web.test_client()
    for path in ("/", "/topics", "/status", "/search", "/nothing"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.text.count('role="search"') == 1


def test_who_looks_for_nothing_is_shown_how_to_search_by_examples_that_work() -> None:
    place = town()
    place.tick(article(1))
    client = place.web.test_client()
    for language in ("en", "zh"):
        page = shown(place, place.pages, f"/search?lang={language}")
        examples = [link.get("href") for table in page.find_class("table") for link in table.iter("a")]
        assert len(examples) == 7
        assert {client.get(each).status_code for each in examples} == {200}
    assert 'id="how"' not in client.get("/search?q=story").text


def test_what_readers_asked_of_this_service_is_counted() -> None:
    place = town()
    place.tick(article(1))
    client = place.web.test_client()
    tag = client.get("/latest.rss").headers["ETag"]
    for _ in range(3):
        client.get("/latest.rss", headers={"If-None-Match": tag})
    client.get("/latest.rss")
    page = html.document_fromstring(client.get("/status").data)
    assert page.xpath("//section[h2/@id='polls']//tbody/tr/*/text()") == ["RSS", "5", "60 %"]
