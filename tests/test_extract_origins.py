from datetime import UTC, datetime

from feedsvc.extract import article, page
from feedsvc.extract.charset import Decoded
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.model import Article, Document, Hints

NOW = datetime(2026, 1, 1, tzinfo=UTC)
THEN = datetime(2024, 5, 6, tzinfo=UTC)
BODY = Body.plain(["The ferry runs again from Monday. It had been away for repairs since autumn."])


def origins(reading: Reading, url: str | None = None, language: str | None = None) -> dict[str, str]:
    document = Document(
        source="s", key="k", media_type="text/plain", content=b"", location="/notes.txt", url=url
    )
    decoded = Decoded(text="", charset="utf-8")
    made = article.compose(reading, document, Hints(source="s", language=language), decoded, NOW)
    assert isinstance(made, Article)
    return {known.field: known.origin for known in made.provenance}


def test_a_reader_says_where_its_fields_stood() -> None:
    said = Reading(
        title="Ferry",
        body=BODY,
        authors=("Ann Lee",),
        published=(Claim(rung="byline", when=THEN, origin="byline line 2"),),
        url="https://example.org/ferry",
        summary="A ferry.",
        language="en",
        origin="front matter",
        origins={"title": "h1", "url": "link rel=canonical"},
    )
    assert origins(said) == {
        "title": "h1",
        "authors": "front matter",
        "published": "byline line 2",
        "language": "front matter",
        "body": "front matter",
        "summary": "front matter",
        "url": "link rel=canonical",
    }


def test_what_is_made_up_says_from_what() -> None:
    assert origins(Reading(body=BODY), url="https://example.org/a") == {
        "title": "beginning of the body",
        "published": "first seen",
        "language": "words of the text",
        "body": "document",
        "summary": "beginning of the body",
        "url": "address of the document",
    }


def test_a_page_that_names_no_address_of_its_own_has_its_document_s() -> None:
    for head in ("", "<link rel=canonical href='javascript:x'>"):
        document = Document(
            source="s",
            key="k",
            media_type="text/html",
            content=b"",
            location="/k",
            url="https://osk.example/a",
        )
        html = f"<html><head><title>Ferry</title>{head}</head><body><p>{BODY.text}</p></body></html>"
        said = page.read(html, document, NOW)
        assert isinstance(said, Reading)
        assert origins(said, url="https://osk.example/a")["url"] == "address of the document"


def test_a_title_may_be_the_file_s_name() -> None:
    assert origins(Reading(body=Body(text="\u200b\n7")))["title"] == "name of the file"


def test_a_date_without_more_names_its_rung() -> None:
    assert (
        origins(Reading(body=BODY, published=(Claim(rung="metadata", when=THEN),)))["published"] == "metadata"
    )


def test_a_language_comes_from_who_agrees_with_it() -> None:
    chinese = Body.plain(["渡口周一恢复通航，此前因维修停航半年。"])
    assert origins(Reading(body=BODY), language="en-GB")["language"] == "configuration"
    assert origins(Reading(body=chinese, language="en"), language="fr")["language"] == "script of the text"
    assert "language" not in origins(Reading(body=Body(text="12 34")))
