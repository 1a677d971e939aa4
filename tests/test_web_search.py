"""Searches as pages and as feeds."""

import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import atoma
import feedparser
import pytest
from werkzeug.test import TestResponse

from feedsvc.feeds import FORMATS
from feedsvc.search import Search, preparation, search
from feedsvc.store import SqliteJournal
from feedsvc.store.index import Index
from feedsvc.topics import TopicRule
from feedsvc.web import create_site
from feedsvc.web.search import HITS, PAGES, Searching
from tests.builders import NOON, START, Town, article, note, topic, town, wait_until
from tests.conftest import Serve, beside

JSON = "application/json"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture
def place() -> Town:
    """Return a town with a lake, a bookshop and a page in Chinese."""
    place = town()
    place.tick(
        article(1, title="The lake froze", text="Cold & <clear>: the lake, in March."),
        article(2, title="社区书屋", text="溪口区的社區书屋开门。", language="zh-Hans"),
        article(3, title="The lake thawed", source="away", text="Water again."),
        read=("town", "away"),
    )
    return place


def get(place: Town, path: str, **fields: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return place.web.test_client().get(path, headers=headers)


def titles(response: TestResponse) -> list[str]:
    return [item["title"] for item in json.loads(response.data)["items"]]


def test_a_search_is_a_feed_in_every_format(place: Town) -> None:
    for suffix, form in FORMATS.items():
        response = get(place, f"/search.{suffix}?q=lake")
        assert (response.status_code, response.mimetype) == (200, form.media_type)
        assert response.headers["Cache-Control"].startswith("max-age=300")
        assert (
            get(place, f"/search.{suffix}?q=lake", If_None_Match=response.headers["ETag"]).status_code == 304
        )
        dated = get(place, f"/search.{suffix}?q=lake", If_Modified_Since=response.headers["Last-Modified"])
        assert dated.status_code == 304
        parsed = feedparser.parse(io.BytesIO(response.data))
        if suffix != "json":
            assert [entry.title for entry in parsed.entries] == ["The lake thawed", "The lake froze"]
            assert parsed.feed.title == "lake – Town news"
    assert titles(get(place, "/search.json?q=lake")) == ["The lake thawed", "The lake froze"]
    assert titles(get(place, f"/search.json?q={quote('社区书屋')}")) == ["社区书屋"]
    assert titles(get(place, "/search.json?q=source%3Aaway")) == ["The lake thawed"]
    assert titles(get(place, "/search.json?q=nothing")) == []


def test_a_search_has_an_id_and_addresses_of_its_own(place: Town) -> None:
    feed = atoma.parse_atom_bytes(get(place, f"/search.atom?q={quote('社区')}").data)
    other = atoma.parse_atom_bytes(get(place, "/search.atom?q=lake").data)
    again = atoma.parse_atom_bytes(get(place, "/search.atom?q=lake&limit=1").data)
    assert feed.id_ != other.id_ == again.id_
    links = {link.rel: link.href for link in feed.links}
    base = "https://feeds.example.org/search"
    assert links["self"] == f"{base}.atom?q=%E7%A4%BE%E5%8C%BA"
    assert links["alternate"] == f"{base}?q=%E7%A4%BE%E5%8C%BA"
    told = json.loads(get(place, "/search.json?q=lake&limit=1").data)
    assert told["feed_url"] == f"{base}.json?q=lake&limit=1"
    assert told["home_page_url"] == f"{base}?q=lake"
    assert f'<{base}.rss?q=lake>; rel="alternate"' in "".join(
        get(place, "/search.atom?q=lake").headers.getlist("Link")
    )


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("q=Lake", "q=lake"),
        ("q=%20lake%20%20AND%20cold", "q=lake%20cold"),
        ("q=lake+House&limit=9999", "q=lake%20house&limit=500"),
        ("limit=5&q=%22the%20%20LAKE%22", "q=%22the%20lake%22&limit=5"),
    ],
)
def test_a_search_that_is_spelled_otherwise_is_sent_on_for_good(
    place: Town, asked: str, canonical: str
) -> None:
    response = get(place, f"/search.rss?{asked}")
    assert (response.status_code, response.headers["Location"]) == (308, f"/search.rss?{canonical}")
    assert response.headers["Cache-Control"] == "max-age=3600"
    assert get(place, response.headers["Location"]).status_code == 200


