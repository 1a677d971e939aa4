"""How well pages are extracted, as floors that may only rise: each is what was reached, rounded down.

F1 of 4-token shingles (in Chinese every ideograph is a token) from the macro means of precision and
recall, as the article-extraction-benchmark counts; F1 of the bag of words, as the Web Content eXtraction
Benchmark does.
"""

import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract import extract
from feedsvc.model import WEAK_RUNGS, Article, Document, Hints
from tests.conftest import beside

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CORPUS = Path(__file__).parent / "corpus"
ZONES = {"en": "UTC", "zh": "Asia/Shanghai", "eu": "Europe/Berlin", "wa": "UTC", "wd": "UTC"}
EVERY = {"en": 3, "zh": 1, "eu": 2, "wa": 5, "wd": 3}
"""Of how many pages of a set one is taken, so that all take less than a minute of one core."""
FLOORS = {
    "en": {"shingles": 0.98, "exact": 0.61},
    "zh": {"shingles": 0.98, "exact": 0.75, "title": 0.95, "date": 1.0, "author": 0.88},
    "wa": {"words": 0.93, "title": 0.86, "date": 0.78, "author": 0.83, "no date": 0.84},
    "wd": {"words": 0.96, "title": 0.64, "no date": 0.88},
    "eu": {"title": 0.76, "date": 0.90, "author": 0.74, "no date": 0.50},
}
"""Of the pages taken, which are not those of the whole set."""
TEXT_FLOORS = {
    ("en", "blocks"): {"shingles": 0.93, "exact": 0.26},
    ("en", "w3m"): {"shingles": 0.92, "exact": 0.22},
    ("zh", "blocks"): {"shingles": 0.94, "exact": 0.45, "title": 1.0, "date": 1.0, "author": 0.88},
    ("zh", "w3m"): {"shingles": 0.98, "exact": 0.45, "title": 0.8, "date": 1.0, "author": 0.76},
}
"""Of all pages, saved as text in two ways; of one Chinese page the body is not in its blocks."""
WORD = re.compile(r"[㐀-鿿豈-﫿]|[^\W㐀-鿿豈-﫿]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    name: str
    content: bytes
    zone: str
    gold: dict[str, Any]
    media_type: str = "text/html"


def folded(written: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", written)).casefold()


def shingles(body: str) -> Counter[tuple[str, ...]]:
    tokens = WORD.findall(body)
    return Counter(tuple(tokens[index : index + 4]) for index in range(max(1, len(tokens) - 3)))


def article_of(page: Page) -> Article | None:
    document = Document(
        source="pages",
        key=page.name,
        media_type=page.media_type,
        content=page.content,
        location=f"/{page.name}",
    )
    article = extract(document, Hints(source="pages", timezone=page.zone), NOW)
    return article if isinstance(article, Article) else None


def day(article: Article | None, zone: str) -> str | None:
    if article is None or article.published_from in WEAK_RUNGS:
        return None
    return article.published.astimezone(ZoneInfo(zone)).date().isoformat()


def measured(page: Page) -> Iterator[tuple[str, float]]:
    """Yield what one page counts for, by the name of the figure."""
    article, gold = article_of(page), page.gold
    if gold.get("body"):
        said = article.text if article else ""
        want, have = shingles(gold["body"]), shingles(said)
        both = (want & have).total()
        yield "precision", both / max(1, have.total())
        yield "recall", both / max(1, want.total())
        yield "exact", float(WORD.findall(said) == WORD.findall(gold["body"]))
        words = [Counter(re.findall(r"\w+", body.lower())) for body in (gold["body"], said)]
        yield "words", 2 * (words[0] & words[1]).total() / max(1, words[0].total() + words[1].total())
    if gold.get("title"):
        yield "title", float(article is not None and folded(article.title) == folded(gold["title"]))
    if gold.get("date") and (page.media_type == "text/html" or gold.get("date_in_text")):
        yield "date", float(day(article, page.zone) == gold["date"])
    elif not gold.get("date") and gold.get("no_date", "date" in gold):
        yield "no date", float(day(article, page.zone) is None)
    if gold.get("authors"):
        authors = {folded(name) for name in article.authors} if article else set()
        yield "author", float(bool(authors & {folded(name) for name in gold["authors"]}))


def score(pages: list[Page]) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        for name, value in measured(page):
            found[name].append(value)
    means = {name: mean(values) for name, values in found.items()}
    if "precision" in means:
        precision, recall = means["precision"], means["recall"]
        means["shingles"] = 2 * precision * recall / (precision + recall)
    return means


def corpus() -> list[Page]:
    pages = []
    for path in sorted(CORPUS.glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        pages.append(Page(name=path.stem, content=path.read_bytes(), zone=gold["timezone"], gold=gold))
    return pages


@pytest.mark.parametrize("page", corpus(), ids=lambda page: page.name)
def test_a_page_of_our_own_comes_out_as_its_gold_says(page: Page) -> None:
    figures = dict(measured(page))
    wrong = {name: figure for name, figure in figures.items() if figure < 1}
    article = article_of(page)
    assert wrong == {}, article and (article.title, article.published, article.authors, article.text)


def golden(folder: Path, group: str, form: str) -> list[dict[str, Any]]:
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:  # never splitlines: bodies hold U+2028
        return [row for row in map(json.loads, lines) if row["set"] == group and form in row["forms"]]


def fallen(pages: list[Page], floors: Mapping[str, float]) -> dict[str, float]:
    figures = score(pages)
    return {name: round(figures[name], 3) for name, floor in floors.items() if figures[name] < floor}


@pytest.mark.parametrize("group", FLOORS)
def test_saved_pages_score_no_less_than_they_did(group: str) -> None:
    folder = beside("eval")
    pages = [
        Page(
            name=row["id"],
            content=gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()),
            zone=ZONES[group],
            gold=row,
        )
        for row in golden(folder, group, "html")[:: EVERY[group]]
    ]
    assert fallen(pages, FLOORS[group]) == {}


@pytest.mark.parametrize(("group", "form"), TEXT_FLOORS)
def test_pages_saved_as_text_score_no_less_than_they_did(group: str, form: str) -> None:
    folder = beside("eval")
    pages = [
        Page(
            name=row["id"],
            content=(folder / "text" / f"{row['id']}.{form}.txt").read_bytes(),
            zone=ZONES[group],
            gold=row,
            media_type="text/plain",
        )
        for row in golden(folder, group, form)
    ]
    assert fallen(pages, TEXT_FLOORS[group, form]) == {}
