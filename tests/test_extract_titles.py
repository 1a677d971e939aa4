import pytest

from feedsvc.extract import titles
from feedsvc.extract.metadata import Metadata, Said


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mill opens again - The Gazette", "Mill opens again"),
        ("Mill opens again | News | Gazette", "Mill opens again"),
        ("云溪镇新图书馆开馆_云溪在线", "云溪镇新图书馆开馆"),
        ("Gazette - Mill opens again after winter", "Gazette - Mill opens again after winter"),
        ("A - B", "A - B"),
        ("Well-known", "Well-known"),
    ],
)
def test_the_site_s_name_goes(title: str, expected: str) -> None:
    assert titles.without_site(title) == expected


def test_a_missing_title_is_made_from_body_or_file() -> None:
    assert titles.fallback("First words.\nSecond line.", "x.txt") == "First words."
    assert titles.fallback("", "/docs/old-mill.txt") == "old-mill"
    assert titles.fallback("", "") == "Untitled"


def chosen(*told: str, headings: tuple[str, ...] = (), sites: tuple[str, ...] = ()) -> tuple[str, str]:
    origins = ("JSON-LD headline", "og:title", "title")
    said = tuple(Said(value, origin) for value, origin in zip(told, origins, strict=False) if value)
    found = titles.choose(Metadata(titles=said, headings=headings, sites=sites))
    return found.value, found.origin


def test_the_heading_that_the_head_confirms_is_the_title() -> None:
    told = ("", "Mill opens again", "Mill opens again after a long winter | Gazette")
    assert chosen(*told, headings=("Gazette", "Mill opens again after a long winter")) == (
        "Mill opens again after a long winter",
        "h1",
    )


def test_a_related_headline_is_no_title() -> None:
    assert chosen("", "Mill opens again", headings=("Ferry sinks at the quay", "Subscribe")) == (
        "Mill opens again",
        "og:title",
    )


def test_the_site_s_own_name_is_no_title() -> None:
    assert chosen("", "", "Gazette", headings=("Gazette",), sites=("Gazette",)) == ("Gazette", "title")
    told = ("", "", "A week of locks – Slow Trains Only")
    assert chosen(*told, headings=("Slow Trains Only", "A week of locks")) == ("A week of locks", "h1")
    assert (
        chosen("", "Slow Trains Only – A week of locks", sites=("Slow Trains Only",))[0] == "A week of locks"
    )


def test_a_title_is_not_cut_at_a_quotation_mark() -> None:
    title = "老茶厂重新点火：“机器还是原来的机器”"
    assert chosen("", "", f"{title}-柳溪新闻网") == (title, "title")
    assert chosen("", "", f"{title}_柳溪新闻网", headings=(title,)) == (title, "h1")


def test_most_of_the_head_decides_without_a_heading() -> None:
    assert chosen("Ferry back", "Mill opens", "Mill opens") == ("Mill opens", "og:title")
    assert chosen(headings=("Alone ¶",)) == ("Alone", "h1")
    assert chosen() == ("", "")


def test_a_name_in_the_tail_of_the_title_is_the_site_s() -> None:
    meta = Metadata(titles=(Said("停产三年的老茶厂重新点火_柳溪新闻网", "title"),), sites=("The Gazette",))
    assert titles.is_site("柳溪新闻网", meta)
    assert titles.is_site("The gazette", meta)
    assert not titles.is_site("钟一苇", meta)
