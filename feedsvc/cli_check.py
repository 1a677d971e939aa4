"""The command `check`: the configuration, and whether its sources can be read."""

import sys
from pathlib import Path

import click

from feedsvc import app, fetch, sections
from feedsvc.errors import SourceError
from feedsvc.options import CONFIG, SOURCES, configured, told
from feedsvc.sources import Source
from feedsvc.sources.base import NOTE
from feedsvc.text import one_line


@click.command()
@SOURCES
@CONFIG
def check(sources: tuple[str, ...], config: Path | None) -> None:
    """Check the configuration and look at each source once; exit 1 if one cannot be read.

    Nothing is remembered, and of what lists on the web lead to nothing is fetched.
    """
    settings = told(configured(config, sources))
    app.check(settings)
    failed = False
    for intake in sections.intakes(settings, fetch.build(settings)):
        source = intake.source
        try:
            said = _seen(source)
        except SourceError as error:
            said, failed = f"cannot be read: {one_line(error.message)}", True
        click.echo(f"{source.name}: {source.kind} {source.location}: {said}")
    sys.exit(1 if failed else 0)


def _seen(source: Source) -> str:
    scan = source.scan({}, sections.now())
    names = {each.key for each in scan.found} | {name for name in scan.notes if not name.startswith(NOTE)}
    skipped = f", {len(scan.skipped)} skipped" if scan.skipped else ""
    moved = f", moved to {scan.moved}" if scan.moved else ""
    return f"{len(names)} {'document' if len(names) == 1 else 'documents'}{skipped}{moved}"
