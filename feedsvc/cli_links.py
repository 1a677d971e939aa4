"""The command `links`: which documents a listing page leads to."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from feedsvc import weburl
from feedsvc.extract import listing
from feedsvc.feeds import spell_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page as the web answered."""

    url: str | None
    """After redirects; None for a saved page that nobody named the place of."""
    content: bytes
    charset: str | None = None
    """As declared in transport."""


Fetch = Callable[[str], Fetched]
"""Asks the web for a page; raises FetchError."""


def command(fetch: Fetch | None) -> click.Command:
    """Return the command; without `fetch` it reads saved pages only."""

    @click.command()
    @click.argument("page", metavar="PAGE")
    @click.option("--base", metavar="URL", help="Where a saved page stood; its links are read from there.")
    @click.option("--items", metavar="SELECTOR", default="", help="A CSS selector that names the items.")
    def links(page: str, base: str | None, items: str) -> None:
        """Print the items that a listing page shows, one JSON object a line; exit 1 if there are none.

        PAGE is a saved file or a URL. Without --items, the links that look like articles are found.
        """
        if base and not weburl.absolute(base):
            raise click.BadParameter(f"not an address: {base}", param_hint="--base")
        if items and (problem := listing.selector_problem(items)):
            raise click.BadParameter(problem, param_hint="--items")
        got = _page(page, base, fetch)
        found = listing.links(got.content, got.url, got.charset, items=items)
        for item in found.items:
            line = {"url": item.url, "title": item.title, "published": _written(item.published)}
            click.echo(spell_line(line))  # bytes: UTF-8 whatever the locale
        if found.problem:
            hint = "" if got.url else " (if its links are relative, name its place by --base)"
            click.echo(f"{page}: {found.problem}{hint}", err=True)
            sys.exit(1)

    return links


def _page(page: str, base: str | None, fetch: Fetch | None) -> Fetched:
    if not page.startswith(("http://", "https://")):
        return Fetched(url=base, content=_saved(page))
    if fetch is None:
        raise click.BadParameter("a saved file is needed: URLs cannot be asked for yet", param_hint="PAGE")
    got = fetch(page)
    return Fetched(url=base or got.url, content=got.content, charset=got.charset)


def _saved(page: str) -> bytes:
    try:
        return Path(page).read_bytes()
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"cannot read {page}: {error}", param_hint="PAGE") from error


def _written(when: datetime | None) -> str | None:
    """Return a date as RFC 3339, without an offset where the page names no zone."""
    return when.isoformat() if when else None
