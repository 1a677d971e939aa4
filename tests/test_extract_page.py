from datetime import UTC, datetime

import pytest

from feedsvc.extract import boilerplate, markup, page
from feedsvc.extract.reading import Reading
from feedsvc.model import Document, Skipped

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = "<p>" + "The mill by the river opened again on Monday after a long winter. " * 5 + "</p>"


def read(html: str, url: str | None = None) -> Reading:
    document = Document(source="s", key="k", media_type="text/html", content=b"", location="/k.html", url=url)
    found = page.read(html, document, NOW)
    assert isinstance(found, Reading)
    return found


def test_a_page_without_metadata_has_title_and_body() -> None:
    found = read(
        f"<html><head><title>Mill opens again | The Gazette</title></head><body>{BODY}{BODY}</body></html>"
    )
    assert found.title.startswith("Mill opens again")
    assert found.body.text.startswith("The mill by the river")
    assert found.body.html.startswith("<p>")


def test_a_bug_in_a_library_leaves_the_other_one_and_the_page_s_prose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lines(_: object) -> list[str]:
        raise KeyError("h9")

    lines.__module__ = boilerplate.__name__
    monkeypatch.setattr(boilerplate, "lines", lines)
    found = read(f"<title>Mill</title><body><script>var x;</script><h1>Mill</h1>{BODY}")
    assert found.problems == ("boilerplate failed, KeyError",)
    assert found.body.text.startswith("The mill by the river")
    assert "var x" not in found.body.text
    assert found.title


def test_broken_linked_data_is_passed_over() -> None:
    html = (
        "<html><head><script type='application/ld+json'>{oops</script>"
        f"<script type='application/ld+json'>{'[' * 50000}</script>"
        "<script type='application/ld+json'>[[[]], 1, "
        '{"@type": ["Thing", "Article"], "headline": "Mill",'
        ' "author": "Ann Lee", "datePublished": 5}]</script>'
        f"</head><body>{BODY}</body></html>"
    )
    found = read(html)
    assert (found.title, found.authors) == ("Mill", ("Ann Lee",))


def test_linked_data_without_end_is_looked_at_for_a_while_only() -> None:
    many = ",".join('{"a": {}}' for _ in range(500))
    html = (
        f"<html><head><script type='application/ld+json'>[{many}]</script></head><body>{BODY}</body></html>"
    )
    assert read(html).body.text


def test_the_ladder_gets_metadata_then_what_the_page_shows() -> None:
    html = (
        "<html><head><meta property='article:published_time' content='2024-02-03T04:05:06Z'>"
        "<meta name='keywords' content='mill; river'><meta name='news_keywords' content='floods， bridges'>"
        "<script type='application/ld+json'>"
        '{"@type": "Article", "articleSection": "Town", "keywords": "ferry, boats"}</script></head>'
        f"<body><time datetime='2024-02-04'>x</time>{BODY}</body></html>"
    )
    found = read(html)
    assert [claim.rung for claim in found.published] == ["metadata", "byline"]
    assert [(label.name, label.origin) for label in found.labels] == [
        ("Town", "articleSection"),
        *((name, "keywords") for name in ("ferry", "boats", "floods", "bridges")),
        *((name, "meta keywords") for name in ("mill", "river")),
    ]


def test_an_author_may_be_written_as_a_byline() -> None:
    head = "<html><head><meta name='author' content='记者：许山遥 <x@example.org>'></head>"
    assert read(f"{head}<body>{BODY}</body></html>").authors == ("许山遥",)


def test_a_description_is_the_summary() -> None:
    head = "<html><head><meta name='description' content='A mill opens.'></head>"
    assert read(f"{head}<body>{BODY}</body></html>").summary == "A mill opens."


def test_title_and_byline_on_top_of_the_body_are_no_body() -> None:
    html = (
        "<html><body><article><h1>Mill opens again</h1><p>2 November 2023, by Matthias Quill</p>"
        f"{BODY}<h2>Since 3 March 2024</h2>{BODY}</article></body></html>"
    )
    found = read(html)
    assert found.title == "Mill opens again"
    assert found.body.text.startswith("The mill by the river")
    assert "Quill" not in found.body.html
    assert "Since 3 March 2024" in found.body.text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Hello there.</p>" * 25_001, "more than 25,000 elements"),
        ("<div>" * 400 + "<p>Hello there.</p>" * 2000 + "</div>" * 400, "nested too deep"),
        ("<table><tr>" + "<td>cell</td>" * 501 + "</tr></table><p>Hello there.</p>", "more than 500 columns"),
    ],
)
def test_what_would_take_the_library_long_is_read_as_lines(html: str, words: str) -> None:
    found = read(f"<html><body><h1>Mill</h1>{BODY}{html}</body></html>")
    assert words in found.problems[0]
    assert "The mill by the river opened again" in found.body.text


def test_a_long_documentation_page_is_read_as_such() -> None:
    section = f"<h2>Mill</h2>{BODY}<p>See <code>x</code> and <a href='/y'>y</a>.</p><pre><span>a</span></pre>"
    found = read(
        f"<html><body><main>{'<section>' + section * 10 + '</section>'}{section * 2300}</main></body>"
    )
    assert found.problems == ()
    assert found.body.html.count("<h2>") > 2000


def test_a_deep_page_is_read_to_its_end() -> None:
    found = read(
        "<html><body>"
        + "<div>" * 300
        + BODY
        + "</div>" * 300
        + f"{BODY}<p>The end of it all is here, {BODY[3:]}"
    )
    assert "The end of it all" in found.body.text