def test_a_limit_reaches_past_the_window_and_the_last_to_come_stay() -> None:
    place = town()
    place.tick(*(article(number, text="lake") for number in range(1, 61)))
    place.tick(article(99, text="lake", published=NOON - timedelta(days=400)))
    late = titles(get(place, "/search.json?q=lake"))
    assert len(late) == 50
    assert late[-1] == "Story 99"
    assert titles(get(place, "/search.json?q=lake&limit=2")) == ["Story 60", "Story 99"]
    assert len(titles(get(place, "/search.json?q=lake&limit=500"))) == 61


def test_a_search_changes_with_its_articles_and_comes_back_byte_equal(place: Town) -> None:
    before = get(place, "/search.atom?q=lake")
    place.tick(article(4, text="About a bridge."), at=START + timedelta(hours=1))
    assert get(place, "/search.atom?q=lake").data == before.data
    place.tick(article(5, text="A lake."), at=START + timedelta(hours=2))
    after = get(place, "/search.atom?q=lake")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] > before.headers["Last-Modified"]
    place.tick(withdrawn=[article(5).id], at=START + timedelta(hours=3))
    assert get(place, "/search.atom?q=lake").data == before.data


def test_a_person_who_opens_a_search_as_a_feed_sees_its_page(place: Town) -> None:
    plain = get(place, "/search.rss?q=lake")
    assert plain.headers["Vary"] == "Accept-Encoding, Sec-Fetch-Dest"
    seen = get(place, "/search.rss?q=lake&lang=zh", Sec_Fetch_Dest="document")
    assert (seen.status_code, seen.headers["Location"]) == (303, "/search?q=lake&lang=zh")
    assert get(place, "/search.rss?q=lake&raw", Sec_Fetch_Dest="document").data == plain.data
    moved = get(place, "/search.rss?q=Lake&raw", Sec_Fetch_Dest="document")
    assert moved.headers["Location"] == "/search.rss?q=lake&raw"


def test_entries_of_a_search_are_those_that_other_feeds_show(place: Town) -> None:
    get(place, "/latest.atom")
    before = place.responses.weights["entries"]
    found = get(place, "/search.atom?q=lake").data
    assert place.responses.weights["entries"] == before
    inside = re.findall(b"<entry.*?</entry>", found, re.DOTALL)
    assert len(inside) == 2
    assert all(entry in get(place, "/latest.atom").data for entry in inside)


def test_a_search_is_compressed_and_tells_no_hub(place: Town) -> None:
    get(place, "/search.rss?q=lake")
    squeezed = get(place, "/search.rss?q=lake", Accept_Encoding="gzip")
    assert squeezed.headers["Content-Encoding"] == "gzip"
    sites = replace(place.pages.catalogue.site, hubs=("https://hub.example.org",))
    catalogue = replace(place.pages.catalogue, site=sites)
    edition = place.store.edition
    assert sites.hubs_of(catalogue.searched(edition, "lake", ())) == ()


def test_a_topic_is_found_by_any_name_that_it_has() -> None:
    place = town(topics=[TopicRule(slug="water", name="Lakes & rivers", aliases=("aqua",))])
    place.tick(article(1, title="The lake froze", topics=(topic("Lakes & rivers", "water"),)), article(2))
    for name in ("water", "aqua", "%22lakes%20%26%20rivers%22"):
        assert titles(get(place, f"/search.json?q=%23{name}")) == ["The lake froze"]
    assert titles(get(place, "/search.json?q=%23nothing")) == []


