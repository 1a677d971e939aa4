"""What the sections of a configuration become: sources with what is known of them, and topics."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from feedsvc.errors import ConfigurationError
from feedsvc.extract import MEDIA_TYPES, feed, listing, sitemap
from feedsvc.fetch import build as fetcher
from feedsvc.ingest import Intake
from feedsvc.model import Hints
from feedsvc.settings import Settings, SourceSection, TopicSection, duration
from feedsvc.sources import Feed, Folder, Listing, Page, Sitemap, Source, Web
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse


def intakes(settings: Settings, web: Web | None = None) -> list[Intake]:
    """Return the configured sources; those on the web ask through `web`."""
    asks = web or fetcher(settings)
    return [intake(settings, source, asks) for source in settings.source]


def folders(intakes: Iterable[Intake]) -> list[Folder]:
    """Return the sources that are folders."""
    return [each.source for each in intakes if isinstance(each.source, Folder)]


def interval_of(settings: Settings, source: SourceSection) -> timedelta:
    """Return how often a source is looked at."""
    return duration(source.interval or settings.ingest.interval)


def topics(settings: Settings) -> Topics:
    """Return the topics of a configuration; a rule that does not parse says where it stands."""
    rules = tuple(_rule(settings, index, topic) for index, topic in enumerate(settings.topic))
    return Topics(
        rules=rules,
        origins=frozenset(settings.topics.sources),
        language=settings.site.language,
        min_docs=settings.topics.min_docs,
    )


def now() -> datetime:
    """Return the moment, aware and in UTC."""
    return datetime.now(UTC)


def _rule(settings: Settings, index: int, topic: TopicSection) -> TopicRule:
    where = settings.where.get(f"topic[{index}].match", "")
    match = parse(topic.match, where=where) if topic.match else None
    return TopicRule(
        slug=slug(topic.slug or topic.name),
        name=topic.name or topic.slug,
        match=match,
        aliases=tuple(map(slug, topic.aliases)),
        hide=topic.hide,
        merge_into=topic.merge_into,
    )


def intake(settings: Settings, source: SourceSection, web: Web) -> Intake:
    """Return one source with what the configuration says of it."""
    hints = Hints(
        source=source.name,
        site_id=settings.site.id,
        timezone=source.timezone or settings.site.timezone,
        language=source.language,
    )
    return Intake(
        source=OPENERS[source.known_kind](settings, source, web),
        hints=hints,
        interval=interval_of(settings, source),
        topics=source.topics,
        remote=bool(source.url),
    )


def _folder(settings: Settings, source: SourceSection, _web: Web) -> Folder:
    """Return a folder source; a wrong pattern is told with its line."""
    path = Path(source.path)
    try:
        return Folder(
            name=source.name,
            path=path,
            media_types=MEDIA_TYPES,
            include=source.include,
            exclude=source.exclude,
        )
    except ConfigurationError as error:
        index = settings.source.index(source)
        keys = [f"source[{index}].{key}" for key in ("include", "exclude")]
        where = next((settings.where[key] for key in keys if key in settings.where), "")
        raise ConfigurationError(str(error), where=where) from error


def _page(_settings: Settings, source: SourceSection, web: Web) -> Page:
    return Page(name=source.name, url=source.url, web=web)


def _listing(settings: Settings, source: SourceSection, web: Web) -> Listing:
    """Return a listing source; a selector that is none is told with its line."""
    if source.items and (problem := listing.selector_problem(source.items)):
        where = settings.where.get(f"source[{settings.source.index(source)}].items", "")
        raise ConfigurationError(f"items = {source.items!r}: {problem}", where=where)
    links = partial(listing.links, items=source.items)
    return Listing(name=source.name, url=source.url, web=web, links=links, now=now, items=source.items)


def _sitemap(_settings: Settings, source: SourceSection, web: Web) -> Sitemap:
    return Sitemap(name=source.name, url=source.url, web=web, maps=sitemap.read, now=now)


def _feed(_settings: Settings, source: SourceSection, web: Web) -> Feed:
    return Feed(
        name=source.name, url=source.url, web=web, entries=feed.read, now=now, full_text=source.full_text
    )


OPENERS: Mapping[str, Callable[[Settings, SourceSection, Web], Source]] = {
    "folder": _folder,
    "page": _page,
    "listing": _listing,
    "sitemap": _sitemap,
    "feed": _feed,
}
"""What makes a source of each kind from its section of the configuration."""
