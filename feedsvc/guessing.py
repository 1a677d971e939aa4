"""What a source is of which nobody said so: asked and guessed before anything starts, and told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from feedsvc import weburl
from feedsvc.errors import ConfigurationError, FetchError
from feedsvc.extract import guess, opml
from feedsvc.fetch import Answer, Fetcher
from feedsvc.listed import Guess, Subscriptions
from feedsvc.settings import Settings, SourceSection
from feedsvc.text import slug

WEB_KINDS = frozenset({"page", "listing", "sitemap", "feed"})
_OUTLINE = ".opml"
_LONG = 56  # letters of a name made of an address; a slug is cut at 64
_NAME_IT = "what it is cannot be told: name its kind in feedsvc.toml, and it is read once it answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """A configuration that says of every source what it is."""

    settings: Settings
    told: tuple[str, ...] = ()
    """What was guessed, a line a source."""


def guessed(
    settings: Settings,
    fetcher: Callable[[Settings], Fetcher],
    remembered: Callable[[], Mapping[str, str]] = dict,
) -> Guessed:
    """Return the settings with every kind known, and the feeds of outlines (OPML) in their place.

    Asks only for addresses whose kind nobody named. One that does not answer is what it was when it was read
    last: `remembered` tells kinds by the names of sources. Raises ConfigurationError where nothing does.
    """
    outlined, web = outlines(settings), None
    told, sources = list(outlined.told), list[SourceSection]()
    for source in outlined.settings.source:
        if source.kind is not None:
            sources.append(source)
            continue
        web = web or fetcher(settings)
        at = _where(settings, source)
        try:
            answer, found = look(web, source.url, at)
        except ConfigurationError as error:
            kind = remembered().get(source.name)
            if kind not in WEB_KINDS:  # a folder may have had the name
                raise
            told.append(f"{error.__cause__ or error}; it is taken for a {kind}, as before")
            sources.append(replace(source, kind=kind))
            continue
        told += _told(source.url, found)
        sources += _asked(source, answer, found, at)
    return Guessed(settings=replace(settings, source=tuple(_named(sources))), told=tuple(told))


def outlines(settings: Settings) -> Guessed:
    """Return the settings with the feeds of saved outlines in their place; asks nobody."""
    told, sources = list[str](), list[SourceSection]()
    for source in settings.source:
        if Path(source.path).suffix.lower() != _OUTLINE:
            sources.append(source)
            continue
        at = _where(settings, source)
        outline = opml.read(_saved(source, at))
        sources += _subscribed(source, outline, at)
        told.append(f"{source.path} is taken for a list of feeds ({len(outline.feeds)})")
        told += [f"  {outline.problem}"] if outline.problem else []
    return Guessed(settings=replace(settings, source=tuple(_named(sources))), told=tuple(told))


def look(web: Fetcher, url: str, at: str = "") -> tuple[Answer, Guess]:
    """Return what a URL answers and what that looks like."""
    try:
        answer = web.get(url)
    except FetchError as error:
        raise ConfigurationError(f"{error}; {_NAME_IT}", where=at) from error
    if answer.content is None:
        raise ConfigurationError(f"{url}: {answer.failure}; {_NAME_IT}", where=at)
    declared = f"{answer.media_type}; charset={answer.charset}" if answer.charset else answer.media_type
    return answer, guess.kind(answer.content, answer.final, declared)


def _told(url: str, found: Guess) -> Iterator[str]:
    """Yield what to say of a guess."""
    yield f"{url} is taken for {found.why}"
    for each in found.feeds[:3]:
        yield f"  it names a feed of its own: {each.url}"


def _asked(source: SourceSection, answer: Answer, found: Guess, at: str) -> list[SourceSection]:
    if found.kind == "opml":
        return _subscribed(source, opml.read(answer.content or b"", answer.charset), at)
    return [replace(source, kind=found.kind)]


def _where(settings: Settings, source: SourceSection) -> str:
    """Return where a source was configured."""
    named = (index for index, each in enumerate(settings.source) if each.name == source.name)
    return settings.where.get(f"source[{next(named, -1)}]", "")


def _saved(source: SourceSection, at: str) -> bytes:
    try:
        return Path(source.path).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{source.path}: {error.strerror}", where=at) from error


def _subscribed(source: SourceSection, outline: Subscriptions, at: str) -> list[SourceSection]:
    """Return the feeds of an outline as sources without names; the outlines they stand in are topics."""
    if not outline.feeds:
        raise ConfigurationError(f"{source.location}: {outline.problem or 'names no feeds'}", where=at)
    return [
        replace(
            source,
            path="",
            url=weburl.key(each.url) or each.url,
            name="",
            kind="feed",
            include=(),
            exclude=(),
            topics=(*source.topics, *each.folders),
        )
        for each in outline.feeds
    ]


def _named(sources: Sequence[SourceSection]) -> Iterator[SourceSection]:
    """Yield the sources, with names for feeds of outlines; those that others ask already are left out."""
    asked = {_address(each) for each in sources if each.name}
    for source in sources:
        if source.name:
            yield source
        elif _address(source) not in asked:
            asked.add(_address(source))
            yield replace(source, name=_name(source.url))


def _address(source: SourceSection) -> str:
    return weburl.canonical(source.url) or source.location


def _name(url: str) -> str:
    """Return a feed's address as a name: ids hang on it, and what a list calls a feed may change.

    The hash tells `/feed` from `/Feed` and `/f-a` from `/f/a`, whatever else the list holds.
    """
    name = slug(url.partition("://")[2])[:_LONG].rstrip("-")
    return f"{name}-{sha256(url.encode()).hexdigest()[:6]}"
