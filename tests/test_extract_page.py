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


def test_a_bug_in_the_library_leaves_the_page_s_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("h9")

    monkeypatch.setattr(boilerplate, "find", broken)
    found = read(f"<title>Mill</title><body><script>var x;</script><h1>Mill</h1>{BODY}")
    assert found.problems == ("read as plain lines, KeyError in the HTML extractor",)
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
        "<meta name='keywords' content='mill; river'></head>"
        f"<body><time datetime='2024-02-04'>x</time>{BODY}</body></html>"
    )
    found = read(html)
    assert [claim.rung for claim in found.published] == ["metadata", "metadata", "byline"]
    assert [label.origin for label in found.labels] == ["keywords", "keywords"]


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
    assert boilerplate.find(tree, NOW) is None
