"""What feeds owe to the configuration that wrote them; the journal keeps it beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from feedsvc import __version__
from feedsvc.settings import FeedsSection, Settings
from feedsvc.settings.schema import SiteSection
from feedsvc.text import slug


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTopic:
    """What a configuration said of one topic, but for its rule: that changes no article there is."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    hide: bool = False
    merge_into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a configuration said of all that changes the bytes of feeds of the same articles."""

    site: SiteSection
    feeds: FeedsSection
    sources: Mapping[str, str]
    """By name: how long it is from one look to the next, as in "5m"."""
    topics: tuple[SaidTopic, ...] = ()
    hubs: tuple[str, ...] = ()
    version: str = __version__


def said_by(settings: Settings) -> Said:
    """Return what a configuration says."""
    return Said(
        site=settings.site,
        feeds=settings.feeds,
        sources={source.name: source.interval or settings.ingest.interval for source in settings.source},
        topics=tuple(
            SaidTopic(
                slug=slug(topic.slug or topic.name),
                name=topic.name or topic.slug,
                aliases=tuple(map(slug, topic.aliases)),
                hide=topic.hide,
                merge_into=topic.merge_into,
            )
            for topic in settings.topic
        ),
        hubs=settings.websub.hubs,
    )


def spell(said: Said) -> str:
    """Return a text that differs whenever feeds of the same articles may."""
    return msgspec.json.encode(said).decode()


def understood(text: str) -> Said | None:
    """Return what was spelled; None for what this version does not understand."""
    try:
        return msgspec.json.decode(text, type=Said)
    except msgspec.DecodeError:
        return None
