"""The views: each takes the current edition once and shows nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound

from feedsvc.feeds import archive_path, article_line, placed, spell_line
from feedsvc.ingest import Step, Ticked
from feedsvc.model import WEAK_RUNGS, Article, DateRung, Skipped, Tick
from feedsvc.store import LATEST, ArticleList, Edition, ListKey, Store
from feedsvc.web.addresses import STATUS, list_path
from feedsvc.web.catalogue import Absence, Catalogue, Moved
from feedsvc.web.pages.absence import absent, waiting
from feedsvc.web.pages.cards import card
from feedsvc.web.pages.combining import WITH, WITHOUT, Builder, chosen, combined, typed
from feedsvc.web.pages.directory import KINDS, Directory
from feedsvc.web.pages.listing import Sheet, archived, next_check, windowed
from feedsvc.web.pages.paging import asked_page, last_page, sliced
from feedsvc.web.pages.polling import Polled
from feedsvc.web.pages.problems import error_response
from feedsvc.web.pages.reading import neighbours, news_article, pictures
from feedsvc.web.pages.searching import Results
from feedsvc.web.pages.shell import VARY, Offer, Shell, shell
from feedsvc.web.promise import promise

NEWEST_ON_HOME = 15
TOPICS_ON_HOME = 18
TOPICS_OF_A_KIND = 24
TOPICS_ON_A_PAGE = 48
SUGGESTED = 100
"""Topics that the builder offers by name; any other may be typed."""
INCIDENTS = 50
FIRST_DOCUMENTS = 10


class Ticking(Protocol):
    """What the pages ask the clock."""

    def next_tick(self) -> datetime | None:
        """Return when the next tick is due."""
        ...

    def last_tick(self) -> Tick | None:
        """Return the last tick that ended."""
        ...


def _nothing() -> tuple[()]:
    return ()


def _nowhere() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What a request for a page is answered with."""

    store: Store
    catalogue: Catalogue
    clock: Ticking
    zone: ZoneInfo
    """The time zone that people are shown."""
    ticks: Callable[[], Sequence[Ticked]] = _nothing
    underway: Callable[[], Step | None] = _nowhere
    polls: Callable[[], Sequence[Polled]] | None = None
    """None where nobody counts."""
    directory: Directory = field(default_factory=Directory)
    for_browsers: bool = True
    """Whether a person who opens a feed's address in a browser is shown its page."""

    def shell(self) -> Shell:
        """Return the frame for the request."""
        return shell(self.catalogue.site, self.catalogue.language, self.zone)

    def link(self, path: str) -> str:
        """Return the link to a path of ours within this host."""
        return self.shell().plain(path)

    def forward(self, path: str) -> str:
        """Return the link to a path of ours, with the query of the request that is sent there."""
        query = request.query_string.decode("utf-8", "replace")
        return self.link(path) + (f"?{query}" if query else "")

    def refresh(self) -> None:
        """Count what a commit changed, so that no request has to."""
        self.directory.refresh(self.store.edition)

    def home(self) -> ResponseReturnValue:
        """Show the newest articles, the topics and how to subscribe; answers during a first ingest too."""
        edition, frame = self.store.edition, self.shell()
        entries = self.directory.entries(edition)
        return self._framed(
            frame,
            "home.html",
            edition,
            frame.offers(LATEST),
            newest=[card(each, frame) for each in edition.lists[LATEST].shown[:NEWEST_ON_HOME]],
            entries=entries[:TOPICS_ON_HOME],
            topics=len(entries),
            activity=self.directory.activity(edition, LATEST),
        )

    def topics(self) -> ResponseReturnValue:
        """Show the topics by kind, or all of one kind in pages, and the builder of combinations."""
        edition, page = self.store.edition, asked_page()
        kinds = self.directory.kinds(edition)
        kind = next((each for each in KINDS if each == request.args.get("kind")), None)
        those = kinds.get(kind, ()) if kind else ()
        shown = sliced(those, page, TOPICS_ON_A_PAGE)
        groups = {kind: shown} if kind else {each: some[:TOPICS_OF_A_KIND] for each, some in kinds.items()}
        return self._show(
            "topics.html",
            edition,
            None,
            groups=groups,
            counts={each: len(some) for each, some in kinds.items()},
            kind=kind,
            page=page,
            last=last_page(those, TOPICS_ON_A_PAGE),
            builder=self._builder(edition),
        )

    def combine(self) -> ResponseReturnValue:
        """Return what a choice of topics leads to, for the script of the builder."""
        frame = self.shell()
        built = self._builder(self.store.edition, frame)
        feeds = [{"name": each.name, "url": each.url} for each in built.offers]
        response = jsonify({"path": built.path, "link": built.link, "told": built.told, "feeds": feeds})
        response.vary.add(VARY)
        return response

    def sources(self) -> ResponseReturnValue:
        """Show every source and how it fares."""
        edition, page = self.store.edition, asked_page()
        rows = list(edition.health.items())
        shown = sliced(rows, page)
        return self._show(
            "sources.html",
            edition,
            None,
            rows=[
                (name, health, self.directory.activity(edition, ("source", name))) for name, health in shown
            ],
            page=page,
            last=last_page(rows),
        )

    def latest(self) -> ResponseReturnValue:
        """Show the newest articles of all sources."""
        return self._list(LATEST)

    def topic(self, name: str) -> ResponseReturnValue:
        """Show one topic's articles."""
        return self._list(("topic", name))

    def source(self, name: str) -> ResponseReturnValue:
        """Show one source's articles."""
        return self._list(("source", name))

    def latest_archive(self, page: int) -> ResponseReturnValue:
        """Show a page of the archive of all sources."""
        return self._archive(LATEST, page)

    def topic_archive(self, name: str, page: int) -> ResponseReturnValue:
        """Show a page of a topic's archive."""
        return self._archive(("topic", name), page)

    def source_archive(self, name: str, page: int) -> ResponseReturnValue:
        """Show a page of a source's archive."""
        return self._archive(("source", name), page)

    def status(self) -> ResponseReturnValue:
        """Show the service itself; asks nothing but memory."""
        edition = self.store.edition
        response = self._show(
            "status.html",
            edition,
            STATUS,
            last=self.clock.last_tick(),
            next=self.clock.next_tick(),
            ticks=self.ticks(),
            underway=self.underway(),
            polls=self.polls() if self.polls else (),
            incidents=edition.incidents[:INCIDENTS],
            skipped=_skipped(edition)[:FIRST_DOCUMENTS],
            without=sum(len(health.skipped) for health in edition.health.values()),
        )
        del response.last_modified  # it changes with the clock, not with commits
        return response

    def documents(self) -> ResponseReturnValue:
        """Show every document that gave no article, and why."""
        edition, page = self.store.edition, asked_page()
        rows = _skipped(edition)
        shown, last = sliced(rows, page), last_page(rows)
        return self._show("documents.html", edition, None, rows=shown, page=page, last=last)

    def article(self, uuid: UUID) -> ResponseReturnValue:
        """Show one article with its related headlines."""
        edition, frame = self.store.edition, self.shell()
        article = self._article(edition, uuid)
        body = Markup(placed(article, frame.root).html)  # noqa: S704 (sanitised at extraction, and the page's policy runs nothing)
        earlier, later = neighbours(edition, article)
        site = self.catalogue.site
        return self._show(
            "article.html",
            edition,
            None,
            article=article,
            body=body,
            earlier=earlier,
            later=later,
            told=news_article(article, site),
            picture=next(pictures(article, site), ""),
        )

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
        return self._show("explain.html", edition, None, article=article, origins=origins, **ladder)

    def results(self, results: Results, offers: list[Offer]) -> Response:
        """Show what a search found; `offers` are the feeds of that search."""
        frame, edition = self.shell(), self.store.edition
        hits = [(card(hit.article, frame), hit.excerpt) for hit in results.hits]
        response = self._framed(
            frame, "search.html", edition, offers, results=results, hits=hits, title=results.query
        )
        del response.last_modified  # it changes with the index, too
        return response

    def error(self, error: HTTPException) -> ResponseReturnValue:
        """Show what went wrong and what to do next."""
        return error_response(error, self.shell())

    def _list(self, key: ListKey) -> ResponseReturnValue:
        edition = self.store.edition
        articles = self.catalogue.find(edition, key)
        if isinstance(articles, Moved):
            return redirect(self.forward(list_path(articles.key)), 308)
        if isinstance(articles, Absence):
            raise absent(articles, edition)
        return self._sheet(edition, key, articles, windowed(key, articles, asked_page()))

    def _archive(self, key: ListKey, page: int) -> ResponseReturnValue:
        edition = self.store.edition
        articles = self.catalogue.find(edition, key)
        if isinstance(articles, Moved):
            return redirect(self.forward(archive_path(list_path(articles.key), page)), 308)
        if isinstance(articles, Absence):
            raise absent(articles, edition)
        return self._sheet(edition, key, articles, archived(edition, key, articles, page), archive=page)

    def _sheet(
        self, edition: Edition, key: ListKey, articles: ArticleList, sheet: Sheet | None, archive: int = 0
    ) -> ResponseReturnValue:
        if sheet is None:
            raise NotFound
        frame = self.shell()
        return self._framed(
            frame,
            "list.html",
            edition,
            frame.offers(key),
            title=self._title(frame, edition, key),
            list=key,
            articles=articles,
            activity=self.directory.activity(edition, key),
            sheet=sheet,
            cards=[card(each, frame) for each in sheet.articles],
            archive=archive,
            page=1 if archive else asked_page(),
            here_path=archive_path(list_path(key), archive) if archive else list_path(key),
            promise=promise(articles, edition.limits, frame.words),
            next_check=next_check(edition, key, articles),
        )

    def _article(self, edition: Edition, uuid: UUID) -> Article:
        article = edition.articles.get(uuid.urn)
        if article is not None:
            return article
        if uuid.urn in edition.gone or uuid.urn in edition.attic.articles:
            raise absent(Absence.GONE, edition)
        raise absent(Absence.UNKNOWN if edition.ready else Absence.NOT_READY, edition)

    def _builder(self, edition: Edition, frame: Shell | None = None) -> Builder:
        frame = frame or self.shell()
        entries = self.directory.entries(edition)[:SUGGESTED]
        choice = chosen(request.args, {entry.name: entry.slug for entry in reversed(entries)})
        found = combined(choice, edition, self.catalogue)
        path = list_path(found.key) if found.key else ""
        return Builder(
            wanted=typed(request.args, "with", WITH),
            unwanted=typed(request.args, "without", WITHOUT),
            either=choice.either,
            names=[entry.name for entry in entries],
            path=path,
            link=frame.link(path) if path else "",
            told=frame.words(found.problem) if found.problem else frame.words("articles", n=found.count),
            offers=frame.offers(found.key) if found.key else (),
        )

    def _title(self, frame: Shell, edition: Edition, key: ListKey) -> str:
        own = {"latest": "latest articles", "status": "incidents"}.get(key[0])
        return frame.words(own) if own else self.catalogue.title(edition, key)

    def _show(self, template: str, edition: Edition, key: ListKey | None, **more: object) -> Response:
        """Render a page; `key` is the list whose feeds it offers."""
        frame = self.shell()
        return self._framed(frame, template, edition, frame.offers(key or LATEST), **more)

    def _framed(
        self, frame: Shell, template: str, edition: Edition, offers: list[Offer], **more: object
    ) -> Response:
        why = "" if edition.ready else frame.words.said(waiting(edition))
        response = frame.render(template, offers, edition=edition, waiting=why, **more)
        response.last_modified = max(edition.ticked, edition.incidents_modified)
        return response


def _skipped(edition: Edition) -> list[tuple[str, Skipped]]:
    """Return the documents that gave no article, with their sources; those meant to give one first."""
    rows = [(name, each) for name, health in edition.health.items() for each in health.skipped]
    return sorted(rows, key=lambda row: row[1].expected)
