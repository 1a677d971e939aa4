import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from feedsvc.errors import FetchError, ForbiddenError
from feedsvc.fetch.rulebook import Rulebook
from feedsvc.fetch.transport import Reply

URL = "https://news.example.org/robots.txt"
PAGE = "https://news.example.org/a"
CLOSED = b"User-agent: *\nDisallow: /a"
MINUTE = timedelta(minutes=1)


class Town:
    """A host with a robots.txt, and a clock."""

    def __init__(self, reply: Reply | FetchError) -> None:
        self.reply = reply
        self.asked = 0
        self.at = datetime(2026, 3, 4, 12, tzinfo=UTC)
        self.book = Rulebook("feedsvc/0", lambda: self.at)

    def ask(self) -> Reply:
        self.asked += 1
        if isinstance(self.reply, FetchError):
            raise self.reply
        return self.reply

    def allows(self, url: str = URL) -> bool:
        return self.book.rules(url, self.ask).allow(PAGE)


def reply(content: bytes | None = CLOSED, status: int = 200, **head: str) -> Reply:
    headers = {name.replace("_", "-"): value for name, value in head.items()}
    return Reply(url=URL, status=status, headers=headers, content=content)


AWAY: list[Callable[[], Reply | FetchError]] = [
    lambda: reply(None, 500),
    lambda: reply(None, 503),
    lambda: reply(None, 429),
    lambda: FetchError(URL, "Connection refused"),
]


def test_a_robots_txt_is_asked_for_once_a_day() -> None:
    town = Town(reply())
    assert not any(town.allows() for _ in range(100))
    assert town.asked == 1
    town.at += timedelta(hours=24)
    assert not town.allows()
    assert town.asked == 2


def test_what_is_none_to_ask_is_remembered_for_a_while_too() -> None:
    town = Town(ForbiddenError(URL, "refused: it is inside"))
    for _ in range(3):
        with pytest.raises(ForbiddenError, match="it is inside"):
            town.allows()
    assert town.asked == 1


def test_a_robots_txt_is_asked_for_by_one_of_those_who_want_to_know_at_once() -> None:
    town, asked = Town(reply()), Event()

    def slowly() -> Reply:
        asked.set()
        time.sleep(0.2)
        return town.ask()

    others = [Thread(target=town.book.rules, args=(URL, slowly)) for _ in range(5)]
    for each in others:
        each.start()
    assert asked.wait(20)
    assert not town.allows()
    for each in others:
        each.join()
    assert town.asked == 1


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("max-age=3600", 60), ("max-age=1", 10), ("no-cache", 10), ("max-age=99999999", 1440)],
)
def test_a_robots_txt_says_how_long_it_holds_within_bounds(said: str, minutes: int) -> None:
    town = Town(reply(Cache_Control=said))
    town.allows()
    town.at += minutes * MINUTE - timedelta(seconds=1)
    town.allows()
    assert town.asked == 1
    town.at += timedelta(seconds=1)
    town.allows()
    assert town.asked == 2


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 410])
def test_a_host_without_a_robots_txt_is_open(status: int) -> None:
    assert Town(reply(None, status)).allows()


@pytest.mark.parametrize("away", AWAY)
def test_a_host_whose_robots_txt_cannot_be_had_waits(away: Callable[[], Reply | FetchError]) -> None:
    town = Town(away())
    for _ in range(10):
        with pytest.raises(FetchError) as caught:
            town.allows()
        assert caught.value.retry_after == 10 * MINUTE
    assert town.asked == 1
    assert caught.value.reason in {
        "robots.txt answered 500",
        "robots.txt answered 503",
        "robots.txt answered 429",
        "Connection refused",
    }
    town.at += 10 * MINUTE
    town.reply = reply(None, 404)
    assert town.allows()


@pytest.mark.parametrize("away", AWAY)
def test_what_a_robots_txt_said_holds_while_it_cannot_be_had(away: Callable[[], Reply | FetchError]) -> None:
    town = Town(reply(b"User-agent: *\nDisallow: /b"))
    assert town.allows()
    town.reply = away()
    town.at += timedelta(days=2)
    assert town.allows()
    town.at += 9 * MINUTE
    assert town.allows()
    assert town.asked == 2


def test_a_host_that_was_not_asked_is_asked_next_time() -> None:
    town = Town(FetchError(URL, "left alone", MINUTE))
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            town.allows()
        assert caught.value.retry_after == MINUTE
    assert town.asked == 2


def test_hosts_of_long_ago_are_forgotten() -> None:
    town = Town(reply(None, 404))
    for number in range(1001):
        town.allows(f"https://{number}.example.org/robots.txt")
    town.allows("https://1000.example.org/robots.txt")
    assert town.asked == 1001
    town.allows("https://0.example.org/robots.txt")
    assert town.asked == 1002
