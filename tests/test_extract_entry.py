from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedsvc import listed
from feedsvc.extract import entry
from feedsvc.extract.reading import Claim, Reading
from feedsvc.listed import Entry
from feedsvc.model import Document, Label, Skipped

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FIRST, SECOND = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
ENTRY = Entry(
    key="1",
    title="Ferry resumes",
    link="https://osk.example/a/1",
    html='<p>It <a href="b">does</a>.</p><script>x()</script><img src="c.png">',
    base="https://osk.example/x/",
    summary="<b>Said</b>",
    authors=("Ann Vale",),
    categories=("Boats",),
    published=FIRST,
    updated=SECOND,
    language="en",
)


def reading(said: Entry) -> Reading | Skipped:
    content = listed.encoded(said)
    document = Document(
        source="osk",
        key=said.key,
        media_type=listed.ENTRY,
        content=content,
        location="https://osk.example/feed",
    )
    return entry.read(content.decode(), document, NOW)


def test_an_entry_is_read_as_its_feed_says_and_cleaned() -> None:
    found = reading(ENTRY)
    assert isinstance(found, Reading)
    assert (
        found.body.html
        == '<p>It <a href="https://osk.example/x/b">does</a>.</p><img src="https://osk.example/x/c.png">'
    )
    assert found.body.text == "It does."
    assert found.published == (Claim(rung="upstream", when=FIRST, origin="upstream published"),)
    assert (found.updated, found.summary, found.url) == ((SECOND,), "Said", "https://osk.example/a/1")
    assert found.labels == (Label(name="Boats", origin="upstream category"),)
    assert (found.title, found.authors, found.language) == ("Ferry resumes", ("Ann Vale",), "en")


def test_an_entry_that_only_says_when_it_was_updated_was_published_then() -> None:
    found = reading(replace(ENTRY, published=None))
    assert isinstance(found, Reading)
    assert found.published == (Claim(rung="upstream", when=SECOND, origin="upstream updated"),)
    bare = reading(replace(ENTRY, published=None, updated=None))
    assert isinstance(bare, Reading)
    assert (bare.published, bare.updated) == ((), ())


@pytest.mark.parametrize(
    ("html", "text", "expected"),
    [
        ("", "one < two\n\n\n\nthree", "one < two\n\nthree"),
        ("", "", "Ferry resumes"),
        ("<p> </p>", "", "Ferry resumes"),
        ("<p>4</p>", "x", "4"),
    ],
)
def test_a_body_is_the_mark_up_else_the_text_else_the_title(html: str, text: str, expected: str) -> None:
    found = reading(replace(ENTRY, html=html, text=text))
    assert isinstance(found, Reading)
    assert found.body.text == expected


def test_mark_up_that_would_stall_a_parser_is_refused() -> None:
    refused = reading(replace(ENTRY, html="<div>" * 600))
    assert isinstance(refused, Skipped)
    assert "nested" in refused.reason
    passed = reading(replace(ENTRY, summary="<div>" * 600))
    assert isinstance(passed, Reading)
    assert passed.summary == ""


def test_what_is_no_entry_is_skipped() -> None:
    document = Document(source="osk", key="1", media_type=listed.ENTRY, content=b"{}", location="x")
    refused = entry.read("{}", document, NOW)
    assert isinstance(refused, Skipped)
    assert refused.reason.startswith("no entry of a feed: ")
