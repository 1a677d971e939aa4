"""A reading made an article: cleaned, dated, completed."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from feedsvc import beside, text
from feedsvc.extract import bylines, dates, identity, ladder, language, origins, repost, titles, urls
from feedsvc.extract.charset import Decoded
from feedsvc.extract.reading import Body, Claim, Reading
from feedsvc.model import WEAK_RUNGS, Article, Document, Headline, Hints, Label, Skipped, Upstream

_LENGTH = 500_000  # characters: longer than any book's chapter, and parsers refuse nodes of 10 MB
_LABELS = 20  # each may become a topic with feeds of its own; people give an article ten


def compose(
    reading: Reading, document: Document, hints: Hints, decoded: Decoded, now: datetime
) -> Article | Skipped:
    """Return the article of a reading; a reading without text is none."""
    if not any(map(str.isalnum, reading.body.text)):
        return Skipped(key=document.key, reason="no text found")
    body, markup, cut = _bounded(reading.body)
    title = titles.tidy(reading.title)
    zone = ladder.zone_named(hints.timezone)
    labels = _labels(reading)
    dating = ladder.judge(_claims(reading, document), reading.updated, zone, now)
    stale = None if dating.rung in WEAK_RUNGS else repost.problem(body, dating.published)
    id_ = identity.article_id(hints.site_id, document.source, _own_key(reading) or document.key)
    here = beside.files_path(id_)
    completed = origins.Completed(
        title=title or titles.fallback(body, document.location),
        text=body,
        authors=_unique([name for name in reading.authors if not bylines.is_account(name)]),
        language=language.choose(f"{title}\n{body}", reading.language, hints.language),
        url=urls.absolute(reading.url or document.url),
    )
    return Article(
        id=id_,
        source=document.source,
        key=document.key,
        title=completed.title,
        text=body,
        html=beside.readdressed(markup, urls.BESIDE, here),
        summary=text.summarise(reading.summary or body),
        published=dating.published,
        published_from=dating.rung,
        updated=dating.updated,
        authors=completed.authors,
        language=completed.language,
        labels=labels[:_LABELS],
        related=_related(reading),
        images=tuple(_placed(image, here) for image in reading.body.images),
        files=tuple(_shown(document.beside, markup, reading.body.images)),
        enclosures=reading.enclosures,
        upstream=_sourced(document.upstream, dating.updated),
        url=completed.url,
        problems=_unique(
            (
                *_lost(decoded),
                *reading.problems,
                *cut,
                *dating.problems,
                *_left_out(labels),
                *filter(None, [stale]),
            )
        ),
        provenance=origins.told(completed, reading, dating, hints),
    )


def _sourced(upstream: Upstream | None, updated: datetime) -> Upstream | None:
    """Return the feed that an article is from; it changed no earlier than its entry.

    Not when it changed last: an entry that is read anew would not be equal.
    """
    return replace(upstream, updated=updated) if upstream else None


def _bounded(body: Body) -> tuple[str, str, list[str]]:
    """Return text and HTML that a feed can carry, and a problem where that is not all of a body."""
    written = body.text.strip()
    if len(written) <= _LENGTH and len(body.html) <= _LENGTH * 3:
        return written, body.html, []
    taken = written[:_LENGTH].rstrip()
    problem = f"the first {_LENGTH:,} of {len(written):,} characters were taken"
    return taken, Body.plain(taken.split("\n\n")).html, [problem]


def _placed(image: str, here: str) -> str:
    return here + image.removeprefix(urls.BESIDE) if image.startswith(urls.BESIDE) else image


def _shown(names: Iterable[str], markup: str, images: Sequence[str]) -> Iterator[str]:
    """Yield the pictures beside a document that its article shows or links to."""
    for name in names:
        address = urls.BESIDE + beside.spelled(name)
        if address in images or any(f'{opening}{address}"' in markup for opening in beside.OPENINGS):
            yield name


def _own_key(reading: Reading) -> str:
    """Return the id that a document gives itself as a key that is no document's path."""
    return f"\0{reading.id}" if reading.id else ""


def _claims(reading: Reading, document: Document) -> Iterator[Claim]:
    """Yield all that dates a document: what it says itself, its address or file name, its file time."""
    yield from reading.published
    address = reading.url or document.url or posixpath.basename(document.location.rstrip("/"))
    if when := dates.in_url(address):
        yield Claim(rung="url", when=when)
    if document.modified:
        yield Claim(rung="file time", when=document.modified)


def _labels(reading: Reading) -> tuple[Label, ...]:
    """Return the labels cleaned, each name once, under the origin it stood in first."""
    found: dict[str, Label] = {}
    for label in reading.labels:
        if name := text.one_line(label.name):
            found.setdefault(name, Label(name=name, origin=label.origin))
    return tuple(found.values())


def _left_out(labels: Sequence[Label]) -> list[str]:
    return [f"of {len(labels):,} labels the first {_LABELS} were taken"] if len(labels) > _LABELS else []


def _related(reading: Reading) -> tuple[Headline, ...]:
    """Return the headlines cleaned, each once; most pages give them so."""
    given = [headline.title for headline in reading.related]
    if len(set(given)) == len(given) and "" not in given and text.are_lines(given):
        return reading.related
    cleaned = [
        Headline(title=text.one_line(headline.title), url=headline.url) for headline in reading.related
    ]
    return tuple(dict.fromkeys(headline for headline in cleaned if headline.title))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for name in names if (line := text.one_line(name))))


def _lost(decoded: Decoded) -> list[str]:
    if not decoded.lost:
        return []
    return [
        f"{decoded.lost} {'place' if decoded.lost == 1 else 'places'} could not be read as {decoded.charset}"
    ]
