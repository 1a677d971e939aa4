"""Who wrote an article and when, of all that its page says of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from feedsvc.extract import bylines, dates, titles
from feedsvc.extract.metadata import Metadata, Said
from feedsvc.extract.reading import Claim
from feedsvc.extract.surroundings import Surroundings


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
        ("source in the byline", (around.source,)),
    )
    others = [(origin, _told(names, titles.is_site, meta)) for origin, names in places]
    eponyms = [(origin, _told(names, titles.names_site, meta)) for origin, names in places]
    found = (each for each in (*_by_origin(meta.authors), *others, *eponyms) if each[1])
    origin, names = next(found, ("", ()))
    return names, origin


def dated(meta: Metadata, around: Surroundings) -> Iterator[Claim]:
    """Yield the dates of an article; when its page came to be counts only where no line dates the article."""
    yield from _claims(meta.published)
    yield from around.published or _claims(meta.created)


def _claims(said: Sequence[Said]) -> Iterator[Claim]:
    for each in said:
        if when := dates.parse(each.value):
            yield Claim(rung="metadata", when=when, origin=each.origin)


def _told(names: Iterable[str], refused: Callable[[str, Metadata], bool], meta: Metadata) -> tuple[str, ...]:
    return tuple(name for name in names if name and not refused(name, meta))


def _by_origin(said: Sequence[Said]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for origin in dict.fromkeys(each.origin for each in said):
        written = [each.value for each in said if each.origin == origin and "://" not in each.value]
        yield origin, tuple(name for value in written for name in bylines.field(value))
