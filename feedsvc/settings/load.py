"""From a file, the environment and the command line to one checked record."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields, replace

from feedsvc.errors import ConfigurationError
from feedsvc.settings.check import checked, misfit
from feedsvc.settings.locate import locate
from feedsvc.settings.origin import is_address
from feedsvc.settings.resolve import with_address, with_sources, with_state
from feedsvc.settings.schema import Section, Settings

CONFIG_FILE = "feedsvc.toml"
EVERYWHERE = "0.0.0.0"  # noqa: S104 (platforms that set PORT route to it)
PREFIX = "FEEDSVC_"


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
        for key, value in values.items():
            _set(tree, section, key, value)
            where[f"{section}.{key}"] = "command line"
    if sources:
        tree["source"] = [{"url" if is_address(each) else "path": each} for each in sources]
        where = {key: at for key, at in where.items() if not key.startswith("source[")}
        where.update({f"source[{index}]": "command line" for index in range(len(sources))})
    beside = path.parent if path else Path()
    settings = replace(checked(_converted(tree, where), where), where=where)
    settings = with_sources(settings, Path() if sources else beside)
    return with_address(with_state(settings, beside), environ)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors on Windows write a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", where=str(path)) from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)$", str(error))
        at = f"{path}:{line[1] if line else len(text.splitlines())}"
        raise ConfigurationError(f"not valid TOML: {error}", where=at) from error
    return tree, {key: f"{path}:{line}" for key, line in locate(text).items()}


def _add_environment(tree: dict[str, Any], where: dict[str, str], environ: Mapping[str, str]) -> None:
    """Lay `FEEDSVC_SECTION__KEY` and the names platforms set over the file's values."""
    sections = {field.name: field.type for field in fields(Settings)}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == f"{PREFIX}CONFIG":
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if "__" not in name and not _is_misspelt(section, sections):
            continue  # somebody else's, such as those that Kubernetes sets for a service named feedsvc
        kind = sections.get(section)
        if not key or not (isinstance(kind, type) and issubclass(kind, Section)):
            raise ConfigurationError(
                f"no such setting; write {PREFIX}SECTION__KEY, such as {PREFIX}SITE__BASE_URL",
                where=f"environment variable {name}",
            )
        _set(tree, section, key, _from_environment(environ[name], kind, key, name))
        where[f"{section}.{key}"] = f"environment variable {name}"
    if environ.get("REDIS_URL") and not environ.get(f"{PREFIX}STATE__SHARED"):
        _set(tree, "state", "shared", environ["REDIS_URL"])
        where["state.shared"] = "environment variable REDIS_URL"
    if environ.get("PORT"):
        _set(tree, "server", "port", environ["PORT"])
        where["server.port"] = "environment variable PORT"
        if isinstance(tree["server"], dict):
            tree["server"].setdefault("host", EVERYWHERE)


def _is_misspelt(name: str, sections: Mapping[str, object]) -> bool:
    """Tell whether a name without `__` means one of our sections: "site_base_url"."""
    return any(name.startswith(f"{section}_") for section in sections)


def _set(tree: dict[str, Any], section: str, key: str, value: object) -> None:
    table = tree.setdefault(section, {})
    if isinstance(table, dict):  # anything else is refused with its line when the tree is converted
        table[key] = value


def _from_environment(value: str, kind: type[Section], key: str, name: str) -> object:
    """Return a value as its key's type wants it: lists and tables are JSON, all else stays text."""
    wanted = next((str(field.type) for field in fields(kind) if field.name == key), "")
    if "tuple[" not in wanted and "dict[" not in wanted:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        right = 'list such as ["a", "b"]' if "tuple[" in wanted else "object"
        raise ConfigurationError(
            f"expected a JSON {right}: {error}", where=f"environment variable {name}"
        ) from error


def _converted(tree: Mapping[str, Any], where: Mapping[str, str]) -> Settings:
    try:
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise misfit(str(error), where) from error
