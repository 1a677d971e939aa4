"""Entries of other feeds as documents: what the feed says is believed, and cleaned like any other page."""

from dataclasses import replace
from datetime import datetime

from feedsvc import text
from feedsvc.extract import markup, prescan
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.extract.urls import Place
from feedsvc.listed import ENTRY_ORIGIN, UPDATED, Entry, decoded
from feedsvc.model import Document, Label, Skipped

_LONGEST = 100_000  # characters of a summary's mark-up


def read(
    written: str, document: Document, _now: datetime, _repeated: frozenset[str] = frozenset()
) -> Reading | Skipped:
    """Read one entry of a feed (`listed.encoded`)."""
    try:
        entry = decoded(written)
    except ValueError as error:
        return Skipped(key=document.key, reason=f"no entry of a feed: {error}")
    body = _body(entry.html, entry.base)
    if isinstance(body, str):
        return Skipped(key=document.key, reason=body)
    summary = _body(entry.summary[:_LONGEST], entry.base)
    claims = (("upstream published", entry.published), (UPDATED, entry.updated))
    return Reading(
        title=entry.title,
        body=_filled(body, entry),
        authors=entry.authors,
        published=tuple(Claim(rung="upstream", when=when, origin=origin) for origin, when in claims if when)[
            :1
        ],
        updated=(entry.updated,) if entry.updated else (),
        language=entry.language,
        url=entry.link or document.url,
        summary="" if isinstance(summary, str) else summary.text,
        labels=tuple(Label(name=name, origin="upstream category") for name in entry.categories),
        enclosures=entry.enclosures,
        origin=ENTRY_ORIGIN,
    )


def told(reading: Reading, document: Document) -> Reading:
    """Return what a page says, completed by the entry of the list that led to it (`document.entry`).

    What a feed says of an entry is believed before its page; a listing's title and date are read off what
    stands around a link, so they only fill in what the page does not say.
    """
    entry = decoded(document.entry)
    when = entry.published or entry.updated
    claims = (Claim(rung="upstream", when=when, origin="list that led here"),) if when else ()
    if document.upstream is None:
        return replace(reading, title=reading.title or entry.title, published=reading.published or claims)
    labels = tuple(Label(name=name, origin="upstream category") for name in entry.categories)
    return replace(
        reading,
        title=entry.title or reading.title,
        authors=entry.authors or reading.authors,
        published=(*claims, *reading.published),
        updated=(*reading.updated, *filter(None, [entry.updated])),
        labels=(*labels, *reading.labels),
        enclosures=reading.enclosures or entry.enclosures,
        url=entry.link or reading.url,
    )


def _body(html: str, base: str | None) -> Body | str:
    """Return an entry's mark-up as a body, or why it is not parsed."""
    readable = markup.readable(html)
    return prescan.refusal(readable) or markup.body_of(readable, Place(base=base))


def _filled(body: Body, entry: Entry) -> Body:
    """Return a body that is not empty: plain text, else the title, where an entry is no more than that."""
    if any(map(str.isalnum, body.text)):
        return body
    written = entry.text or entry.title
    paragraphs = filter(None, map(text.one_line, written.split("\n\n")))
    return replace(Body.plain(list(paragraphs)), images=body.images)
