"""What is wrong with a configuration, said with its place and with what would be right."""

import difflib
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import fields

from feedsvc.errors import ConfigurationError
from feedsvc.settings.schema import RIGHT, Settings, Source, duration
from feedsvc.text import slug

_PATH = re.compile(r"^(.*?) - at `\$\.?(.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


def misfit(message: str, where: Mapping[str, str]) -> ConfigurationError:
    """Return the error for a value that does not fit its type, from msgspec's words."""
    match = _PATH.match(message)
    problem, path = (match[1], match[2]) if match else (message, "")
    if unknown := _UNKNOWN.match(problem):
        problem = _unknown_key(unknown[1], path)
        path = f"{path}.{unknown[1]}".lstrip(".")
    return wrong(problem, path, where)


def _unknown_key(key: str, path: str) -> str:
    """Return what to say of a key that the section does not have."""
    section = path.partition("[")[0]
    kinds = {"source": Source, "": Settings} | {
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
    right = f"; it is {RIGHT[key]}" if key in RIGHT and "unknown key" not in message else ""
    return ConfigurationError(f"{path or 'configuration'}: {message}{right}", where=place(path, where))


def place(path: str, where: Mapping[str, str]) -> str:
    """Return where the nearest enclosing key of `path` was set."""
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
    if settings.site.base_url and not is_base_url(settings.site.base_url):
        yield "site.base_url", f"not an address: {settings.site.base_url!r}"
    seen: dict[str, int] = {}
    for index, topic in enumerate(settings.topic):
        name = slug(topic.slug or topic.name)
        if not name:
            yield f"topic[{index}]", "a topic needs a name (or slug) with a letter or digit in it"
        if name in seen:
            yield f"topic[{index}]", f"same slug {name!r} as topic[{seen[name]}]; give one of them another"
        seen[name] = index


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # malformed, a folder of the database, not in it
        return False
    return True


def is_base_url(url: str) -> bool:
    """Tell whether an address can be put before every path of ours."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    strange = parts.query or parts.fragment or "@" in parts.netloc or url != url.strip()
    return parts.scheme in {"http", "https"} and bool(host) and not strange
