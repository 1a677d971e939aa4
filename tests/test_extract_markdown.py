from datetime import UTC, datetime

import pytest

from feedsvc.extract import markdown
from feedsvc.extract.reading import Reading
from feedsvc.model import Document

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(file: str, url: str | None = None) -> Reading:
    document = Document(
        source="s", key="k", media_type="text/markdown", content=b"", location="note.md", url=url
    )
    found = markdown.read(file, document, NOW)
    assert isinstance(found, Reading)
    return found


def test_the_first_heading_is_the_title_and_not_repeated() -> None:
    found = read("The *old*\nmill `x`\n===\n\nText.\n\n# Second\n")
    assert found.title == "The old mill x"
    assert found.body.text == "Text.\n\nSecond"


def test_another_heading_than_the_title_stays() -> None:
    assert "Overview" in read("---\ntitle: Mill\n---\n# Overview\n\nText.").body.text


def test_a_date_that_cannot_be_read_is_a_problem() -> None:
    found = read("---\ndate: some day\n---\nText.")
    assert found.published == ()
    assert found.problems == ("date 'some day' is not understood",)


def test_toml_dates_are_dates() -> None:
    found = read("+++\ndate = 2024-01-02T03:04:05Z\nupdated = 2024-01-03\n+++\nText.")
    assert found.published[0].when == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert len(found.updated) == 1


def test_links_are_absolute_or_gone() -> None:
    file = "[a](/x) [b](#y) <a href=javascript:x>c</a> [d](mailto:a@example.org) ![e](e.png) [f](https://example.org/ü)"
    html = read(file, url="https://example.org/docs/note").body.html
    assert html == (
        '<p><a href="https://example.org/x">a</a> b c <a href="mailto:a@example.org">d</a> '
        '<img src="https://example.org/docs/e.png" alt="e"> <a href="https://example.org/%C3%BC">f</a></p>'
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x" * 500_001, "500,000 characters"),
        ("x\n" * 15_001, "15,000 lines"),
        ("![" * 12_001, "12,000 brackets"),
        ("_a_ " * 30_001, "60,000 marks"),
        ("|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|x\n" * 200, "20,000 table cells"),
        ("> |a" + "|a" * 100 + "|\n> |-" + "|-" * 100 + "|\n" + "> |x\n" * 200, "20,000 table cells"),
    ],
)
def test_what_would_take_the_parser_long_is_read_as_plain_text(body: str, words: str) -> None:
    found = read(f"---\ntitle: Mill\n---\n{body}\n\n\n\nThe <b>end</b>.\n")
    assert words in found.problems[0]
    assert found.title == "Mill"
    assert found.body.text.endswith("\n\nThe <b>end</b>.")
    assert found.body.html.endswith("<p>The &lt;b&gt;end&lt;/b&gt;.</p>")


def test_a_large_table_is_a_table() -> None:
    found = read("|a|b|\n|-|-|\n" + "|1|2|\n" * 1000 + "\nText.")
    assert found.problems == ()
    assert found.body.html.count("<tr>") == 1001


def test_code_keeps_its_lines() -> None:
    found = read("```\na = 1\n\n  b = 2\n```\n\nText.")
    assert found.body.text == "a = 1\n\n  b = 2\n\nText."
    assert "<pre><code>" in found.body.html


def test_a_byline_below_the_heading_dates_a_document_without_front_matter() -> None:
    found = read("# A walk\n\nBy Ines Farrow, 2024-03-09\n\nThe canal has carried nothing since 1936.\n")
    assert found.authors == ("Ines Farrow",)
    assert [(claim.rung, claim.when) for claim in found.published] == [("byline", datetime(2024, 3, 9))]  # noqa: DTZ001 - a day, in whatever zone
    assert found.body.text == "The canal has carried nothing since 1936."


def test_a_first_paragraph_with_a_date_in_a_sentence_stays_in_the_body() -> None:
    found = read("# A walk\n\nOn 9 March 2024 the canal froze.\n\nIt had not since 1936.\n")
    assert found.published == ()
    assert found.body.text.startswith("On 9 March 2024")