def test_a_search_is_made_once(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get(place, "/search.rss?q=lake")
    monkeypatch.setattr(Search, "find", None)
    assert get(place, "/search.rss?q=lake").data == first.data


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "an empty search"),
        ("?q=", "an empty search"),
        ("?q=%20%20", "an empty search"),
        ("?q=(lake", "never closed"),
        ("?q=author:", "needs a word"),
        ("?q=" + "x" * 301, "at most 300 characters"),
        ("?q=" + "+".join("abcdefghijklmnopqrstuvwxyz"), "at most 24 words"),
    ],
)
def test_a_feed_of_no_sense_is_a_problem_that_says_what_would_be_right(
    place: Town, query: str, detail: str
) -> None:
    response = get(place, f"/search.atom{query}", Accept=JSON)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.headers["Cache-Control"] == "no-store"
    told = json.loads(response.data)
    assert (told["status"], told["title"]) == (400, "Bad Request")
    assert detail in told["detail"]


def test_a_fault_is_pointed_at_in_problems_and_pages(place: Town) -> None:
    told = json.loads(get(place, "/search.rss?q=lake+)", Accept=JSON).data)
    assert told["pointed"].splitlines()[1].index("^") == 4 + len("lake ")
    for path in ("/search?q=lake+)", "/search.rss?q=lake+)"):
        response = get(place, path, Accept=HTML)
        assert (response.status_code, response.mimetype) == (400, "text/html")
        assert '<pre class="pointed" lang="en">    lake )\n         ^</pre>' in response.text
        assert 'value="lake )"' in response.text
        assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
        assert get(place, path).mimetype == "application/problem+json"
        assert get(place, path, Accept=JSON).mimetype == "application/problem+json"


def test_a_search_that_is_far_too_long_is_not_read_back(place: Town) -> None:
    response = get(place, f"/search?q={'x' * 10_000}", Accept=HTML)
    assert response.status_code == 400
    assert "at most 300 characters" in response.text
    assert "x" * 301 not in response.text


def test_an_empty_page_offers_the_box_and_no_feed(place: Town) -> None:
    response = get(place, "/search")
    assert response.status_code == 200
    assert 'type="search" name="q"' in response.text
    assert "search.rss" not in response.text


def test_a_page_shows_what_was_found_marked_and_escaped(place: Town) -> None:
    response = get(place, "/search?q=LAKE")
    text = response.text
    assert response.status_code == 200
    assert "2 articles found" in text
    assert "The <mark>lake</mark> froze" in text
    assert "Cold &amp; &lt;clear&gt;: the <mark>lake</mark>" in text
    assert 'href="https://feeds.example.org/search.atom?q=lake"' in text
    assert '<a href="/search?q=LAKE&amp;order=date">' in text
    assert "Last-Modified" not in response.headers
    assert 'value="LAKE"' in text
    again = get(place, "/search?q=LAKE", If_None_Match=response.headers["ETag"])
    assert again.status_code == 304
    assert "1 article found" in get(place, f"/search?q={quote('社區')}").text


def test_results_come_in_pages_and_in_two_orders() -> None:
    place = town()
    place.tick(*(article(number, text="lake") for number in range(1, HITS * 2 + 6)))
    first = get(place, "/search?q=lake&order=date").text
    assert f"{HITS * 2 + 5} articles" in first
    assert first.count("<mark>") == HITS
    assert '<a rel="next" href="/search?page=2&amp;q=lake&amp;order=date">' in first
    assert 'rel="prev"' not in first
    last = get(place, "/search?q=lake&order=date&page=3").text
    assert last.count("<mark>") == 5
    assert '<a rel="prev" href="/search?page=2&amp;q=lake&amp;order=date">' in last
    assert 'rel="next"' not in last
    for page in ("0", "-1", "x", "", "²", "4", "9999999"):
        assert get(place, f"/search?q=lake&page={quote(page)}").status_code == 404


