"""What is wrong with a configuration, said with its place and with what would be right."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from ipaddress import ip_address
from itertools import chain
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import fields

from feedsvc.errors import ConfigurationError
from feedsvc.settings.fetching import fetch_faults
from feedsvc.settings.origin import source_faults
from feedsvc.settings.schema import RIGHT, Settings, SourceSection, TopicSection, duration
from feedsvc.text import clean, slug
from feedsvc.weburl import ascii_host

LONGEST = timedelta(days=3660)
SHARED_SCHEMES = ("redis://", "rediss://", "unix://")
_PATH = re.compile(r"^(.*?) - at `\$\.?(.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # RFC 3986 2, so that a URL can stand between `<` and `>`
_STRANGE = re.compile(r"[\s\x00-\x1f\\]")


def misfit(message: str, where: Mapping[str, str]) -> ConfigurationError:
    """Return the error for a value that does not fit its type, from msgspec's words."""
    match = _PATH.match(message)
    problem, path = (match[1], match[2].replace("[...]", "")) if match else (message, "")
    if unknown := _UNKNOWN.match(problem):
        problem = _unknown_key(unknown[1], path)
        path = f"{path}.{unknown[1]}".lstrip(".")
    return wrong(problem, path, where)


def _unknown_key(key: str, path: str) -> str:
    """Return what to say of a key that the section does not have."""
    section = path.partition("[")[0]
    kinds = {"source": SourceSection, "topic": TopicSection} | {
        field.name: field.type for field in fields(Settings) if isinstance(field.type, type)
    }
    kind = kinds.get(section, Settings)
    names = [field.name for field in fields(kind) if field.name != "where"]
    near = difflib.get_close_matches(key, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(names)}"
    return f"unknown key {key!r}; {hint}"


def wrong(message: str, path: str, where: Mapping[str, str]) -> ConfigurationError:
    """Return the error for the key at `path`, with where it was set and what would be right."""
    key = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
    table = f"a table: [[{key}]]" if key in {"source", "topic"} else f"a table: [{key}]"
    what = RIGHT.get(path, RIGHT.get(key)) if "." in path else table
    right = f"; it is {what}" if what and "unknown key" not in message else ""
    return ConfigurationError(f"{path or 'configuration'}: {message}{right}", where=place(path, where))


def place(path: str, where: Mapping[str, str]) -> str:
    """Return where the nearest enclosing key of `path` was set."""
    if f"{path}[0]" in where:
        return where[f"{path}[0]"]
    if path not in where and (inside := [key for key in where if key.startswith(f"{path}.")]):
        return where[inside[0]]
    while path and path not in where:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return where.get(path, "")


def checked(settings: Settings, where: Mapping[str, str]) -> Settings:
    """Return the settings; raise ConfigurationError for what their types cannot tell."""
    for path, problem in _faults(settings):
        raise wrong(problem, path, where)
    return settings


