"""Pages as people and readers meet them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from lxml import html
from werkzeug.test import TestResponse

from feedsvc.feeds import FORMATS, article_line, article_path
from feedsvc.model import Article, Assignment, Provenance, Skipped
from feedsvc.store import LATEST, Limits
from feedsvc.topics import TopicRule
from tests.builders import NOON, START, Town, article, rich, topic, town

LISTS = ["/latest", "/status", "/topics/社区", "/sources/town"]
EXPLAINED = f"{article_path(article(1))}/explain"
PAGES = ["/", "/topics", "/sources", *LISTS, article_path(article(1)), EXPLAINED]
HOSTILE = '</title></h1><script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}'


@pytest.fixture
def place() -> Town:
    """Return a town with two articles, a topic with one of them and a quiet topic."""
    place = town(topics=[TopicRule(slug="quiet", name="Quiet <b>")])
    place.tick(article(1, topics=(topic("社区"),)), rich(2))
    return place


def get(place: Town, path: str) -> TestResponse:
    return place.web.test_client().get(path)


def page(place: Town, path: str) -> html.HtmlElement:
    response = get(place, path)
    assert response.status_code == 200, path
    return html.document_fromstring(response.data, base_url=None)


def links(element: html.HtmlElement) -> set[str]:
    return {str(each.get("href")) for each in element.iter("a")}


def headlines(shown: html.HtmlElement) -> list[str]:
    (listed,) = shown.find_class("articles")
    return [heading.text_content() for heading in listed.iter("h2", "h3")]


def telling(shown: html.HtmlElement) -> str:
    return " ".join(shown.text_content().split())


def alternates(element: html.HtmlElement) -> list[tuple[str | None, str | None]]:
    return [
        (link.get("type"), link.get("href"))
        for link in element.iter("link")
        if link.get("rel") == "alternate"
    ]


def test_what_can_be_done_with_a_feed_names_it_in_words(place: Town) -> None:
    english, chinese = page(place, "/latest?lang=en"), page(place, "/latest?lang=zh")
    names = ("RSS feed", "Atom feed", "JSON Feed")
    assert english.xpath("//a/@data-what") == [f"Copy the address of the {name}" for name in names]
    assert english.xpath("//li/a/@aria-label") == [
        label
        for name in names
        for label in (f"Open the {name} in a feed reader", f"Source text of the {name}")
    ]
    assert chinese.xpath("//a/@data-what")[2] == "复制 JSON Feed 订阅源的地址"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_a_feed_in_every_format(place: Town, path: str) -> None:
    offered = path if path in LISTS else "/latest"
    stem = f"https://feeds.example.org{offered.replace('社区', '%E7%A4%BE%E5%8C%BA')}"
    assert alternates(page(place, path)) == [
        (form.media_type, f"{stem}.{suffix}") for suffix, form in FORMATS.items()
    ]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_within_the_site_leads_somewhere(place: Town, path: str) -> None:
    place.tick(read=["away"])
    shown = page(place, path)
    for link in links(shown):
        if link.startswith("#"):
            assert shown.get_element_by_id(link[1:]) is not None
        elif not link.startswith(("https://example.org", "https://valley.", "https://dale.")):
            local = link.removeprefix("feed:").removeprefix("https://feeds.example.org")
            local = f"{path}{local}" if local.startswith("?") else local
            assert get(place, local).status_code == 200, link


def test_home_offers_every_feed_in_one_file(place: Town) -> None:
    assert "https://feeds.example.org/feeds.opml" in links(page(place, "/"))


def test_home_shows_the_newest_articles_and_the_topics(place: Town) -> None:
    shown = page(place, "/")
    assert headlines(shown) == [rich(2).title, "Story 1"]
    assert {"/topics/%E7%A4%BE%E5%8C%BA", "/topics/r-d", "/topics/quiet"} <= links(shown)


def test_a_list_shows_its_articles(place: Town) -> None:
    assert headlines(page(place, "/sources/town")) == [rich(2).title, "Story 1"]


@pytest.mark.parametrize("path", ["/latest", "/topics/社区", "/sources/town", "/topics/quiet"])
def test_a_list_says_how_often_a_reader_has_to_look(place: Town, path: str) -> None:
    assert "A reader that polls at least every 48 h misses nothing." in page(place, path).text_content()


def test_a_list_that_was_cut_says_how_much_it_really_covers() -> None:
    place = town(limits=Limits(size=8_000))
    for hours in range(9):
        place.tick(article(hours), at=START + timedelta(hours=hours))
    shown = page(place, "/latest").text_content()
    (count,) = {len(place.store.edition.lists[LATEST].shown)}
    assert 1 < count < 9
    assert f"only a reader that polls at least every {count} h misses nothing" in shown


def test_an_empty_topic_invites_to_subscribe(place: Town) -> None:
    assert "No article yet" in page(place, "/topics/quiet").text_content()


def test_the_directory_lists_every_topic_the_largest_first(place: Town) -> None:
    (listed,) = page(place, "/topics").find_class("directory")
    assert [telling(row) for row in listed] == ["社区 2", "R&D 1", "Quiet <b> 0"]


def test_an_article_shows_body_byline_topics_and_related_headlines(place: Town) -> None:
    shown = page(place, article_path(rich(2)))
    words = shown.text_content()
    for word in ("林见鹿", "Ann O'Hara & Sons", "社区", "R&D", "Elsewhere", "There", "updated 7 March"):
        assert word in words
    assert shown.find(".//pre").text == "one\n  two\t three\n\n"
    assert {"https://example.org/a?b=1&c=2", "https://example.org/there", "/sources/town"} <= links(shown)
    (canonical,) = (link.get("href") for link in shown.iter("link") if link.get("rel") == "canonical")
    assert canonical == "https://example.org/a?b=1&c=2"


def test_an_article_without_an_address_of_its_own_is_canonical_here(place: Town) -> None:
    shown = page(place, article_path(article(1)))
    (canonical,) = (link.get("href") for link in shown.iter("link") if link.get("rel") == "canonical")
    assert canonical == f"https://feeds.example.org{article_path(article(1))}"


def test_an_article_as_json_is_its_extract_line(place: Town) -> None:
    response = get(place, f"{article_path(rich(2))}.json")
    stored = place.store.edition.articles[rich(2).id]
    assert response.mimetype == "application/json"
    assert json.loads(response.data) == article_line(stored, "2.txt")
    assert "结束".encode() in response.data


def test_where_an_article_comes_from_is_explained_field_by_field(place: Town) -> None:
    told = article(
        3,
        title="The lake froze",
        authors=("Ann Otter", "Ben Reed"),
        published_from="byline",
        topics=(
            Assignment(slug="cold", name="Cold", source="rules", matched="froze", code="medtop:17000000"),
        ),
        problems=("3 places could not be read as big5",),
        provenance=(
            Provenance(field="title", origin="h1"),
            Provenance(field="published", origin="byline line 4"),
        ),
        key="lake/<3>.txt",
    )
    place.tick(told, at=START)
    shown = page(place, f"{article_path(told)}/explain")
    rows = [[cell.text_content() for cell in row] for row in shown.iter("tr")]
    assert ["Title", "The lake froze", "h1"] in rows
    assert ["Authors", "Ann Otter, Ben Reed", "not known"] in rows
    assert ["Published", "4 March 2024 23:00 CST", "byline line 4"] in rows
    assert ["Address", "", "none found"] in rows
    assert ["Body", "22 characters", "not known"] in rows
    assert ["Cold (medtop:17000000)", "rules", "froze"] in rows
    assert ["Document", "lake/<3>.txt"] in rows
    assert ["Acknowledged", "1 January 2026 08:00 CST"] in rows
    assert ["Updated", "not since it was published"] in rows
    assert [strong.text for strong in shown.iter("strong")] == ["byline"]
    assert "3 places could not be read as big5" in shown.text_content()
    assert {article_path(told), f"{article_path(told)}.json", "/topics/cold"} <= links(shown)


def test_an_explanation_says_what_there_is_not(place: Town) -> None:
    met = article(4, published_from="first seen", updated=NOON + timedelta(days=9))
    place.tick(met, at=START)
    place.tick(replace(met, title="Story 4, edited"), at=START + timedelta(hours=1))
    shown = page(place, f"{article_path(met)}/explain")
    words = " ".join(shown.text_content().split())
    assert "This one is from: first seen, which tells when the document was met" in words
    assert "None: it names none, and no rule matches. Problems None." in words
    rows = [[cell.text_content() for cell in row] for row in shown.iter("tr")]
    assert ["As it is now since", "1 January 2026 09:00 CST"] in rows
    assert ["Updated", "13 March 2024 20:00 CST"] in rows


def test_an_article_leads_to_its_explanation(place: Town) -> None:
    assert EXPLAINED in links(page(place, article_path(article(1))))


def test_a_withdrawn_article_and_its_explanation_are_gone(place: Town) -> None:
    place.tick(withdrawn=[article(1).id])
    for path in (article_path(article(1)), EXPLAINED):
        assert get(place, path).status_code == 410


@pytest.mark.parametrize("suffix", ["", ".json", "/explain"])
def test_an_unknown_article_is_404(place: Town, suffix: str) -> None:
    assert get(place, f"/articles/{uuid4()}{suffix}").status_code == 404
    assert get(place, f"/articles/no-uuid{suffix}").status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        article(7, title=HOSTILE, summary=HOSTILE, authors=(HOSTILE,)),
        article(7, topics=(topic(HOSTILE, "x"),), source="town"),
        article(7, language='"><script>alert(1)</script>', title="x"),
    ],
)
def test_what_a_document_says_is_never_markup_of_ours(hostile: Article) -> None:
    place = town(topics=[TopicRule(slug="t", name=HOSTILE)])
    place.tick(hostile)
    explained = f"{article_path(hostile)}/explain"
    for path in (*PAGES[:4], "/sources/town", "/topics/t", article_path(hostile), explained):
        shown = page(place, path)
        assert list(shown.iter("img")) == [], path
        ours = {"/static/feedsvc.js", "application/ld+json"}
        assert {script.get("src") or script.get("type") for script in shown.iter("script")} <= ours
        assert all("<" not in (script.text or "") for script in shown.iter("script"))
        assert len(list(shown.iter("main"))) == 1
        assert "49" not in shown.text_content()


def test_html_stored_as_it_came_runs_nothing_under_the_policy(place: Town) -> None:
    place.tick(article(8, html="<p>before</p><script>alert(1)</script><form action=//evil.example>"))
    response = get(place, article_path(article(8)))
    policy = response.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "script-src 'self';" in policy  # one file of ours; no document has scripts among its files
    assert "unsafe" not in policy


def test_sources_say_how_they_fare(place: Town) -> None:
    place.tick(failing="no such <folder>", at=START)
    words = page(place, "/sources").text_content()
    assert "no such <folder> (1 time in a row)" in words
    assert "being read for the first time" in words  # the other one


def test_status_lists_incidents_and_documents_without_an_article(place: Town) -> None:
    place.tick(failing="no such <folder>", at=START, skipped=[Skipped(key="a<b>.bin", reason="unsupported")])
    words = page(place, "/status").text_content()
    assert "no such <folder>" in words
    assert "a<b>.bin: unsupported" in words
    assert "since 1 January 2026 08:00 CST" in words


WAITING = [
    *("/latest", "/topics/any", "/sources/town", article_path(article()), EXPLAINED, "/readyz"),
    *("/latest.rss", "/latest.atom", "/latest.json", "/topics/any.rss", "/sources/town.json"),
    f"{article_path(article())}.json",
]


@pytest.mark.parametrize("path", WAITING)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_before_the_first_tick_an_answer_may_not_be_cached(path: str, method: str) -> None:
    response = town().web.test_client().open(path, method=method)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/topics", "/sources", "/status", "/status.rss", "/healthz"])
def test_before_the_first_tick_people_are_told_what_goes_on(path: str) -> None:
    assert get(town(), path).status_code == 200


def test_the_page_of_a_source_that_was_never_read_is_503(place: Town) -> None:
    assert get(place, "/sources/away").status_code == 503
    assert get(place, "/sources/town").status_code == 200


def test_people_are_shown_the_day_it_was_in_the_time_zone_of_the_site(place: Town) -> None:
    late = article(5, published=datetime(2022, 4, 20, 16, tzinfo=UTC))
    place.tick(late)
    (time,) = page(place, article_path(late)).iter("time")
    assert (time.text, time.get("datetime")) == ("21 April 2022", "2022-04-20T16:00:00Z")
    assert time.get("title") == "21 April 2022 00:00 CST · Date from: metadata"


def test_status_says_when_the_clock_ticked_last_and_what_ended_it(place: Town) -> None:
    text = telling(page(place, "/status"))
    assert "Last tick 4 March 2024 20:00 CST, 1.3 s" in text
    assert "Next tick 1 January 2026 08:00 CST" in text


def test_a_source_that_cannot_be_read_from_the_start_is_told_as_that() -> None:
    place = town(sources=["town"])
    place.tick(failing="no such folder")
    for path in ("/latest", "/topics/any", "/sources/town"):
        response = get(place, path)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
        assert "no source could be read yet" in response.text
    assert get(place, "/readyz").text == "no source could be read yet\n"
    assert "no source could be read yet" in get(place, "/").text


def test_a_source_that_is_not_configured_is_unknown_from_the_start() -> None:
    assert get(town(), "/sources/nowhere").status_code == 404
    assert get(town(), "/sources/nowhere.rss").status_code == 404


def test_a_home_without_an_article_says_so_once_all_was_read() -> None:
    place = town()
    assert "No article yet" not in place.web.test_client().get("/").text
    place.tick(read=["town", "away"])
    assert "No article yet" in place.web.test_client().get("/").text
    place.tick(article(1))
    assert "No article yet" not in place.web.test_client().get("/").text
