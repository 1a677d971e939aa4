from datetime import datetime

import pytest

from feedsvc.extract import blocks, labelled, markup


def days(lines: list[str], end: int) -> list[datetime]:
    tree = markup.parse("<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>")
    assert tree is not None
    return [claim.when for claim in labelled.claims(blocks.divide(tree), end)]


@pytest.mark.parametrize(
    "line",
    [
        "Published May 6, 2024",
        "Page last modified May 6, 2024",
        "Article updated on May 6, 2024",
        "By Ann Lee ⋅ Miller ⋅ Updated May 6, 2024",
        "Veröffentlicht am 06.05.2024 Dauer: 20 Minuten",
        "Zuletzt aktualisiert: 6. Mai 2024",
        "Опубликовано: 6 мая 2024 г.",
    ],
)
def test_a_label_makes_a_date_the_article_s(line: str) -> None:
    assert days(["The mill turns.", line], 2) == [datetime(2024, 5, 6)]  # noqa: DTZ001 - pages name no zone


@pytest.mark.parametrize(
    "line",
    [
        "Site last updated: May 6, 2024",
        "This page was last edited on May 6, 2024",
        "The report was published May 6, 2024",
        "Published by the council of the mill, May 6, 2024",
        "Publisher May 6, 2024",
        "Published soon",
        "Published May 6, 2024, " + "the mill turns and turns " * 8,
    ],
)
def test_a_sentence_and_a_site_s_label_date_nothing(line: str) -> None:
    assert days([line], 1) == []


def test_a_label_may_stand_in_the_block_above_its_date() -> None:
    assert days(["Publication date:", "May 6, 2024"], 2) == [datetime(2024, 5, 6)]  # noqa: DTZ001 - the same
    assert days(["The mill was published by Ann Lee", "May 6, 2024"], 2) == []


def test_what_is_posted_below_an_article_is_a_comment_and_an_update_comes_last() -> None:
    lines = ["Updated May 7, 2024", "Posted May 6, 2024", "Posted May 9, 2024", "Last updated May 8, 2024"]
    assert [day.day for day in days(lines, 2)] == [6, 7, 8]
    assert [day.day for day in days([*lines, "First published May 5, 2024"], 2)] == [5, 6, 7, 8]


def test_a_label_s_date_says_where_it_stood() -> None:
    tree = markup.parse("<html><body><p>Published May 6, 2024</p></body></html>")
    assert tree is not None
    claim = next(labelled.claims(blocks.divide(tree), 1))
    assert (claim.rung, claim.origin) == ("byline", "label 'Published May 6, 2024'")
