import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from feedsvc.errors import FetchError
from feedsvc.fetch import Client
from feedsvc.store import NEVER
from feedsvc.websub import Publisher, Turn
from feedsvc.websub.decide import TRIES, delay
from feedsvc.websub.turn import Alone
from tests.builders import START, wait_until
from tests.fakes import Hands
from tests.sites import site, status

pytestmark = pytest.mark.real_time

HUB, OTHER = "https://hub.example.org/", "https://other.example.org/hub"
LATEST, TOWN = "https://feeds.example.org/latest.atom", "https://feeds.example.org/topics/town.atom"
SECOND = timedelta(seconds=1)
LATER = START + timedelta(minutes=5)


@dataclass
class Hubs:
    """All hubs of the world: what they were sent, and what they answer."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    forms: list[Mapping[str, str]] = field(default_factory=list)
    answer: Callable[[str, str], int] = lambda _hub, _feed: 202
    busy: int = 0
    most: int = 0
    """How many requests ran at once at most."""

    def post(self, hub: str, form: Mapping[str, str]) -> int:
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.forms.append(form)
        feed = form["hub.topic"]
        self.sent.append((hub, feed))
        try:
            return self.answer(hub, feed)
        finally:
            self.busy -= 1

    def told(self, hub: str = HUB) -> list[str]:
        return [feed for name, feed in self.sent if name == hub]


@dataclass
class Feeds:
    """What the feeds say of themselves."""

    modified: dict[str, datetime] = field(default_factory=dict)
    asked: int = 0

    def __call__(self) -> Mapping[str, datetime]:
        self.asked += 1
        return dict(self.modified)


@dataclass
class World:
    """A publisher with what it stands between."""

    publisher: Publisher
    hubs: Hubs
    feeds: Feeds
    hands: Hands

    def change(self, *feeds: str) -> None:
        """Modify feeds as a commit did a second ago."""
        self.feeds.modified.update(dict.fromkeys(feeds, self.hands.moment - SECOND))
        self.publisher.wake()

    def looked(self) -> None:
        """Return when the publisher has looked at the feeds and done what it found due."""
        for _ in range(2):  # the second look comes after what the first found
            asked = self.feeds.asked
            self.publisher.wake()
            wait_until(partial(self._asked_since, asked))

    def _asked_since(self, asked: int) -> bool:
        return self.feeds.asked > asked

    def sends(self, count: int) -> None:
        """Return when so many requests were sent in all."""
        wait_until(lambda: len(self.hubs.sent) >= count)
        assert len(self.hubs.sent) == count


@contextmanager
def world(
    *hubs: str, feeds: Mapping[str, datetime] | None = None, turn: Turn | None = None
) -> Iterator[World]:
    told, said, hands = Hubs(), Feeds(dict(feeds or {})), Hands(LATER)
    publisher = Publisher(hubs or (HUB,), said, told.post, hands, turn)
    publisher.start()
    try:
        yield World(publisher, told, said, hands)
    finally:
        publisher.stop()


def failing(hub: str, _feed: str) -> int:
    raise FetchError(hub, "Connection refused")


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_each_changed_feed_is_pinged_once_at_each_hub() -> None:
    with world(HUB, OTHER, feeds={LATEST: START, TOWN: START}) as town:
        town.change(LATEST)
        town.sends(2)
        town.looked()
        assert sorted(town.hubs.sent) == [(HUB, LATEST), (OTHER, LATEST)]
    assert town.hubs.forms[0] == {"hub.mode": "publish", "hub.url": LATEST, "hub.topic": LATEST}


def test_what_the_feeds_say_at_the_start_is_known() -> None:
    with world(feeds={LATEST: START, TOWN: NEVER}) as town:
        town.looked()
        town.change(TOWN)  # its first article
        wait_until(lambda: town.hubs.told() == [TOWN])
        town.looked()
        assert town.hubs.told() == [TOWN]


def test_the_feeds_of_a_first_tick_are_pinged_one_at_a_time_without_the_empty_ones() -> None:
    feeds = [f"https://feeds.example.org/topics/{number}.atom" for number in range(200)]
    with world() as town:
        town.feeds.modified["https://feeds.example.org/topics/empty.atom"] = NEVER
        town.change(*feeds)
        town.sends(200)
        town.looked()
        assert sorted(town.hubs.told()) == sorted(feeds)
    assert town.hubs.most == 1


def test_without_hubs_nothing_is_asked_and_nothing_runs() -> None:
    before, feeds = set(enumerate_threads()), Feeds()
    publisher = Publisher((), feeds, Hubs().post, Hands())
    publisher.start()
    publisher.wake()
    assert feeds.asked == 0
    assert before.issuperset(enumerate_threads())
    publisher.stop()


def test_a_wake_returns_at_once_and_changes_during_a_request_are_pinged_once() -> None:
    free = Event()
    with world() as town:
        town.hubs.answer = lambda _hub, _feed: 202 if free.wait(20) else 500
        town.change(LATEST)
        town.sends(1)
        started = time.monotonic()
        for _ in range(100):
            town.hands.move(seconds=1)
            town.change(LATEST, TOWN)
        assert time.monotonic() - started < 10
        free.set()
        town.sends(3)
        town.looked()
        assert sorted(town.hubs.told()) == [LATEST, LATEST, TOWN]


def test_a_ping_goes_out_a_second_after_the_second_of_the_change_has_come() -> None:
    with world() as town:
        town.feeds.modified[LATEST] = LATER + SECOND
        town.looked()
        town.hands.move(milliseconds=1999)
        town.looked()
        assert town.hubs.sent == []
        town.hands.move(milliseconds=1)
        town.publisher.wake()
        wait_until(lambda: town.hubs.told() == [LATEST])


def test_nobody_need_wake_it_for_what_waits() -> None:
    told, feeds = Hubs(), Feeds()
    publisher = Publisher((HUB,), feeds, told.post, lambda: datetime.now(UTC))
    publisher.start()
    modified = datetime.now(UTC) - timedelta(milliseconds=700)
    feeds.modified[LATEST] = modified
    publisher.wake()
    wait_until(lambda: told.sent)
    assert datetime.now(UTC) >= modified + SECOND
    assert feeds.asked == 2
    publisher.stop()


def test_a_hub_that_hangs_delays_no_other_hub_and_no_stop() -> None:
    free = Event()
    with world(HUB, OTHER) as town:
        town.hubs.answer = lambda hub, _feed: 202 if hub == OTHER or free.wait(20) else 500
        town.change(LATEST, TOWN)
        wait_until(lambda: len(town.hubs.told(OTHER)) == 2)
        assert len(town.hubs.told(HUB)) == 1
        started = time.monotonic()
        town.publisher.stop()
        assert time.monotonic() - started < 3  # a server is killed that takes four
        free.set()
        wait_until(lambda: not town.hubs.busy)
    assert len(town.hubs.told(HUB)) == 1  # what waited is not sent any more


def test_a_stopped_publisher_sends_nothing() -> None:
    before = set(enumerate_threads())
    with world(HUB, OTHER) as town:
        pass
    assert before.issuperset(enumerate_threads())
    town.change(LATEST)
    town.publisher.stop()  # once more does no harm
    assert town.hubs.sent == []


def test_a_publisher_that_never_started_can_be_stopped() -> None:
    Publisher((HUB,), Feeds(), Hubs().post, Hands()).stop()


def test_a_hub_that_fails_is_told_again_after_the_delay(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with world() as town:
        town.hubs.answer = failing
        town.change(LATEST)
        town.sends(1)
        town.looked()
        town.hands.moment = LATER + delay(1) - SECOND
        town.looked()
        assert len(town.hubs.sent) == 1
        town.hubs.answer = lambda _hub, _feed: 202
        town.hands.moment = LATER + delay(1)
        town.publisher.wake()
        wait_until(lambda: "was told of" in caplog.text)
        assert len(town.hubs.sent) == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"hub {HUB} told of {LATEST}: Connection refused; tried again later",
        f"hub {HUB} was told of 1 changed feeds",
    ]


def test_a_dead_hub_is_given_up_until_a_feed_changes(caplog: pytest.LogCaptureFixture) -> None:
    with world() as town:
        town.hubs.answer = lambda _hub, _feed: 503
        town.change(LATEST)
        for tries in range(1, TRIES):
            town.sends(tries)
            town.looked()  # so that the failure is noted before time goes on
            town.hands.move(hours=1)
            town.publisher.wake()
        town.sends(TRIES)
        town.hands.move(days=1)
        town.looked()
        assert len(town.hubs.sent) == TRIES
        town.change(LATEST)
        town.sends(TRIES + 1)
        town.looked()
    again = f"hub {HUB} told of {LATEST}: answered 503; tried again later"
    over = f"hub {HUB} told of {LATEST}: answered 503; given up after {TRIES} tries until the feed changes"
    assert complaints(caplog) == [again, over, again]


def test_a_refusal_is_final_and_told_once_for_all_feeds(caplog: pytest.LogCaptureFixture) -> None:
    with world() as town:
        town.hubs.answer = lambda _hub, _feed: 403
        town.change(LATEST, TOWN)
        town.sends(2)
        town.hands.move(days=1)
        town.looked()
        assert len(town.hubs.sent) == 2
    assert complaints(caplog) == [
        f"hub {HUB} told of {LATEST}: answered 403; not tried again until the feed changes"
    ]


def test_a_bug_is_logged_and_the_next_change_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with world() as town:

        def answer(_hub: str, _feed: str) -> int:
            town.hubs.answer = lambda _hub, _feed: 202
            message = "a bug"
            raise RuntimeError(message)

        town.hubs.answer = answer
        town.change(LATEST)
        wait_until(lambda: complaints(caplog))
        town.change(TOWN)
        wait_until(lambda: sorted(town.hubs.told()) == [LATEST, LATEST, TOWN])
    assert complaints(caplog) == [f"telling hub {HUB} failed"]
    assert "RuntimeError: a bug" in caplog.text


def test_a_real_hub_on_loopback_is_sent_a_form() -> None:
    with site(status(202)) as hub:
        feeds = Feeds()
        post = Client("https://feeds.example.org").post_form
        publisher = Publisher((hub.url(),), feeds, post, lambda: datetime.now(UTC))
        publisher.start()
        feeds.modified[LATEST] = START
        publisher.wake()
        wait_until(lambda: hub.asked)
        publisher.stop()
    expected = "https%3A%2F%2Ffeeds.example.org%2Flatest.atom"
    body = hub.asked[0].partition(b"\r\n\r\n")[2].decode()
    assert body == f"hub.mode=publish&hub.url={expected}&hub.topic={expected}"


class Baton(Alone):
    """A turn that a test gives and takes."""

    def __init__(self) -> None:
        self.given = False
        self.gained: Callable[[], object] = lambda: None

    def start(self, gained: Callable[[], object]) -> None:
        self.gained = gained

    def mine(self) -> bool:
        return self.given

    def give(self) -> None:
        self.given = True
        self.gained()


def test_who_waits_for_its_turn_tells_nobody_and_then_what_changed_lately() -> None:
    baton = Baton()
    with world(turn=baton) as here:
        here.change(TOWN)
        here.looked()
        here.hands.move(minutes=1)  # whoever had the turn then has told of it
        here.change(LATEST)
        here.looked()
        assert here.hubs.sent == []
        here.hands.move(seconds=5)
        baton.give()
        here.sends(1)
        here.looked()
        assert here.hubs.told() == [LATEST]


def test_what_changed_long_before_a_turn_came_is_not_told_again() -> None:
    baton = Baton()
    with world(turn=baton) as here:
        here.change(TOWN)
        here.looked()
        here.hands.move(hours=1)
        baton.give()
        here.looked()
        assert here.hubs.sent == []
        here.change(TOWN)
        here.sends(1)


def test_who_lost_its_turn_sends_no_more() -> None:
    baton = Baton()
    baton.given = True
    with world(turn=baton) as here:
        here.change(TOWN)
        here.sends(1)
        baton.given = False
        here.change(LATEST)
        here.looked()
        assert here.hubs.told() == [TOWN]
