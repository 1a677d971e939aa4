"""Articles as the store keeps them."""

import copy
import pickle
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import kept as room
from feedsvc import zstd
from feedsvc.errors import UnreadableError
from feedsvc.kept import (
    Body,
    Kept,
    altered,
    body_of,
    kept,
    pack,
    packed,
    read,
    record_of,
    taken_over,
    unpack,
    written,
)
from feedsvc.model import Article, Headline, Provenance
from feedsvc.store.rows import article_rows, decode, encode
from tests.builders import article, rich, topic

TOLD = replace(
    rich(),
    related=(Headline(title="Next", url="https://osk.example/2"),),
    provenance=(Provenance(field="title", origin="JSON-LD headline"),),
)


def stored(one: Article) -> Kept:
    """Return an article as the store reads it back."""
    (record_key, record), (body_key, body) = article_rows(one)
    return kept(decode(record_key, record), decode(body_key, body))


@given(st.text(), st.text(), st.text())
def test_an_article_comes_back_as_it_was(text: str, html: str, summary: str) -> None:
    told = replace(TOLD, text=text, html=html, summary=summary)
    back = stored(told)
    assert (back, back.text, back.html, back.summary) == (told, text, html, summary)
    assert (back.related, back.provenance) == (told.related, told.provenance)
    assert hash(back) == hash(told)


def test_kept_articles_are_equal_to_articles_that_say_the_same_and_to_nothing_else() -> None:
    one, same, other = stored(TOLD), stored(TOLD), stored(replace(TOLD, text="else"))
    assert one == same
    assert one == TOLD
    assert one == TOLD  # whichever is asked
    assert one != other
    assert one != stored(replace(TOLD, title="else"))
    assert one != "an article"


def test_equal_bodies_are_equal_however_they_were_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stored(replace(TOLD, text="long " * 400))
    monkeypatch.setattr(room, "_PACKER", zstd.ZstdCompressor(19))
    other = stored(replace(TOLD, text="long " * 400))
    assert one.packed != other.packed
    assert one == other


def test_a_replaced_field_leaves_the_others_as_they_were() -> None:
    one = stored(TOLD)
    filed = replace(one, topics=(topic("Ice"),))
    assert isinstance(filed, Kept)
    assert (filed.topics, filed.text, filed.packed) == ((topic("Ice"),), TOLD.text, one.packed)
    assert replace(one, html="<p>else</p>").html == "<p>else</p>"


def test_an_altered_article_is_a_replaced_one_whose_long_fields_nobody_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = stored(TOLD)
    monkeypatch.setattr(room, "unpack", None)
    named = altered(one, title="Else", weight=7)
    assert isinstance(named, Kept)
    assert (named.title, named.weight, named.packed) == ("Else", 7, one.packed)
    assert (one.title, one.weight) == (TOLD.title, TOLD.weight)
    assert altered(TOLD, title="Else") == replace(TOLD, title="Else")


def test_what_travels_between_processes_comes_back_as_it_was() -> None:
    back = read(*written(TOLD))
    assert back == TOLD
    assert written(back) == written(TOLD)
    assert read(*written(TOLD, weight=7)) == altered(TOLD, weight=7)


def test_a_copy_is_kept_too() -> None:
    one = stored(TOLD)
    for twin in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 (our own bytes)
        assert isinstance(twin, Kept)
        assert twin == one


def test_what_many_articles_have_is_one_object() -> None:
    one, other = (stored(article(number, topics=(topic("Ice"),), source="town")) for number in (1, 2))
    assert one.topics[0] is other.topics[0]
    assert one.source is other.source
    assert one.updated is one.published


def test_rows_written_before_bodies_were_packed_are_taken_over() -> None:
    early = encode(replace(TOLD, text="", html=""))
    body = msgspec.msgpack.encode({"text": TOLD.text, "html": TOLD.html})
    assert kept(decode(("article", TOLD.id), early), decode(("body", TOLD.id), body)) == TOLD


@pytest.mark.parametrize(
    "value", [b"", b"\x80\x04K\x01.", pack(Body())[:-1], b"\x28\xb5\x2f\xfdxyz", b"\x01"]
)
def test_bytes_that_are_no_body_are_refused(value: bytes) -> None:
    with pytest.raises(UnreadableError):
        unpack(taken_over(value))


def test_a_body_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    bomb = pack(Body(text="\0" * room.LARGEST))
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableError, match="unpacks to"):
        unpack(bomb)


def test_the_long_fields_of_any_article_can_be_had() -> None:
    assert body_of(TOLD) == body_of(stored(TOLD))
    assert packed(TOLD) == packed(stored(TOLD))
    assert not {"text", "html", "summary"} - record_of(TOLD).keys()
    assert record_of(TOLD)["text"] == ""
