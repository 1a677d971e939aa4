"""HTML pages: what their heads say, and of their blocks those that are the article."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import (
    assembly,
    blocks,
    boilerplate,
    bylines,
    dates,
    edges,
    flattened,
    lines,
    markup,
    metadata,
    prescan,
    readability,
    region,
    related,
    surroundings,
    titles,
    urls,
    votes,
)
from feedsvc.extract.blocks import Block
from feedsvc.extract.metadata import Metadata, Said
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.extract.surroundings import Surroundings
from feedsvc.model import Document, Label, Skipped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 0.8  # of an article's letters
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
    url = urls.absolute(meta.url.value, document.url) or document.url
    headlines = tuple(related.headlines(tree, url))
    title = titles.choose(meta)
    markup.strip_hidden(tree)
    much = boilerplate.too_much(tree)
    problems = [f"read as plain lines, {much}"] if much else []
    kept, page, origin = ([], [], "") if much else _article(tree, title.value, problems)
    around = surroundings.read(page, kept, title.value)
    body = Body()
    flat = Reading()
    if sum(text.columns(block.text) for block in kept) < _NEAR_EMPTY:
        flat = flattened.read_lines(lines.classify(markup.visible_lines(tree)))
    if kept:
        assembly.cut_out(tree, page, kept)
        body = markup.body(tree, url)
    plain = text.columns(flat.body.text) > text.columns(body.text)
    authors, author_origin = _authors(meta, around)
    return Reading(
        title=title.value or flat.title,
        body=flat.body if plain else body,
        authors=authors or flat.authors,
        published=(*_claims(meta, around), *flat.published),
        updated=(*(when for written in meta.updated if (when := dates.parse(written))), *around.updated),
        language=meta.language.value,
        url=url,
        summary=meta.summary.value,
        labels=tuple(Label(name=name, origin=origin) for name, origin in meta.labels),
        related=headlines or flat.related,
        problems=tuple(problems),
        origin=flat.origin,
        origins={
            "title": title.origin if title.value else flat.origin,
            "authors": author_origin or flat.origin,
            "body": flat.origin if plain else origin,
            "language": meta.language.origin,
            "summary": meta.summary.origin,
            "url": meta.url.origin,
        },
    )


def _article(tree: "HtmlElement", title: str, problems: list[str]) -> tuple[list[Block], list[Block], str]:
    first = _opinion(boilerplate.lines, tree, problems)
    second = _opinion(readability.lines, tree, problems)
    page = blocks.divide(tree)
    written = [block.text for block in page]
    voted = [
        region.Voted(*each)
        for each in zip(page, votes.taken(written, first), votes.taken(written, second), strict=True)
    ]
    kept = edges.trim([each.block for each in region.choose(voted)], title)
    return kept, page, _agreement(voted, kept)


def _agreement(voted: Sequence[region.Voted], kept: Sequence[Block]) -> str:
    """Say whose choice an article's blocks are."""
    chosen = {block.element for block in kept}
    ours = [each for each in voted if each.block.element in chosen]
    letters = sum(len(each.block.text) for each in ours) or 1
    agreed = sum(len(each.block.text) for each in ours if each.votes == region.BOTH)
    first = sum(len(each.block.text) for each in ours if each.first)
    second = sum(len(each.block.text) for each in ours if each.second)
    if agreed > letters * _MOST:
        return "trafilatura and readability agree"
    if max(first, second) < letters * _MOST:
        return "prose of the page"
    return "trafilatura" if first >= second else "readability"


def _opinion(
    extractor: "Callable[[HtmlElement], list[str]]", tree: "HtmlElement", problems: list[str]
) -> list[str]:
    try:
        return extractor(tree)
    except Exception as error:  # noqa: BLE001 - a bug in a library on one page; the other one remains
        name = extractor.__module__.rpartition(".")[2]
        problems.append(f"{name} failed on this page, {type(error).__name__}")
        return []


def _authors(meta: Metadata, around: Surroundings) -> tuple[tuple[str, ...], str]:
    """Return who wrote an article, as the first place says that names people, and that place.

    A field for authors may hold the site's name: what a byline says aloud comes before it.
    """
    places = [
        *_by_origin(meta.authors),
        (around.author_origin, around.authors),
        *_by_origin(meta.credits),
        ("element of the byline", around.called),
        ("source in the byline", (around.source,)),
    ]
    for origin, written in places:
        if names := tuple(name for name in written if name and not titles.is_site(name, meta)):
            return names, origin
    return (), ""


def _by_origin(said: Sequence[Said]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for origin in dict.fromkeys(each.origin for each in said):
        written = [each.value for each in said if each.origin == origin and "://" not in each.value]
        yield origin, tuple(name for value in written for name in bylines.field(value))


def _claims(meta: Metadata, around: Surroundings) -> Iterator[Claim]:
    for said in meta.published:
        if when := dates.parse(said.value):
            yield Claim(rung="metadata", when=when, origin=said.origin)
    yield from around.published
    if not around.published:
        for said in meta.created:
            if when := dates.parse(said.value):
                yield Claim(rung="metadata", when=when, origin=said.origin)
