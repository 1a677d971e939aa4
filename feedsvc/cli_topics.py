"""The commands about topics: what there are, what a rule would match, why an article has its own, changes."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

import click

from feedsvc import app, sections, topics_change
from feedsvc.errors import JournalError
from feedsvc.feeds import article_line
from feedsvc.model import Article, Assignment, Hints
from feedsvc.options import CONFIG, configured
from feedsvc.preview import Preview
from feedsvc.settings import Settings
from feedsvc.store import Edition
from feedsvc.text import columns
from feedsvc.topics import RuleIndex, parse

_SHOWN = 20
_WIDTH = 24  # columns of a slug in a table


@click.group()
def topics() -> None:
    """Look at topics, try rules, and change what earlier articles are filed under."""


@topics.command("list")
@CONFIG
@click.option("--all", "everything", is_flag=True, help="Candidates, merged and deleted topics as well.")
def list_topics(config: Path | None, *, everything: bool) -> None:
    """Print all topics: state, kind, articles, slug and name."""
    edition = app.remembered_edition(configured(config, ()))
    listed = {topic.slug for topic in edition.listed}
    for topic in sorted(edition.registry.entries.values(), key=lambda each: each.slug):
        waiting = edition.held.get(topic.slug, frozenset())
        there = edition.lists.get(("topic", topic.slug))
        state = topic.state if topic.state != "active" or topic.slug in listed else "quiet"
        if everything or topic.state == "active":
            count = len(there.ids) if there and topic.state == "active" else len(waiting)
            padding = " " * (_WIDTH - columns(topic.slug))
            click.echo(f"{state:<9} {topic.kind:<7} {count:>5}  {topic.slug}{padding}  {topic.name}")


@topics.command("test")
@click.argument("rule")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@CONFIG
def test_rule(rule: str, paths: tuple[Path, ...], config: Path | None) -> None:
    """Print which documents a rule matches, and what it found in them.

    Without PATH, the articles that the journal holds are looked at.
    """
    settings = configured(config, ())
    index, ours = RuleIndex([parse(rule)]), sections.topics(settings)
    named = {source.name: source.topics for source in settings.source}
    found = _previewed(_preview(settings), paths) if paths else _remembered(app.remembered_edition(settings))
    seen = matched = 0
    for where, article in found:
        seen += 1
        for _, terms in index.matches(ours.look(article, named.get(article.source, ()))):
            matched += 1
            click.echo(f"{where}: {article.title} ({', '.join(terms)})")
    click.echo(f"{matched} of {seen} match", err=True)


@topics.command()
@click.argument("article")
@CONFIG
def explain(article: str, config: Path | None) -> None:
    """Say why an article (its id, or the address of its page) is filed where it is."""
    edition = app.remembered_edition(configured(config, ()))
    found = edition.articles.get(_urn(article))
    if found is None:
        raise JournalError(f"there is no article {article}")
    click.echo(found.title)
    for line in _explained(found, edition):
        click.echo(f"  {line}")


@topics.command()
@CONFIG
@click.option("--dry-run", is_flag=True, help="Only tell.")
def retag(config: Path | None, *, dry_run: bool) -> None:
    """File all articles anew, as the rules of now would; tells how many feeds change.

    Safe beside a running service, which shows it at once.
    """
    settings = configured(config, ())
    with closing(app.open_existing(settings)) as store:
        wish = topics_change.Anew({source.name: source.topics for source in settings.source})
        if dry_run:
            wish(store.edition)
        else:
            store.refile(wish, sections.now())
    told = wish.told
    for slug in told.feeds[:_SHOWN]:
        click.echo(f"/topics/{slug}: {told.gained.get(slug, 0)} more, {told.lost.get(slug, 0)} fewer")
    if len(told.feeds) > _SHOWN:
        click.echo(f"… and {len(told.feeds) - _SHOWN} more")
    would = "would change" if dry_run else "changed"
    click.echo(f"{len(told.feeds)} feeds of topics and {len(told.articles)} articles {would}")


@topics.command()
@click.argument("topic")
@CONFIG
def delete(topic: str, config: Path | None) -> None:
    """Delete the feed of a topic for good: its address answers 410."""
    _change(config, topics_change.Delete(topic))
    click.echo(f"deleted {topic}: its feed answers 410")


@topics.command()
@click.argument("topic")
@click.argument("into")
@CONFIG
def merge(topic: str, into: str, config: Path | None) -> None:
    """Put a topic's articles into another one, to which its address leads from now on."""
    _change(config, topics_change.Merge(topic, into))
    click.echo(f"merged {topic} into {into}: its feed leads there (308)")


def _change(config: Path | None, wish: topics_change.Delete | topics_change.Merge) -> None:
    with closing(app.open_existing(configured(config, ()))) as store:
        store.refile(wish, sections.now())


def _preview(settings: Settings) -> Preview:
    hints = Hints(source="", site_id=settings.site.id, timezone=settings.site.timezone)
    return Preview(hints=hints, topics=sections.topics(settings), sources=sections.intakes(settings))


def _remembered(edition: Edition) -> Iterator[tuple[str, Article]]:
    yield from ((each.id, each) for each in edition.articles.values())


def _previewed(preview: Preview, paths: Sequence[Path]) -> Iterator[tuple[str, Article]]:
    for job, outcome in preview.outcomes(paths):
        if isinstance(outcome, Article):
            yield job.document.location, outcome
        else:
            click.echo(f"{job.document.location}: {outcome.reason}", err=True)


def _explained(article: Article, edition: Edition) -> Iterator[str]:
    told = {topic["slug"]: topic for topic in article_line(article, article.key)["topics"]}
    for each in article.topics:
        code = f" {told[each.slug]['code']}" if each.code else ""
        yield f"{each.slug} ({each.name}): {each.source}{code}, matched: {each.matched}"
    for each in article.held:
        yield f"{each.slug} ({each.name}): {each.source}, matched: {each.matched}; {_why_held(each, edition)}"
    if not article.topics and not article.held:
        yield "no topics: it names none, and nothing matched"


def _why_held(assignment: Assignment, edition: Edition) -> str:
    entry = edition.registry.final(assignment.slug)
    if entry.state != "candidate" or entry.hidden:
        return "hidden, no feed" if entry.hidden else f"{entry.state}, no feed"
    count, needed = len(edition.held[assignment.slug]), edition.configuration.topics.min_docs
    return f"no feed: {count} of at least {needed} documents"


def _urn(article: str) -> str:
    """Return an article's id from its id or from the address of a page about it."""
    words = article.removesuffix("/explain").removesuffix(".json").rpartition("/")[2]
    try:
        return UUID(words.removeprefix("urn:uuid:")).urn
    except ValueError:
        raise click.BadParameter(f"no id of an article: {article}", param_hint="ARTICLE") from None
