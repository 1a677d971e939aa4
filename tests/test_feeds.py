"""What every format must say alike, and what none may lose."""

import json
import locale
import subprocess
import sys
from calendar import timegm
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from time import struct_time
from types import FrameType
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import text
from feedsvc.feeds import FORMATS, Feed, article_line, rfc3339, spell_line, write
from feedsvc.model import Provenance
from tests.builders import NOON, SITE, article, feed, rich, topic

Parsed = Any
"""What feedparser gives, which has no types."""

XML = ("rss", "atom")


@dataclass(frozen=True)
class Item:
    id: str
    title: str
    link: str
    published: str
    updated: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    body: str


def parsed(content: bytes) -> Parsed:
    result = feedparser.parse(BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    assert not result.bozo, result.bozo_exception
    return result


def items(suffix: str, content: bytes) -> list[Item]:
    return json_items(content) if suffix == "json" else [xml_item(each) for each in parsed(content).entries]


def xml_item(entry: Parsed) -> Item:
    return Item(
        id=entry.id,
        title=entry.title,
        link=entry.link,
        published=moment(entry.published_parsed),
        updated=moment(entry.updated_parsed),
        authors=tuple(author.name for author in entry.get("authors", [])),
        categories=tuple(tag.term for tag in entry.get("tags", [])),
        body=entry.content[0].value,
    )


def moment(when: struct_time) -> str:
    return rfc3339(datetime.fromtimestamp(timegm(when), UTC))


def json_items(content: bytes) -> list[Item]:
    return [
        Item(
            id=each["id"],
            title=each["title"],
            link=each["url"],
            published=each["date_published"],
            updated=each["date_modified"],
            authors=tuple(author["name"] for author in each.get("authors", [])),
            categories=tuple(each.get("tags", [])),
            body=each["content_html"],
        )
        for each in json.loads(content)["items"]
    ]


def body_of(suffix: str, content: bytes) -> str:
    return items(suffix, content)[0].body


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_says_the_same_of_every_article_in_the_same_order(suffix: str) -> None:
    articles = (rich(), article(3, authors=("Nora Whitlock",)), article(2, topics=(topic("早市"),)))
    expected = [
        Item(
            id=each.id,
            title=each.title,
            link=SITE.article_link(each),
            published=rfc3339(each.published),
            updated=rfc3339(each.updated),
            authors=each.authors,
            categories=tuple(assignment.name for assignment in each.topics),
            body=each.html,
        )
        for each in articles
    ]
    assert items(suffix, write(suffix, feed(*articles), SITE)) == expected


@pytest.mark.parametrize("suffix", FORMATS)
def test_moments_are_written_to_the_second_in_every_format(suffix: str) -> None:
    stamp = NOON + timedelta(microseconds=123456)
    content = write(suffix, feed(article(published=stamp, updated=stamp)), SITE)
    assert b"123456" not in content
    assert items(suffix, content)[0].updated == "2024-03-04T12:00:00Z"


clean_lines = st.text(st.characters()).map(text.one_line).filter(bool)


@given(title=clean_lines, name=clean_lines)
def test_any_clean_text_can_be_written_in_every_format(title: str, name: str) -> None:
    told = article(title=title, summary=title, topics=(topic(name, "t"),), authors=(name,))
    for suffix in FORMATS:
        content = write(suffix, feed(told, title=title), SITE)
        assert told.id.encode() in content
        if suffix in XML:
            assert not parsed(content).bozo
        else:
            assert json_items(content)[0].title == title


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "html",
    [
        "<p>5 &lt; 6 &amp; ]]&gt; 结束</p>",
        "<p>😀 and 𠮷</p>",
        "<p>a\u00a0b\u3000c</p>",
        "<pre>  keep\n\tthis\n\n  space </pre>",
        "<p>&amp;amp; &amp;lt;b&amp;gt;</p>",
    ],
)
def test_a_body_comes_back_as_it_was(suffix: str, html: str) -> None:
    assert body_of(suffix, write(suffix, feed(article(html=html)), SITE)) == html


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_article_without_a_summary_keeps_its_body(suffix: str) -> None:
    content = write(suffix, feed(article(summary="")), SITE)
    if suffix == "rss":
        assert parsed(content).entries[0].description == article().html
    else:
        assert body_of(suffix, content) == article().html


@pytest.mark.parametrize("suffix", FORMATS)
def test_rendering_twice_gives_the_same_bytes(suffix: str) -> None:
    shown = feed(rich(), article(2))
    assert write(suffix, shown, SITE) == write(suffix, shown, SITE)


