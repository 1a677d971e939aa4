"""Who wrote an article and when, of all that its page says of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from feedsvc.extract import bylines, dates, titles
from feedsvc.extract.metadata import Metadata, Said
from feedsvc.extract.reading import Claim
from feedsvc.extract.surroundings import Surroundings

_ZONES = timedelta(days=2)  # the same day, written in any two zones, lies within


def authors(meta: Metadata, around: Surroundings) -> tuple[tuple[str, ...], str]:
    """Return who wrote an article, as the first place says that names people, and that place.

    A field for authors may hold the site's name: what a byline says aloud comes before it. A person
    may be of the site's name; whoever only gave the site a part of its name is believed where nobody else is.
    """
    places = (
        (around.author_origin, around.authors),
        *_by_origin(meta.credits),
        ("element of the byline", around.called),
        ("line below a label", around.announced),
        *_by_origin(meta.organisations),
        ("source in the byline", (around.source,)),
    )
    others = [(origin, _told(names, titles.is_site, meta)) for origin, names in places]
    eponyms = [(origin, _told(names, titles.names_site, meta)) for origin, names in places]
    found = (each for each in (*_by_origin(meta.authors), *others, *eponyms) if each[1])
    origin, names = next(found, ("", ()))
    return names, origin


def publisher(meta: Metadata) -> tuple[tuple[str, ...], str]:
    """Return whom a field for authors names although it is the site: organisations write too."""
    said = (*_by_origin(meta.credits), *_by_origin(meta.organisations))
    origin, names = next((each for each in said if each[1]), ("", ()))
    return names, origin


def dated(meta: Metadata, around: Surroundings, order: dates.Order | None = None) -> Iterator[Claim]:
    """Yield the dates of an article; when its page came to be counts only where no line dates the article.

    What readers see dated long before a field says it was published was there before: such fields tell of
    an import or of the page's last build. What they are shown as of the day it was last modified, and not
    as updated then, is published again under that day; the field tells of the first time.
    """
    fields = tuple(_claims(meta.published, order))
    overruled = fields and (_shown_before(fields[0], around) or _published_again(fields[0], meta, around))
    yield from () if overruled else fields
    yield from around.published or _claims(meta.created, order)


def _shown_before(claim: Claim, around: Surroundings) -> bool:
    said, shown = dates.to_utc(claim.when, UTC), _moments(around.shown)
    return bool(shown) and said is not None and all(day < said - _ZONES for day in shown)


def _published_again(claim: Claim, meta: Metadata, around: Surroundings) -> bool:
    """Tell whether all dates that readers see are the day of the last change, and none says so."""
    said, shown = dates.to_utc(claim.when, UTC), _moments(around.shown)
    changed = _moments(filter(None, map(dates.parse, meta.updated)))
    return (
        bool(shown)
        and said is not None
        and not around.updated
        and all(day > said + _ZONES and any(abs(day - each) < _ZONES for each in changed) for day in shown)
    )


def _moments(days: Iterable[datetime]) -> list[datetime]:
    return [moment for day in days if (moment := dates.to_utc(day, UTC))]


def _claims(said: Sequence[Said], order: dates.Order | None) -> Iterator[Claim]:
    for each in said:
        if when := dates.parse(each.value, order):
            yield Claim(rung="metadata", when=when, origin=each.origin)


def _told(names: Iterable[str], refused: Callable[[str, Metadata], bool], meta: Metadata) -> tuple[str, ...]:
    return tuple(name for name in names if name and not refused(name, meta))


def _by_origin(said: Sequence[Said]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for origin in dict.fromkeys(each.origin for each in said):
        written = [each.value for each in said if each.origin == origin and "://" not in each.value]
        yield origin, tuple(name for value in written for name in bylines.field(value))
