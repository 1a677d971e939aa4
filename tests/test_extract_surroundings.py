from datetime import datetime

import pytest

from feedsvc.extract import authorship, blocks, dates, markup, surroundings
from feedsvc.extract.metadata import Metadata, Said
from feedsvc.extract.surroundings import Surroundings

PROSE = (
    "The mill by the river opened again on Monday after a long winter, and many people came to see it turn."
)
DAY = datetime(2024, 5, 6)  # noqa: DTZ001 - pages name no zone


def around(html: str, title: str = "Mill opens", order: dates.Order | None = None) -> Surroundings:
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    page = blocks.divide(tree)
    return surroundings.read(page, [block for block in page if block.text == PROSE], title, order)


def days(found: Surroundings) -> list[datetime]:
    return [claim.when for claim in found.published]


def test_nothing_stands_around_no_article() -> None:
    assert around("<p>By Ann Lee</p>") == Surroundings()


def test_the_lines_below_a_title_say_who_and_when() -> None:
    found = around(f"<h1>Mill opens</h1><p>By Ann Lee and Bo Roe</p><p>May 6, 2024</p><p>{PROSE}</p>")
    assert found.authors == ("Ann Lee", "Bo Roe")
    assert found.author_origin == "byline 'By Ann Lee and Bo Roe'"
    assert days(found) == [DAY]


def test_a_date_is_no_part_of_a_name() -> None:
    assert around(f"<h1>Mill opens</h1><p>By Ann Lee May 6, 2024</p><p>{PROSE}</p>").authors == ("Ann Lee",)
    line = "By Ann Lee. Medically reviewed by Bo Roe"
    assert around(f"<h1>Mill opens</h1><p>{line}</p><p>{PROSE}</p>").authors == ("Ann Lee",)


def test_the_author_s_element_names_the_author() -> None:
    for element in (
        "<span class='author-name'>Written by Ann Lee, Senior Editor</span>",
        "<a href='/authors/ann-lee/'>Ann Lee</a>",
        "<a rel='author' href='/x'>by Ann Lee</a>",
    ):
        assert around(f"<h1>Mill opens</h1><p>{element}</p><p>{PROSE}</p>").called == ("Ann Lee",)
    for element in (
        "<span class='author'>3 articles</span>",
        "<span class='byline'>By</span>",
        f"<span class='author'>{'Ann ' * 40}</span>",
    ):
        assert around(f"<h1>Mill opens</h1><p>{element}</p><p>{PROSE}</p>").called == ()


def test_when_a_page_was_updated_comes_after_when_it_was_published() -> None:
    page = f"<h1>Mill opens</h1><p>Updated May 7, 2024</p><p>May 6, 2024</p><p>{PROSE}</p>"
    assert days(around(page)) == [DAY, datetime(2024, 5, 7)]  # noqa: DTZ001
    assert around(page).updated == (datetime(2024, 5, 7),)  # noqa: DTZ001


def test_what_a_time_element_says_to_machines_counts_where_people_read_yesterday() -> None:
    page = f"<h1>Mill opens</h1><p><time datetime='2024-05-06'>yesterday</time></p><p>{PROSE}</p>"
    assert days(around(page)) == [DAY]


def test_a_year_of_two_digits_is_read_where_baidu_writes_it() -> None:
    assert days(around(f"<h1>茶厂</h1><p>发布时间：24-05-0610:03</p><p>{PROSE}</p>", "茶厂")) == [DAY]
    assert days(around(f"<h1>茶厂</h1><p>发布时间：24-15-06</p><p>{PROSE}</p>", "茶厂")) == []


@pytest.mark.parametrize("line", ["06.05.24", "Stand: 06.05.24, 10:03 Uhr", "am 06.05.24 - 9.30"])
def test_a_year_of_two_digits_is_read_where_it_stands_alone(line: str) -> None:
    assert days(around(f"<h1>Mill opens</h1><p>{line}</p><p>{PROSE}</p>")) == [DAY]


@pytest.mark.parametrize(
    ("line", "order", "expected"),
    [
        ("5/6/24", "month", [DAY]),
        ("Posted 6/5/24, 10:03 am", "day", [DAY]),
        ("5/6/24", None, []),
        ("5/13/24", None, [DAY.replace(day=13)]),
        ("5/6/24 loaves", "month", []),
    ],
)
def test_strokes_part_such_a_day_too(line: str, order: dates.Order | None, expected: list[datetime]) -> None:
    assert days(around(f"<h1>Mill opens</h1><p>{line}</p><p>{PROSE}</p>", order=order)) == expected


