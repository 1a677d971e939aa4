"""Which path names what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.feeds import FORMATS
from feedsvc.store import LATEST, ListKey
from feedsvc.web.addresses import (
    GUESSED,
    STATUS,
    Address,
    document_path,
    feed_address,
    list_key,
    list_path,
)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/latest", LATEST),
        ("/status", STATUS),
        ("/topics/社区", ("topic", "社区")),
        ("/topics/", ("topic", "")),
        ("/sources/town", ("source", "town")),
        ("/topics/a/b", None),
        ("/topics", None),
        ("/latest/", None),
        ("/latestx", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_path_names_a_list(path: str, key: ListKey | None) -> None:
    assert list_key(path) == key
    if key:
        assert list_path(key) == path


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/latest.rss", Address(key=LATEST, suffix="rss")),
        ("/status.atom", Address(key=STATUS, suffix="atom")),
        ("/topics/a.b.json", Address(key=("topic", "a.b"), suffix="json")),
        ("/latest/archive/1.rss", Address(key=LATEST, suffix="rss", page=1)),
        ("/topics/社区/archive/20.atom", Address(key=("topic", "社区"), suffix="atom", page=20)),
        ("/sources/town/archive/9999999.json", Address(key=("source", "town"), suffix="json", page=9999999)),
        ("/topics/archive.rss", Address(key=("topic", "archive"), suffix="rss")),
        ("/topics/archive/archive/1.rss", Address(key=("topic", "archive"), suffix="rss", page=1)),
    ],
)
def test_a_suffix_makes_a_list_or_a_page_of_its_archive_a_feed(path: str, address: Address) -> None:
    assert feed_address(path) == address
    assert address.path == path


@pytest.mark.parametrize(
    "path",
    [
        "/latest.html",
        "/latest",
        "/latest.",
        "/latest.rss.rss",
        "/topics.rss",
        ".rss",
        "",
        "/latest/archive/0.rss",
        "/latest/archive/01.rss",
        "/latest/archive/-1.rss",
        "/latest/archive/1.5.rss",
        "/latest/archive/.rss",
        "/latest/archive/x.rss",
        "/latest/archive/١.rss",
        "/latest/archive/12345678.rss",
        "/latest/archive/1/archive/1.rss",
        "/status/archive/1.rss",
        "/archive/1.rss",
        "/topics/archive/1.rss",
    ],
)
def test_what_names_no_feed_is_told_from_what_does(path: str) -> None:
    assert feed_address(path) is None


def test_a_document_stands_at_its_list_or_at_a_page_of_it() -> None:
    assert document_path(LATEST, None) == "/latest"
    assert document_path(("topic", "社区"), 3) == "/topics/社区/archive/3"


KEYS = st.sampled_from([LATEST]) | st.tuples(
    st.sampled_from(["topic", "source"]), st.text(st.characters(exclude_characters="/"))
)


@given(KEYS, st.sampled_from(sorted(FORMATS)), st.none() | st.integers(1, 9_999_999))
def test_every_address_leads_back_to_itself(key: ListKey, suffix: str, page: int | None) -> None:
    address = Address(key=key, suffix=suffix, page=page)
    assert feed_address(address.path) == address


@given(st.text())
def test_no_path_however_strange_is_an_error(path: str) -> None:
    for spelled in (path, f"/topics/{path}.rss", f"/latest/archive/{path}.rss"):
        found = feed_address(spelled)
        assert found is None or found.path == spelled


def test_guessed_paths_lead_to_feeds_in_the_format_that_is_looked_for() -> None:
    for guess, target in GUESSED.items():
        address = feed_address(target)
        assert address is not None
        assert address.key == LATEST
        assert feed_address(guess) is None
        wanted = next((name for name in ("atom", "json") if name in guess), "rss")
        assert address.suffix == wanted
