from typing import Any

import pytest

from feedsvc.extract import enclosures, markdown, page
from feedsvc.extract.frontmatter import FrontMatter
from feedsvc.extract.reading import Reading
from feedsvc.model import Document, Enclosure
from tests.builders import NOON

PROSE = "<p>" + "The mill by the river opened again on Monday after a long winter. " * 5 + "</p>"
BASE = "https://example.org/notes/"


def named(**fields: object) -> tuple[tuple[Enclosure, ...], tuple[str, ...]]:
    return enclosures.in_front_matter(FrontMatter(body="", fields=fields), BASE)


def found(html: str, base: str | None = BASE) -> list[tuple[str, str]]:
    return [(each.url, each.media_type) for each in enclosures.in_html(html, base)]


def test_front_matter_names_addresses_or_tables() -> None:
    table = {"url": "map", "type": "Application/PDF; v=1", "length": "20480", "title": " A  map "}
    taken, problems = named(enclosure="/ice walk.mp3", attachments=["talk.opus", table])
    assert [(each.url, each.media_type) for each in taken[:2]] == [
        ("https://example.org/ice%20walk.mp3", "audio/mpeg"),
        ("https://example.org/notes/talk.opus", "audio/opus"),
    ]
    address = "https://example.org/notes/map"
    assert taken[2] == Enclosure(url=address, media_type="application/pdf", length=20480, title="A map")
    assert problems == ()


def test_an_enclosure_as_wordpress_keeps_it_is_its_first_line() -> None:
    (taken,), _ = named(enclosure="https://example.org/a.m4a\n123\naudio/x-m4a")
    assert (taken.url, taken.media_type) == ("https://example.org/a.m4a", "audio/mp4")


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ("https://example.org/stream", "https://example.org/stream"),
        ("javascript:a.mp3", "javascript:a.mp3"),
        ({"href": "ftp://example.org/a.mp3"}, "ftp://example.org/a.mp3"),
        ({"title": "nothing"}, ""),
        (["a.mp3"], "['a.mp3']"),
        (7, "7"),
    ],
)
def test_what_cannot_be_an_enclosure_is_a_problem(entry: Any, shown: str) -> None:  # noqa: ANN401
    taken, problems = named(enclosures=[entry])
    assert taken == ()
    assert problems == (f"enclosure {shown!r} has no web address or no media type",)


@pytest.mark.parametrize(
    ("length", "bytes_"), [(7, 7), ("-7", 0), ("4 MB", 0), ("٣", 0), ("9" * 30, 0), (None, 0)]
)
def test_a_length_is_a_number_of_bytes_or_not_known(length: object, bytes_: int) -> None:
    (taken,), _ = named(enclosures={"src": "a.mp3", "length": length})
    assert taken.length == bytes_


def test_a_recording_in_several_formats_is_one_enclosure() -> None:
    html = (
        "<audio title=Talk><source src=talk.xyz><source src=talk.ogg><source src=talk.mp3></audio>"
        "<video src='/film' type='video/mp4; codecs=avc1'></video><audio></audio>"
    )
    assert found(html) == [
        ("https://example.org/notes/talk.ogg", "audio/ogg"),
        ("https://example.org/film", "video/mp4"),
    ]
    assert enclosures.in_html(html, BASE)[0].title == "Talk"


def test_a_link_says_that_it_is_an_enclosure() -> None:
    html = "<p>Enclosure</p><a rel='nofollow Enclosure' href=a.pdf title=Map>a</a><a href=b.pdf>b</a>"
    assert found(html) == [("https://example.org/notes/a.pdf", "application/pdf")]
    assert found(html, base=None) == []
    assert found("") == []


def test_there_are_ten_at_most_each_once() -> None:
    links = "".join(f"<a rel=enclosure href={number // 2}.mp3>x</a>" for number in range(40))
    assert [url for url, _ in found(links)] == [f"{BASE}{number}.mp3" for number in range(10)]


def read(html: str) -> Reading:
    document = Document(source="s", key="k", media_type="text/html", content=b"", location="k", url=BASE)
    reading = page.read(html, document, NOON)
    assert isinstance(reading, Reading)
    return reading


def test_a_page_says_what_it_plays_in_its_head_and_a_player_s_page_is_no_recording() -> None:
    head = (
        "<meta property=og:audio content=/talk.mp3><meta property=og:audio:secure_url content=/safe.mp3>"
        "<meta property=og:video content=/player><meta property=og:video:type content=text/html>"
        "<link rel=enclosure href=/map.epub>"
    )
    taken = read(f"<html><head><title>Mill</title>{head}</head><body>{PROSE}</body></html>").enclosures
    assert [each.url for each in taken] == ["https://example.org/map.epub", "https://example.org/safe.mp3"]


def test_a_player_leaves_the_text_and_stays_as_an_enclosure() -> None:
    reading = read(f"<body><article>{PROSE}<audio src=a.mp3>Your browser is old.</audio>{PROSE}</article>")
    assert [each.url for each in reading.enclosures] == [f"{BASE}a.mp3"]
    assert "old" not in reading.body.text


def test_front_matter_comes_before_what_stands_in_markdown() -> None:
    document = Document(source="s", key="k", media_type="text/markdown", content=b"", location="k", url=BASE)
    file = "---\nenclosure: b.mp3\nenclosures: [oops]\n---\nText.\n\n<audio src=a.mp3></audio>\n"
    reading = markdown.read(file, document, NOON)
    assert isinstance(reading, Reading)
    assert [each.url for each in reading.enclosures] == [f"{BASE}b.mp3", f"{BASE}a.mp3"]
    assert reading.problems == ("enclosure 'oops' has no web address or no media type",)
