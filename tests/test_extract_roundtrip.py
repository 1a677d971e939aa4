"""The same page gives the same article in every charset that holds it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.extract import MEDIA_TYPES, charset, extract
from feedsvc.model import Article, Document, Hints

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for path in (*(ROOT / "seeds").rglob("*"), *(ROOT / "tests/extract").iterdir())
    if path.suffix in MEDIA_TYPES
)
GOLD = ROOT.parent / "shared/eval/gold.jsonl"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHARSETS = ("utf-8-sig", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be")
_DECLARED = re.compile(r"(<meta[^>]*charset=[\"']?)[\w-]+", re.IGNORECASE)


def article(content: bytes, media_type: str) -> Article:
    made = Document(source="s", key="k", media_type=media_type, content=content, location="page")
    found = extract(made, Hints(source="s", timezone="Asia/Shanghai"), NOW)
    assert isinstance(found, Article)
    return replace(found, problems=())


def assert_same(page: str, media_type: str, codec: str) -> None:
    held = page.encode(codec, "ignore").decode(codec)
    assert article(held.encode(codec), media_type) == article(held.encode(), media_type)


@pytest.mark.parametrize("codec", CHARSETS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_page_is_the_same_article_in_every_charset(path: Path, codec: str) -> None:
    decoded = charset.decode(path.read_bytes())
    assert decoded is not None
    page = _DECLARED.sub(r"\1", decoded.text)  # a declaration that lies is another matter
    assert_same(page, MEDIA_TYPES[path.suffix], codec)


@pytest.mark.skipif(not GOLD.exists(), reason="the evaluation pages are not part of this repository")
@pytest.mark.parametrize("codec", CHARSETS)
def test_real_chinese_pages_are_the_same_articles_in_every_charset(codec: str) -> None:
    with GOLD.open(encoding="utf-8") as lines:
        pages = [row["id"] for row in map(json.loads, lines) if row["set"] == "zh"]
    for page in pages:
        assert_same((GOLD.parent / f"text/{page}.w3m.txt").read_text("utf-8"), "text/plain", codec)