PRINT_ALL = """
from feedsvc.feeds import FORMATS, write
from tests.builders import SITE, article, feed, rich
for suffix in FORMATS:
    print(write(suffix, feed(rich(), article(2)), SITE).hex())
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes(environ: dict[str, str]) -> None:
    expected = "".join(f"{write(suffix, feed(rich(), article(2)), SITE).hex()}\n" for suffix in FORMATS)
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PRINT_ALL],
            env={**environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == expected


def test_rendering_leaves_the_locale_of_the_process_alone() -> None:
    def render(number: int) -> None:
        write("rss", feed(article(number)), SITE)
        write("atom", feed(article(number)), SITE)

    before = locale.setlocale(locale.LC_ALL)
    calls: list[str] = []
    with ThreadPoolExecutor(8, initializer=lambda: sys.setprofile(note_setlocale(calls))) as pool:
        list(pool.map(render, range(1, 65)))
    assert calls == []
    assert locale.setlocale(locale.LC_ALL) == before


def note_setlocale(calls: list[str]) -> Callable[[FrameType, str, object], None]:
    """Return a profile function that notes every call of setlocale in its thread."""

    def profile(frame: FrameType, event: str, called: object) -> None:
        name = getattr(called, "__name__", "") if event == "c_call" else frame.f_code.co_name
        if name == "setlocale":
            calls.append(name)

    return profile


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_article_that_cannot_be_written_is_left_out_and_the_rest_stays(
    suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = article(2, title="lone \ud800 surrogate")
    content = write(suffix, feed(article(3), broken, article(1)), SITE)
    assert [item.id for item in items(suffix, content)] == [article(3).id, article(1).id]
    assert broken.id in caplog.text


@pytest.mark.parametrize("suffix", XML)
def test_a_control_character_costs_its_article_only(suffix: str) -> None:
    content = write(suffix, feed(article(2, html="<p>\x00</p>"), article(1)), SITE)
    assert [item.id for item in items(suffix, content)] == [article(1).id]


def test_an_atom_entry_without_a_title_is_left_out() -> None:
    content = write("atom", feed(article(2, title=""), article(1)), SITE)
    assert [item.id for item in items("atom", content)] == [article(1).id]


def test_a_feed_that_cannot_be_written_at_all_says_so() -> None:
    with pytest.raises(ValueError, match="XML"):
        write("rss", feed(article(), title="\x00"), SITE)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_id_of_a_feed_depends_on_site_and_path_alone(suffix: str) -> None:
    assert FORMATS[suffix].media_type in FORMATS[suffix].content_type
    shown = feed(article())
    assert SITE.feed_id(shown) == SITE.feed_id(feed(title="Other", updated=NOON))
    assert SITE.feed_id(shown) != SITE.feed_id(feed(path="/topics/社区"))


def test_links_are_percent_encoded() -> None:
    assert SITE.link("/topics/社区") == "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA"
    assert SITE.link("/topics/a+b") == "https://feeds.example.org/topics/a+b"


def test_an_article_links_to_its_own_address_or_else_to_its_page_here() -> None:
    assert SITE.article_link(rich()) == "https://example.org/a?b=1&c=2"
    page = "https://feeds.example.org/articles/00000000-0000-5000-8000-000000000001"
    assert SITE.article_link(article()) == page


def test_a_line_holds_every_field_that_extract_promises() -> None:
    line = article_line(rich(), "folder/9.txt")
    assert list(line) == [
        "document", "id", "title", "authors", "published", "updated", "published_from", "language", "summary",
        "text", "html", "topics", "related", "images", "enclosures", "url", "problems",
        "provenance",
    ]  # fmt: skip
    assert line["topics"][0] == {
        "slug": "社区",
        "name": "社区",
        "source": "explicit",
        "matched": "front matter",
    }
    assert line["related"] == [
        {"title": "Elsewhere", "url": None},
        {"title": "There", "url": "https://example.org/there"},
    ]


def test_a_line_says_where_each_field_came_from() -> None:
    told = article(provenance=(Provenance(field="title", origin="h1"),))
    assert article_line(told, "1.html")["provenance"] == {"title": "h1"}


def test_a_line_names_the_code_of_a_topic_that_has_one() -> None:
    coded = article(topics=(topic("Politics"),))
    named = article_line(coded, "1.txt")["topics"][0]
    assert "code" not in named


def test_a_line_is_spelled_as_json_in_utf_8() -> None:
    assert json.loads(spell_line({"title": "社区"})) == {"title": "社区"}
    assert "社区".encode() in spell_line({"title": "社区"})


def test_an_empty_feed_says_the_same_moment_always() -> None:
    empty: Feed = feed()
    assert b"<updated>2000-01-01T00:00:00+00:00</updated>" in write("atom", empty, SITE)
    assert b"<lastBuildDate>Sat, 01 Jan 2000 00:00:00 +0000</lastBuildDate>" in write("rss", empty, SITE)
    assert json.loads(write("json", empty, SITE))["items"] == []
