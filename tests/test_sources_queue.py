from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from feedsvc.errors import BusyError
from feedsvc.listed import Item, decoded
from feedsvc.model import Document, Known, Skipped
from feedsvc.sources import Found
from feedsvc.sources.queue import (
    BATCH,
    LISTED,
    TRIES,
    Waiting,
    fetched,
    of_answer,
    queue,
    spell,
    spelt,
    waiting,
)
from tests.fakes import WHEN
from tests.websites import Answers

URL = "https://osk.example/a/{}"
READ = Known(version=LISTED, digest="d", article="urn:1")


def items(count: int) -> list[Item]:
    return [
        Item(url=URL.format(number), title=f"No. {number}", published=WHEN - timedelta(days=number))
        for number in range(count)
    ]


def found(number: int = 1, wait: Waiting = Waiting()) -> Found:  # noqa: B008 - immutable
    url = URL.format(number)
    return Found(key=url, version=wait.version, address=url, memo=spell(wait))


def read(web: Answers, wait: Waiting = Waiting()) -> Document | Skipped:  # noqa: B008
    return fetched(web, "osk", found(1, wait), lambda: WHEN)


def test_the_newest_documents_are_fetched_first_and_of_these_the_oldest() -> None:
    chosen, notes = queue(items(BATCH + 5), {}, WHEN)
    assert [each.key for each in chosen] == [URL.format(number) for number in reversed(range(BATCH))]
    assert len(notes) == BATCH + 5


def test_those_beyond_the_batch_come_with_later_checks_although_their_list_is_not_read_again() -> None:
    chosen, notes = queue(items(BATCH + 5), {}, WHEN)
    known = {**notes, **{each.key: READ for each in chosen}}
    chosen, notes = queue((), known, WHEN)
    assert [each.key for each in chosen] == [
        URL.format(number) for number in reversed(range(BATCH, BATCH + 5))
    ]
    assert spelt(chosen[0].memo).title == f"No. {BATCH + 4}"
    assert notes == {}


def test_a_list_that_names_new_documents_without_end_makes_no_endless_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feedsvc.sources.queue.LONGEST", 3)
    _, notes = queue(items(5), {}, WHEN)
    assert list(notes) == [URL.format(number) for number in range(3)]
    _, more = queue([*items(5), Item(url=URL.format(9))], notes, WHEN)
    assert list(more) == list(notes)


def test_what_was_read_is_read_again_only_when_its_list_says_that_it_changed() -> None:
    item = items(2)[1]
    assert queue([item], {item.url: READ}, WHEN) == ((), {})
    later = replace(item, modified=datetime(2024, 5, 2, tzinfo=UTC))
    chosen, _ = queue([later], {item.url: READ}, WHEN)
    assert [each.version for each in chosen] == ["2024-05-02T00:00:00+00:00"]
    assert queue([later], {item.url: structs.replace(READ, version=chosen[0].version)}, WHEN)[0] == ()


def test_documents_without_a_date_come_in_the_order_of_their_list() -> None:
    plain = [Item(url=URL.format(number)) for number in range(3)]
    changed = Item(url=URL.format(9), modified=datetime(2024, 5, 2))  # noqa: DTZ001 - no zone was written
    chosen, _ = queue([*plain, changed], {}, WHEN)
    assert [each.key[-1] for each in chosen] == ["2", "1", "0", "9"]


def test_a_waiting_document_keeps_its_failures_when_its_list_is_read_again() -> None:
    wait = Waiting(tries=3, until=WHEN + timedelta(hours=1))
    item = items(2)[1]
    known = {item.url: Known(version=spell(wait), digest="")}
    chosen, notes = queue([item], known, WHEN)
    assert chosen == ()
    assert spelt(notes[item.url].version).tries == 3
    assert [each.key for each in queue([item], known, WHEN + timedelta(hours=2))[0]] == [item.url]


def test_what_is_to_be_read_again_waits_and_what_was_read_does_not() -> None:
    assert waiting(Known(version="", digest="")) == Waiting()
    assert waiting(READ) is None
    assert waiting(Known(version="{broken", digest="")) == Waiting()


def test_a_document_comes_with_what_its_list_says_of_it() -> None:
    web = Answers()
    web.put(URL.format(1), "<p>x</p>", final="https://osk.example/b", charset="gbk")
    document = read(web, Waiting(title="No. 1", published=WHEN))
    assert isinstance(document, Document)
    assert (document.key, document.url, document.charset) == (URL.format(1), "https://osk.example/b", "gbk")
    assert (decoded(document.entry).title, decoded(document.entry).published) == ("No. 1", WHEN)


def test_a_failure_is_tried_again_later_and_later_and_given_up_in_the_end() -> None:
    web, wait, waits = Answers(), Waiting(), list[timedelta]()
    for _ in range(TRIES - 1):
        skipped = read(web, wait)
        assert isinstance(skipped, Skipped)
        wait = spelt(skipped.version)
        assert wait.until
        waits.append(wait.until - WHEN)
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits)
    last = read(web, wait)
    assert last == Skipped(key=URL.format(1), reason="given up: no such host", version=LISTED)


def test_a_refusal_and_a_wish_to_be_left_alone_are_failures_too() -> None:
    web = Answers()
    web.refuse(URL.format(1), 503, retry_after=timedelta(hours=9))
    skipped = read(web)
    assert isinstance(skipped, Skipped)
    assert spelt(skipped.version).until == WHEN + timedelta(hours=9)
    assert skipped.reason == "answered 503 Service Unavailable"


def test_a_document_that_was_not_asked_for_has_not_failed() -> None:
    web, wait = Answers(), Waiting()
    web.pages[URL.format(1)] = BusyError(URL.format(1), "osk.example is left alone", timedelta(hours=1))
    for _ in range(2 * TRIES):
        told = read(web, wait)
        assert isinstance(told, Skipped)
        assert told.expected
        wait = spelt(told.version)
    assert (wait.tries, wait.until) == (0, WHEN + timedelta(hours=1))


def test_a_document_is_gone_by_410_or_by_404_twice() -> None:
    web = Answers()
    web.refuse(URL.format(1), 404)
    first = read(web)
    assert isinstance(first, Skipped)
    assert not first.gone
    again = read(web, spelt(first.version))
    assert isinstance(again, Skipped)
    assert (again.gone, again.version) == (True, LISTED)
    web.refuse(URL.format(1), 410)
    once = read(web)
    assert isinstance(once, Skipped)
    assert once.gone


@pytest.mark.parametrize(
    ("media_type", "content", "kind"),
    [
        ("text/html", b"x", "text/html"),
        ("", b"x", "text/html"),
        ("text/plain", b"\xef\xbb\xbf <!DOCTYPE html>", "text/html"),
        ("application/octet-stream", b"<html>", "text/html"),
        ("text/plain", b"words", "text/plain"),
        ("application/pdf", b"<html>", "application/pdf"),
    ],
)
def test_hosts_call_html_by_other_names(media_type: str, content: bytes, kind: str) -> None:
    assert of_answer("osk", "k", content, media_type, None).media_type == kind
