"""The application as a whole: addresses, methods, headers, errors."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from werkzeug.http import http_date
from werkzeug.test import TestResponse

from feedsvc.feeds import FORMATS, article_path
from feedsvc.store import PAGE
from feedsvc.topics import TopicRule
from feedsvc.web.addresses import GUESSED
from tests.builders import START, Town, article, topic, town

SLASHES = ["/", "//", "/%2F", "/\\", "/%5C", "/%09/", "/.//"]


@pytest.fixture
def place() -> Town:
    """Return a town after its first tick."""
    place = town(topics=[TopicRule(slug="社区", name="社区", aliases=("community",))])
    place.tick(article(topics=(topic("社区"),)))
    return place


def get(place: Town, path: str, method: str = "GET", **fields: str) -> TestResponse:
    """Ask as a server would: the client of Flask takes `//x` for a host."""
    raw, _, query = path.partition("?")
    heard = {"PATH_INFO": unquote(raw).encode().decode("latin-1")}
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    client = place.web.test_client()
    answer = client.open(method=method, query_string=query, environ_overrides=heard, headers=headers)
    assert answer.data is not None  # reads the file of a static answer before it is closed
    answer.close()
    return answer


def test_liveness_and_readiness_are_plain_words_that_nobody_caches(place: Town) -> None:
    for path, words in (("/healthz", b"ok\n"), ("/readyz", b"ready\n")):
        response = get(place, path)
        assert (response.status_code, response.data) == (200, words)
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/latest/", "/latest"),
        ("/latest.rss/", "/latest.rss"),
        ("/topics/", "/topics"),
        ("/topics/社区/", "/topics/%E7%A4%BE%E5%8C%BA"),
        ("/topics/社区.rss///", "/topics/%E7%A4%BE%E5%8C%BA.rss"),
        ("/latest/?limit=3&x=%E7%A4%BE", "/latest?limit=3&x=%E7%A4%BE"),
        ("//latest", "/latest"),
        ("//", "/"),
        ("/nothing/", "/nothing"),
    ],
)
def test_stray_slashes_answer_308_and_keep_the_query(place: Town, path: str, target: str) -> None:
    response = get(place, path)
    assert response.status_code == 308
    assert response.headers["Location"] == target
    assert get(place, target).status_code != 308


@pytest.mark.parametrize("start", SLASHES)
@pytest.mark.parametrize("end", ["/", "//", "/%2F", "\\/", "/?x=//evil.example/"])
def test_no_redirect_leads_to_another_host(place: Town, start: str, end: str) -> None:
    location = get(place, f"{start}evil.example{end}").headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\\" not in location


def test_a_redirect_ignores_the_host_that_was_asked_for(place: Town) -> None:
    response = get(place, "/latest/", Host="evil.example")
    assert response.headers["Location"] == "/latest"


def test_a_prefix_that_a_proxy_strips_is_put_back_into_every_link() -> None:
    place = town(base_url="https://example.org/feeds")
    place.tick(article(topics=(topic("社区"),)))
    assert get(place, "/latest/").headers["Location"] == "/feeds/latest"
    home = get(place, "/").text
    for link in (
        'href="/feeds/latest"',
        'href="/feeds/static/feedsvc.css"',
        f'href="/feeds{article_path(article())}"',
        'href="/feeds/topics/%E7%A4%BE%E5%8C%BA"',
        'href="https://example.org/feeds/latest.rss"',
    ):
        assert link in home
    assert 'href="/latest' not in home
    assert b"<link>https://example.org/feeds/articles/" in get(place, "/latest.rss").data
    assert 'href="/feeds/topics"' in get(place, "/nothing", Accept="text/html").text


@pytest.mark.parametrize(
    "path", ["/nothing", "/topics/none", "/topics/none.rss", "/latest.xml", "/sources/x"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unknown_address_gets_a_small_page_that_leads_on(place: Town, path: str, method: str) -> None:
    response = get(place, path, method, Accept="text/html")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.data) < 2000
    if method == "GET":
        assert 'href="/topics"' in response.text


def test_a_precondition_does_not_hide_that_a_feed_is_unknown(place: Town) -> None:
    response = get(place, "/topics/none.rss", If_None_Match="*")
    assert response.status_code == 404


@pytest.mark.parametrize("path", ["/", "/latest", "/latest.rss", "/healthz", "/topics/社区.json"])
def test_a_method_that_changes_things_is_405_and_told_what_is_allowed(place: Town, path: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        response = get(place, path, method)
        assert response.status_code == 405
        assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))
        assert "nothing at this address" not in response.text
    assert "GET" in get(place, path, "OPTIONS").headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/", "/latest", "/topics/社区", "/latest.atom", "/topics/社区.json", "/status"]
)
def test_head_has_the_headers_of_get_and_no_body(place: Town, path: str) -> None:
    whole, head = get(place, path), get(place, path, "HEAD")
    for answer in (whole, head):
        answer.headers.pop("Date", None)  # a second may pass between the two
    assert dict(head.headers) == dict(whole.headers)
    assert head.data == b""
    assert int(whole.headers["Content-Length"]) == len(whole.data)


EVERYTHING = [
    "/",
    "/latest",
    "/latest.rss",
    "/latest.json",
    "/latest/",
    "//latest",
    "/topics",
    "/topics//社区",
    "/topics/社区",
    "/sources",
    "/sources/town",
    "/sources/away.rss",
    "/status",
    "/status.atom",
    "/healthz",
    "/readyz",
    "/nothing",
    "/feeds.opml",
    "/feed",
    "/topics/Community.atom",
    "/latest/archive/1.json",
    "/latest.rss?limit=3",
    "/static/feedsvc.css",
    article_path(article()),
    f"{article_path(article())}.json",
]


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_forbids_sniffing_and_scripts(place: Town, path: str, method: str) -> None:
    headers = get(place, path, method).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", EVERYTHING)
def test_no_answer_repeats_the_host_that_was_asked_for(place: Town, path: str) -> None:
    response = get(place, path, Host="evil.example")
    assert b"evil" not in response.data
    assert "evil" not in str(response.headers)


def test_a_bug_in_a_page_is_a_500_that_says_so_and_nothing_more(
    place: Town, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise LookupError("secret")

    place.web.add_url_rule("/broken", "broken", broken)
    response = get(place, "/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "nothing at this address" not in response.text
    assert "secret" in caplog.text


@pytest.mark.parametrize("path", ["/", "/latest", "/topics", "/sources", "/articles/{}", "/articles/{}.json"])
def test_a_page_that_was_not_modified_is_not_sent_again(path: str) -> None:
    place = town()
    place.tick(article(1), at=START)
    client = place.web.test_client()
    path = path.format(article(1).id.removeprefix("urn:uuid:"))
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["Last-Modified"] == http_date(START)
    for condition in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": http_date(START)}):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.data) == (304, b"")
        assert client.head(path, headers=condition).status_code == 304
    place.tick(article(2), at=START + timedelta(minutes=5))
    later = client.get(path, headers={"If-Modified-Since": http_date(START)})
    assert later.status_code == 200


@pytest.mark.parametrize("query", ["", "?limit=5&x=%E7%A4%BE"])
@pytest.mark.parametrize("guess", GUESSED)
def test_a_path_that_readers_guess_answers_308_and_keeps_the_query(
    place: Town, guess: str, query: str
) -> None:
    for path in (guess, f"{guess}/", f"/{guess}"):
        response = get(place, path + query)
        assert response.status_code == 308
        assert response.headers["Location"] == GUESSED[guess] + query
        assert response.headers["Cache-Control"] == "max-age=3600"
    assert get(place, GUESSED[guess]).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_guess_is_answered_before_the_first_tick_too(method: str) -> None:
    assert get(town(), "/feed", method).status_code == 308


@pytest.mark.parametrize("query", ["", "?x=1&y=%E7%A4%BE"])
@pytest.mark.parametrize("suffix", ["", *(f".{suffix}" for suffix in FORMATS)])
def test_an_alias_of_a_topic_answers_308_and_keeps_the_query(place: Town, suffix: str, query: str) -> None:
    for name in ("community", "COMMUNITY"):
        response = get(place, f"/topics/{name}{suffix}{query}")
        assert response.status_code == 308
        assert response.headers["Location"] == f"/topics/%E7%A4%BE%E5%8C%BA{suffix}{query}"


def test_a_redirect_keeps_the_prefix_that_a_proxy_strips() -> None:
    place = town(base_url="https://example.org/feeds")
    place.tick(*(article(number) for number in range(PAGE)))
    assert get(place, "/feed").headers["Location"] == "/feeds/latest.rss"
    assert get(place, "/latest/archive/2.rss").headers["Location"] == "/feeds/latest.rss"


def test_the_page_after_the_last_answers_307_which_nobody_keeps(place: Town) -> None:
    place.tick(*(article(number) for number in range(PAGE)), at=START + timedelta(hours=1))
    assert get(place, "/latest/archive/1.rss").status_code == 200
    response = get(place, "/latest/archive/2.rss?x=1")
    assert (response.status_code, response.headers["Location"]) == (307, "/latest.rss?x=1")
    assert response.headers["Cache-Control"] == "no-store"
    assert get(place, "/latest/archive/3.rss").status_code == 404


@pytest.mark.parametrize(
    ("limit", "count"),
    [
        ("1", 1),
        ("20", 20),
        ("0", 1),
        ("-5", 1),
        ("500", 500),
        ("501", 500),
        ("99999999999999999999", 500),
        ("%2020%20", 20),
        ("many", None),
        ("", None),
        ("1.5", None),
        ("9" * 5000, None),
        ("%FF", None),
    ],
)
def test_a_limit_is_clamped_and_one_that_is_no_number_is_noise(limit: str, count: int | None) -> None:
    place = town()
    place.tick(*(article(number) for number in range(520)))
    response = get(place, f"/latest.rss?limit={limit}")
    assert response.status_code == 200
    if count is None:
        assert response.headers["ETag"] == get(place, "/latest.rss").headers["ETag"]
    else:
        assert response.data.count(b"<item>") == count


def test_a_feed_with_a_limit_has_validators_of_its_own(place: Town) -> None:
    place.tick(article(2), at=START + timedelta(hours=1))
    limited, whole = get(place, "/latest.atom?limit=1"), get(place, "/latest.atom")
    assert limited.headers["ETag"] != whole.headers["ETag"]
    again = get(place, "/latest.atom?limit=1", If_None_Match=limited.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert get(place, "/latest.atom?limit=1", If_None_Match=whole.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_a_withdrawn_article_answers_410_until_it_comes_back(place: Town, suffix: str) -> None:
    path = f"{article_path(article())}{suffix}"
    assert get(place, path).status_code == 200
    place.tick(withdrawn=[article().id], at=START + timedelta(hours=1))
    response = get(place, path)
    assert response.status_code == 410
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.data) < 2000
    assert "withdrawn" in response.text
    assert get(place, path, If_None_Match="*").status_code == 410
    place.tick(article(), at=START + timedelta(hours=2))
    assert get(place, path).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_feed_is_answered_in_the_coding_that_is_asked_for(
    place: Town, suffix: str, coding: str
) -> None:
    path = f"/topics/社区.{suffix}"
    plain, squeezed = get(place, path), get(place, path, Accept_Encoding=coding)
    assert "Content-Encoding" not in plain.headers
    assert squeezed.headers["Content-Encoding"] == coding
    assert squeezed.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"'
    assert squeezed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Sec-Fetch-Dest"
    assert int(squeezed.headers["Content-Length"]) == len(squeezed.data) < len(plain.data)
    own = {"Accept_Encoding": coding, "If_None_Match": squeezed.headers["ETag"]}
    unchanged = get(place, path, **own)
    assert (unchanged.status_code, unchanged.headers["ETag"]) == (304, squeezed.headers["ETag"])
    assert get(place, path, If_None_Match=squeezed.headers["ETag"]).status_code == 200
    by_date = {"Accept_Encoding": coding, "If_Modified_Since": plain.headers["Last-Modified"]}
    assert get(place, path, **by_date).headers["ETag"] == squeezed.headers["ETag"]


@pytest.mark.parametrize("path", ["/", "/latest", article_path(article(1))])
def test_a_page_tells_changes_within_a_second_apart_by_date(path: str) -> None:
    place = town()
    place.tick(article(1), at=START)
    place.tick(article(1, title="Edited"), at=START + timedelta(seconds=0.2))
    first = get(place, path)
    place.tick(article(1, title="Edited again"), at=START + timedelta(seconds=0.4))
    second = get(place, path, If_Modified_Since=first.headers["Last-Modified"])
    assert second.status_code == 200
    assert "Edited again" in second.text


def test_a_page_that_may_change_within_this_second_has_no_date_yet() -> None:
    place = town()
    place.tick(article(1), at=datetime.now(UTC) + timedelta(hours=1))
    fresh = get(place, "/latest")
    assert "Last-Modified" not in fresh.headers
    assert get(place, "/latest", If_None_Match=fresh.headers["ETag"]).status_code == 304
