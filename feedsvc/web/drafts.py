"""What stands at a path in an edition, not yet written: a feed, a page of its archive, the list of feeds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.feeds import OPML_TYPE, Feed, Link, Writer, write_opml
from feedsvc.store import ArticleList, Edition
from feedsvc.web.addresses import OPML_PATH, STATUS, Address, feed_address
from feedsvc.web.catalogue import MAX_AGE, Absence, Catalogue, Moved
from feedsvc.web.combined import is_combination
from feedsvc.web.representation import Representation, represented


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another path that has what was asked for."""

    path: str
    for_good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A representation that can be composed."""

    origin: object
    """What it is made from: while that is the same object, the bytes are the same."""
    modified: datetime
    compose: Callable[[], Representation]
    ad_hoc: bool = False
    """True for what few ask for, and what is not rendered before somebody does."""


def draft(
    path: str, limit: int | None, edition: Edition, catalogue: Catalogue, writer: Writer
) -> Draft | Absence | Elsewhere:
    """Return what stands at a path of a feed or of the list of feeds; `limit` reaches past the window."""
    if path == OPML_PATH:
        return _opml(edition, catalogue)
    address = feed_address(path)
    if address is None:
        return Absence.UNKNOWN
    articles = catalogue.find(edition, address.key)
    if isinstance(articles, Moved):
        return Elsewhere(path=replace(address, key=articles.key).path)
    if isinstance(articles, Absence):
        return articles
    drafting = _Drafting(
        address=address, articles=articles, edition=edition, catalogue=catalogue, writer=writer
    )
    if address.page is not None:
        return drafting.archive(address.page)
    return drafting.current() if limit is None else drafting.reaching(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafting:
    """A feed's address and what stands there."""

    address: Address
    articles: ArticleList
    edition: Edition
    catalogue: Catalogue
    writer: Writer

    def current(self) -> Draft:
        """Return the feed that people subscribe to."""
        ad_hoc, modified = is_combination(self.address.key), self._modified

        def compose() -> Representation:
            feed = self.catalogue.feed(self.edition, self.address.key, self.articles)
            return self._representation(feed, modified)

        return Draft(origin=self._origin, modified=modified, compose=compose, ad_hoc=ad_hoc)

    def reaching(self, count: int) -> Draft:
        """Return the feed with its newest `count` articles; its Last-Modified is the edition's."""
        is_status = self.address.key == STATUS
        modified = self.articles.modified if is_status else self.edition.committed

        def compose() -> Representation:
            feed = self.catalogue.reaching(self.edition, self.address.key, self.articles, count)
            return self._representation(feed, modified)

        return Draft(origin=self._origin, modified=modified, compose=compose, ad_hoc=True)

    def archive(self, page: int) -> Draft | Absence | Elsewhere:
        """Return a page of the archive; the one after the last is still the feed itself."""
        if is_combination(self.address.key):
            return Absence.UNKNOWN
        if page > self.articles.last_page:
            following = page in {len(self.articles.pages) + 1, self.articles.last_page + 1}
            current = replace(self.address, page=None).path
            return Elsewhere(path=current, for_good=False) if following else Absence.UNKNOWN
        modified = self.articles.page_modified(page)

        def compose() -> Representation:
            return self._representation(
                self.catalogue.archive(self.edition, self.address.key, page), modified
            )

        return Draft(origin=modified, modified=modified, compose=compose, ad_hoc=True)

    @property
    def _origin(self) -> object:
        # Incidents are no list of the store's: they are put together anew each time.
        return self.edition.incidents_modified if self.address.key == STATUS else self.articles

    @property
    def _modified(self) -> datetime:
        # What few ask for has no Last-Modified of its own.
        return self.edition.committed if is_combination(self.address.key) else self.articles.modified

    def _representation(self, feed: Feed, modified: datetime) -> Representation:
        return represented(feed, self.address.suffix, modified, self.writer)


def _opml(edition: Edition, catalogue: Catalogue) -> Draft | Absence:
    def compose() -> Representation:
        return Representation(
            body=write_opml(catalogue.outlines(edition), catalogue.site),
            content_type=OPML_TYPE,
            modified=int(edition.committed.timestamp()),
            max_age=MAX_AGE,
            links=(Link(rel="self", href=catalogue.site.link(OPML_PATH)),),
            form="opml",
        )

    ready = Draft(origin=edition.committed, modified=edition.committed, compose=compose)
    return ready if edition.ready else Absence.NOT_READY