def _faults(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what a type cannot say: (path, problem)."""
    zones = [("site.timezone", settings.site.timezone)]
    intervals = [("ingest.interval", settings.ingest.interval)]
    for index, source in enumerate(settings.source):
        zones += [(f"source[{index}].timezone", source.timezone)] if source.timezone is not None else []
        intervals += [(f"source[{index}].interval", source.interval)] if source.interval else []
    yield from ((path, f"no such time zone: {zone!r}") for path, zone in zones if not _is_zone(zone))
    yield from ((path, f"too short: {text!r}") for path, text in intervals if not duration(text))
    if duration(settings.feeds.window_time) > LONGEST:
        yield "feeds.window_time", f"too long: {settings.feeds.window_time!r}"
    texts = [("site.title", settings.site.title), ("site.id", settings.site.id)]
    texts += [
        (f"topic[{index}].name", topic.name) for index, topic in enumerate(settings.topic) if topic.name
    ]
    yield from ((path, f"no readable text: {text!r}") for path, text in texts if not _is_readable(text))
    if settings.site.base_url and not is_base_url(settings.site.base_url):
        yield "site.base_url", f"not an address: {settings.site.base_url!r}"
    if settings.server.host and not _is_host(settings.server.host):
        yield "server.host", f"no IP address: {settings.server.host!r}"
    if settings.state.shared and not settings.state.shared.startswith(SHARED_SCHEMES):
        yield "state.shared", "no address of a Redis or Valkey"  # which may hold a password: it is not shown
    yield from _hub_faults(settings.websub.hubs)
    yield from fetch_faults(settings.fetch)
    yield from chain.from_iterable(source_faults(i, source) for i, source in enumerate(settings.source))
    yield from _topic_faults(settings)


def _hub_faults(hubs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the hubs that cannot be told, or would be told twice."""
    for index, hub in enumerate(hubs):
        if not _is_hub(hub):
            yield f"websub.hubs[{index}]", f"no address of a hub: {hub!r}"
        if hub in hubs[:index]:
            yield f"websub.hubs[{index}]", f"named twice: {hub!r}"


def _topic_faults(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the topics that would have no URL, or each other's."""
    for index, source in enumerate(settings.source):
        for name in source.topics:
            if not slug(name):
                yield f"source[{index}].topics", f"no letter or digit in {name!r}"
    seen: dict[str, int] = {}
    for index, topic in enumerate(settings.topic):
        name = slug(topic.slug or topic.name)
        if not name:
            yield f"topic[{index}].name", "a topic needs a name (or slug)"
        if name in seen:
            yield f"topic[{index}].slug", f"same slug {name!r} as topic[{seen[name]}]"
        seen[name] = index
    yield from _alias_faults(settings, seen)
    yield from _merger_faults(settings)


def _alias_faults(settings: Settings, seen: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the aliases that lead nowhere, or to two topics; `seen` has the topics by slug."""
    names = {slug(topic.name): index for index, topic in enumerate(settings.topic) if topic.name}
    for index, topic in enumerate(settings.topic):
        for alias in map(slug, topic.aliases):
            if not alias:
                yield f"topic[{index}].aliases", "an alias needs a letter or digit"
            for meant in {seen.setdefault(alias, index), names.get(alias, index)} - {index}:
                yield f"topic[{index}].aliases", f"{alias!r} means topic[{meant}] already"


def _merger_faults(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the topics that nothing takes the place of in the end."""
    into = {
        slug(topic.slug or topic.name): slug(topic.merge_into) for topic in settings.topic if topic.merge_into
    }
    for index, topic in enumerate(settings.topic):
        path, name = f"topic[{index}].merge_into", slug(topic.slug or topic.name)
        if topic.merge_into and not into[name]:
            yield path, f"no letter or digit in {topic.merge_into!r}"
        elif topic.merge_into and topic.hide:
            yield path, "hidden and merged: remove one of the two"
        elif name in _followed(name, into):
            yield path, f"merges {name!r} into itself"


def _followed(name: str, into: Mapping[str, str]) -> list[str]:
    """Return the topics that a topic is merged into, one after the other, up to the first met twice."""
    met: list[str] = []
    while (name := into.get(name, "")) and name not in met:
        met.append(name)
    return met


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # malformed, a folder of the database, not in it
        return False
    return True


def _is_readable(text: str) -> bool:
    """Tell whether a feed can carry a text: something to see, and nothing that XML refuses."""
    return bool(text.strip()) and clean(text) == text


def _is_host(host: str) -> bool:
    """Tell whether an address can be listened on; of names only `localhost` says which that is."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_base_url(url: str) -> bool:
    """Tell whether an address can be put before every path of ours."""
    try:
        parts = urlsplit(url)
        host, _ = ascii_host(parts.hostname or ""), parts.port
    except ValueError:  # brackets, a port or a label that cannot be
        return False
    strange = parts.query or parts.fragment or "@" in parts.netloc or _STRANGE.search(url)
    return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(host)) and not strange


def _is_hub(url: str) -> bool:
    """Tell whether forms can be posted to an address, and readers sent there; a query may be part of it."""
    return bool(_URL.fullmatch(url)) and "#" not in url and is_base_url(url.partition("?")[0])
