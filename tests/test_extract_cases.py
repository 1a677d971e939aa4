"""Every file in `extract/` with a `.json` beside it is a case: what the article must say."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.extract import MEDIA_TYPES, extract
from feedsvc.model import Article, Document, Hints

CASES = sorted(path for path in (Path(__file__).parent / "extract").iterdir() if path.suffix != ".json")
REFERENCE = Path(__file__).parents[2] / "shared/seeds/reference.txt"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def article_of(path: Path, expected: dict[str, Any]) -> Article:
    location = expected.get("location", str(path))
    document = Document(
        source="cases",
        key=path.name,
        media_type=MEDIA_TYPES[path.suffix],
        content=path.read_bytes(),
        location=location,
        url=location if "://" in location else None,
    )
    article = extract(document, Hints(source="cases", timezone=expected["timezone"]), NOW)
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_an_article_says_what_its_case_expects(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    article = article_of(path, expected)
    said: dict[str, Any] = {
        "title": article.title,
        "published": article.published.isoformat(),
        "published_from": article.published_from,
        "updated": article.updated.isoformat(),
        "authors": list(article.authors),
        "language": article.language,
        "labels": [label.name for label in article.labels],
        "related": [headline.title for headline in article.related],
        "images": list(article.images),
        "summary": article.summary,
        "text": article.text,
        "url": article.url,
        "paragraphs": article.text.count("\n\n") + 1,
    }
    assert {name: value for name, value in said.items() if name in expected} == {
        name: value for name, value in expected.items() if name in said
    }
    assert article.text.startswith(expected.get("begins", ""))
    assert article.text.endswith(expected.get("ends", ""))
    assert [part for part in expected.get("without", ()) if part in article.text + article.html] == []
    assert [part for part in expected.get("html_with", ()) if part not in article.html] == []
    assert article.problems == ()


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference document is not part of this repository")
def test_the_reference_document_comes_out_exactly() -> None:
    article = article_of(REFERENCE, {"timezone": "Asia/Shanghai"})
    lines = REFERENCE.read_text("utf-8").split("\n")
    assert article.title == lines[2]
    assert (article.published, article.published_from) == (datetime(2022, 4, 20, 16, tzinfo=UTC), "byline")
    assert article.authors == ()
    assert article.text.split("\n\n") == [line.strip() for line in lines[6:13:2]]
    assert [headline.title for headline in article.related] == [
        line.split(". ", 1)[1] for line in lines[-100:]
    ]
    assert article.language == "zh-Hans"
    assert article.summary.endswith("。")
