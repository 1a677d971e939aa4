"""What the commands have in common: how they are told of sources and of the configuration."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from feedsvc import fetch
from feedsvc.foretelling import remembered_kinds
from feedsvc.guessing import guessed
from feedsvc.settings import Settings, load

SOURCES = click.argument("sources", metavar="[SOURCE]...", nargs=-1)
CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file [default: feedsvc.toml]."
)


def configured(
    config: Path | None,
    sources: Sequence[str],
    overrides: Mapping[str, Mapping[str, object]] | None = None,
) -> Settings:
    """Return the settings of this process's environment."""
    return load(os.environ, config=config, sources=sources, overrides=overrides)


def told(settings: Settings) -> Settings:
    """Return the settings with every kind of source known, and say what was guessed."""
    found = guessed(settings, fetch.build, lambda: remembered_kinds(settings))
    for line in found.told:
        click.echo(line, err=True)
    return found.settings