@pytest.mark.parametrize("line", ["Version 06.05.24", "06.05.24 loaves", "1.06.05.24", "6.5.24"])
def test_a_number_with_dots_is_no_day(line: str) -> None:
    assert days(around(f"<h1>Mill opens</h1><p>{line}</p><p>{PROSE}</p>")) == []


def test_a_dateline_dates_an_article() -> None:
    assert days(around(f"<h1>6 May 2024 - Mill opens</h1><p>{PROSE}</p>", "6 May 2024 - Mill opens")) == [DAY]
    assert days(around(f"<h1>(6 May 2024) Mill opens</h1><p>{PROSE}</p>", "(6 May 2024) Mill opens")) == [DAY]
    assert days(around(f"<h1>On 6 May 2024 Mill</h1><p>{PROSE}</p>", "On 6 May 2024 Mill")) == []


def test_a_sentence_and_a_comment_s_stamp_date_nothing() -> None:
    sentence = "The season ends on May 6, 2024 for most of the mills that stand along the river."
    assert days(around(f"<h1>Mill opens</h1><p>{sentence}</p><p>{PROSE}</p>")) == []
    assert days(around(f"<h1>Mill opens</h1><p>{PROSE}</p><p>6 May 2024 at 09:12</p>")) == []


def test_without_its_title_an_article_s_byline_stands_just_above() -> None:
    assert around(f"<p>By Ann Lee</p><p>{PROSE}</p>", "").authors == ("Ann Lee",)


def test_a_byline_comes_before_a_field_and_a_person_before_both() -> None:
    byline = Surroundings(authors=("Ann Lee",), author_origin="byline", called=("Cy Poe",), source="晚报")
    field = Said("Bo Roe", "meta author")
    assert authorship.authors(Metadata(credits=(field,)), byline) == (("Ann Lee",), "byline")
    assert authorship.authors(Metadata(credits=(field,)), Surroundings()) == (("Bo Roe",), "meta author")
    person = Said("Di Moe", "JSON-LD author")
    assert authorship.authors(Metadata(authors=(person,), sites=("Di Moe",)), byline)[0] == ("Di Moe",)
    assert authorship.authors(Metadata(), Surroundings(called=("Cy Poe",)))[0] == ("Cy Poe",)
    assert authorship.authors(Metadata(), Surroundings(source="晚报")) == (("晚报",), "source in the byline")


def test_the_site_and_addresses_are_no_authors() -> None:
    fields = (Said("The Gazette", "meta author"), Said("https://example.org/ann", "meta article:author"))
    meta = Metadata(credits=fields, sites=("The Gazette",))
    assert authorship.authors(meta, Surroundings()) == ((), "")
    assert authorship.publisher(meta) == (("The Gazette",), "meta author")


def test_when_a_page_came_to_be_counts_where_no_line_dates_it() -> None:
    meta = Metadata(created=(Said("2024-05-06", "JSON-LD"), Said("soon", "JSON-LD")))
    assert [claim.when for claim in authorship.dated(meta, Surroundings())] == [DAY]
    dated = around(f"<h1>Mill opens</h1><p>May 5, 2024</p><p>{PROSE}</p>")
    assert [claim.when.day for claim in authorship.dated(meta, dated)] == [5]


def test_a_labelled_date_counts_where_no_line_near_the_title_has_one() -> None:
    label = "<p>Published May 6, 2024</p>"
    body = f"<p>{PROSE}</p>" + "<p>Read on.</p>" * 8
    assert days(around(f"<h1>Mill opens</h1>{body.replace('<p>Read', label + '<p>Read', 1)}")) == [DAY]
    assert days(around(f"{label}<h1>Mill opens</h1>{'<p>Share</p>' * 6}{body}", "")) == [DAY]
    assert days(around(f"<h1>Mill opens</h1><p>May 5, 2024</p>{body}{label}")) == [DAY.replace(day=5)]


def test_a_label_above_a_date_says_what_it_is_though_it_stands_in_the_colophon() -> None:
    colophon = "<p>Voice</p><p>Ann Lee</p><p>Mise en ligne</p><p>6 mai 2024</p>"
    assert days(around(f"<h1>Mill opens</h1><p>{PROSE}</p>{colophon}")) == [DAY]
    assert days(around(f"<h1>Mill opens</h1><p>{PROSE}</p>{'<p>Share</p>' * 3}{colophon}")) == []
    assert days(around(f"<h1>Mill opens</h1><p>{PROSE}</p><h3>Ferry back</h3>{colophon}")) == []


def test_a_title_far_above_its_article_has_its_date_beside_it() -> None:
    page = f"<p>May 6, 2024</p><p>Listen</p><h1>Mill opens</h1>{'<p>An offer</p>' * 50}<p>{PROSE}</p>"
    assert days(around(page)) == [DAY]
    assert days(around(page, "Another title")) == []


