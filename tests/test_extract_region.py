from feedsvc.extract import blocks, markup, region
from feedsvc.extract.region import Voted

PROSE = (
    "The mill by the river opened again on Monday after a long winter, and many people came to see it turn."
)


def chosen(html: str, first: str = "", second: str = "", title: str = "") -> list[str]:
    """Return the texts chosen of a page whose extractors took the blocks with these words."""
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    page = blocks.divide(tree)
    voted = [
        Voted(block, bool(first) and first in block.text, bool(second) and second in block.text)
        for block in page
    ]
    return [each.block.text for each in region.choose(voted, title)]


def test_nothing_speaks_for_an_article_in_a_menu() -> None:
    assert chosen("<ul><li>News</li><li>Sport</li></ul>") == []


def test_the_page_s_own_prose_is_found_where_both_extractors_fail() -> None:
    page = f"<nav><p>{PROSE}</p></nav><div><p>{PROSE}</p><p>Short.</p><p>{PROSE}</p></div>"
    assert chosen(page) == [PROSE, PROSE]


def test_what_is_called_a_comment_is_none_of_the_article() -> None:
    page = f"<div><p>{PROSE}</p><div class='comment-list'><p>{PROSE} Indeed.</p></div><p>{PROSE}</p></div>"
    assert chosen(page, "mill") == [PROSE, PROSE]
    assert chosen(page, "mill", "mill") == [PROSE, PROSE + " Indeed.", PROSE]


def test_what_an_element_is_called_does_not_count_where_it_holds_the_article() -> None:
    assert chosen(f"<div class='comments'><p>{PROSE}</p><p>{PROSE}</p></div>", "mill") == [PROSE, PROSE]


def test_what_is_hidden_or_stands_aside_needs_both_votes() -> None:
    hidden = f"<div style='display: none'><p>{PROSE} Hidden.</p></div><aside><p>{PROSE} Aside.</p></aside>"
    assert chosen(f"<div><p>{PROSE}</p>{hidden}<p>{PROSE}</p><p>{PROSE}</p></div>", "mill") == [PROSE] * 3


def test_captions_are_no_text_but_tables_in_figures_are() -> None:
    figures = (
        "<figure><img src='a.jpg'><figcaption>The mill in May</figcaption></figure>"
        "<figure><table><tr><td>The mill</td><td>12</td></tr></table></figure>"
        "<div class='wp-caption'><p>Another mill</p></div>"
    )
    assert chosen(f"<div><p>{PROSE}</p>{figures}<p>{PROSE}</p></div>", "mill", "mill") == [
        PROSE,
        "The mill 12",
        PROSE,
    ]


def test_a_button_and_a_lone_link_need_more_than_one_vote() -> None:
    between = "<div>Read the mill's letter</div><p><a href='/'>More on the mill here</a></p>"
    page = f"<div><p>{PROSE}</p>{between}<p>{PROSE}</p></div>"
    assert chosen(page, "mill") == [PROSE, "More on the mill here", PROSE]
    assert chosen(page, second="mill") == [PROSE, PROSE]


def test_headings_and_quotations_between_prose_belong_to_it() -> None:
    between = "<h2>Later</h2><blockquote><p>Yes.</p></blockquote><h2><a href='/'>Elsewhere in town</a></h2>"
    page = f"<div><h2>First</h2><p>{PROSE}</p>{between}<p>{PROSE}</p><h3>After</h3></div>"
    assert chosen(page, "mill", "mill") == ["First", PROSE, "Later", "Yes.", PROSE]


def test_a_first_paragraph_that_is_set_apart_joins_the_article() -> None:
    lead = "Four mills are worth a detour, and one of them is worth a move; we spent a spring finding out."
    page = f"<div><h1>Mills</h1><p>{lead}</p></div><div>{f'<p>{PROSE}</p>' * 4}</div>"
    assert chosen(page, "mill", "The mill", "mills")[-5:] == [lead, *[PROSE] * 4]
    assert chosen(page, "The mill", "The mill", "mills") == [PROSE] * 4
    assert chosen(page, "mill", "The mill", "another title") == [PROSE] * 4
