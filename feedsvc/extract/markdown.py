"""Markdown documents (the one place of markdown-it-py)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from feedsvc import text
from feedsvc.extract import bylines, dates, enclosures, frontmatter, markup, prescan, urls
from feedsvc.extract.bylines import Byline
from feedsvc.extract.frontmatter import FrontMatter, strings
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.extract.urls import Place
from feedsvc.model import Document, Label, Skipped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_NESTING = 30  # lists and quotations within each other
# Half a second of parsing each, and more than people write: a novel's characters, a long manual's lines.
_MOST = {"characters": 500_000, "lines": 15_000, "brackets": 12_000, "marks": 60_000, "table cells": 20_000}
_BRACKETS = "[<"
_MARKS = "*_~`&\\!"
_RULE = " \t\r>|:*+-.)0123456789"  # what the line below a header is made of, in lists and quotations too
_COMMAS = re.compile("[,，;；]")


def read(file: str, document: Document, _now: datetime) -> Reading | Skipped:
    """Read a Markdown document with or without front matter."""
    front = frontmatter.split(file)
    if str(front.first("draft")).casefold() in _TRUE or str(front.first("published")).casefold() in _FALSE:
        return Skipped(key=document.key, reason="draft", expected=True)
    url = urls.absolute(_one(front, "url", "canonical", "canonical_url", "link", "permalink"), document.url)
    title = _one(front, "title")
    place = Place(base=url or document.url, beside=frozenset(document.beside))
    taken_along, refused = enclosures.in_front_matter(front, place.base)
    if much := _too_much(front.body):
        body, byline = _plain(front.body), Byline()
    else:
        title, byline, rendered = _rendered(front.body, title)
        html = markup.readable(rendered)
        if refusal := prescan.refusal(html):
            return Skipped(key=document.key, reason=refusal)
        body = markup.body_of(html, place)
        taken_along = enclosures.distinct((*taken_along, *enclosures.in_html(html, place.base)))
    published, problem = _dates(front)
    return Reading(
        title=title,
        body=_led(body.cleaned(), front, place),
        authors=tuple(_authors(front)) or byline.authors,
        published=(*published, *(Claim(rung="byline", when=when) for when in byline.published)),
        updated=tuple(_moments(front, "updated", "lastmod", "last_modified", "modified")),
        language=_one(front, "language", "lang", "locale"),
        id=_one(front, "id", "guid", "uuid"),
        url=url or document.url,
        summary=_one(front, "summary", "description", "excerpt"),
        labels=tuple(_labels(front)),
        problems=tuple(filter(None, (front.problem, problem, much, *refused))),
        enclosures=taken_along,
        origin="front matter",
        origins=_origins(front, url),
    )


def _origins(front: FrontMatter, url: str | None) -> dict[str, str]:
    """Return where fields stood that front matter does not give."""
    found = {"body": "Markdown"} | ({"url": "front matter"} if url else {})
    title = {} if _one(front, "title") else {"title": "first heading"}
    authors = {} if any(_authors(front)) else {"authors": "first paragraph"}
    return found | title | authors


def _one(front: FrontMatter, *names: str) -> str:
    return next(iter(strings(front.first(*names))), "").strip()


def _led(body: Body, front: FrontMatter, place: Place) -> Body:
    """Return a body with the picture that front matter names as its first."""
    value = front.first("image", "cover", "cover_image", "featured_image", "thumbnail", "images")
    entry = value[0] if isinstance(value, list) else value
    names = (
        [entry.get(key) for key in ("url", "src", "path", "image")] if isinstance(entry, dict) else [entry]
    )
    found = (place.resolve(name) for name in names if isinstance(name, str))
    picture = next(filter(None, found), None)
    return replace(body, images=tuple(dict.fromkeys((picture, *body.images)))) if picture else body


def _authors(front: FrontMatter) -> Iterator[str]:
    for names in strings(front.first("author", "authors", "by")):
        yield from bylines.field(names)


def _labels(front: FrontMatter) -> Iterator[Label]:
    for field in ("topics", "topic", "categories", "category", "tags", "keywords"):
        value = front.first(field)
        for entry in strings(value):
            names = _COMMAS.split(entry) if isinstance(value, str) else (entry,)
            yield from (Label(name=name.strip(), origin="front matter") for name in names if name.strip())


def _moments(front: FrontMatter, *names: str) -> Iterator[datetime]:
    yield from (when for written in strings(front.first(*names)) if (when := dates.parse(written)))


def _dates(front: FrontMatter) -> tuple[tuple[Claim, ...], str | None]:
    """Return the dates that front matter gives, and a problem where one is written that cannot be read."""
    names = ("date", "published", "pubdate", "publishdate", "publish_date", "created")
    claims = tuple(Claim(rung="front matter", when=when) for when in _moments(front, *names))
    written = _one(front, *names)
    return claims, f"date {written[:80]!r} is not understood" if written and not claims else None


def _too_much(body: str) -> str | None:
    """Return what of a document takes the parser too long, or None."""
    counted = (len(body), body.count("\n"), *(sum(map(body.count, marks)) for marks in (_BRACKETS, _MARKS)))
    over = next(
        (name for name, count in zip(_MOST, (*counted, _cells(body)), strict=True) if count > _MOST[name]),
        None,
    )
    return f"read as plain text, more than {_MOST[over]:,} {over}" if over else None


def _cells(body: str) -> int:
    """Return the most cells a document's tables can have: short rows are filled up to the header's."""
    columns = cells = 0
    for line in body.split("\n"):
        if "|" in line and not line.strip(_RULE):
            columns = line.count("|") + 1
        elif not line.strip(" \t>"):
            columns = 0
        cells += columns
    return cells


def _plain(body: str) -> Body:
    paragraphs = ("\n".join(map(str.strip, block.split("\n"))).strip() for block in body.split("\n\n"))
    return Body.plain([paragraph for paragraph in paragraphs if paragraph])


def _rendered(body: str, title: str) -> tuple[str, Byline, str]:
    """Return title, byline and HTML; the heading that is the title and the byline leave the body."""
    parser, env = _parser(), dict[str, Any]()
    tokens = parser.parse(body, env)
    heading = next((index for index, token in enumerate(tokens) if token.type == "heading_open"), None)
    if heading is not None:
        words = _words(tokens[heading + 1])
        if not title or text.fold(words) == text.fold(title):
            title = title or words
            del tokens[heading : heading + 3]
    byline = _byline(tokens)
    if byline:
        del tokens[:3]
    return title, byline, parser.renderer.render(tokens, parser.options, env)


def _byline(tokens: "list[Token]") -> Byline:
    """Return what the first paragraph says if it is a line of its own and no sentence."""
    if not tokens or tokens[0].type != "paragraph_open":
        return Byline()
    return bylines.alone(_words(tokens[1]))


def _words(inline: "Token") -> str:
    return "".join(token.content or (" " if "break" in token.type else "") for token in inline.children or ())


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only Markdown documents need it
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin)
