"""Pages for people: plain, readable, without scripts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import Gone, HTTPException, NotFound, ServiceUnavailable

from feedsvc.feeds import FORMATS, article_line, article_path, encoded, placed, rfc3339, spell_line
from feedsvc.model import WEAK_RUNGS, Article, DateRung, Tick
from feedsvc.store import LATEST, Edition, ListKey, Store
from feedsvc.web.addresses import OPML_PATH, STATUS, list_path
from feedsvc.web.catalogue import Absence, Catalogue, Moved
from feedsvc.web.promise import promise

RETRY_AFTER = 2
"""Seconds after which a first ingest may be over."""
_NEWEST_ON_HOME = 10


def absent(why: Absence, edition: Edition) -> HTTPException:
    """Return the error for a list or an article that there is not, or not yet."""
    if why is Absence.UNKNOWN:
        return NotFound()
    if why is Absence.GONE:
        return Gone()
    return ServiceUnavailable(waiting(edition), retry_after=RETRY_AFTER)


def waiting(edition: Edition) -> str:
    """Say why there is nothing to serve yet."""
    if edition.finished:
        return "no source could be read yet"
    return "the sources are being read for the first time"


class Ticking(Protocol):
    """What the pages ask the clock."""

    def next_tick(self) -> datetime | None:
        """Return when the next tick is due."""
        ...

    def last_tick(self) -> Tick | None:
        """Return the last tick that ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The views; each takes the current edition once and shows nothing else."""

    store: Store
    catalogue: Catalogue
    clock: Ticking
    zone: ZoneInfo
    """The time zone that people are shown."""

    @property
    def root(self) -> str:
        """Return the path prefix that a proxy strips; links in pages need it."""
        return urlsplit(self.catalogue.site.base_url).path

    def link(self, path: str) -> str:
        """Return the link to a path of ours within this host."""
        return self.root + encoded(path)

    def forward(self, path: str) -> str:
        """Return the link to a path of ours, with the query of the request that is sent there."""
        query = request.query_string.decode("utf-8", "replace")
        return self.link(path) + (f"?{query}" if query else "")

    def home(self) -> ResponseReturnValue:
        """Show the newest articles, the topics and how to subscribe; answers during a first ingest too."""
        edition = self.store.edition
        newest = edition.lists[LATEST].shown[:_NEWEST_ON_HOME]
        return self._render("home.html", edition, LATEST, newest=newest, topics=self._topics(edition))

    def topics(self) -> ResponseReturnValue:
        """Show every topic."""
        edition = self.store.edition
        return self._render("topics.html", edition, None, topics=self._topics(edition))

    def sources(self) -> ResponseReturnValue:
        """Show every source and how it fares."""
        return self._render("sources.html", self.store.edition, None)

    def latest(self) -> ResponseReturnValue:
        """Show the newest articles of all sources."""
        return self._list(LATEST)

    def topic(self, name: str) -> ResponseReturnValue:
        """Show one topic's articles."""
        return self._list(("topic", name))

    def source(self, name: str) -> ResponseReturnValue:
        """Show one source's articles."""
        return self._list(("source", name))

    def status(self) -> ResponseReturnValue:
        """Show the service itself."""
        return self._render("status.html", self.store.edition, STATUS, clock=self.clock)

    def article(self, uuid: UUID) -> ResponseReturnValue:
        """Show one article with its related headlines."""
        edition = self.store.edition
        article = self._article(edition, uuid)
        body = Markup(placed(article, self.root).html)  # noqa: S704 (sanitised at extraction, and the page's policy runs nothing)
        return self._render("article.html", edition, None, article=article, body=body)

    def article_json(self, uuid: UUID) -> ResponseReturnValue:
        """Return one article as its `extract` line."""
        edition = self.store.edition
        article = self._article(edition, uuid)
        told = article_line(placed(article, self.catalogue.site.base_url), article.key)
        response = Response(spell_line(told), mimetype="application/json")
        response.last_modified = edition.committed
        return response

    def explain(self, uuid: UUID) -> ResponseReturnValue:
        """Show where each field and topic of an article came from."""
        edition = self.store.edition
        article = self._article(edition, uuid)
        origins = {known.field: known.origin for known in article.provenance}
        ladder = {"rungs": get_args(DateRung), "weak": WEAK_RUNGS}
        return self._render("explain.html", edition, None, article=article, origins=origins, **ladder)

    def error(self, error: HTTPException) -> ResponseReturnValue:
        """Show what went wrong and what to do next."""
        words = {"code": error.code, "name": error.name, "description": error.description}
        site, feeds = self.catalogue.site, self._feeds(LATEST)
        page = render_template("error.html", root=self.root, site=site, feeds=feeds, **words)
        response = make_response(page, error.code)
        kept = (header for header in error.get_headers() if header[0] != "Content-Type")
        response.headers.extend(list(kept))
        response.headers["Cache-Control"] = "no-store"
        return response

    def _list(self, key: ListKey) -> ResponseReturnValue:
        edition = self.store.edition
        articles = self.catalogue.find(edition, key)
        if isinstance(articles, Moved):
            return redirect(self.forward(list_path(articles.key)), 308)
        if isinstance(articles, Absence):
            raise absent(articles, edition)
        kept = promise(articles, edition.limits)
        return self._render("list.html", edition, key, articles=articles, promise=kept)

    def _article(self, edition: Edition, uuid: UUID) -> Article:
        article = edition.articles.get(uuid.urn)
        if article is not None:
            return article
        if uuid.urn in edition.gone or uuid.urn in edition.attic.articles:
            raise absent(Absence.GONE, edition)
        raise absent(Absence.UNKNOWN if edition.ready else Absence.NOT_READY, edition)

    def _topics(self, edition: Edition) -> list[tuple[str, str, int]]:
        """Return path, name and number of articles of every topic, the largest first."""
        rows = [
            (list_path(("topic", slug)), topic.name, len(edition.lists[("topic", slug)].ids))
            for slug, topic in edition.topics.items()
            if not edition.is_deserted(slug)
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

    def _feeds(self, key: ListKey) -> list[tuple[str, str, str]]:
        """Return name, path and media type of a list's feeds."""
        path = list_path(key)
        return [(form.name, f"{path}.{suffix}", form.media_type) for suffix, form in FORMATS.items()]

    def _render(self, template: str, edition: Edition, key: ListKey | None, **more: object) -> Response:
        """Render a page; `key` is the list whose feeds it offers."""
        page = render_template(
            template,
            site=self.catalogue.site,
            edition=edition,
            root=self.root,
            title=self.catalogue.title(edition, key) if key else "",
            feeds=self._feeds(key or LATEST),
            link=self.link,
            opml=self.link(OPML_PATH),
            article_path=article_path,
            waiting=waiting(edition),
            rfc3339=rfc3339,
            zone=self.zone,
            **more,
        )
        response = make_response(page)
        response.last_modified = max(edition.ticked, edition.incidents_modified)
        return response
