"""The views of one article: as it reads, as a line for programs, and where each part of it came from."""

from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from feedsvc.feeds import article_line, placed, spell_line
from feedsvc.model import WEAK_RUNGS, DateRung
from feedsvc.web.pages.absence import article_of
from feedsvc.web.pages.elsewhere import hosts, named
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.reading import neighbours, news_article, pictures, scrollable
from feedsvc.web.policy import PICTURE_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Shows an article."""

    pages: Pages

    def article(self, uuid: UUID) -> ResponseReturnValue:
        """Show one article with its related headlines."""
        edition, frame = self.pages.store.edition, self.pages.shell()
        article = article_of(edition, uuid)
        body = Markup(scrollable(placed(article, frame.root).html))  # noqa: S704 (sanitised at extraction, and the page's policy runs nothing)
        pictured = "pictures" in request.args
        earlier, later = neighbours(edition, article)
        site = self.pages.catalogue.site
        response = self.pages.show(
            "article.html",
            edition,
            article=article,
            body=body if pictured else named(body),
            elsewhere=() if pictured else hosts(body),
            earlier=earlier,
            later=later,
            told=news_article(article, site),
            picture=next(pictures(article, site), ""),
        )
        if pictured:
            response.headers["Content-Security-Policy"] = PICTURE_POLICY
        return response

    def line(self, uuid: UUID) -> ResponseReturnValue:
        """Return one article as its `extract` line."""
        edition = self.pages.store.edition
        article = article_of(edition, uuid)
        told = article_line(placed(article, self.pages.catalogue.site.base_url), article.key)
        response = Response(spell_line(told), mimetype="application/json")
        response.last_modified = edition.committed
        return response

    def explain(self, uuid: UUID) -> ResponseReturnValue:
        """Show where each field and topic of an article came from."""
        edition = self.pages.store.edition
        article = article_of(edition, uuid)
        origins = {known.field: known.origin for known in article.provenance}
        return self.pages.show(
            "explain.html",
            edition,
            article=article,
            origins=origins,
            rungs=get_args(DateRung),
            weak=WEAK_RUNGS,
        )
