import time

import pytest

from feedsvc.extract import opml
from feedsvc.listed import Subscription, Subscriptions

OUTLINE = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="2.0"><head><title> My feeds </title></head><body>
<outline text="Sea"><outline text="Boats"><outline type="rss" title="Oars" text="o" xmlUrl="https://osk.example/o?a=1&b=2"/></outline>
<outline type="rss" text="Tides &amp; caf\xe9" xmlURL="HTTPS://Vell.example/feed" htmlUrl="https://vell.example/"/></outline>
<outline text="twice" xmlUrl="https://osk.example/o?a=1&amp;b=2"/><outline text="odd" xmlUrl="file:///etc/hostname"/>
</body></opml>"""


def test_an_outline_names_feeds_in_folders() -> None:
    assert opml.read(OUTLINE.encode("latin-1")) == Subscriptions(
        title="My feeds",
        feeds=(
            Subscription(url="https://osk.example/o?a=1&b=2", title="Oars", folders=("Sea", "Boats")),
            Subscription(url="https://vell.example/feed", title="Tides & café", folders=("Sea",)),
        ),
        problem="1 feeds left out: no address on the web",
    )


@pytest.mark.parametrize(
    ("content", "words", "count"),
    [
        (b"<rss/>", "no OPML", 0),
        (b"\x89PNG\r\n\x1a\n\0", "binary", 0),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "document type", 0),
        (b"<opml>" + b" " * (10 << 20), "more than 10 MiB", 0),
        (b"<opml " + b"a='1' " * 2_000 + b"/>", "attributes", 0),
        (
            b"<opml><body>"
            + b"".join(b'<outline xmlUrl="https://osk.example/%d"/>' % number for number in range(10_001))
            + b"</body></opml>",
            "more than 10,000 feeds",
            10_000,
        ),
    ],
    ids=["rss", "binary", "entities", "long", "attributes", "many"],
)
def test_what_cannot_be_read_is_told(content: bytes, words: str, count: int) -> None:
    found = opml.read(content)
    assert words in found.problem
    assert len(found.feeds) == count


def test_an_outline_that_breaks_off_keeps_what_it_named() -> None:
    assert len(opml.read(OUTLINE.encode("latin-1")[:-60]).feeds) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"<opml><body>" + b'<outline text="x">' * 100_000 + b"</outline>" * 100_000 + b"</body></opml>",
        b"<opml>" + b"<" * 1_000_000,
    ],
    ids=["nested", "brackets"],
)
def test_hostile_outlines_take_no_time(content: bytes) -> None:
    begun = time.process_time()
    assert opml.read(content).feeds == ()
    assert time.process_time() - begun < 12  # watched, on a busy machine; a tenth of a second alone


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://osk.example/a", "http://osk.example/a"),
        ("feed:https://osk.example/a", "https://osk.example/a"),
        ("feed://https://osk.example/a", "https://osk.example/a"),
        (" https://osk.example/feed:1 ", "https://osk.example/feed:1"),
    ],
)
def test_addresses_for_feed_readers_are_addresses_on_the_web(written: str, url: str) -> None:
    outline = f'<opml><body><outline xmlUrl="{written}"/></body></opml>'
    assert [each.url for each in opml.read(outline.encode()).feeds] == [url]
