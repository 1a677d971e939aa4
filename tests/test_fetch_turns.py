import threading
import tracemalloc
from datetime import timedelta

import pytest

from feedsvc.errors import FetchError
from feedsvc.fetch.turns import Turns
from tests.builders import wait_until
from tests.sites import Hours

pytestmark = pytest.mark.real_time

HOST = "news.example.org"
URL = f"https://{HOST}/"


def take(turns: Turns, host: str = HOST, delay: float = 1.0) -> None:
    with turns.turn(host, URL, delay):
        pass


def test_a_host_is_asked_once_a_second_whoever_asks() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    began = []
    for _ in range(4):
        take(turns)
        began.append(hours.at)
    assert began == [0, 1, 2, 3]


def test_what_a_request_takes_counts_as_waiting() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    take(turns)
    hours.at += 0.75
    take(turns)
    hours.at += 5
    take(turns)
    assert hours.waited == [0, 0.25, 0]


def test_hosts_do_not_wait_for_each_other() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    for number in range(50):
        take(turns, f"{number}.example.org")
    assert hours.at == 0


def test_a_longer_delay_holds_for_the_next_request() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    take(turns, delay=7)
    take(turns)
    assert hours.at == 7


def test_a_host_that_asks_to_be_left_alone_is() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    turns.hold(HOST, 60)
    turns.hold(HOST, 30)
    take(turns)
    assert hours.at == 60


def test_who_waits_for_a_turn_waits_on_when_the_host_asks_to_be_left_alone_meanwhile() -> None:
    hours = Hours()

    def pause(seconds: float) -> bool:
        if seconds == 1:
            turns.hold(HOST, 60)
        return hours.pause(seconds)

    turns = Turns(pause, hours.now)
    take(turns)
    take(turns)
    assert hours.at == 60


def test_nobody_waits_longer_than_patience_reaches() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    turns.hold(HOST, 3600)
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            take(turns)
        assert str(caught.value) == f"{URL}: {HOST} is left alone for another 3600 s"
        assert caught.value.retry_after == timedelta(hours=1)
    hours.at = 3600
    take(turns)
    assert hours.waited == [0]


def test_a_stop_ends_the_waiting() -> None:
    turns = Turns()
    take(turns)
    reasons: list[str] = []

    def wait() -> None:
        with pytest.raises(FetchError) as caught:
            take(turns, delay=100)
        reasons.append(caught.value.reason)

    turns.hold(HOST, 100)
    waiting = threading.Thread(target=wait)
    waiting.start()
    turns.stop()
    waiting.join(10)
    assert len(reasons) == 1
    with pytest.raises(FetchError):
        take(turns, "other.example.org")


def test_few_requests_to_a_host_are_under_way_at_once() -> None:
    turns = Turns(lambda _: False, patience=0.01)
    with turns.turn(HOST, URL, 0), turns.turn(HOST, URL, 0):
        with pytest.raises(FetchError, match="left alone"):
            take(turns)
        take(turns, "other.example.org")
    take(turns, delay=0)


def test_a_request_that_fails_gives_its_place_back() -> None:
    turns = Turns(lambda _: False)
    for _ in range(5):
        with pytest.raises(RuntimeError), turns.turn(HOST, URL, 0):
            raise RuntimeError
    take(turns)


def test_threads_take_their_turns_one_after_the_other() -> None:
    hours = Hours()
    lock = threading.Lock()
    waits: list[float] = []

    def pause(seconds: float) -> bool:
        with lock:
            waits.append(seconds)
        return False

    turns = Turns(pause, hours.now)
    threads = [threading.Thread(target=take, args=(turns,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_until(lambda: not any(thread.is_alive() for thread in threads))
    assert sorted(waits) == [float(number) for number in range(20)]


def test_however_many_hosts_come_and_go_one_that_waits_is_remembered() -> None:
    hours = Hours()
    turns = Turns(hours.pause, hours.now)
    turns.hold("held.example.org", 50)
    tracemalloc.start()
    for number in range(12_000):
        hours.at = number / 1000
        take(turns, f"{number}.example.org")
        assert hours.at == number / 1000
        turns.hold(f"{number}.example.org", 1)
    assert tracemalloc.get_traced_memory()[0] < 8_000_000
    tracemalloc.stop()
    take(turns, "held.example.org")
    assert hours.at == 50
