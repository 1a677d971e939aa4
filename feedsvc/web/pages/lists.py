"""The views of lists: home, the newest, a topic, a source, each with its archive behind it."""

from dataclasses import dataclass

from flask import redirect
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedsvc.feeds import archive_path
from feedsvc.store import LATEST, ArticleList, Edition, ListKey
from feedsvc.web.addresses import list_path
from feedsvc.web.catalogue import Absence, Moved
from feedsvc.web.pages.absence import absent
from feedsvc.web.pages.cards import card
from feedsvc.web.pages.listing import Sheet, archived, last_change, next_check, windowed
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.paging import asked_page
from feedsvc.web.pages.shell import Shell
from feedsvc.web.promise import promise

NEWEST_ON_HOME = 15
TOPICS_ON_HOME = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Shows lists of articles."""

    pages: Pages

    def home(self) -> ResponseReturnValue:
        """Show the newest articles, the topics and how to subscribe; answers during a first ingest too."""
        edition, frame = self.pages.store.edition, self.pages.shell()
        entries = self.pages.directory.entries(edition)
        return self.pages.framed(
            frame,
            "home.html",
            edition,
            frame.offers(LATEST),
            newest=[card(each, frame) for each in edition.lists[LATEST].shown[:NEWEST_ON_HOME]],
            entries=entries[:TOPICS_ON_HOME],
            topics=len(entries),
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

    def _list(self, key: ListKey) -> ResponseReturnValue:
        edition = self.pages.store.edition
        articles = self.pages.catalogue.find(edition, key)
        if isinstance(articles, Moved):
            return redirect(self.pages.forward(list_path(articles.key)), 308)
        if isinstance(articles, Absence):
            raise absent(articles, edition)
        return self._sheet(edition, key, articles, windowed(key, articles, asked_page()))

    def _archive(self, key: ListKey, page: int) -> ResponseReturnValue:
        edition = self.pages.store.edition
        articles = self.pages.catalogue.find(edition, key)
        if isinstance(articles, Moved):
            return redirect(self.pages.forward(archive_path(list_path(articles.key), page)), 308)
        if isinstance(articles, Absence):
            raise absent(articles, edition)
        return self._sheet(edition, key, articles, archived(edition, key, articles, page), archive=page)

    def _sheet(
        self, edition: Edition, key: ListKey, articles: ArticleList, sheet: Sheet | None, archive: int = 0
    ) -> ResponseReturnValue:
        if sheet is None:
            raise NotFound
        frame = self.pages.shell()
        return self.pages.framed(
            frame,
            "list.html",
            edition,
            frame.offers(key),
            title=self._title(frame, edition, key),
            list=key,
            activity=self.pages.directory.activity(edition, key, articles),
            sheet=sheet,
            cards=[card(each, frame) for each in sheet.articles],
            archive=archive,
            page=1 if archive else asked_page(),
            here_path=archive_path(list_path(key), archive) if archive else list_path(key),
            promise=promise(key, articles, edition.limits, frame.words),
            last_change=last_change(key, articles),
            next_check=next_check(edition, key, articles),
        )

    def _title(self, frame: Shell, edition: Edition, key: ListKey) -> str:
        if key == LATEST:
            return frame.words("latest articles")
        return self.pages.catalogue.title(edition, key, frame.words.topic)
