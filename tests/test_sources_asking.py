from datetime import timedelta

import pytest

from feedsvc.errors import AbsentError, EndedError, SourceError
from feedsvc.fetch import NO_VALIDATORS
from feedsvc.model import Known
from feedsvc.sources.asking import Asked, List, ask, dated, unread
from tests.websites import Answers

URL, NEW = "https://osk.example/news", "https://osk.example/new"
WHAT = List(source="osk", url=URL)


def ask_twice(web: Answers) -> tuple[Asked, Asked]:
    first = ask(web, WHAT, {})
    return first, ask(web, WHAT, {WHAT.note: first.note})


def test_what_is_unchanged_costs_one_conditional_request_and_has_no_content() -> None:
    web = Answers()
    answer = web.put(URL, "a")
    first, second = ask_twice(web)
    assert (first.content, second.content) == (b"a", None)
    assert web.asked == [(URL, NO_VALIDATORS), (URL, answer.validators)]
    assert second.note == first.note


def test_without_validators_equal_content_is_unchanged() -> None:
    web = Answers()
    web.put(URL, "a", validators=NO_VALIDATORS)
    first, second = ask_twice(web)
    assert (first.content, second.content) == (b"a", None)
    web.put(URL, "b", validators=NO_VALIDATORS)
    assert ask(web, WHAT, {WHAT.note: first.note}).content == b"b"


def test_another_reading_of_it_or_a_wish_asks_anew() -> None:
    web = Answers()
    web.put(URL, "a")
    known = {WHAT.note: ask(web, WHAT, {}).note}
    assert ask(web, List(source="osk", url=URL, mark="h2 a"), known).content == b"a"
    assert ask(web, WHAT, known, anew=True).content == b"a"
    assert {validators for _, validators in web.asked} == {NO_VALIDATORS}


def test_where_it_moved_for_good_is_asked_from_then_on() -> None:
    web = Answers()
    web.put(URL, "a", final=NEW, moved=NEW)
    answer = web.put(NEW, "a")
    known = {WHAT.note: ask(web, WHAT, {}).note}
    asked = ask(web, WHAT, known)
    assert web.asked == [(URL, NO_VALIDATORS), (NEW, answer.validators)]
    assert (asked.content, asked.moved) == (None, NEW)


def test_where_it_moved_is_asked_anew_too_when_the_old_address_is_gone() -> None:
    web = Answers()
    web.put(URL, "a", final=NEW, moved=NEW)
    known = {WHAT.note: ask(web, WHAT, {}).note}
    web.put(NEW, "a")
    web.fail(URL, "no such host")
    asked = ask(web, WHAT, known, anew=True)
    assert (asked.content, asked.moved) == (b"a", NEW)
    assert web.asked[-1] == (NEW, NO_VALIDATORS)


def test_the_configured_address_is_asked_again_when_the_new_one_fails() -> None:
    web = Answers()
    web.put(URL, "a", final=NEW, moved=NEW)
    known = {WHAT.note: ask(web, WHAT, {}).note}
    web.refuse(NEW, 404)
    web.put(URL, "b")
    asked = ask(web, WHAT, known)
    assert (asked.content, asked.moved) == (b"b", "")
    assert web.urls == [URL, NEW, URL]


@pytest.mark.parametrize(("status", "kind"), [(404, AbsentError), (410, EndedError), (503, SourceError)])
def test_a_refusal_says_what_it_means_for_the_source(status: int, kind: type[SourceError]) -> None:
    web = Answers()
    web.refuse(URL, status, retry_after=timedelta(hours=1))
    with pytest.raises(SourceError, match=f"{URL}: answered {status}") as caught:
        ask(web, WHAT, {})
    assert type(caught.value) is kind
    assert caught.value.retry_after == timedelta(hours=1)


def test_no_answer_is_a_failure_with_its_reason() -> None:
    web = Answers()
    web.fail(URL, "no answer within 30 s", timedelta(hours=2))
    with pytest.raises(SourceError, match="no answer within 30 s") as caught:
        ask(web, WHAT, {})
    assert caught.value.retry_after == timedelta(hours=2)


def test_a_list_still_to_be_asked_says_when_it_changed_and_has_no_validators() -> None:
    web = Answers()
    web.put(URL, "a")
    what = List(source="osk", url=URL, dated="2024-05-01")
    note = unread(what)
    assert dated(note) == "2024-05-01"
    asked = ask(web, what, {what.note: note})
    assert (asked.content, dated(asked.note)) == (b"a", "2024-05-01")
    assert web.asked == [(URL, NO_VALIDATORS)]
    assert ask(web, what, {what.note: Known(version="", digest="")}).content == b"a"
