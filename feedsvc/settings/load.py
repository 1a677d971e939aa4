"""From a file, the environment and the command line to one checked record."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import fields, replace

from feedsvc.errors import ConfigurationError
from feedsvc.settings.locate import locate
from feedsvc.settings.schema import RIGHT, Section, Settings, Site, Source, duration
from feedsvc.text import slug

CONFIG_FILE = "feedsvc.toml"
DEFAULT_SOURCE = "seeds"
LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 (platforms that set PORT route to it)
PREFIX = "FEEDSVC_"

PLATFORM_URLS = {
    "RENDER_EXTERNAL_URL": "{}",
    "RAILWAY_PUBLIC_DOMAIN": "https://{}",
    "KOYEB_PUBLIC_DOMAIN": "https://{}",
    "HEROKU_APP_DEFAULT_DOMAIN_NAME": "https://{}",
    "FLY_APP_NAME": "https://{}.fly.dev",
    "WEBSITE_HOSTNAME": "https://{}",
}
"""Variables in which platforms name the public address."""

_PATH = re.compile(r"^(.*?) - at `\$\.?(.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


def load(
    environ: Mapping[str, str],
    *,
    config: Path | None = None,
    sources: Sequence[str] = (),
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> Settings:
    """Return the settings; the command line wins over the environment, which wins over the file.

    `sources` replaces the configured ones. Raises ConfigurationError with file, line and what would be right.
    """
    path = config or (Path(environ[f"{PREFIX}CONFIG"]) if environ.get(f"{PREFIX}CONFIG") else None)
    if path is None and Path(CONFIG_FILE).is_file():
        path = Path(CONFIG_FILE)
    tree, where = _read(path) if path else ({}, {})
    _add_environment(tree, where, environ)
    for section, values in (overrides or {}).items():
        tree.setdefault(section, {}).update(values)
        where.update({f"{section}.{key}": "command line" for key in values})
    if sources:
        tree["source"] = [{"path": source} for source in sources]
        where = {key: at for key, at in where.items() if not key.startswith("source[")}
        where.update({f"source[{index}]": "command line" for index in range(len(sources))})
    root = Path() if sources or path is None else path.parent
    settings = _checked(_converted(tree, where), where)
    named = _with_sources(replace(settings, where=where), root)
    return _with_address(named, environ)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", where=str(path)) from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at = f"{path}:{line[1]}" if line else f"{path}:{len(text.splitlines())}"
        raise ConfigurationError(f"not valid TOML: {error}", where=at) from error
    return tree, {key: f"{path}:{line}" for key, line in locate(text).items()}


def _add_environment(tree: dict[str, Any], where: dict[str, str], environ: Mapping[str, str]) -> None:
    """Lay `FEEDSVC_SECTION__KEY` and the names platforms set over the file's values."""
    sections = {field.name: field.type for field in fields(Settings)}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == f"{PREFIX}CONFIG":
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        kind = sections.get(section)
        if not key or not (isinstance(kind, type) and issubclass(kind, Section)):
            raise ConfigurationError(
                f"no such setting; write {PREFIX}SECTION__KEY, such as {PREFIX}SITE__BASE_URL",
                where=f"environment variable {name}",
            )
        _set(tree, section, key, _from_environment(environ[name], kind, key, name))
        where[f"{section}.{key}"] = where[section] = f"environment variable {name}"
    if environ.get("PORT"):
        _set(tree, "server", "port", environ["PORT"])
        tree["server"].setdefault("host", EVERYWHERE)
        where["server.port"] = "environment variable PORT"


def _set(tree: dict[str, Any], section: str, key: str, value: object) -> None:
    table = tree.setdefault(section, {})
    if isinstance(table, dict):  # anything else is refused with its line when the tree is converted
        table[key] = value


def _from_environment(value: str, kind: type[Section], key: str, name: str) -> object:
    """Return a value as its key's type wants it: lists are JSON, all else stays text."""
    wanted = next((str(field.type) for field in fields(kind) if field.name == key), "")
    if not wanted.startswith("tuple"):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ConfigurationError(
            f'expected a JSON list such as ["a", "b"]: {error}', where=f"environment variable {name}"
        ) from error


