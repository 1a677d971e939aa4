"""Pages made to be slow: each is quick, or refused."""

from datetime import UTC, datetime
from time import process_time

import pytest

from feedsvc.extract import extract
from feedsvc.model import Document, Hints
from tests.builders import QUICK

pytestmark = pytest.mark.real_time

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROSE = (
    "<p>The mill by the river opened again on Monday after a long winter, and many people came to see it.</p>"
)


def seconds(html: str) -> float:
    document = Document(
        source="s", key="k", media_type="text/html", content=html.encode(), location="/k.html"
    )
    began = process_time()
    extract(document, Hints(source="s"), NOW)
    return process_time() - began


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        PROSE + "<div>" * 100_000,
        "<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">x</p>",
        "<!--" * 200_000,
        "<" * 1_000_000,
        PROSE * 5 + "<div>" * 500 + PROSE + "</div>" * 500,
        (f"<div class='{'comment ' * 2_000}'>{PROSE}</div>") * 40,
        PROSE * 5 + f"<p>{' ' * 900_000}x</p>" + PROSE,
        f"<div style='{'display: ' * 3_000}'>{PROSE}</div>" * 20,
        f"<title>{' - a' * 20_000}</title><h1>a b</h1>{PROSE * 9}",
        f"<p style='color:red' onclick='x' width=5>{'x' * 50}</p>{PROSE}" * 400,
        f"<table><tr><td>{PROSE}" * 100,
        "<div>" * 400 + PROSE * 5_000,
    ],
    ids=lambda html: html[:20],
)
def test_a_page_made_to_be_slow_is_quick_or_refused(html: str) -> None:
    seconds(PROSE * 9)  # loads the libraries
    assert min(seconds(html) for _ in range(2)) <= QUICK


def test_four_times_the_page_takes_about_four_times_as_long() -> None:
    page = (
        f"{PROSE}<h2>Later</h2><ul><li>one <a href='/x'>two</a></li></ul><div>loose<br><br>text</div>" * 150
    )
    seconds(page)  # loads the libraries
    ratios = []
    for _ in range(5):  # a busy machine spoils a measurement; a square gives 16 each time
        ratios.append(seconds(page * 4) / seconds(page))
        if ratios[-1] < 8:
            break
    assert min(ratios) < 8