def test_a_title_in_a_table_of_contents_is_not_where_an_article_begins() -> None:
    page = f"<h1>Mill opens</h1><p>By Ann Lee</p><h2>Contents</h2><p>Mill opens</p><p>{PROSE}</p>"
    assert around(page).authors == ("Ann Lee",)


def test_who_gave_a_site_a_part_of_its_name_is_believed_where_nobody_else_is() -> None:
    meta = Metadata(
        titles=(Said("How we opened the old mill - Ann Lee's Mills", "title"),),
        sites=("Ann Lee's Mills",),
        credits=(Said("Ann Lee", "meta author"),),
    )
    assert authorship.authors(meta, Surroundings()) == (("Ann Lee",), "meta author")
    assert authorship.authors(meta, Surroundings(called=("Bo Roe",)))[0] == ("Bo Roe",)


def test_a_line_below_a_label_names_the_author() -> None:
    told = around(f"<h1>Mill opens</h1><p>Written by:</p><p>Ann Lee</p><p>{PROSE}</p>")
    assert told.announced == ("Ann Lee",)
    assert authorship.authors(Metadata(), told) == (("Ann Lee",), "line below a label")
    assert around(f"<h1>Mill opens</h1><p>By</p><p>the river it stands</p><p>{PROSE}</p>").announced == ()
    assert around(f"<h1>Mill opens</h1><p>{PROSE}</p><p>Author</p>").announced == ()


@pytest.mark.parametrize(
    "box",
    [
        "<div class='author-bio'><p>Photo</p><h3>Ann Lee</h3><p>She mills.</p></div>",
        "<div id='authorBox'><h3>Ann Lee</h3></div>",
        "<h3>About the author</h3><p>Ann Lee</p>",
        "<h3>Über die Autorin</h3><p>Ann Lee</p>",
    ],
)
def test_a_box_below_an_article_names_its_author(box: str) -> None:
    assert around(f"<h1>Mill opens</h1><p>{PROSE}</p><p>Share</p>{box}").announced == ("Ann Lee",)
    assert around(f"<h1>Mill opens</h1><p>{PROSE}</p>{'<p>More</p>' * 12}{box}").announced == ()


def test_an_organisation_comes_after_a_person_in_the_byline() -> None:
    meta = Metadata(organisations=(Said("Gazette", "JSON-LD author"),))
    assert authorship.authors(meta, Surroundings(called=("Cy Poe",)))[0] == ("Cy Poe",)
    assert authorship.authors(meta, Surroundings(source="晚报")) == (("Gazette",), "JSON-LD author")


def test_what_is_shown_long_before_a_field_says_it_was_published_was_there_before() -> None:
    field = Metadata(published=(Said("2024-08-06", "date"),))
    shown = f"<h1>Mill opens</h1><p>May 6, 2024</p><p>{PROSE}</p>"
    assert [claim.when for claim in authorship.dated(field, around(shown))] == [DAY]
    same = f"<h1>Mill opens</h1><p>May 6, 2024</p><p>Aug. 6, 2024</p><p>{PROSE}</p>"
    assert next(authorship.dated(field, around(same))).rung == "metadata"
    near = Metadata(published=(Said("2024-05-06T23:00:00-05:00", "date"),))
    assert next(authorship.dated(near, around(shown))).rung == "metadata"
    caption = shown.replace("May 6", "The great mill of Harrow Bay as it stood in the rain on May 6")
    assert next(authorship.dated(field, around(caption))).rung == "metadata"


def again(line: str) -> list[str]:
    """Return the rungs that date a page first published on May 6 and last changed on August 6."""
    meta = Metadata(published=(Said("2024-05-06", "date"),), updated=("soon", "2024-08-06T23:30:00-05:00"))
    shown = around(f"<h1>Mill opens</h1>{line}<p>{PROSE}</p>")
    return [claim.rung for claim in authorship.dated(meta, shown)]


def test_what_is_shown_as_of_the_day_of_its_last_change_is_published_again() -> None:
    assert again("<p>By Ann Lee | Aug. 6, 2024</p>") == ["byline"]
    assert again("<p><time datetime='2024-08-06'>Tuesday</time></p>") == ["byline"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "<p>Updated Aug. 6, 2024</p>",
        "<p>UpdatedAug. 6, 2024</p>",
        "<p>Last updated:</p><p>Aug. 6, 2024</p>",
        "<p>Aug. 6, 2024</p><p>May 6, 2024</p>",
        "<p>Aug. 6, 2024May 6, 2024</p>",
        "<p>Aug. 1, 2024</p>",
    ],
)
def test_an_update_and_a_day_that_no_field_knows_are_no_second_publication(line: str) -> None:
    assert again(line)[0] == "metadata"
