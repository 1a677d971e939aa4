import pytest

from feedsvc.extract import markup, related

LINKS = (
    "<ul><li><a href='/a'>The weir is mended</a><li><a href='/b'>Hens on the loose</a>"
    "<li><a href='/'>Home</a></ul>"
)


def titles(html: str, base: str | None = "https://example.org/x") -> list[tuple[str, str | None]]:
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    return [(headline.title, headline.url) for headline in related.headlines(tree, base)]


@pytest.mark.parametrize(
    "html",
    [
        f"<h3>Related stories</h3>{LINKS}",
        f"<h2> 相关新闻： </h2><div>{LINKS}</div>",
        f"<div><h4>More on <b>this</b></h4></div>{LINKS}<h4>Most read</h4><a href=/c>Something else</a>",
        f"<section><h3>Related (2)</h3>{LINKS}</section><a href=/c>Something else entirely</a>",
    ],
)
def test_links_below_a_heading_that_says_so_are_related(html: str) -> None:
    assert titles(html) == [
        ("The weir is mended", "https://example.org/a"),
        ("Hens on the loose", "https://example.org/b"),
    ]


@pytest.mark.parametrize(
    "html", [f"<h3>Most read</h3>{LINKS}", f"<p>Related</p>{LINKS}", "<h3>Related</h3><p>Nothing</p>", LINKS]
)
def test_other_links_are_not(html: str) -> None:
    assert titles(html) == []


def test_a_headline_whose_address_is_none_has_none() -> None:
    assert titles("<h3>Related</h3><a href='javascript:x'>The weir is mended</a>") == [
        ("The weir is mended", None)
    ]


def test_a_flood_of_headlines_is_cut() -> None:
    many = "".join(f"<a href='/{number}'>Story number {number}</a>" for number in range(300))
    assert len(titles(f"<h3>Related</h3>{many}")) == 100
    assert len(titles("<h3>Related</h3><p><a href=/a>A story of a kind</a></p>" * 30)) == 5
