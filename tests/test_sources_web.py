"""The sources page, listing, sitemap and feed against a web without connections."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from feedsvc import listed
from feedsvc.errors import AbsentError, BarredError, EndedError, FetchError, SourceError
from feedsvc.extract import feed as feeds
from feedsvc.extract import listing as links
from feedsvc.extract import sitemap as maps
from feedsvc.fetch import NO_VALIDATORS
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources import Feed, Found, Listing, Page, Sitemap
from feedsvc.sources.feed import LEFT, PAGES, PATIENCE
from feedsvc.sources.queue import TRIES, Waiting, spell, spelt
from feedsvc.sources.sitemap import MAPS
from tests.fakes import WHEN, Hands
from tests.websites import Answers, atom, listing, remembered, sitemap, sitemap_index

BASE = "https://osk.example"
URL = f"{BASE}/osk/"
LATER = WHEN + timedelta(minutes=5)


def a_page(web: Answers) -> Page:
    return Page(name="osk", url=URL, web=web)


def a_listing(web: Answers) -> Listing:
    return Listing(name="osk", url=URL, web=web, links=links.links, now=lambda: WHEN)


def a_sitemap(web: Answers, path: str = "/map.xml") -> Sitemap:
    return Sitemap(name="osk", url=BASE + path, web=web, maps=maps.read, now=lambda: WHEN)


def a_feed(web: Answers, *, full_text: bool = False) -> Feed:
    return Feed(name="osk", url=URL, web=web, entries=feeds.read, now=lambda: WHEN, full_text=full_text)


def test_a_page_is_its_one_document_and_is_found_again_only_when_it_changed() -> None:
    web = Answers()
    web.put(URL, "one", final=f"{BASE}/x", fresh_for=timedelta(hours=1))
    page = a_page(web)
    first = page.scan({}, WHEN)
    (found,) = first.found
    document = page.read(found)
    assert isinstance(document, Document)
    assert (document.key, document.url, document.content) == (URL, f"{BASE}/x", b"one")
    known = remembered({}, first)
    second = page.scan(known, LATER)
    assert (second.found, second.fresh_for) == ((), timedelta(hours=1))
    web.put(URL, "two")
    assert len(page.scan(known, LATER).found) == 1
    assert page.location == URL


def test_a_page_that_is_not_there_is_missing_or_was_never_there() -> None:
    web = Answers()
    page = a_page(web)
    web.refuse(URL, 404)
    with pytest.raises(AbsentError):
        page.scan({}, WHEN)
    known = {URL: Known(version="v", digest="d", article="urn:1")}
    assert page.scan(known, WHEN).missing == {URL}
    web.refuse(URL, 410)
    assert page.scan(known, WHEN).missing == {URL}
    with pytest.raises(EndedError):
        page.scan({}, WHEN)
    web.refuse(URL, 500)
    with pytest.raises(SourceError, match="answered 500"):
        page.scan(known, WHEN)


def test_a_found_that_nobody_asked_for_is_skipped() -> None:
    lone = Found(key=URL, version="v", address=URL)
    for source in (a_page(Answers()), a_feed(Answers())):
        skipped = source.read(lone)
        assert isinstance(skipped, Skipped)
        assert skipped.retry


def test_a_listing_finds_what_is_new_and_what_waits() -> None:
    web = Answers()
    web.put(URL, listing("osk", range(1, 5)), moved=None)
    source = a_listing(web)
    first = source.scan({}, WHEN)
    assert [each.key for each in first.found] == [f"{BASE}/osk/{number}.html" for number in range(1, 5)]
    known = remembered({}, first)
    assert source.scan(known, LATER).found == ()
    known[f"{BASE}/osk/2.html"] = Known(version=spell(Waiting()), digest="")
    assert [each.key for each in source.scan(known, LATER).found] == [f"{BASE}/osk/2.html"]
    assert source.location == URL


def test_a_listing_reads_documents_unless_they_came_with_the_scan() -> None:
    web = Answers()
    web.put(URL, listing("osk", range(1, 5)))
    source = a_listing(web)
    found = source.scan({}, WHEN).found[0]
    web.put(found.address, "<p>word</p>")
    document = source.read(found)
    assert isinstance(document, Document)
    assert source.read(replace(found, document=document)) is document


def test_a_listing_that_shows_nothing_is_a_failure() -> None:
    web = Answers()
    web.put(URL, "<p>Please log in.</p>")
    with pytest.raises(SourceError, match="no links found"):
        a_listing(web).scan({}, WHEN)
    quiet = replace(a_listing(web), links=lambda *_: listed.Listed())
    with pytest.raises(SourceError, match="no items"):
        quiet.scan({}, WHEN)


def put_maps(web: Answers, changed: str = "2024-04-01") -> None:
    web.put(f"{BASE}/map.xml", sitemap_index(BASE, {"/a.xml": "2024-03-01", "/b.xml": changed}))
    web.put(f"{BASE}/a.xml", sitemap(BASE, {"/1": "2024-03-01"}))
    web.put(f"{BASE}/b.xml", sitemap(BASE, {"/2": changed}))


def test_of_an_index_that_says_when_only_the_changed_sitemaps_are_asked() -> None:
    web = Answers()
    put_maps(web)
    source = a_sitemap(web)
    first = source.scan({}, WHEN)
    assert [each.key for each in first.found] == [f"{BASE}/1", f"{BASE}/2"]
    assert web.urls == [f"{BASE}/map.xml", f"{BASE}/b.xml", f"{BASE}/a.xml"]
    known = remembered({}, first)
    assert source.scan(known, LATER).found == ()
    assert web.urls == [f"{BASE}/map.xml"]
    put_maps(web, "2024-04-02")
    assert [each.key for each in source.scan(known, LATER).found] == [f"{BASE}/2"]
    assert web.urls == [f"{BASE}/map.xml", f"{BASE}/b.xml"]
    assert source.location == f"{BASE}/map.xml"


def test_of_an_index_that_does_not_each_sitemap_is_asked_whether_it_changed() -> None:
    web = Answers()
    web.put(f"{BASE}/map.xml", sitemap_index(BASE, {"/a.xml": "", "/map.xml": ""}))
    web.put(f"{BASE}/a.xml", sitemap(BASE, {"/1": ""}))
    source = a_sitemap(web)
    known = remembered({}, source.scan({}, WHEN))
    assert web.urls == [f"{BASE}/map.xml", f"{BASE}/a.xml"]
    source.scan(known, LATER)
    assert [bool(validators) for _, validators in web.asked] == [True, True]


def test_sitemaps_beyond_the_bound_of_a_check_come_with_the_next() -> None:
    web = Answers()
    paths = {f"/{number}.xml": f"2024-03-{number:02}" for number in range(1, MAPS + 3)}
    web.put(f"{BASE}/map.xml", sitemap_index(BASE, paths))
    for path in paths:
        web.put(BASE + path, sitemap(BASE, {f"/p{path}": "2024-01-01"}))
    source = a_sitemap(web)
    known = remembered({}, source.scan({}, WHEN))
    assert len(web.urls) == MAPS
    source.scan(known, LATER)
    assert sorted(web.urls) == sorted([f"{BASE}/map.xml", f"{BASE}/1.xml", f"{BASE}/2.xml", f"{BASE}/3.xml"])


def test_a_sitemap_that_fails_is_told_and_one_that_is_gone_not_asked_again() -> None:
    web = Answers()
    put_maps(web)
    web.fail(f"{BASE}/a.xml", "no answer")
    web.refuse(f"{BASE}/b.xml", 404)
    source = a_sitemap(web)
    scan = source.scan({}, WHEN)
    assert {each.key: each.reason for each in scan.skipped} == {
        f"{BASE}/a.xml": f"{BASE}/a.xml: no answer",
        f"{BASE}/b.xml": f"{BASE}/b.xml: answered 404 Not Found",
    }
    web.put(f"{BASE}/a.xml", sitemap(BASE, {"/1": "2024-03-01"}))
    _ = web.urls
    source.scan(remembered({}, scan), LATER)
    assert f"{BASE}/b.xml" not in web.urls


def test_of_more_sitemaps_than_a_check_asks_for_each_has_its_turn() -> None:
    web, paths = Answers(), {f"/{number}.xml": "" for number in range(3 * MAPS)}
    web.put(f"{BASE}/map.xml", sitemap_index(BASE, paths))
    for path in paths:
        web.put(BASE + path, sitemap(BASE, {f"/p{path}": ""}))
    source, known, now, asked = a_sitemap(web), dict[str, Known](), WHEN, list[str]()
    for _ in range(4):
        known, now = remembered(known, source.scan(known, now)), now + timedelta(minutes=5)
        asked += web.urls
    assert {f"{BASE}{path}" for path in paths} <= set(asked)
    for path in paths:
        web.put(BASE + path, sitemap(BASE, {f"/p{path}": "", f"/q{path}": ""}))
    for _ in range(20):
        known, now = remembered(known, source.scan(known, now)), now + timedelta(minutes=5)
        assert all(validators for _, validators in web.asked)
        web.asked.clear()
    assert {f"{BASE}/q{path}" for path in paths} <= known.keys()


def test_indexes_in_indexes_end() -> None:
    web = Answers()
    for depth in range(9):
        web.put(f"{BASE}/{depth}.xml", sitemap_index(BASE, {f"/{depth + 1}.xml": ""}))
    a_sitemap(web, "/0.xml").scan({}, WHEN)
    assert web.urls == [f"{BASE}/{depth}.xml" for depth in range(4)]


def test_a_sitemap_that_failed_is_asked_again_though_its_index_is_as_it_was() -> None:
    web = Answers()
    put_maps(web)
    web.fail(f"{BASE}/a.xml", "no answer")
    source = a_sitemap(web)
    known = remembered({}, source.scan({}, WHEN))
    web.put(f"{BASE}/a.xml", sitemap(BASE, {"/1": "2024-03-01"}))
    assert [each.key for each in source.scan(known, LATER).found] == [f"{BASE}/1"]


def test_documents_beyond_the_bound_of_a_check_come_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.sources.sitemap.MOST", 2)
    web, paths = Answers(), {f"/{number}.xml": f"2024-03-0{number}" for number in range(1, 4)}
    web.put(f"{BASE}/map.xml", sitemap_index(BASE, paths))
    for path in paths:
        web.put(BASE + path, sitemap(BASE, {f"/p{path}": "", f"/q{path}": ""}))
    source, known = a_sitemap(web), dict[str, Known]()
    for _ in paths:
        known = remembered(known, source.scan(known, WHEN))
    assert {f"{BASE}/{name}{path}" for path in paths for name in "pq"} <= known.keys()


def test_sitemaps_of_a_robots_txt_that_are_gone_do_not_end_the_site() -> None:
    web = Answers()
    web.maps = (f"{BASE}/a.xml",)
    web.refuse(f"{BASE}/a.xml", 410)
    with pytest.raises(SourceError) as caught:
        a_sitemap(web, "/").scan({}, WHEN)
    assert not isinstance(caught.value, AbsentError)
    web.refuse(f"{BASE}/map.xml", 410)
    with pytest.raises(EndedError):
        a_sitemap(web).scan({}, WHEN)


def test_a_sitemap_that_is_none_or_names_nothing_any_more_is_a_failure() -> None:
    web = Answers()
    web.put(f"{BASE}/map.xml", "<html>no</html>")
    with pytest.raises(SourceError, match="no sitemap"):
        a_sitemap(web).scan({}, WHEN)
    web.put(f"{BASE}/map.xml", sitemap(BASE, {}))
    assert a_sitemap(web).scan({}, WHEN).found == ()
    with pytest.raises(SourceError, match="names nothing any more"):
        a_sitemap(web).scan({f"{BASE}/1": Known(version="v", digest="d")}, WHEN)


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_the_address_of_a_site_stands_for_the_sitemaps_its_robots_txt_names(path: str) -> None:
    web = Answers()
    put_maps(web)
    web.maps = (f"{BASE}/a.xml", f"{BASE}/nowhere.xml")
    scan = a_sitemap(web, path).scan({}, WHEN)
    assert [each.key for each in scan.found] == [f"{BASE}/1"]
    assert [each.reason for each in scan.skipped] == [f"{BASE}/nowhere.xml: no such host"]
    web.maps = ()
    web.put(f"{BASE}/sitemap.xml", sitemap(BASE, {"/9": ""}))
    assert [each.key for each in a_sitemap(web, path).scan({}, WHEN).found] == [f"{BASE}/9"]
    web.maps = FetchError(BASE, "robots.txt cannot be had")
    with pytest.raises(SourceError, match=r"robots.txt cannot be had"):
        a_sitemap(web, path).scan({}, WHEN)


def test_a_sitemaps_documents_are_read_like_a_listings() -> None:
    web = Answers()
    put_maps(web)
    source = a_sitemap(web)
    found = source.scan({}, WHEN).found[0]
    web.put(found.address, "<p>word</p>")
    document = source.read(found)
    assert isinstance(document, Document)
    assert source.read(replace(found, document=document)) is document


def test_a_feeds_entries_are_documents_oldest_first_that_name_their_feed() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 4)))
    source = a_feed(web)
    scan = source.scan({}, WHEN)
    assert [each.key for each in scan.found] == [f"tag:osk,2024:{number}" for number in (1, 2, 3)]
    document = source.read(scan.found[0])
    assert isinstance(document, Document)
    assert document.media_type == listed.ENTRY
    assert document.upstream
    assert (document.upstream.id, document.upstream.title) == ("tag:osk,2024:feed", "osk")
    assert source.location == URL


def test_an_unchanged_feed_is_not_read_and_a_changed_entry_is_found() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 4)))
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    assert source.scan(known, LATER).found == ()
    web.put(URL, atom("osk", range(1, 4)).replace(b"Word number 2", b"Number 2"))
    assert [each.key for each in source.scan(known, LATER).found] == ["tag:osk,2024:2"]


def test_a_paged_feed_is_followed_until_nothing_is_new() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(7, 9), "2"))
    web.put(f"{URL}2", atom("osk", range(5, 8), "3"))
    web.put(f"{URL}3", atom("osk", range(1, 5), "3"))
    source = a_feed(web)
    scan = source.scan({}, WHEN)
    assert [each.key for each in scan.found] == [f"tag:osk,2024:{number}" for number in range(1, 9)]
    assert web.urls == [URL, f"{URL}2", f"{URL}3"]
    web.put(URL, atom("osk", range(7, 9), "2").replace(b"at length", b"again"))
    source.scan(remembered({}, scan), LATER)
    assert web.urls == [URL]


@pytest.mark.parametrize("status", [404, 410])
def test_a_feed_whose_further_page_is_not_there_ends_before_it(status: int) -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2), f"{BASE}/2"))
    web.refuse(f"{BASE}/2", status)
    assert len(a_feed(web).scan({}, WHEN).found) == 2


def test_a_further_page_that_cannot_be_had_now_costs_nothing_and_comes_when_it_can() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2, 4), f"{BASE}/2"))
    web.refuse(f"{BASE}/2", 503)
    source = a_feed(web)
    scan = source.scan({}, WHEN)
    assert len(scan.found) == 2
    assert [each.reason for each in scan.skipped] == [f"{BASE}/2: answered 503 Service Unavailable"]
    known = remembered({}, scan)
    count = len(web.asked)
    assert source.scan(known, LATER).found == ()
    assert len(web.asked) == count + 1, "further pages wait for longer"
    web.put(f"{BASE}/2", atom("osk", range(2)))
    scan = source.scan(known, LATER + timedelta(hours=1))
    assert len(scan.found) == 2
    known = remembered(known, scan)
    count = len(web.asked)
    assert source.scan(known, LATER + timedelta(hours=2)).found == ()
    assert len(web.asked) == count + 1, "it is unchanged now"


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_further_page_that_always_fails_is_asked_later_and_later_and_given_up(status: int) -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2, 4), f"{BASE}/2"))
    web.refuse(f"{BASE}/2", status)
    source, known, now = a_feed(web), dict[str, Known](), WHEN
    for _ in range(2_000):
        known = remembered(known, source.scan(known, now))
        now += timedelta(minutes=5)
    assert sum(url == f"{BASE}/2" for url, _ in web.asked) == TRIES


def waits_on_a_further_page(web: Answers) -> tuple[Feed, dict[str, Known], str]:
    """Return a feed of two pages, what is known of it, and an entry of its second page that waits."""
    web.put(URL, atom("osk", range(2, 4), f"{BASE}/2"))
    web.put(f"{BASE}/2", atom("osk", range(2)))
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    (oldest, *_) = (key for key in known if key.endswith(":0"))
    known[oldest] = Known(version=spell(Waiting()), digest="")
    return source, known, oldest


def test_a_further_page_that_is_refused_for_a_while_leaves_no_entry_behind() -> None:
    web = Answers()
    source, known, oldest = waits_on_a_further_page(web)
    web.refuse(f"{BASE}/2", 403)
    assert source.scan(known, LATER).notes[oldest].version != LEFT
    web.forbid(f"{BASE}/2")
    known = remembered(known, source.scan(known, LATER))
    web.put(f"{BASE}/2", atom("osk", range(2)))
    assert [each.key for each in source.scan(known, LATER + timedelta(hours=1)).found] == [oldest]


def test_an_entry_that_waits_on_a_page_that_always_fails_has_it_asked_no_oftener_and_is_left() -> None:
    web = Answers()
    source, known, oldest = waits_on_a_further_page(web)
    web.refuse(f"{BASE}/2", 503)
    before, now = len(web.asked), LATER
    for _ in range(2_000):
        known = remembered(known, source.scan(known, now))
        now += timedelta(minutes=5)
    asked = web.asked[before:]
    assert sum(url == f"{BASE}/2" for url, _ in asked) == TRIES
    assert sum(url == URL and not validators for url, validators in asked) == TRIES
    assert known[oldest].version == LEFT


def test_parts_of_a_page_are_called_alike_whatever_else_the_feed_holds() -> None:
    web, source, known = Answers(), None, dict[str, Known]()
    met: set[str] = set()
    for parts in ([1], [2, 1], [3]):
        items = b"".join(b"<item><title>V%d</title><link>/changes#v%d</link></item>" % (n, n) for n in parts)
        web.put(URL, b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
        source = a_feed(web)
        scan = source.scan(known, WHEN)
        assert {each.key for each in scan.found} == {f"{BASE}/changes#v{max(parts)}"}
        known = remembered(known, scan)
        met |= {each.key for each in scan.found}
    assert len(met) == 3


def test_entries_of_a_further_page_wait_for_it_or_for_longer_while_the_feed_changes() -> None:
    web = Answers()
    source, known, oldest = waits_on_a_further_page(web)
    (other,) = (key for key in known if key.endswith(":1"))
    far = LATER + timedelta(days=9)
    known[other] = Known(version=spell(Waiting(until=far)), digest="")
    web.refuse(f"{BASE}/2", 503)
    known = remembered(known, source.scan(known, LATER))
    web.put(URL, atom("osk", range(2, 5), f"{BASE}/2"))
    known = remembered(known, source.scan(known, LATER))
    first, second = (spelt(known[key].version).until for key in (oldest, other))
    assert first
    assert LATER < first < far == second


def test_an_entry_that_is_due_is_read_though_a_further_page_is_waited_for() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2, 4), f"{BASE}/2"))
    web.refuse(f"{BASE}/2", 503)
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    (newest,) = (key for key in known if key.endswith(":3"))
    known[newest] = Known(version=spell(Waiting(until=LATER)), digest="")
    count = len(web.asked)
    assert source.scan(known, WHEN).found == ()
    assert [each.key for each in source.scan(known, LATER).found] == [newest]
    assert len(web.asked) == count + 2, "the further page waits for longer"


def test_a_feed_that_changes_all_the_time_has_its_failing_pages_asked_no_oftener() -> None:
    web = Answers()
    web.refuse(f"{BASE}/2", 503)
    source, known, now = a_feed(web), dict[str, Known](), WHEN
    for number in range(60):
        web.put(URL, atom("osk", range(number, number + 3), f"{BASE}/2"))
        known = remembered(known, source.scan(known, now))
        now += timedelta(minutes=5)
    assert 1 < sum(url == f"{BASE}/2" for url, _ in web.asked) < TRIES


def test_full_text_of_an_entry_whose_id_looks_like_a_part_of_a_page_is_its_page() -> None:
    web = Answers()
    item = b"<item><guid>%s/c8r1#0</guid><link>%s/c8r1</link></item>" % (BASE.encode(), BASE.encode())
    parts = b"".join(b"<item><title>V%d</title><link>/changes#v%d</link></item>" % (n, n) for n in (1, 2))
    web.put(URL, b"<rss version='2.0'><channel>" + item + parts + b"</channel></rss>")
    found = {each.key: each for each in a_feed(web, full_text=True).scan({}, WHEN).found}
    assert found[f"{BASE}/c8r1#0"].listed
    assert found[f"{BASE}/changes#v1"].document


def test_full_text_of_links_that_all_have_one_fragment_is_their_pages() -> None:
    web = Answers()
    items = b"".join(b"<item><title>N%d</title><link>/news/%d#rss</link></item>" % (n, n) for n in (1, 2))
    web.put(URL, b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
    assert all(each.listed for each in a_feed(web, full_text=True).scan({}, WHEN).found)


def test_parts_of_a_page_that_come_one_by_one_are_entries_once_one_was_met() -> None:
    web, known = Answers(), {f"{BASE}/changes#v1": Known(version="v", digest="d")}
    item = b"<item><title>V2</title><link>/changes#v2</link></item>"
    web.put(URL, b"<rss version='2.0'><channel>" + item + b"</channel></rss>")
    (found,) = a_feed(web, full_text=True).scan(known, WHEN).found
    assert found.document


def test_a_feed_whose_further_page_may_not_be_asked_ends_before_it() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2), f"{BASE}/2"))
    web.forbid(f"{BASE}/2")
    assert len(a_feed(web).scan({}, WHEN).found) == 2
    web.forbid(URL)
    with pytest.raises(BarredError, match="forbids it"):
        a_feed(web).scan({}, WHEN)


def test_an_entry_that_waits_is_looked_for_on_further_pages_before_it_counts_as_left() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2, 4), f"{BASE}/2"))
    web.put(f"{BASE}/2", atom("osk", range(2)))
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    (oldest, *_) = (key for key in known if key.endswith(":0"))
    known[oldest] = Known(version=spell(Waiting()), digest="")
    assert [each.key for each in source.scan(known, LATER).found] == [oldest]


def test_a_feed_of_endless_pages_ends() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1), "1"))
    for number in range(1, 30):
        web.put(f"{URL}{number}", atom("osk", range(number, number + 1), str(number + 1)))
    assert len(a_feed(web).scan({}, WHEN).found) == PAGES


def test_a_feed_that_is_none_or_that_lost_all_entries_is_a_failure() -> None:
    web = Answers()
    web.put(URL, "<html>no</html>")
    with pytest.raises(SourceError, match="no feed"):
        a_feed(web).scan({}, WHEN)
    web.put(URL, atom("osk", range(0)))
    assert a_feed(web).scan({}, WHEN).found == ()
    with pytest.raises(SourceError, match="no entries any more, where there were 1"):
        a_feed(web).scan({"tag:1": Known(version="v", digest="d")}, WHEN)


def test_a_feed_that_is_read_only_partly_says_so() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(2)))
    cut = replace(a_feed(web), entries=lambda *given: replace(feeds.read(*given), problem="too long"))
    scan = cut.scan({}, WHEN)
    assert (len(scan.found), scan.skipped) == (2, (Skipped(key=URL, reason="too long"),))


def test_a_feed_that_broke_off_is_read_again_at_the_next_look() -> None:
    web = Answers()
    whole = atom("osk", range(3))
    web.put(URL, whole[: whole.rindex(b"</entry>")])
    source = a_feed(web)
    scan = source.scan({}, WHEN)
    assert len(scan.found) == 2
    known = remembered({}, scan)
    web.put(URL, whole)
    assert len(source.scan(known, LATER).found) == 1
    assert web.asked[-1] == (URL, NO_VALIDATORS)


def test_an_entry_to_be_read_again_has_its_feed_asked_anew_and_one_that_left_stays() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 3)))
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    again = {
        key: structs.replace(each, version="") if key.startswith("tag:") else each
        for key, each in known.items()
    }
    scan = source.scan({**again, "tag:old": Known(version="", digest="", article="urn:9")}, LATER)
    assert len(scan.found) == 2
    assert web.asked[-1] == (URL, NO_VALIDATORS)
    assert scan.notes["tag:old"] == Known(version=LEFT, digest="", article="urn:9")


def test_full_text_is_the_page_with_what_the_feed_says_of_it() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 2)))
    web.put(f"{BASE}/osk/1.html", "<p>All of it.</p>")
    source = a_feed(web, full_text=True)
    (found,) = source.scan({}, WHEN).found
    document = source.read(found)
    assert isinstance(document, Document)
    assert (document.key, document.content) == ("tag:osk,2024:1", b"<p>All of it.</p>")
    assert document.upstream
    assert listed.decoded(document.entry).categories == ("osk news",)


def test_full_text_that_cannot_be_had_is_tried_again_and_then_the_entry_does() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 2)))
    hands, known = Hands(), dict[str, Known]()
    source = replace(a_feed(web, full_text=True), now=hands)
    for _ in range(PATIENCE - 1):
        scan = source.scan(known, hands())
        skipped = source.read(scan.found[0])
        assert isinstance(skipped, Skipped)
        known = {**scan.notes, skipped.key: Known(version=skipped.version, digest="")}
        assert source.scan(known, hands()).found == ()
        hands.move(days=2)
    document = source.read(source.scan(known, hands()).found[0])
    assert isinstance(document, Document)
    assert document.media_type == listed.ENTRY


def test_full_text_that_is_gone_or_has_no_address_is_the_entry() -> None:
    web = Answers()
    web.put(URL, atom("osk", range(1, 2)))
    web.refuse(f"{BASE}/osk/1.html", 410)
    source = a_feed(web, full_text=True)
    (found,) = source.scan({}, WHEN).found
    assert found.listed
    assert source.read(found) == replace(found.listed, instead="answered 410 Gone")
    bare = listed.FeedListed(entries=(listed.Entry(key="1", title="T"),))
    alone = replace(source, entries=lambda *_: bare).scan({}, WHEN).found[0]
    assert source.read(alone) is alone.document


def test_a_feed_without_a_date_or_a_zone_has_one_for_its_entries() -> None:
    web = Answers()
    web.put(URL, "x")
    entry = listed.Entry(key="1", title="T", published=datetime(2024, 5, 1))  # noqa: DTZ001 - none was written
    for updated in (None, datetime(2024, 5, 1), datetime(2024, 5, 1, tzinfo=UTC)):  # noqa: DTZ001
        read = listed.FeedListed(entries=(entry,), updated=updated)
        source = replace(a_feed(web), entries=lambda *_, read=read: read)
        document = source.scan({}, WHEN).found[0].document
        assert isinstance(document, Document)
        assert document.upstream
        assert document.upstream.id == URL
        assert document.upstream.updated.tzinfo is UTC


def test_documents_of_a_site_that_moved_are_called_as_before() -> None:
    new = "https://www.osk.example"
    web = Answers()
    web.put(URL, listing("osk", range(1, 9)), charset="utf-8")
    source = a_listing(web)
    known = remembered({}, source.scan({}, WHEN))
    web.put(URL, listing("osk", range(1, 10)), charset="utf-8", final=f"{new}/osk/", moved=f"{new}/osk/")
    scan = source.scan(known, LATER)
    (found,) = scan.found
    assert found.key.startswith(f"{new}/")
    known = remembered(known, scan)
    assert source.scan(known, LATER).found == ()


def test_entries_without_ids_of_a_feed_that_moved_are_called_as_before() -> None:
    feed = b"<rss version='2.0'><channel>%s</channel></rss>"
    item = b"<item><title>T</title><link>/a/%d</link></item>"
    web = Answers()
    web.put(URL, feed % b"".join(item % number for number in range(3)))
    source = a_feed(web)
    known = remembered({}, source.scan({}, WHEN))
    new = "https://feeds.example/osk/"
    web.put(URL, feed % b"".join(item % number for number in range(4)), final=new, moved=new)
    found = {each.key for each in source.scan(known, LATER).found}
    assert found == {f"{BASE}/a/0", f"{BASE}/a/1", f"{BASE}/a/2", "https://feeds.example/a/3"}


def test_documents_of_a_sitemap_that_moved_are_called_as_before() -> None:
    new = "https://www.osk.example"
    web = Answers()
    web.put(f"{BASE}/map.xml", sitemap(BASE, {"/a": "2024-05-01", "/b": "2024-05-02"}))
    source = a_sitemap(web)
    known = remembered({}, source.scan({}, WHEN))
    later = {"/a": "2024-05-01", "/b": "2024-05-03", "/c": "2024-05-03"}
    web.put(f"{BASE}/map.xml", sitemap(new, later), final=f"{new}/map.xml", moved=f"{new}/map.xml")
    assert {each.key for each in source.scan(known, LATER).found} == {f"{BASE}/b", f"{new}/c"}
