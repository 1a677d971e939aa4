"""The command `feedsvc`."""

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from feedsvc import app, cli_check, cli_journal, cli_links, cli_topics, fetch, sections, server, weburl
from feedsvc.errors import ConfigurationError, FeedsvcError
from feedsvc.feeds import FORMATS, spell_line
from feedsvc.fetch import Fetcher
from feedsvc.guessing import look
from feedsvc.ingest import Intake, Report, Wish
from feedsvc.model import Hints, Skipped
from feedsvc.options import CONFIG, SOURCES, configured, told
from feedsvc.preview import Preview
from feedsvc.settings import Settings, SourceSection, is_address
from feedsvc.text import slug


class _Group(click.Group):
    """Turns our errors into one clear line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FeedsvcError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
@click.version_option(package_name="feedsvc")
def main() -> None:
    """Turn documents into feeds people can trust.

    Point it at folders of saved pages; it serves RSS, Atom and JSON Feed of what they say.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every tick that takes a period


main.add_command(cli_journal.plan)
main.add_command(cli_journal.journal)
main.add_command(cli_check.check)
main.add_command(cli_topics.topics)
main.add_command(cli_links.command(cli_links.asked))


@main.command()
@SOURCES
@CONFIG
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen [default: 8000].")
@click.option("--no-clock", is_flag=True, help="Only serve what other processes read (same state.path).")
def serve(sources: tuple[str, ...], config: Path | None, port: int | None, *, no_clock: bool) -> None:
    """Read the sources on a timer and serve their feeds.

    SOURCE is a folder, a list of feeds (.opml), or the URL of a page, a listing, a sitemap or a feed.
    Without SOURCE and configuration, the folder ./seeds is read.
    """
    overrides = {"server": {"port": port}} if port else {}
    settings = told(configured(config, sources, overrides))
    role: app.Role = "serve" if no_clock else "both"
    server.check(settings, role)
    _announce(settings)
    server.serve(settings, role)


@main.command()
@SOURCES
@CONFIG
@click.option("--forever", is_flag=True, help="Read on a timer, until a signal, without serving.")
@click.option(
    "--accept-removals", is_flag=True, help="Withdraw at once what is missing, however much that is."
)
def ingest(sources: tuple[str, ...], config: Path | None, *, forever: bool, accept_removals: bool) -> None:
    """Read the sources once and report; exit 1 if a document failed."""
    settings = told(configured(config, sources))
    app.require_sources(settings)
    app.require_journal(settings, "ingest" if forever else "both")
    if forever:
        server.tick_forever(settings)
        return
    store, run = app.build_ingest(settings)
    hidden = not sys.stderr.isatty()
    with ExitStack() as at_the_end:
        at_the_end.callback(store.close)
        at_the_end.callback(run.stop)
        bar = at_the_end.enter_context(
            click.progressbar(length=1, label="Reading", file=sys.stderr, hidden=hidden)
        )

        def progress(source: str, done: int, total: int) -> None:
            bar.label, bar.length = f"Reading {source}", total
            bar.update(done - bar.pos)

        wish = Wish(now=True, accept_removals=accept_removals)
        report = run.tick(sections.now, progress, wish)
    _print(report)
    sys.exit(1 if report.failed else 0)


@main.command()
@click.argument("paths", metavar="PATH|URL...", nargs=-1, required=True)
@CONFIG
@click.option("--timezone", help="Time zone of dates that name none, such as Asia/Shanghai [default: UTC].")
@click.option("--language", help="Language of documents that name none.")
def extract(paths: tuple[str, ...], config: Path | None, timezone: str | None, language: str | None) -> None:
    """Print what would be published of files, folders and URLs, one JSON object a line.

    What a URL is, is guessed and told; of a listing or a sitemap the newest documents are read.
    """
    for path in paths:
        if not (is_address(path) or os.path.exists(path)):  # noqa: PTH110 (Path.exists raises for a name that is too long)
            raise click.BadParameter(f"no such file or folder: {path}", param_hint="PATH")
    settings = configured(config, (), {"site": {"timezone": timezone}} if timezone else {})
    hints = Hints(source="", site_id=settings.site.id, timezone=settings.site.timezone, language=language)
    given = {"timezone": timezone, "language": language}
    asked: dict[str, Any] = {name: value for name, value in given.items() if value}
    web = fetch.build(settings)
    sources = [_hinted(each, asked) for each in sections.intakes(settings, web)]
    preview = Preview(
        hints=hints,
        topics=sections.topics(settings),
        sources=sources,
        base_url=settings.site.base_url,
    )
    places = [_address(path, settings, web, asked) if is_address(path) else Path(path) for path in paths]
    for line in preview.lines(places):
        click.echo(spell_line(line))  # bytes: UTF-8 whatever the locale
    sys.exit(1 if preview.failed else 0)


def _address(url: str, settings: Settings, web: Fetcher, asked: Mapping[str, Any]) -> Intake | Skipped:
    """Return the source at a URL as it is configured, else as it would be served, or why there is none."""
    named = weburl.key(url) or url
    for source in settings.source:
        if source.url == named and source.kind:
            return _hinted(sections.intake(settings, source, web), asked)
    try:
        _, found = look(web, named)
    except ConfigurationError as error:
        return Skipped(key=url, reason=str(error))
    click.echo(f"{named} is taken for {found.why}", err=True)
    if found.kind == "opml":
        return Skipped(key=url, reason="a list of feeds; name one of them")
    source = SourceSection(url=named, name=slug(weburl.site(named)), kind=found.kind)
    return _hinted(sections.intake(settings, source, web), asked)


def _hinted(intake: Intake, asked: Mapping[str, Any]) -> Intake:
    return replace(intake, hints=replace(intake.hints, **asked))


def _announce(settings: Settings) -> None:
    """Say what to open."""
    base = settings.site.base_url
    click.echo(f"feedsvc reads {', '.join(source.location for source in settings.source)}")
    click.echo(f"  pages      {base}/")
    for suffix, form in FORMATS.items():
        click.echo(f"  {form.name:<10} {base}/latest.{suffix}")
    click.echo(f"  topics     {base}/topics  (append .rss, .atom or .json to any list)")


def _print(report: Report) -> None:
    for source in report.sources:
        click.echo(source)
        for line in source.lines():
            click.echo(f"  {line}")
