"""Prepared responses: made once, kept while nothing changes, never worse than the last good ones."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from threading import Barrier

import pytest

from feedsvc.model import Topic
from feedsvc.web.catalogue import Absence
from feedsvc.web.conditional import Prepared
from feedsvc.web.responses import Responses
from tests.builders import NOON, START, article, topic, town

SOON = START + timedelta(seconds=10)


def found(responses: Responses, path: str) -> Prepared:
    result = responses.find(path)
    assert isinstance(result, Prepared)
    return result


def wsgi(path: str) -> str:
    """Spell a path as a server hands it over."""
    return path.encode().decode("latin-1")


def test_a_feed_is_prepared_once() -> None:
    place = town()
    place.tick(article())
    assert place.responses.peek("/latest.rss") is None
    assert found(place.responses, "/latest.rss") is found(place.responses, "/latest.rss")
    assert place.responses.peek("/latest.rss") is found(place.responses, "/latest.rss")


def test_before_the_first_tick_no_feed_is_ready() -> None:
    responses = town().responses
    for path in ("/latest.rss", "/topics/any.atom", "/sources/town.json"):
        assert responses.find(path) is Absence.NOT_READY


def test_the_incidents_can_be_read_before_the_first_tick() -> None:
    assert found(town().responses, "/status.atom").body


def test_a_source_that_was_never_read_has_no_feed_rather_than_an_empty_one() -> None:
    place = town()
    place.tick(article(), read=["town"])
    assert found(place.responses, "/sources/town.rss")
    assert place.responses.find("/sources/away.rss") is Absence.NOT_READY
    place.tick(read=["away"], at=SOON)
    assert found(place.responses, "/sources/away.rss")


@pytest.mark.parametrize(
    "path",
    [
        "/latest.xml",
        "/latest",
        "/topics/none.rss",
        "/topics/.rss",
        "/sources/none.rss",
        "/topics/a/b.rss",
        "",
    ],
)
def test_what_is_no_feed_is_unknown(path: str) -> None:
    place = town()
    place.tick(article())
    assert place.responses.find(path) is Absence.UNKNOWN


def test_bytes_that_are_no_utf_8_are_unknown() -> None:
    place = town()
    place.tick(article())
    assert place.responses.find("/topics/\xff\xfe.rss") is Absence.UNKNOWN


def test_a_tick_without_change_keeps_every_prepared_response() -> None:
    place = town()
    place.tick(article(topics=(topic("a"),)))
    paths = ("/latest.rss", "/topics/a.atom", "/sources/town.json", "/status.rss")
    before = [found(place.responses, path) for path in paths]
    place.tick(at=SOON)
    assert all(found(place.responses, path) is old for path, old in zip(paths, before, strict=True))


def test_a_change_replaces_the_feeds_it_touches_and_no_other() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2, topics=(topic("b"),)))
    paths = ("/latest.rss", "/topics/a.rss", "/topics/b.rss")
    latest, a, b = (found(place.responses, path) for path in paths)
    place.tick(article(3, topics=(topic("b"),)), at=SOON)
    assert place.responses.peek("/topics/a.rss") is a
    for path, old in (("/latest.rss", latest), ("/topics/b.rss", b)):
        new = place.responses.peek(path)
        assert new is not None
        assert (new.etag, new.modified) != (old.etag, old.modified)
        assert b"Story 3" in new.body


def test_two_changes_within_a_second_are_told_apart() -> None:
    place = town()
    place.tick(article(1))
    first = found(place.responses, "/latest.atom")
    place.tick(article(2))
    second = found(place.responses, "/latest.atom")
    assert second.modified > first.modified


def test_last_modified_is_never_later_than_the_answer() -> None:
    place = town(clock=START.timestamp)
    place.tick(article(1))
    place.tick(article(2))
    prepared = found(place.responses, "/latest.atom")
    shown = parsedate_to_datetime(dict(prepared.headers)["Last-Modified"])
    assert prepared.modified == START.timestamp() + 1
    assert shown == START


def test_a_withdrawn_article_leaves_its_feeds() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2))
    found(place.responses, "/topics/a.rss")
    place.tick(withdrawn=[article(1).id], at=SOON)
    assert b"<item>" not in found(place.responses, "/topics/a.rss").body


def test_a_feed_that_cannot_be_rendered_keeps_its_last_good_bytes(caplog: pytest.LogCaptureFixture) -> None:
    place = town()
    place.tick(article(1, language="en"))
    good = found(place.responses, "/latest.rss")
    place.tick(article(2, language="\x00"), article(1, language="\x00", title="New"), at=SOON)
    assert found(place.responses, "/latest.rss") is good
    assert "cannot render /latest.rss" in caplog.text
    place.tick(article(2), article(1), at=SOON + timedelta(seconds=9))
    assert b"Story 2" in found(place.responses, "/latest.rss").body


def test_many_threads_render_a_feed_once() -> None:
    place = town()
    place.tick(*(article(number) for number in range(50)))
    together = Barrier(8)

    def ask(_: int) -> Prepared:
        together.wait(timeout=10)
        return found(place.responses, "/latest.rss")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert {id(each) for each in answers} == {id(answers[0])}


def test_an_answer_never_tears_while_ticks_go_on() -> None:
    place = town()
    place.tick(article(1))

    def ask(_: int) -> bool:
        prepared = found(place.responses, "/latest.json")
        headers = dict(prepared.headers)
        return headers["ETag"] == prepared.etag and headers["Content-Length"] == str(len(prepared.body))

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(ask, range(400))
        for number in range(2, 12):
            place.tick(article(number), at=START + timedelta(seconds=number))
        assert all(answers)


def test_a_topic_in_chinese_is_found_as_servers_spell_paths() -> None:
    place = town()
    place.tick(article(topics=(topic("社区"),)))
    headers = dict(found(place.responses, wsgi("/topics/社区.rss")).headers)
    assert headers["Link"] == ('<https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.rss>; rel="self"')


def test_a_configured_topic_without_articles_has_a_valid_empty_feed() -> None:
    place = town(topics=[Topic(slug="quiet", name="Quiet", configured=True)])
    place.tick(article())
    prepared = found(place.responses, "/topics/quiet.atom")
    assert b"2000-01-01T00:00:00" in prepared.body
    assert dict(prepared.headers)["Last-Modified"] == "Sat, 01 Jan 2000 00:00:00 GMT"


def test_the_feed_of_incidents_notes_when_one_opens_and_closes() -> None:
    place = town()
    place.tick(article())
    assert found(place.responses, "/status.rss").body.count(b"<item>") == 0
    place.tick(failing="no <such> folder", at=SOON)
    opened = found(place.responses, "/status.rss")
    assert b"town: cannot be read" in opened.body
    place.tick(failing="no <such> folder", at=SOON + timedelta(seconds=5))
    assert found(place.responses, "/status.rss") is opened
    place.tick(at=SOON + timedelta(seconds=10))
    closed = found(place.responses, "/status.rss").body
    assert b"town: was unreadable" in closed
    assert closed.count(b"<item>") == 1


def test_a_failing_source_keeps_its_articles() -> None:
    place = town()
    place.tick(article())
    before = found(place.responses, "/sources/town.rss")
    place.tick(failing="gone", at=SOON)
    assert found(place.responses, "/sources/town.rss") is before


def test_a_feed_speaks_the_language_of_its_articles_or_else_the_sites() -> None:
    place = town()
    place.tick(article(1, language="zh-Hans", topics=(topic("a"),)), article(2, language="en"))
    assert b"<language>zh-Hans</language>" in found(place.responses, "/topics/a.rss").body
    assert b"<channel><title>Town news</title>" in found(place.responses, "/latest.rss").body
    assert b"<language>en</language>" in found(place.responses, "/latest.rss").body


def test_the_window_shows_the_newest_by_arrival() -> None:
    place = town(window=2)
    place.tick(*(article(number) for number in (1, 2, 3)))
    old_news = replace(article(4), published=NOON - timedelta(days=900))
    place.tick(old_news, at=SOON)
    shown = found(place.responses, "/latest.atom").body
    assert b"Story 4" in shown
    assert b"Story 3" in shown
    assert shown.count(b"<entry") == 2
