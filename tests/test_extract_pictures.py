import pytest

from feedsvc.extract import assembly, blocks, edges, markup, urls
from feedsvc.extract.reading import Body

LEAD = "<figure><img src='/lead.jpg'><figcaption>Ferry, <i class='credit'>A. Lee</i></figcaption></figure>"
TEXT = "<p>kept one</p><p>kept two</p>"


def cut(html: str, title: str = "Ferry") -> Body:
    """Return what is left of a page whose blocks with the word "kept" are its article."""
    tree = markup.parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    page = blocks.divide(tree)
    kept = [block for block in page if "kept" in block.text]
    assembly.cut_out(tree, page, kept, edges.title_above(page, kept, title))
    return markup.body(tree, urls.Place(base="https://example.org/"))


def names(html: str, title: str = "Ferry") -> list[str]:
    return [image.removeprefix("https://example.org/") for image in cut(html, title).images]


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h1>Ferry</h1><p>By Ann Lee</p>{LEAD}{TEXT}</article>",
        f"<article><h1>Ferry</h1><img src='/lead.jpg'>{TEXT}</article>",
        f"<article><h1>Ferry</h1><img src='data:image/gif;base64,R0' data-src='/lead.jpg'>{TEXT}</article>",
        f"<article><h1>Ferry</h1><img data-original='/lead.jpg'>{TEXT}</article>",
        f"<article><h1>Ferry</h1><img src='/blank.gif' data-src='/lead.jpg'>{TEXT}</article>",
        f"<article><h1>Ferry</h1><div><img src='/lead.jpg' width='300'></div>{TEXT}</article>",
        f"<article><h1>Ferry</h1><a href='/full/lead.jpg'><img src='/lead.jpg'></a>{TEXT}</article>",
        f"<h1>Ferry</h1><picture><source srcset='/a.webp'><img src='/lead.jpg'></picture>{TEXT}",
        f"<article><header><h1>Ferry</h1><p>By Ann</p>{LEAD}</header><div>{TEXT}</div></article>",
        f"<article><header><h1>Ferry</h1></header>{LEAD}<div>{TEXT}</div></article>",
        f"<div class='t'>Ferry</div><p>2 May</p><div id='zoom'><p><img src='/lead.jpg'></p>{TEXT}</div>",
        f"<p>Menu</p><div id='zoom'><p><img src='/lead.jpg'></p>{TEXT}</div>",
        f"<div>{TEXT}<p><img src='/lead.jpg'></p></div><p>Editor: Ann Lee</p>",
        f"<article><h1>Ferry</h1>{TEXT}{LEAD}</article>",
    ],
)
def test_a_picture_above_or_below_the_text_is_the_article_s(html: str) -> None:
    found = cut(html)
    assert found.images == ("https://example.org/lead.jpg",)
    assert found.text == "kept one\n\nkept two"
    assert ("Ferry," in found.html) == ("figcaption" in html)


@pytest.mark.parametrize(
    "html",
    [
        f"<div><img src='/logo.png'><h1>Ferry</h1>{TEXT}</div>",
        f"<div><a href='/'><img src='/site.png'></a><p>Menu</p>{TEXT}</div>",
        f"<h1><a href='/'>The Gazette</a></h1><div><img src='/hero.jpg'></div><div>{TEXT}</div>",
        f"<div>{TEXT}</div><img src='/banner.jpg'>",
        f"<div>{TEXT}<p>3 comments</p><img src='/ann.jpg'><p>Nice!</p></div>",
        f"<div>{TEXT}<div id='comments'><img src='/ann.jpg'></div></div>",
        f"<div>{TEXT}<p>扫码关注</p><p><img src='/c.png'></p></div>",
    ],
)
def test_what_stands_above_the_title_or_below_other_words_is_the_page_s(html: str) -> None:
    assert names(html) == []


@pytest.mark.parametrize(
    "between",
    [
        "<div class='byline'><img src='/ann.jpg'>By Ann Lee</div>",
        "<div class='byline'><img src='/ann.jpg' width='96' height='96'></div>",
        "<img class='user-avatar' src='/ann.jpg'>",
        "<img src='/ann.jpg' width='32' height='32'>",
        "<div class='meta'><p><img src='/ann.jpg'></p><p>By Ann Lee</p></div>",
        "<img src='https://secure.gravatar.com/avatar/12?s=96' width='96'>",
        "<div><a href='/staff/ann'><img src='/ann.jpg' width='120'></a></div>",
        "<div class='bdsharebuttonbox'><img src='/wx.png'><img src='/wb.png'></div>",
        "<div class='social-links'><a href='https://t.example/share?u=x'><img src='/t.svg'></a></div>",
        "<ul><li><a href='/n/1'><img src='/1.jpg'></a></li><li><a href='/2'><img src='/2.jpg'></a></li></ul>",
        "<div class='related'><img src='/1.jpg'></div>",
        "<p><img src='/upload/qrcode_258.jpg'></p>",
        "<p><img src='/258.jpg' alt='微信二维码'></p>",
        "<div class='ewm'><img src='/258.jpg'></div>",
        "<div class='print icon'><img src='/p.png'></div>",
        "<div><img src='/arrow.svg?v=2'></div>",
        "<img src='https://met.vgwort.example/na/abc'>",
        "<img src='/?republication-pixel=true&post=1' style='width:1px;height:1px;'>",
        "<img src='https://b.example/g.gif' style='display:inline; width: 1.0px'>",
        "<img src='/g.gif' width='1.0'>",
        "<p><img src='https://count.example/b?x'></p>",
        "<figure><img src='data:image/gif;base64,R0'><figcaption>A</figcaption></figure>",
    ],
)
def test_portraits_buttons_teasers_and_codes_around_a_text_are_the_page_s(between: str) -> None:
    found = cut(f"<article><h1>Ferry</h1>{between}{TEXT}{between}</article>")
    assert found.html == TEXT


def test_within_the_text_a_picture_may_lead_to_a_page() -> None:
    assert names("<p>kept</p><p><a href='/mill'><img src='/mill.jpg'></a></p><p>kept</p>") == ["mill.jpg"]


def test_a_caption_known_by_its_class_is_no_text() -> None:
    photo = "<div class='wp-caption'><img src='/a.jpg'><p class='wp-caption-text'>A mill</p></div>"
    found = cut(f"<h1>Ferry</h1>{photo}{TEXT}")
    assert found.text == "kept one\n\nkept two"
    assert found.html == (
        '<figure><img src="https://example.org/a.jpg"><figcaption>A mill</figcaption></figure>' + TEXT
    )


def test_where_a_title_stood_nothing_is_left() -> None:
    assert cut(f"<ul><li><h1>Ferry</h1></li></ul><div>{TEXT}</div>").html == TEXT


def test_a_title_far_above_is_another_s() -> None:
    far = "".join(f"<p>line {number}</p>" for number in range(15))
    assert names(f"<h1>Ferry</h1>{far}{LEAD}<div>{TEXT}</div>") == []
    assert names(f"<h1>Ferry</h1>{LEAD}<div>{TEXT}</div>") == ["lead.jpg"]
