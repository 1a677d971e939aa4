"""HTML pages: what their heads say, and of their blocks those that are the article."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import (
    assembly,
    authorship,
    choice,
    dates,
    enclosures,
    flattened,
    language,
    lines,
    markup,
    metadata,
    prescan,
    related,
    surroundings,
    titles,
    urls,
)
from feedsvc.extract.choice import Choice
from feedsvc.extract.metadata import Metadata
from feedsvc.extract.reading import Body, Reading
from feedsvc.extract.surroundings import Surroundings
from feedsvc.extract.urls import Place
from feedsvc.model import Document, Label, Skipped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEAR_EMPTY = 100  # columns of text; less is a caption or a cookie notice


def read(
    html: str, document: Document, now: datetime, repeated: frozenset[str] = frozenset()
) -> Reading | Skipped:
    """Read an HTML page."""
    written = markup.readable(html)
    if refusal := prescan.refusal(written):
        return Skipped(key=document.key, reason=refusal)
    tree = markup.parse(written)
    if tree is None:
        return Skipped(key=document.key, reason="no text found")
    meta = metadata.read(tree)
    canonical = urls.absolute(meta.url.value, document.url)
    url = canonical or document.url
    base = urls.base_of(tree, document.url or url)
    taken_along = enclosures.distinct(enclosures.in_tree(tree, base))
    said = Reading(url=url, related=tuple(related.headlines(tree, base)), enclosures=taken_along)
    title = titles.choose(meta)
    markup.strip_hidden(tree)
    chosen = choice.choose(tree, title.value)
    order = language.order_of_dates(_shown(chosen), meta.language.value)
    around = surroundings.read(chosen.page, chosen.kept, title.value, order)
    flat = _flattened(tree, chosen, now, repeated)
    place = Place(base=base, beside=frozenset(document.beside))
    body, origin = _body(tree, chosen, meta, flat, place)
    authors, credited = _authors(meta, around, flat)
    return replace(
        _described(said, meta, around, order),
        title=title.value or flat.title,
        body=body,
        authors=authors,
        published=(*authorship.dated(meta, around, order), *flat.published),
        related=said.related or flat.related,
        problems=chosen.problems,
        origin=flat.origin,
        origins={
            "title": title.origin if title.value else flat.origin,
            "authors": credited,
            "body": origin,
            "language": meta.language.origin,
            "summary": meta.summary.origin,
        }
        | ({"url": meta.url.origin} if canonical else {}),
    )


def _described(said: Reading, meta: Metadata, around: Surroundings, order: dates.Order | None) -> Reading:
    changed = (dates.parse(written, order) for written in meta.updated)
    return replace(
        said,
        updated=(*filter(None, changed), *around.updated),
        language=meta.language.value,
        summary=meta.summary.value,
        labels=tuple(Label(name=name, origin=origin) for name, origin in meta.labels),
    )


def _shown(chosen: Choice) -> str:
    return "\n".join(block.text for block in chosen.kept)


def _authors(meta: Metadata, around: Surroundings, flat: Reading) -> tuple[tuple[str, ...], str]:
    """Return who wrote an article and where that stood: its fields and bylines, its lines, its publisher."""
    told = (authorship.authors(meta, around), (flat.authors, flat.origin), authorship.publisher(meta))
    return next((each for each in told if each[0]), ((), flat.origin))


def _flattened(tree: "HtmlElement", chosen: Choice, now: datetime, repeated: frozenset[str]) -> Reading:
    """Read a page as lines where it gave no article; Chinese ones always, for who is credited in them."""
    shown = _shown(chosen)
    if text.columns(shown) < _NEAR_EMPTY or (language.by_script(shown) or "").startswith("zh"):
        return flattened.read_lines(lines.classify(markup.visible_lines(tree), repeated), now)
    return Reading()


def _body(
    tree: "HtmlElement", chosen: Choice, meta: Metadata, flat: Reading, place: Place
) -> tuple[Body, str]:
    """Return an article's body and where it stood, with the picture that leads it as its first."""
    body, origin = Body(), chosen.origin
    if chosen.kept:
        assembly.cut_out(tree, chosen.page, chosen.kept, chosen.title)
        body = markup.body(tree, place)
    if text.columns(body.text) < _NEAR_EMPTY:
        linked = Body.plain([line.strip() for line in meta.body.split("\n") if line.strip()])
        others = ((body, origin), (linked, "JSON-LD articleBody"), (flat.body, flat.origin))
        body, origin = max(others, key=lambda other: text.columns(other[0].text))
    picture = place.resolve(meta.picture.value)
    images = dict.fromkeys((picture, *body.images) if picture else body.images)
    return replace(body.cleaned(), images=tuple(images)), origin
