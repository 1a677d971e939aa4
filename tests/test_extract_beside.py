"""What articles say of the pictures beside their documents."""

import pytest

from feedsvc.extract import extract
from feedsvc.model import Article, Document, Hints
from tests.builders import NOON

PROSE = "The mill by the river opened again on Monday after a long winter. " * 5


def told(content: str, *beside: str, media_type: str = "text/markdown", url: str | None = None) -> Article:
    document = Document(
        source="town",
        key="notes/lake",
        media_type=media_type,
        content=content.encode(),
        location="notes/lake",
        url=url,
        beside=beside,
    )
    article = extract(document, Hints(source="town"), NOON)
    assert isinstance(article, Article)
    return article


def here(article: Article) -> str:
    return f"/articles/{article.id.removeprefix('urn:uuid:')}/files/"


def test_pictures_beside_are_shown_linked_and_named_others_are_dropped() -> None:
    file = '![A lake](<./the lake.png> "Ice") [map](map%20(2).jpg) ![gone](gone.png) [note](note.md) text'
    article = told(file, "map (2).jpg", "the lake.png", "unused.png")
    assert article.html == (
        f'<p><img src="{here(article)}the%20lake.png" alt="A lake" title="Ice"> '
        f'<a href="{here(article)}map%20%282%29.jpg">map</a>  note text</p>'
    )
    assert article.files == ("map (2).jpg", "the lake.png")
    assert article.images == (f"{here(article)}the%20lake.png",)


def test_an_id_of_its_own_is_where_its_pictures_are() -> None:
    plain, own = (told(f"---\n{front}\n---\n![a](a.png) text", "a.png") for front in ("x: 1", "id: mine"))
    assert plain.id != own.id
    assert f'src="{here(own)}a.png"' in own.html


def test_a_saved_page_shows_its_own_copy_and_the_web_s_where_it_has_none() -> None:
    page = (
        '<html><head><title>Lake</title><link rel="canonical" href="https://example.org/lake">'
        '<meta property="og:image" content="https://example.org/lead.jpg"></head><body><article><h1>Lake</h1>'
        f'<p>{PROSE}</p><figure><img alt="Ice" src="./lake_files/ice.jpg">'
        f"<figcaption>Ice</figcaption></figure><p>{PROSE}</p>"
        f'<p><img src="other/sun.jpg"></p><p>{PROSE}</p></article></body></html>'
    )
    article = told(page, "lake_files/ice.jpg", media_type="text/html")
    ice = f"{here(article)}lake_files/ice.jpg"
    assert f'<figure><img src="{ice}" alt="Ice"><figcaption>Ice</figcaption></figure>' in article.html
    assert article.images == ("https://example.org/lead.jpg", ice, "https://example.org/other/sun.jpg")
    assert article.files == ("lake_files/ice.jpg",)


@pytest.mark.parametrize(
    "front",
    [
        "image: ../img/a.png",
        "cover: {image: ../img/a.png}",
        "images: [{src: ../img/a.png}, b.png]",
        "images: [../img/a.png]",
    ],
)
def test_front_matter_names_the_picture_that_leads(front: str) -> None:
    article = told(f"---\n{front}\n---\n![b](b.png) text", "../img/a.png", "b.png")
    assert article.images == (f"{here(article)}~up/img/a.png", f"{here(article)}b.png")
    assert article.files == ("../img/a.png", "b.png")


def test_front_matter_that_names_no_picture_leads_with_none() -> None:
    assert told("---\nimage: {alt: x}\n---\ntext", "a.png").images == ()
    assert told("---\ncover: 7\n---\ntext").images == ()


def test_no_document_can_name_the_place_that_stands_for_its_pictures() -> None:
    file = "![x](https://beside.invalid/a.png) [y](https://beside.invalid/a.png) text"
    article = told(f"{file} https://beside.invalid/a.png", "a.png", url="https://example.org/")
    assert article.files == article.images == ()
    assert "href" not in article.html
    assert "https://beside.invalid/a.png" in article.html  # a text keeps its words
