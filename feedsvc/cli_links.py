"""The command `links`: which documents a listing page leads to."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from feedsvc import fetch as web
from feedsvc import weburl
from feedsvc.errors import FetchError
from feedsvc.extract import feed, guess, listing, sitemap
from feedsvc.feeds import spell_line
from feedsvc.listed import Item, Listed
from feedsvc.options import configured
from feedsvc.settings import is_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page as the web answered."""

    url: str | None
    """After redirects; None for a saved page that nobody named the place of."""
    content: bytes
    charset: str | None = None
    """As declared in transport."""
    media_type: str = ""


Fetch = Callable[[str], Fetched]
"""Asks the web for a page; raises FetchError."""


def command(fetch: Fetch) -> click.Command:
    """Return the command; `fetch` asks for what is no saved page."""

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
        found = _found(got, items)
        for item in found.items:
            line = {"url": item.url, "title": item.title, "published": _written(item.published)}
            click.echo(spell_line(line))  # bytes: UTF-8 whatever the locale
        if found.problem:
            hint = "" if got.url else " (if its links are relative, name its place by --base)"
            click.echo(f"{page}: {found.problem}{hint}", err=True)
            sys.exit(1)

    return links


def _page(page: str, base: str | None, fetch: Fetch) -> Fetched:
    if not is_address(page):
        return Fetched(url=base, content=_saved(page))
    got = fetch(page)
    return replace(got, url=base or got.url)


def asked(url: str) -> Fetched:
    """Ask the web for a page, as it is configured to be asked. Raises FetchError."""
    answer = web.build(configured(None, ())).get(url)
    if answer.content is None:
        raise FetchError(url, answer.failure or "answered nothing")
    return Fetched(
        url=answer.final, content=answer.content, charset=answer.charset, media_type=answer.media_type
    )


def _found(got: Fetched, items: str) -> Listed:
    """Return what a page leads to; what is no page says so and is read as what it is."""
    kind = guess.kind(got.content, got.url or "", f"{got.media_type}; charset={got.charset or ''}")
    if items or kind.kind not in {"feed", "sitemap"}:
        return listing.links(got.content, got.url, got.charset, items=items)
    click.echo(f"{got.url or 'the file'} is taken for {kind.why}", err=True)
    if kind.kind == "sitemap":
        named = sitemap.read(got.content, got.charset)
        return Listed(items=named.items or named.sitemaps, problem=named.problem)
    read = feed.read(got.content, got.url or "", got.charset)
    linked = (
        Item(url=each.link, title=each.title, published=each.published) for each in read.entries if each.link
    )
    return Listed(items=tuple(linked), problem=read.problem)


def _saved(page: str) -> bytes:
    try:
        return Path(page).read_bytes()
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"cannot read {page}: {error}", param_hint="PAGE") from error


def _written(when: datetime | None) -> str | None:
    """Return a date as RFC 3339, without an offset where the page names no zone."""
    return when.isoformat() if when else None
