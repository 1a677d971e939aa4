"""The commands about what is remembered: `plan`, and `journal check` and `journal compact`."""

import json
import sys
from pathlib import Path

import click

from feedsvc import app
from feedsvc.errors import JournalError
from feedsvc.guessing import outlines
from feedsvc.options import CONFIG, SOURCES, configured
from feedsvc.plan import Plan
from feedsvc.settings import Settings
from feedsvc.store import MEMORY
from feedsvc.store.check import check_journal
from feedsvc.store.compact import WAIT, compact_journal

ABOVE = 3
"""The exit code of a plan that somebody should look at."""
_DETAILS = 20
_FINDINGS = 100


@click.command()
@SOURCES
@CONFIG
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    default=10.0,
    show_default=True,
    metavar="PERCENT",
    help="How many of the articles may get new ids, be read elsewhere, be hidden or be withdrawn.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(sources: tuple[str, ...], config: Path | None, threshold: float, *, as_json: bool) -> None:
    """Tell what the configuration would do to readers before it is live.

    Compares it with the journal (state.path) and with the configuration that last served from it: ids that
    change, so that everyone sees their articles unread; sources that are renamed, gone, or read another
    place under their name; documents that include and exclude leave out; feeds that vanish or move; topics,
    windows, base_url. No document is read, only a folder that is another one is listed, and nothing is
    written, so it is safe beside a running service. A journal of an older version is converted in memory.

    Exit code 3: more than PERCENT of the articles published now get new ids, are not where their source
    will read, are hidden or are withdrawn, or, whatever PERCENT is, a feed would answer 404 or 410 or
    everything moves away from a base_url that others could reach, since subscribers do not come back by
    themselves. 1: the configuration or the journal cannot be read. 0 otherwise, also where there is no
    journal yet. Redirects, topics that are added or renamed, new sources, folders that cannot be seen now
    and other windows are told and do not count.
    """
    settings = outlines(configured(config, sources)).settings
    found = app.plan(settings)
    above = found is not None and found.exceeds(threshold)
    if as_json:
        about = {"journal": settings.state.path if found else None, "threshold": threshold, "exceeds": above}
        click.echo(json.dumps(about | (found.json() if found else {}), ensure_ascii=False))
    else:
        _tell(settings, found)
    sys.exit(ABOVE if above else 0)


def _tell(settings: Settings, found: Plan | None) -> None:
    path = settings.state.path
    if found is None:
        why = "state.path keeps none" if path == MEMORY else f"no such file: {path}"
        click.echo(f"There is no journal ({why}): nothing is published that could change.")
        return
    click.echo(f"{path}: {found.articles} articles in {found.feeds} feeds, generation {found.generation}")
    for consequence in found.consequences:
        click.echo(consequence.says)
        for line in _some(consequence.details, _DETAILS):
            click.echo(f"  {line}")
    if not found.consequences:
        click.echo("Nothing changes for readers.")


@click.group()
def journal() -> None:
    """Look after what is remembered across restarts (state.path)."""


@journal.command()
@CONFIG
def check(config: Path | None) -> None:
    """Look for damage in the journal; exit 1 if there is any.

    Reads the whole file and writes nothing, so it is safe beside a running service.
    """
    path = _journal(config)
    report = check_journal(path)
    for line in _some(report.findings, _FINDINGS):
        click.echo(line)
    if report.findings:
        count = len(report.findings)
        click.echo(f"{path}: {count} {'finding' if count == 1 else 'findings'}", err=True)
        sys.exit(1)
    click.echo(
        f"{path}: sound; {report.articles} articles, {report.rows} rows, generation {report.generation}"
    )


@journal.command()
@CONFIG
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=WAIT,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a service to let go of the journal.",
)
def compact(config: Path | None, wait: float) -> None:
    """Give back the room in the journal's file that nothing needs any more.

    Refuses while a service has the journal open: stop it first, or let --wait wait for that. Needs as much
    free disk space as the journal takes.
    """
    path = _journal(config)
    done = compact_journal(path, wait)
    click.echo(
        f"{path}: {done.before:,} bytes before, {done.after:,} after; forgot {done.forgotten} deletions"
    )


def _journal(config: Path | None) -> Path:
    """Return the journal's file; raise JournalError where there is none."""
    path = configured(config, ()).state.path
    if path == MEMORY:
        raise JournalError(f"state.path is {MEMORY}: there is no journal")
    if not Path(path).is_file():
        raise JournalError(f"there is no journal: no such file: {path}")
    return Path(path)


def _some(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return the first lines, and how many there are besides."""
    more = len(lines) - most
    return lines if more <= 0 else (*lines[:most], f"… and {more} more")
