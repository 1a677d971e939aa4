from feedsvc.extract import blocks, markup
from feedsvc.extract.blocks import Block


def divided(html: str) -> list[Block]:
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    return blocks.divide(tree)


def told(html: str) -> list[tuple[str, str]]:
    return [(block.tag, block.text) for block in divided(html)]


def test_loose_text_beside_blocks_is_a_block_of_its_own() -> None:
    assert told("<div>One <b>two</b><p>three</p>four <i>five</i></div>") == [
        ("p", "One two"),
        ("p", "three"),
        ("p", "four five"),
    ]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert told("<div>One<br>two<br><br>three</div>") == [("p", "One two"), ("p", "three")]
    assert told("<div><p>a</p><b>One</b><br><br><i>two</i></div>")[1:] == [("p", "One"), ("p", "two")]


def test_the_cells_of_a_row_are_one_block() -> None:
    assert told("<table><tr><td>a</td><td>b</td></tr></table>") == [("tr", "a b")]
    assert told("<table><tr><td><p>a</p></td><td>b</td></tr></table>") == [("p", "a"), ("td", "b")]


def test_code_and_headings_are_whole() -> None:
    assert told("<pre><div>a</div><div>b</div></pre><h2><div>c</div> d</h2>") == [
        ("pre", "ab"),
        ("h2", "c d"),
    ]


def test_links_are_counted_within_and_around_a_block() -> None:
    within, around = divided("<p>One <a href='/'>two</a></p><a href='/'><div>three</div></a>")
    assert (within.linked, around.linked, around.link_share) == (3, 5, 1.0)
    assert around.within("a")
    assert not within.within("a")
