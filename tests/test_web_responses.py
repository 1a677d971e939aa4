"""Prepared responses: made once, kept while nothing changes, never worse than the last good ones."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import islice
from threading import Barrier, Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.model import Change, Commit, Health
from feedsvc.store import PAGE, Limits
from feedsvc.store.filing import Refiled
from feedsvc.topics import TopicRule
from feedsvc.web.catalogue import Absence, Catalogue
from feedsvc.web.conditional import Prepared, answer
from feedsvc.web.drafts import Elsewhere
from feedsvc.web.responses import Responses
from tests.builders import NOON, SITE, START, Town, article, topic, town, wait_until
from tests.fakes import Stage
from tests.test_web_coding import UNPACK

pytestmark = pytest.mark.real_time

SECOND = timedelta(seconds=1)
SOON = START + 10 * SECOND
CATALOGUE = Catalogue(site=SITE, language="en", intervals={})


def found(responses: Responses, path: str) -> Prepared:
    result = responses.find(path)
    assert isinstance(result, Prepared)
    return result


def shown_date(prepared: Prepared) -> datetime:
    return parsedate_to_datetime(dict(prepared.identity.headers)["Last-Modified"])


def asked_since(prepared: Prepared, date: datetime) -> str:
    """Return the status of an answer to who has the feed of a date."""
    environ = {"REQUEST_METHOD": "GET", "HTTP_IF_MODIFIED_SINCE": format_datetime(date, usegmt=True)}
    return answer(prepared, environ)[0]


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
    assert found(town().responses, "/status.atom").identity.body


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
        assert (new.identity.etag, new.modified) != (old.identity.etag, old.modified)
        assert b"Story 3" in new.identity.body


def test_a_change_in_the_second_of_the_last_one_waits_for_the_next_and_no_longer() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    first = found(place.responses, "/latest.atom")
    stage.move_to(stage.now + 0.4)
    place.tick(article(2), at=stage.moment)
    assert found(place.responses, "/latest.atom") is first
    stage.move_to(START.timestamp() + 0.999)
    assert found(place.responses, "/latest.atom") is first
    stage.move_to(START.timestamp() + 1)
    second = found(place.responses, "/latest.atom")
    assert b"Story 2" in second.identity.body
    assert second.modified == first.modified + 1
    assert stage.waiting == []


def test_changes_that_wait_for_a_second_are_published_together() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    found(place.responses, "/latest.atom")
    for number in range(2, 6):
        stage.move_to(START.timestamp() + number / 10)
        place.tick(article(number), at=stage.moment)
    stage.move_to(START.timestamp() + 1)
    prepared = found(place.responses, "/latest.atom")
    assert prepared.identity.body.count(b"<entry") == 5
    assert prepared.modified == START.timestamp() + 1


def test_changes_in_two_seconds_are_published_at_once() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    for number in range(1, 5):
        stage.move_to(START.timestamp() + number * 1.3)
        place.tick(article(number), at=stage.moment)
        assert f"Story {number}".encode() in found(place.responses, "/latest.atom").identity.body
    assert stage.waiting == []


def test_who_asks_first_while_a_change_waits_is_not_kept_waiting() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    stage.move_to(START.timestamp() + 0.4)
    place.tick(article(2), at=stage.moment)
    early = found(place.responses, "/latest.atom")
    assert b"Story 2" in early.identity.body
    assert shown_date(early) == START
    stage.move_to(START.timestamp() + 1)
    late = found(place.responses, "/latest.atom")
    assert late.identity.body == early.identity.body
    assert late.modified == shown_date(late).timestamp() == START.timestamp() + 1
    stage.move_to(START.timestamp() + 2)
    assert found(place.responses, "/latest.atom") is late
    assert stage.waiting == []


def test_two_processes_show_no_different_contents_under_one_date() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    other = Responses(place.store, Catalogue(site=SITE, language="en", intervals={}), stage, stage.later)
    place.store.subscribe(other.refresh)
    place.tick(article(1), at=stage.moment)
    seen = [found(place.responses, "/latest.atom")]
    for part in (0.3, 0.4, 0.6, 0.9, 1.0, 1.5, 2.0):
        stage.move_to(START.timestamp() + part)
        if part in {0.4, 0.6}:
            place.tick(article(int(part * 10)), at=stage.moment)
        if part >= 0.4:
            seen += [found(place.responses, "/latest.atom"), found(other, "/latest.atom")]
    first, last = seen[0], seen[-1]
    # Whoever has the first one by its date is told of the last one by both, from the next second on.
    for responses in (place.responses, other):
        assert found(responses, "/latest.atom").identity.body == last.identity.body
        assert asked_since(found(responses, "/latest.atom"), shown_date(first)) == "200 OK"
    # A date with which somebody is told that he has the newest was only ever sent with these bytes.
    dates = {shown_date(each) for each in seen if each.identity.body != last.identity.body}
    assert all(asked_since(last, date) == "200 OK" for date in dates)
    assert last.modified == found(place.responses, "/latest.atom").modified


def test_a_change_after_an_early_answer_in_the_same_second_is_shown_at_once() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    place.tick(article(2), at=stage.moment)
    found(place.responses, "/latest.atom")
    stage.move_to(START.timestamp() + 0.5)
    place.tick(article(3), at=stage.moment)
    early = found(place.responses, "/latest.atom")
    assert b"Story 3" in early.identity.body
    assert asked_since(early, START) == "200 OK"
    stage.move_to(START.timestamp() + 1)
    assert found(place.responses, "/latest.atom").modified == early.modified
    assert asked_since(found(place.responses, "/latest.atom"), START + SECOND) == "304 Not Modified"


def test_a_clock_that_was_set_far_back_keeps_no_change_waiting() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    stage.move_to(START.timestamp() + 3600)
    place.tick(article(1), at=stage.moment)
    found(place.responses, "/latest.atom")
    stage.now = START.timestamp()
    place.tick(article(2), at=stage.moment)
    assert b"Story 2" in found(place.responses, "/latest.atom").identity.body
    assert stage.waiting == []


def test_a_timer_publishes_what_waits_without_anybody_asking() -> None:
    store = town().store
    catalogue = Catalogue(site=SITE, language="en", intervals={})
    responses = Responses(store, catalogue)
    store.subscribe(responses.refresh)
    health = replace(store.edition.health["town"], last_success=START)
    for number in (1, 2):
        change = Change(health=health, articles=(article(number),))
        store.commit(Commit(at=datetime.now(UTC), change=change))
        found(responses, "/latest.atom")
    wait_until(lambda: b"Story 2" in found(responses, "/latest.atom").identity.body, seconds=5)


def test_last_modified_is_never_later_than_the_answer() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1))
    place.tick(article(2))
    prepared = found(place.responses, "/latest.atom")
    assert prepared.modified == START.timestamp() + 1
    assert shown_date(prepared) == START


def test_a_withdrawn_article_leaves_its_feeds() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2))
    found(place.responses, "/topics/a.rss")
    place.tick(withdrawn=[article(1).id], at=SOON)
    assert b"<item>" not in found(place.responses, "/topics/a.rss").identity.body


def test_a_feed_that_cannot_be_rendered_keeps_its_last_good_bytes(caplog: pytest.LogCaptureFixture) -> None:
    place = town()
    place.tick(article(1, language="en"))
    good = found(place.responses, "/latest.rss")
    place.tick(article(2, language="\x00"), article(1, language="\x00", title="New"), at=SOON)
    assert found(place.responses, "/latest.rss") is good
    assert "cannot render /latest.rss" in caplog.text
    place.tick(article(2), article(1), at=SOON + timedelta(seconds=9))
    assert b"Story 2" in found(place.responses, "/latest.rss").identity.body


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
        headers = dict(prepared.identity.headers)
        return headers["ETag"] == prepared.identity.etag and headers["Content-Length"] == str(
            len(prepared.identity.body)
        )

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(ask, range(400))
        for number in range(2, 12):
            place.tick(article(number), at=START + timedelta(seconds=number))
        assert all(answers)


def test_a_topic_in_chinese_is_found_as_servers_spell_paths() -> None:
    place = town()
    place.tick(article(topics=(topic("社区"),)))
    headers = found(place.responses, wsgi("/topics/社区.rss")).identity.headers
    links = [value for name, value in headers if name == "Link"]
    assert '<https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.rss>; rel="self"' in links


def test_a_configured_topic_without_articles_has_a_valid_empty_feed() -> None:
    place = town(topics=[TopicRule(slug="quiet", name="Quiet")])
    place.tick(article())
    prepared = found(place.responses, "/topics/quiet.atom")
    assert b"2000-01-01T00:00:00" in prepared.identity.body
    assert dict(prepared.identity.headers)["Last-Modified"] == "Sat, 01 Jan 2000 00:00:00 GMT"


def test_the_feed_of_incidents_notes_when_one_opens_and_closes() -> None:
    place = town()
    place.tick(article())
    assert found(place.responses, "/status.rss").identity.body.count(b"<item>") == 0
    place.tick(failing="no <such> folder", at=SOON)
    opened = found(place.responses, "/status.rss")
    assert b"town: cannot be read" in opened.identity.body
    place.tick(failing="no <such> folder", at=SOON + timedelta(seconds=5))
    assert found(place.responses, "/status.rss") is opened
    place.tick(at=SOON + timedelta(seconds=10))
    closed = found(place.responses, "/status.rss").identity.body
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
    assert b"<language>zh-Hans</language>" in found(place.responses, "/topics/a.rss").identity.body
    assert b"<channel><title>Town news</title>" in found(place.responses, "/latest.rss").identity.body
    assert b"<language>en</language>" in found(place.responses, "/latest.rss").identity.body


def test_the_window_shows_the_newest_by_arrival() -> None:
    place = town(limits=Limits(count=2, time=timedelta(0)))
    place.tick(*(article(number) for number in range(1, PAGE)))
    old_news = replace(article(99), published=NOON - timedelta(days=900))
    place.tick(old_news, at=SOON)
    shown = found(place.responses, "/latest.atom").identity.body
    assert b"Story 99<" in shown
    assert b"Story 49<" in shown
    assert shown.count(b"<entry") == 2


def test_a_feed_with_a_limit_comes_back_byte_equal_after_it_was_forgotten() -> None:
    place = town()
    place.tick(*(article(number, html="x" * 200_000, text=f"{number}") for number in range(30)))
    first = limited(place.responses, "/latest.json", 20)
    assert limited(place.responses, "/latest.json", 20) is first
    for limit in range(1, 30):
        limited(place.responses, "/latest.rss", limit)
    again = limited(place.responses, "/latest.json", 20)
    assert again is not first
    assert again == first


def test_a_feed_with_a_limit_is_kept_until_its_list_changes() -> None:
    place = town()
    place.tick(article(1, topics=(topic("a"),)), article(2))
    kept = limited(place.responses, "/topics/a.atom", 5)
    place.tick(article(3), at=SOON)
    assert limited(place.responses, "/topics/a.atom", 5) is kept
    place.tick(article(4, topics=(topic("a"),)), at=SOON + 5 * SECOND)
    changed = limited(place.responses, "/topics/a.atom", 5)
    assert changed.modified > kept.modified
    assert b"Story 4" in changed.identity.body


def test_a_feed_with_a_limit_says_the_date_of_the_edition() -> None:
    place = town()
    place.tick(article(1))
    place.tick(article(2, source="away"), at=SOON, read=("away",))
    assert limited(place.responses, "/sources/town.atom", 5).modified == SOON.timestamp()
    assert found(place.responses, "/sources/town.atom").modified == START.timestamp()


def limited(responses: Responses, path: str, limit: int) -> Prepared:
    result = responses.find(path, limit)
    assert isinstance(result, Prepared)
    return result


@dataclass
class Poller:
    """A reader that knows no entity tags."""

    place: Town
    path: str
    body: bytes = b""
    date: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def poll(self) -> int:
        prepared = found(self.place.responses, self.path)
        environ = {"REQUEST_METHOD": "GET"} | ({"HTTP_IF_MODIFIED_SINCE": self.date} if self.date else {})
        status, headers, body = answer(prepared, environ)
        if body:
            (self.body,) = body
            self.bodies.append(self.body)
            self.date = dict(headers)["Last-Modified"]
        else:
            assert self.body == prepared.identity.body, "it was told that nothing changed"
        return int(status[:3])


EVENTS = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 3, 4, 6, 7, 9, 10, 10, 13, 20, 35]), st.booleans()),
    min_size=1,
    max_size=25,
)
"""Tenths of a second since the last one; whether somebody looks, or something is committed."""
PATHS = st.sampled_from(["/latest.atom", "/sources/town.json", "/latest/archive/1.rss", "/feeds.opml"])


def lives(place: Town, stage: Stage, events: list[tuple[int, bool]], poller: Poller) -> None:
    """Let a poller look and a writer commit at the moments given."""
    moment = START.timestamp() + 5
    place.tick(*(article(number) for number in range(PAGE)), at=START, read=("town", "away"))
    for number, (tenths, looks) in enumerate(events):
        moment += tenths / 10
        stage.move_to(moment)
        if looks:
            poller.poll()
        else:
            named = topic(f"t{number}")
            gone = [article(number).id]
            place.tick(article(100 + number, topics=(named,)), withdrawn=gone, at=stage.moment)


@given(EVENTS, PATHS)
def test_who_asks_by_date_alone_sees_every_change(events: list[tuple[int, bool]], path: str) -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    poller = Poller(place, path)
    lives(place, stage, events, poller)
    stage.move_to(stage.now + 3)
    poller.poll()
    fresh = town(clock=stage)
    object.__setattr__(fresh.responses, "_store", place.store)
    assert poller.body == found(fresh.responses, path).identity.body


@example([(0, False), (0, False), (0, True), (0, False)], "/latest.atom")
@given(EVENTS, PATHS)
def test_who_asks_by_date_alone_is_not_sent_the_same_twice_once_all_is_quiet(
    events: list[tuple[int, bool]], path: str
) -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    poller = Poller(place, path)
    lives(place, stage, events, poller)
    stage.move_to(stage.now + 30)  # as many commits as there are in one second date the list of feeds ahead
    poller.poll()
    stage.move_to(stage.now + 3)
    assert poller.poll() == 304


def test_a_feed_with_a_limit_that_was_asked_for_early_is_not_sent_again_for_ever() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=START)
    place.tick(article(2), at=START + SECOND / 2)
    stage.move_to(START.timestamp() + 0.6)
    early = limited(place.responses, "/latest.atom", 5)
    stage.move_to(START.timestamp() + 60)
    later = limited(place.responses, "/latest.atom", 5)
    date = dict(later.identity.headers)["Last-Modified"]
    status, *_ = answer(later, {"REQUEST_METHOD": "GET", "HTTP_IF_MODIFIED_SINCE": date})
    assert early.identity.body == later.identity.body
    assert status == "304 Not Modified"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_a_feed_is_published_at_most_once_a_second(pauses: list[int]) -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(0), at=START)
    tenths = 0
    seen = {found(place.responses, "/latest.json").identity.etag: tenths}
    for number, pause in enumerate(pauses, 1):
        for _ in range(pause):
            tenths += 1
            stage.move_to(START.timestamp() + tenths / 10)
            seen.setdefault(found(place.responses, "/latest.json").identity.etag, tenths)
        place.tick(article(number), at=stage.moment)
        seen.setdefault(found(place.responses, "/latest.json").identity.etag, tenths)
    seconds = [moment // 10 for moment in seen.values()]
    assert len(seconds) == len(set(seconds))


@pytest.mark.parametrize("tenths", [10, 5, 1])
def test_no_change_waits_for_more_than_the_next_second_however_often_others_come(tenths: int) -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    found(place.responses, "/latest.atom")
    stage.now += 0.2
    place.tick(article(2), at=stage.moment)
    for later in range(10, 40, tenths):
        stage.now = START.timestamp() + later / 10
        place.tick(article(later), at=stage.moment)  # comes just before what was put off
        stage.move_to(stage.now)
        waited = later / 10 - 0.2
        assert waited < 2 or b"Story 2<" in found(place.responses, "/latest.atom").identity.body


class Awaited(str):
    """A path; while it is looked up, somebody asks for a feed that nobody asked for before."""

    __slots__ = ("asking",)
    asking: Iterator[Thread]

    def __hash__(self) -> int:
        for thread in islice(self.asking, 1):
            thread.start()
            thread.join(0.2)  # it may have to wait until the look-up is over
        return super().__hash__()


def test_a_refresh_gets_along_with_those_who_ask_for_other_feeds_meanwhile() -> None:
    place = town(topics=[TopicRule(slug=f"t{number}", name="T") for number in range(9)])
    place.tick(article(1))
    path, others = Awaited("/latest.rss"), [f"/topics/t{number}.rss" for number in range(9)]
    path.asking = iter(())
    found(place.responses, path)
    asking = [Thread(target=place.responses.find, args=(other,)) for other in others]
    path.asking = iter(asking)
    place.responses.refresh()
    path.asking = iter(())
    for thread in asking:
        if thread.ident:
            thread.join()
    for other in ("/latest.rss", *others):
        assert found(place.responses, other).identity.body


def test_an_article_that_only_got_another_key_changes_no_byte_and_no_header() -> None:
    place = town()
    place.tick(article(1), article(2))
    before = found(place.responses, "/latest.atom")
    place.tick(article(1, key="renamed.md"), at=SOON)
    assert found(place.responses, "/latest.atom").identity == before.identity


def test_a_feed_that_is_being_made_while_something_is_committed_shows_that_too() -> None:
    arriving = [article(2)]

    def clock() -> float:
        if arriving:
            place.tick(arriving.pop(), at=SOON)
        return SOON.timestamp() + 60

    place = town(clock=clock)
    place.tick(article(1))
    prepared = found(place.responses, "/latest.atom")
    assert b"Story 2" in prepared.identity.body
    assert place.responses.peek("/latest.atom") is prepared


def test_a_feed_stays_while_no_source_is_known_to_be_readable() -> None:
    place = town()
    place.tick(article(1))
    kept = found(place.responses, "/latest.atom")
    unread = Health(source="town", kind="folder")
    place.store.commit(Commit(at=SOON, change=Change(health=unread)))
    place.responses.refresh()
    assert not place.store.edition.ready
    assert found(place.responses, "/latest.atom") is kept


def test_a_page_that_is_no_more_is_no_longer_kept() -> None:
    place = town(limits=Limits(size=10_000))
    place.tick(*(article(number) for number in range(9)))
    assert found(place.responses, "/latest/archive/1.atom")
    place.tick(withdrawn=[article(number).id for number in range(1, 9)], at=SOON)
    assert place.responses.peek("/latest/archive/1.atom") is None
    assert isinstance(place.responses.find("/latest/archive/1.atom"), Elsewhere)


def test_a_feed_that_changes_while_it_is_made_is_made_again() -> None:
    place = town()
    place.tick(article(1))
    late = [article(2)]

    def clock() -> float:
        """Return the time, and let a commit come in between."""
        while late:
            place.store.commit(Commit(at=SOON, change=Change(health=_read(place), articles=(late.pop(),))))
        return (START + timedelta(days=1)).timestamp()

    responses = Responses(place.store, CATALOGUE, clock)
    assert b"Story 2" in found(responses, "/latest.atom").identity.body


def test_a_feed_that_goes_while_it_is_made_is_not_kept() -> None:
    def clock() -> float:
        delete_art(place)
        return (START + timedelta(days=1)).timestamp()

    place = a_town_of_art()
    responses = Responses(place.store, CATALOGUE, clock)
    assert responses.find("/topics/art.atom") is Absence.GONE
    assert responses.peek("/topics/art.atom") is None


def test_a_feed_that_goes_once_it_was_made_is_sent_to_who_asked() -> None:
    def aside(_: object) -> None:
        delete_art(place)
        responses.refresh()

    place = a_town_of_art()
    responses = Responses(place.store, CATALOGUE, (START + timedelta(days=1)).timestamp, aside=aside)
    assert b"Story 1" in found(responses, "/topics/art.atom").identity.body
    assert responses.peek("/topics/art.atom") is None


def a_town_of_art() -> Town:
    place = town()
    place.tick(article(1, topics=(topic("Art", "art"),)))
    return place


def delete_art(place: Town) -> None:
    place.store.refile(lambda edition: Refiled(registry=edition.registry.delete("art")), SOON)


def test_changes_that_wait_together_wait_for_one_alarm() -> None:
    stage = Stage(START.timestamp())
    place = town(clock=stage)
    place.tick(article(1), at=stage.moment)
    found(place.responses, "/latest.atom")
    for number in (2, 3, 4):
        place.tick(article(number), at=stage.moment)
    assert len(stage.waiting) == 1
    stage.move_to(START.timestamp() + 1)
    assert b"Story 4" in found(place.responses, "/latest.atom").identity.body


def test_archive_pages_are_kept_only_as_long_as_there_is_room() -> None:
    place = town()
    place.tick(*(article(number) for number in range(60)))
    page = found(place.responses, "/latest/archive/1.atom")
    assert found(place.responses, "/latest/archive/1.atom") is page
    assert place.responses.peek("/latest/archive/1.atom") is None


def aside(place: Town) -> tuple[Responses, list[Callable[[], object]]]:
    """Return responses of a town that wait to be compressed, and the work that this is."""
    tasks: list[Callable[[], object]] = []
    catalogue = Catalogue(site=SITE, language="en", intervals={})
    stage = Stage(SOON.timestamp() + 60)
    return Responses(place.store, catalogue, stage, stage.later, aside=tasks.append), tasks


def asked(responses: Responses, path: str, coding: str = "gzip", tag: str = "") -> tuple[str, dict[str, str]]:
    """Return the status and the headers that a request for a coding gets."""
    fields = {"HTTP_ACCEPT_ENCODING": coding} | ({"HTTP_IF_NONE_MATCH": tag} if tag else {})
    status, headers, _ = answer(found(responses, path), {"REQUEST_METHOD": "GET"} | fields)
    return status[:3], dict(headers)


@pytest.mark.parametrize("path", ["/latest.atom", "/latest/archive/1.atom"])
def test_who_asks_for_a_coding_before_it_is_there_gets_the_feed_as_it_is(path: str) -> None:
    place = town()
    place.tick(*(article(number) for number in range(PAGE)))
    responses, tasks = aside(place)
    status, plain = asked(responses, path)
    assert (status, plain["Vary"]) == ("200", "Accept-Encoding, Sec-Fetch-Dest")
    assert "Content-Encoding" not in plain
    assert asked(responses, path, tag=plain["ETag"])[0] == "304"
    assert len(tasks) == 1
    tasks.pop()()
    status, coded = asked(responses, path, tag=plain["ETag"])
    assert (status, coded["Content-Encoding"], coded["Vary"]) == ("200", "gzip", plain["Vary"])
    assert coded["ETag"] != plain["ETag"]
    assert asked(responses, path, tag=coded["ETag"])[0] == "304"
    assert asked(responses, path, "identity", plain["ETag"])[0] == "304"


def test_what_changed_before_it_was_compressed_is_compressed_once_as_it_is_by_then() -> None:
    place = town()
    place.tick(article(1))
    responses, tasks = aside(place)
    found(responses, "/latest.rss")
    place.store.commit(Commit(at=SOON, change=Change(health=_read(place), articles=(article(2),))))
    responses.refresh()
    assert len(tasks) == 1
    tasks.pop()()
    prepared = found(responses, "/latest.rss")
    assert b"Story 2" in UNPACK["gzip"](prepared.variants["gzip"].body)
    responses.refresh()
    assert tasks == []
    assert found(responses, "/latest.rss") is prepared


def test_a_feed_that_changes_while_its_last_version_is_compressed_stays_the_new_one() -> None:
    place = town()
    place.tick(article(1))
    responses, tasks = aside(place)
    old = found(responses, "/latest.rss")
    late = [article(2)]

    class Meanwhile(bytes):
        """A body during whose compression somebody commits."""

        def __len__(self) -> int:
            while late:
                change = Change(health=_read(place), articles=(late.pop(),))
                place.store.commit(Commit(at=SOON, change=change))
                responses.refresh()
            return super().__len__()

    object.__setattr__(old.identity, "body", Meanwhile(old.identity.body))
    tasks.pop(0)()
    assert b"Story 2" in found(responses, "/latest.rss").identity.body
    tasks.pop()()
    prepared = found(responses, "/latest.rss")
    assert b"Story 2" in UNPACK["br"](prepared.variants["br"].body)


def test_what_went_out_of_the_cache_or_is_compressed_already_is_left_alone() -> None:
    place = town()
    place.tick(*(article(number, html=f"<p>{number} {'x' * 600_000}</p>") for number in range(1, 9)))
    responses, tasks = aside(place)
    for limit in range(1, 30):
        limited(responses, "/latest.json", limit)
    for task in tasks:
        task()
    prepared = limited(responses, "/latest.json", 29)
    assert "gzip" in prepared.variants
    for task in tasks:
        task()
    assert limited(responses, "/latest.json", 29) is prepared


def test_a_change_renders_the_feeds_that_changed_and_no_other() -> None:
    names = [f"t{number}" for number in range(20)]
    place = town()
    place.tick(*(article(number, topics=(topic(name),)) for number, name in enumerate(names)))
    for name in names:
        found(place.responses, f"/topics/{name}.rss")
    for suffix in ("rss", "atom", "json"):
        found(place.responses, f"/latest.{suffix}")
    before = place.responses.rendered
    place.tick(article(50, topics=(topic("t7"),)), at=SOON)
    assert place.responses.rendered - before == 4
    place.tick(at=SOON + 9 * SECOND)
    assert place.responses.rendered - before == 4


def _read(place: Town) -> Health:
    return replace(place.store.edition.health["town"], last_success=SOON)
