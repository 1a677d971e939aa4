"""Markdown documents (the one place of markdown-it-py)."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from feedsvc import text
from feedsvc.extract import bylines, dates, frontmatter, markup, prescan, urls
from feedsvc.extract.bylines import Byline
from feedsvc.extract.frontmatter import FrontMatter, strings
from feedsvc.extract.reading import Claim, Reading
from feedsvc.model import Document, Label, Skipped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TRUE = frozenset({"true", "yes", "on", "1"})
_NESTING = 30  # lists and quotations within each other
_BYLINE = 100  # characters; a longer paragraph with a date in it is prose
_STOPS = (".", "!", "?", "。", "！", "？")
_COMMAS = re.compile("[,，;；]")


def read(file: str, document: Document, _now: datetime) -> Reading | Skipped:
    """Read a Markdown document with or without front matter."""
    front = frontmatter.split(file)
    if str(front.first("draft")).casefold() in _TRUE:
        return Skipped(key=document.key, reason="draft", expected=True)
    url = urls.absolute(_one(front, "url", "canonical", "canonical_url", "link", "permalink"), document.url)
    title, byline, html = _rendered(front.body, _one(front, "title"))
    if refusal := prescan.refusal(html):
        return Skipped(key=document.key, reason=refusal)
    published, problem = _dates(front)
    return Reading(
        title=title,
        body=markup.body_of(html, url or document.url),
        authors=tuple(_authors(front)) or byline.authors,
        published=(*published, *(Claim(rung="byline", when=when) for when in byline.published)),
        updated=tuple(_moments(front, "updated", "lastmod", "last_modified", "modified")),
        language=_one(front, "language", "lang", "locale"),
        id=_one(front, "id", "guid", "uuid"),
        url=url or document.url,
        summary=_one(front, "summary", "description", "excerpt"),
        labels=tuple(_labels(front)),
        problems=tuple(filter(None, (front.problem, problem))),
    )


def _one(front: FrontMatter, *names: str) -> str:
    return next(iter(strings(front.first(*names))), "").strip()


def _authors(front: FrontMatter) -> Iterator[str]:
    for names in strings(front.first("author", "authors", "by")):
        yield from bylines.people(names)


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
    if byline != Byline():
        del tokens[:3]
    return title, byline, parser.renderer.render(tokens, parser.options, env)


def _byline(tokens: "list[Token]") -> Byline:
    """Return what the first paragraph says if it is a line of its own and no sentence."""
    if not tokens or tokens[0].type != "paragraph_open":
        return Byline()
    words = _words(tokens[1])
    return Byline() if len(words) > _BYLINE or words.endswith(_STOPS) else bylines.read(words)


def _words(inline: "Token") -> str:
    return "".join(token.content or (" " if "break" in token.type else "") for token in inline.children or ())


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only Markdown documents need it
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin)
