from feedsvc.extract import assembly, blocks, markup, urls

WORDS = "kept"


def cut(html: str) -> str:
    """Return what is left of a page whose blocks with the word "kept" are its article."""
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    page = blocks.divide(tree)
    assembly.cut_out(tree, page, [block for block in page if WORDS in block.text])
    return markup.body(tree, urls.Place(base="https://example.org/")).html


def test_only_the_article_s_blocks_are_left_with_their_structure() -> None:
    html = (
        "<nav>menu</nav><div>kept <b>one</b></div><ul><li>kept</li><li>gone</li></ul><div><p>gone</p></div>"
    )
    assert cut(html) == "<p>kept <b>one</b></p><ul><li>kept</li></ul>"


def test_pictures_around_and_between_the_blocks_stay_with_their_captions() -> None:
    picture = "<figure><img src='/a.jpg' width='800px'><div class='c'>A mill</div></figure>"
    left = (
        '<figure><img src="https://example.org/a.jpg" width="800px"><figcaption>A mill</figcaption></figure>'
    )
    assert cut(f"{picture}<p>kept</p>{picture}<p>kept</p>{picture}") == (
        f"{left}<p>kept</p>{left}<p>kept</p>{left}"
    )


def test_buttons_advertisements_and_teasers_are_no_pictures() -> None:
    for between in (
        "<div><img src='/a.gif' width='16'></div>",
        "<div class='ad'><img src='/a.jpg'></div>",
        "<div><img src='/a.jpg'><p>Another story</p></div>",
        "<div class='spacer'></div>",
    ):
        assert cut(f"<p>kept</p>{between}<p>kept</p>") == "<p>kept</p><p>kept</p>"


def test_a_table_that_lays_out_a_page_goes_and_one_that_holds_figures_stays() -> None:
    layout = (
        "<table><tr><td><p>kept</p><table><tr><td>kept</td><td>2</td></tr></table></td><td></td></tr></table>"
    )
    assert cut(layout) == "<p>kept</p><table><tbody><tr><td>kept</td><td>2</td></tr></tbody></table>"
    held = "<table><tr><td><p>kept</p></td><td><p>kept</p></td></tr></table>"
    assert cut(held).count("<td>") == 2