def test_nobody_pages_for_ever() -> None:
    place = town()
    place.tick(*(article(number, text="lake") for number in range(1, HITS * PAGES + 9)))
    text = get(place, f"/search?q=lake&page={PAGES}").text
    assert f"page={PAGES - 1}" in text
    assert 'rel="next"' not in text
    assert get(place, f"/search?q=lake&page={PAGES + 1}").status_code == 404


def test_before_the_first_tick_searches_wait_and_the_box_is_there() -> None:
    place = town()
    assert get(place, "/search").status_code == 200
    for path in ("/search?q=lake", "/search.rss?q=lake"):
        response = get(place, path)
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0


def test_while_the_index_is_built_searches_say_when_to_ask_again(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SCAN", 1)
    page, feed = get(place, "/search?q=lake", Accept=HTML), get(place, "/search.rss?q=lake", Accept=JSON)
    assert page.status_code == feed.status_code == 503
    assert page.headers["Retry-After"] == feed.headers["Retry-After"] == "5"
    assert "the search index is being built. Try again in 5 seconds." in page.text
    assert "正在建立搜索索引，请在 5 秒后重试。" in get(place, "/search?q=lake&lang=zh", Accept=HTML).text
    assert json.loads(feed.data)["detail"] == "the search index is being built"


@pytest.fixture
def indexed(place: Town) -> Iterator[Town]:
    """Return the town with an index."""
    journal = place.store.journal
    assert isinstance(journal, SqliteJournal)
    index = Index(journal, preparation())
    while index.work():
        pass
    view: Any = place.web.view_functions["search"]
    views: Searching = view.__self__
    site = create_site(views.responses, views.pages, search=Search(place.store, index))
    yield replace(place, web=site)
    index.close()


def test_an_index_changes_no_byte_of_a_feed(place: Town, indexed: Town) -> None:
    fresh = town()
    fresh.tick(*place.store.edition.articles.values(), read=("town", "away"))
    for query in ("lake", quote("社区"), "-lake", "source%3Atown", quote('"the lake"')):
        assert get(indexed, f"/search.atom?q={query}").data == get(fresh, f"/search.atom?q={query}").data


def indexed_in(path: Path) -> int:
    """Return how many articles the index of a journal holds."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM words_docsize").fetchone()
    except sqlite3.OperationalError:  # not begun yet
        return 0
    return int(count)


def test_a_search_feed_of_a_service_passes_every_check_and_two_processes_give_the_same_bytes(
    serve: Serve, tmp_path: Path
) -> None:
    checks = beside("checks/feed_http.py")
    folder = tmp_path / "town"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.md").write_text(note(f"Story {number} 社区", 1 + number % 28), encoding="utf-8")
    shared = {
        "FEEDSVC_STATE__PATH": str(tmp_path / "feedsvc.db"),
        "FEEDSVC_SITE__BASE_URL": "https://a.example",
    }
    one = serve("town", **shared).wait_until_ready()
    two = serve("town", **shared)
    wait_until(lambda: indexed_in(tmp_path / "feedsvc.db") == 60, "all are indexed")
    paths = [f"/search.{suffix}?q={quote('社区 story')}" for suffix in FORMATS]
    for path in paths:
        wait_until(lambda: two.status(path) == 200, "the second answers")  # noqa: B023 - asked at once
        here, there = one.get(path), two.get(path)
        assert (here.status, here.body, here.headers["etag"]) == (200, there.body, there.headers["etag"])
        assert len(here.body) > 10_000

    def failures(path: str) -> list[str]:
        line = [sys.executable, str(checks), f"http://127.0.0.1:{one.port}{path}", "--moved", "/feed"]
        lines = subprocess.run(line, capture_output=True, text=True, check=False).stdout.splitlines()
        assert lines[-1].startswith("TOTAL")
        return [f"{path}: {line}" for line in lines if line.startswith(("FAIL", "WARN"))]

    with ThreadPoolExecutor(2) as pool:
        assert [line for lines in pool.map(failures, paths) for line in lines] == []