def test_a_title_without_end_is_cut() -> None:
    found = read(f"<html><body>{BODY}<title>{'a_' * 50_000}")
    assert len(found.title) <= 500


def test_a_control_character_hides_no_tag() -> None:
    document = Document(source="s", key="k", media_type="text/html", content=b"", location="/k.html")
    assert isinstance(page.read("<\x01b>" * 600, document, NOW), Skipped)
    assert read("<&#1;b>" * 600 + BODY).body.text


def test_a_canonical_address_must_be_a_web_address() -> None:
    html = f"<html><head><link rel='canonical' href='javascript:x'></head><body>{BODY}</body></html>"
    assert read(html).url is None
    assert read(html, url="https://example.org/a").url == "https://example.org/a"


def test_a_hostile_page_is_refused() -> None:
    document = Document(source="s", key="k", media_type="text/html", content=b"", location="/k.html")
    assert page.read("<b>" * 600, document, NOW) == Skipped(
        key="k", reason="elements nested more than 512 deep"
    )


def test_linked_data_without_an_article_is_no_metadata() -> None:
    html = f"<html><head><script type='application/ld+json'>{{}}</script></head><body>{BODY}</body></html>"
    assert read(html).published == ()


def test_a_page_of_pictures_has_no_article() -> None:
    tree = markup.parse("<html><body></body></html>")
    assert tree is not None
    assert boilerplate.lines(tree) == []


def test_a_page_that_a_script_renders_is_read_from_its_linked_data() -> None:
    body = (
        "The mill opened again on Monday.\\n\\nMany came to see it turn, and some stayed until the bell rang."
    )
    data = f'{{"@type": "NewsArticle", "articleBody": "{body * 2}"}}'
    script = f"<script type='application/ld+json'>{data}</script>"
    found = read(f"<html><head>{script}</head><body><div id=app></div>")
    assert found.body.text.startswith("The mill opened again on Monday.\n\nMany")
    assert found.origins["body"] == "JSON-LD articleBody"


def test_the_picture_that_leads_an_article_is_its_first() -> None:
    head = "<head><meta property='og:image' content='https://example.org/lead.jpg'></head>"
    page = f"<html>{head}<body>{BODY}<img src='https://example.org/b.jpg'>{BODY}"
    assert read(page).body.images == ("https://example.org/lead.jpg", "https://example.org/b.jpg")
    assert (
        read(f"<html><head><meta property='og:image' content='lead.jpg'></head><body>{BODY}").body.images
        == ()
    )


def test_a_button_without_end_and_text_behind_the_page_s_end_are_read() -> None:
    assert read(f"<body><button>Menu<div>{BODY}{BODY}</div>").body.text.startswith("The mill")
    assert read(f"<html><body><p>Head</p></body></html><div>{BODY}{BODY}</div>").body.text.startswith(
        "The mill"
    )


def test_a_reading_says_whose_choice_its_body_is() -> None:
    told = "".join(
        f"<p>On day {day} of the fair {day * 7} people came to see it turn.</p>" for day in range(9)
    )
    agreed = "trafilatura and readability agree"
    assert read(f"<body><article>{BODY}{told}</article>").origins["body"] == agreed


@pytest.mark.parametrize(
    ("tag", "says"), [("en-US", "month"), ("en-GB", "day"), ("en", ""), ("fr", "day"), ("", "")]
)
def test_a_date_that_could_mean_two_days_is_read_as_the_page_s_language_writes_it(
    tag: str, says: str
) -> None:
    page_of = f"<html lang='{tag}'><body><h1>Mill opens again</h1>%s{BODY}{BODY}</body></html>"
    expected = {"month": {(3, 4)}, "day": {(4, 3)}, "": set()}[says]
    for line in (
        "<p>03/04/2024</p>",
        "<p>Posted on 03/04/2024</p>",
        "<meta name='date' content='03/04/2024'>",
    ):
        found = read(page_of % line)
        assert {(claim.when.month, claim.when.day) for claim in found.published} == expected
    changed = read(page_of % "<meta name='lastmod' content='03/04/2024'>")
    assert {(when.month, when.day) for when in changed.updated} == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", "https://osk.example/dir/x.html"),
        ('<base href="/deep/er/">', "https://osk.example/deep/er/x.html"),
        ('<link rel="canonical" href="/articles/12">', "https://osk.example/dir/x.html"),
        ('<base target="_top"><base href="http://[">', "https://osk.example/dir/x.html"),
    ],
)
def test_links_are_read_from_the_base_that_a_page_names_else_from_where_it_stands(
    head: str, expected: str
) -> None:
    link = '<p>The mill is <a href="x.html">described at length</a> in an older issue of this paper.</p>'
    found = read(
        f"<head>{head}<title>Mill</title></head>{BODY}{link}{BODY}", "https://osk.example/dir/a.html"
    )
    assert f'href="{expected}"' in found.body.html


def test_links_of_a_saved_page_are_read_from_what_it_calls_its_address() -> None:
    link = '<p>The mill is <a href="x.html">described at length</a> in an older issue of this paper.</p>'
    head = '<link rel="canonical" href="https://osk.example/dir/a.html"><title>Mill</title>'
    assert 'href="https://osk.example/dir/x.html"' in read(f"<head>{head}</head>{BODY}{link}{BODY}").body.html
