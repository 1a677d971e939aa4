import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import beside


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("lake.png", "lake.png"),
        (" ./lake.PNG ", "lake.PNG"),
        ("page_files/lake%20view.jpeg?v=2#top", "page_files/lake view.jpeg"),
        ("page_files\\lake.gif", "page_files/lake.gif"),
        ("a//b/../lake.webp", "a/lake.webp"),
        ("../images/%E6%B9%96.avif", "../images/湖.avif"),
        ("100%.png", "100%.png"),
        ("", None),
        ("/lake.png", None),
        ("//cdn.example.org/lake.png", None),
        ("%2Fetc/lake.png", None),
        ("https://example.org/lake.png", None),
        ("C:\\lake.png", None),
        ("data:image/png;base64,lake.png", None),
        ("lake.svg", None),
        ("lake.html", None),
        (".git/lake.png", None),
        (".png", None),
        ("lake%00.png", None),
        ("a" * 2_000 + ".png", None),
    ],
)
def test_a_relative_reference_with_a_picture_s_suffix_names_a_path(reference: str, name: str | None) -> None:
    assert beside.named(reference) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("![The lake](lake.png)", "lake.png"),
        ('![The lake](lake.png "as it froze")', "lake.png"),
        ("![The lake](<the lake.png>)", "the lake.png"),
        ("![lake][1]\n\n[1]: img/lake.png", "img/lake.png"),
        (r"![lake](the\_lake.png)", "the_lake.png"),
        ("image: cover/lake.png\n", "cover/lake.png"),
        ("image: the lake.png\n", "lake.png"),
        ("<img src=lake.png>", "lake.png"),
        ("<img src='the lake (2).png'>", "the lake (2).png"),
        ('<img src="A &amp; B.png?x=1">', "A & B.png"),
        ("<img src=x.jpg.webp>", "x.jpg.webp"),
    ],
)
def test_what_may_name_a_picture_is_found_without_reading_the_mark_up(text: str, name: str) -> None:
    assert name in set(beside.references(text))


def test_what_a_text_without_pictures_says_is_no_reference() -> None:
    text = '<img src="https://example.org/lake.png"> lake.pngs and lake.txt'
    assert list(beside.references(text)) == []


def test_references_are_bounded_in_number_and_time() -> None:
    started = time.process_time()
    found = list(beside.references(" ".join(f"({number}.png" for number in range(5_000)) + "(" * 3_000_000))
    assert len(found) == len(set(found)) <= 1_000
    assert time.process_time() - started < 10


@given(st.text())
def test_a_name_leads_nowhere_but_up_in_front(text: str) -> None:
    name = beside.named(f"{text}.png")
    if name is not None:
        parts = name.split("/")
        assert ".." not in parts[parts.count("..") :]
        assert not name.startswith("/")


def test_an_address_says_up_in_a_way_that_no_browser_takes_away() -> None:
    assert beside.spelled("../../a b/湖.png") == "~up/~up/a%20b/%E6%B9%96.png"


def test_only_tags_are_given_another_address() -> None:
    html = (
        '<p>&lt;img src="here/a.png" src="here/</p><img src="here/a.png" alt="here/"><a href="here/b">b</a>'
    )
    moved = html.replace('<img src="here/', '<img src="there/').replace('<a href="here/', '<a href="there/')
    assert beside.readdressed(html, "here/", "there/") == moved


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf", "image/avif"),
        (b"\0\0\0\x20ftypmif1\0\0\0\0miafavis", "image/avif"),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp41avif", None),
        (b"\0\0\0\x1cfreeavif", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b" GIF89a", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(content: bytes, media_type: str | None) -> None:
    assert beside.sniffed(content) == media_type
