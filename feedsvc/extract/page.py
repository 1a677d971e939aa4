"""HTML pages: metadata, the article by trafilatura, the lines of the page where that finds too little."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import (
    boilerplate,
    bylines,
    dates,
    flattened,
    lines,
    markup,
    metadata,
    prescan,
    related,
    titles,
    urls,
)
from feedsvc.extract.boilerplate import Extracted
from feedsvc.extract.metadata import Metadata
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.model import Document, Label, Skipped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEAR_EMPTY = 100  # columns of text; less is a caption or a cookie notice


def read(html: str, document: Document, now: datetime) -> Reading | Skipped:
    """Read an HTML page."""
    written = markup.readable(html)
    if refusal := prescan.refusal(written):
        return Skipped(key=document.key, reason=refusal)
    tree = markup.parse(written)
    if tree is None:
        return Skipped(key=document.key, reason="no text found")
    meta = metadata.read(tree)
    url = urls.absolute(meta.url, document.url) or document.url
    headlines = tuple(related.headlines(tree, url))
    found, problems = _article(tree, now)
    title = meta.title or _title(found, tree)
    body = markup.body_of(found.html, url, partial(_heads, title)) if found else Body()
    page = _flattened(tree) if lines.columns(body.text) < _NEAR_EMPTY else Reading()
    return Reading(
        title=title or page.title,
        body=page.body if lines.columns(page.body.text) > lines.columns(body.text) else body,
        authors=_authors(meta, found) or page.authors,
        published=(*_claims(meta, found), *page.published),
        updated=tuple(when for written in meta.updated if (when := dates.parse(written))),
        language=meta.language,
        url=url,
        summary=meta.summary,
        labels=tuple(Label(name=name, origin=origin) for name, origin in meta.labels),
        related=headlines or page.related,
        problems=problems,
    )


def _article(tree: "HtmlElement", now: datetime) -> tuple[Extracted | None, tuple[str, ...]]:
    if much := boilerplate.too_much(tree):
        return None, (f"read as plain lines, {much}",)
    try:
        return boilerplate.find(tree, now), ()
    except Exception as error:  # noqa: BLE001 - a bug in a library on one page; its lines remain
        return None, (f"read as plain lines, {type(error).__name__} in the HTML extractor",)


def _flattened(tree: "HtmlElement") -> Reading:
    return flattened.read_lines(lines.classify(markup.visible_lines(tree)))


def _heads(title: str, block: "HtmlElement") -> bool:
    """Tell whether a block on top of a body is the title or the byline, which an article holds elsewhere."""
    written = text.one_line(block.text_content())
    if block.tag == "p":
        return bylines.alone(written) != bylines.Byline()
    return text.fold(written) == text.fold(title)


def _title(found: Extracted | None, tree: "HtmlElement") -> str:
    if found and found.title:
        return found.title
    named = next((text.one_line(element.text_content()) for element in tree.iter("h1", "title")), "")
    return titles.without_site(titles.tidy(named))  # cut first: a `<title>` without end is a whole page


def _authors(meta: Metadata, found: Extracted | None) -> tuple[str, ...]:
    names = meta.authors or tuple(found.authors.split(";") if found else ())
    return tuple(name for written in names for name in bylines.field(written))


def _claims(meta: Metadata, found: Extracted | None) -> Iterator[Claim]:
    yield from (
        Claim(rung="metadata", when=when) for written in meta.published if (when := dates.parse(written))
    )
    if found and (when := dates.parse(found.date)):
        yield Claim(rung="byline", when=when)