def _converted(tree: Mapping[str, Any], where: Mapping[str, str]) -> Settings:
    try:
        if "where" in tree:
            raise msgspec.ValidationError("Object contains unknown field `where`")
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        match = _PATH.match(str(error))
        message, path = (match[1], match[2]) if match else (str(error), "")
        if unknown := _UNKNOWN.match(message):
            message = _unknown_key(unknown[1], path)
            path = f"{path}.{unknown[1]}".lstrip(".")
        raise _wrong(message, path, where) from error


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


def _wrong(message: str, path: str, where: Mapping[str, str]) -> ConfigurationError:
    """Return the error for the key at `path`, with where it was set and what would be right."""
    key = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
    right = f"; it is {RIGHT[key]}" if key in RIGHT and "unknown key" not in message else ""
    return ConfigurationError(f"{path or 'configuration'}: {message}{right}", where=_place(path, where))


def _place(path: str, where: Mapping[str, str]) -> str:
    """Return where the nearest enclosing key of `path` was set."""
    while path and path not in where:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return where.get(path, "")


def _checked(settings: Settings, where: Mapping[str, str]) -> Settings:
    for path, problem in _faults(settings):
        raise _wrong(problem, path, where)
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
    if settings.site.base_url and not _is_base_url(settings.site.base_url):
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


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    strange = parts.query or parts.fragment or "@" in parts.netloc or url != url.strip()
    return parts.scheme in {"http", "https"} and bool(host) and not strange


def _with_sources(settings: Settings, root: Path) -> Settings:
    """Return the settings with every source's path from `root` and its name as a slug, all different."""
    configured = settings.source
    if not configured and Path(DEFAULT_SOURCE).is_dir():
        configured, root = (Source(path=DEFAULT_SOURCE),), Path()
    seen: dict[str, str] = {}
    named = []
    for index, source in enumerate(configured):
        path = root / Path(source.path).expanduser()
        name = slug(source.name or path.resolve().name)
        at = _place(f"source[{index}]", settings.where)
        if not name:
            raise ConfigurationError(f"source {source.path!r} needs a name with a letter or digit", where=at)
        if name in seen:
            raise ConfigurationError(
                f"two sources are named {name!r}: {seen[name]} and {path}; "
                "give each [[source]] a name of its own in feedsvc.toml",
                where=at,
            )
        seen[name] = str(path)
        named.append(replace(source, path=str(path), name=name))
    return replace(settings, source=tuple(named))


def _with_address(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with host and base URL filled in as far as they can be known."""
    host = settings.server.host or LOOPBACK
    url = settings.site.base_url or _platform_url(environ)
    if not url and host in {LOOPBACK, "localhost", "::1"}:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{settings.server.port}"
    server, site = replace(settings.server, host=host), replace(settings.site, base_url=_ascii_url(url))
    return replace(settings, server=server, site=site)


def _platform_url(environ: Mapping[str, str]) -> str:
    named = (pattern.format(environ[name]) for name, pattern in PLATFORM_URLS.items() if environ.get(name))
    return next((url for url in named if _is_base_url(url)), "")


def _ascii_url(url: str) -> str:
    """Return a base URL with its host in ASCII (IDNA) and without a trailing slash."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else ""
    netloc = f"{host}:{parts.port}" if host and parts.port else host or parts.netloc
    return parts._replace(scheme=parts.scheme, netloc=netloc).geturl().rstrip("/")


def require_address(settings: Settings) -> Site:
    """Return the site, refusing one whose public address nobody named."""
    if settings.site.base_url:
        return settings.site
    at = settings.where.get("server.port", settings.where.get("server.host", ""))
    raise ConfigurationError(
        f"links would point nowhere: set site.base_url (or {PREFIX}SITE__BASE_URL) to {RIGHT['base_url']}",
        where=at,
    )
