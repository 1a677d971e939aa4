"""What a page says of its article apart from the article: JSON-LD, meta elements, microdata, RDFa."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc.extract import elements, linked
from feedsvc.extract.labels import labels

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "published-date", "published_date", "pub_date",
    "publication_date", "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "firstpublishedtime", "article:published", "article:publish_date",
    "og:publish_date", "date_published", "published_time", "publish_time", "publicationdate",
    "publication-date", "originalpublicationdate", "dc.date.created", "dcterms.date.issued",
    "shareaholic:article_published_time", "bt:pubdate", "date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "lastmod", "lastmodifiedtime",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
    "citation_author", "twitter:creator:name",
)  # fmt: skip
_PICTURES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_SUMMARIES = ("og:description", "description", "twitter:description")
_WECHAT = re.compile(r'"\d{10}",\s*\w+="((?:19|20)\d\d-\d\d-\d\d)"')  # a moment, then its day
_MANY = 20  # headings or pictures that are looked at


@dataclass(frozen=True, slots=True)
class Said:
    """A string as it is written, and where."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is said, best first."""

    titles: tuple[Said, ...] = ()
    headings: tuple[str, ...] = ()
    """What stands in `h1`, in order."""
    sites: tuple[str, ...] = ()
    """Names of the site, which are no titles and no authors."""
    published: tuple[Said, ...] = ()
    created: tuple[Said, ...] = ()
    """When the page came to be, which some systems write on pages without any date."""
    updated: tuple[str, ...] = ()
    authors: tuple[Said, ...] = ()
    """People that JSON-LD names."""
    credits: tuple[Said, ...] = ()
    """Fields for authors that often hold the site's name or an account."""
    organisations: tuple[Said, ...] = ()
    """Authors that JSON-LD does not call people."""
    labels: tuple[tuple[str, str], ...] = ()
    """Name and origin."""
    url: Said = Said("", "")
    language: Said = Said("", "")
    summary: Said = Said("", "")
    picture: Said = Said("", "")
    body: str = ""
    """The article's text as JSON-LD carries it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Where a page says something of its article."""

    tree: "HtmlElement"
    meta: dict[str, list[str]]
    items: "dict[str, list[HtmlElement]]"
    nodes: tuple[linked.Node, ...]
    article: linked.Node
    about: linked.Node
    """The page itself, as JSON-LD describes it."""

    def named(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield what meta elements of these names hold, in the order of the names."""
        yield from ((value, name) for name in names for value in self.meta.get(name, ()))

    def marked(self, item: str, origin: str = "") -> Iterator[tuple[str, str]]:
        """Yield what elements say that microdata or RDFa call so."""
        yield from ((elements.value(element), origin) for element in self.items.get(item, ()))


def read(tree: "HtmlElement") -> Metadata:
    """Collect a page's metadata."""
    found, cited = linked.nodes(tree), elements.cited(tree)
    page = _Page(
        tree=tree,
        meta=elements.meta(tree, cited),
        items=elements.items(tree, cited),
        nodes=found,
        article=linked.article(found),
        about=linked.page(found),
    )
    written = tuple(linked.authors(page.article, found))
    headings = map(elements.words, islice(tree.iter("h1"), _MANY))
    return Metadata(
        titles=_titles(page),
        headings=tuple(filter(None, headings)),
        sites=tuple(_sites(page)),
        published=_published(page),
        created=_said((linked.string(page.about.get("datePublished")), "JSON-LD datePublished of the page")),
        updated=_updated(page),
        authors=_said(*((name, "JSON-LD author") for name, person in written if person)),
        credits=_credits(page),
        organisations=_said(*((name, "JSON-LD author") for name, person in written if not person)),
        labels=tuple(labels(tree, found, page.meta, _title(page))),
        url=_first(*_addresses(tree), *page.named(["og:url"])),
        language=_language(page),
        summary=_first(
            (linked.string(page.article.get("description")), "JSON-LD description"), *page.named(_SUMMARIES)
        ),
        picture=_first(
            *page.named(_PICTURES),
            *((value, "JSON-LD image") for value in _pictures(page.article.get("image"))),
        ),
        body=linked.string(page.article.get("articleBody")),
    )


def _title(page: _Page) -> str:
    """Return what ends a breadcrumb that names the page itself."""
    return linked.string(page.article.get("headline")) or elements.first_text(page.tree, "h1")


def _titles(page: _Page) -> tuple[Said, ...]:
    headline = linked.string(page.article.get("headline")) or linked.string(page.article.get("name"))
    return _said(
        (headline, "JSON-LD headline"),
        *((page.meta.get(name, [""])[0], name) for name in ("og:title", "twitter:title")),
        (elements.first_text(page.tree, "title"), "title"),
    )


def _published(page: _Page) -> tuple[Said, ...]:
    return _said(
        *page.named(_PUBLISHED[:1]),
        (linked.string(page.article.get("datePublished")), "JSON-LD datePublished"),
        *page.named(_PUBLISHED[1:]),
        *page.marked("datepublished", "itemprop datePublished"),
        *((value, "script") for value in _scripted(page.tree)),
    )


def _updated(page: _Page) -> tuple[str, ...]:
    modified = linked.string(page.article.get("dateModified"))
    said = _said((modified, ""), *page.named(_UPDATED), *page.marked("datemodified"))
    return tuple(each.value for each in said)


def _credits(page: _Page) -> tuple[Said, ...]:
    about = linked.authors(page.about, page.nodes)
    return _said(
        *((value, f"meta {name}") for value, name in page.named(_AUTHORS)),
        *((elements.name(element), "itemprop author") for element in page.items.get("author", ())),
        *((elements.words(element), "rel=author") for element in elements.links(page.tree, "author")),
        *((name, "JSON-LD author of the page") for name, person in about if person),
        *((name, "twitter:data") for name in _carded(page.meta)),
    )


def _addresses(tree: "HtmlElement") -> Iterator[tuple[str, str]]:
    canonical = (link for link in tree.iter("link") if "canonical" in elements.rel(link))
    yield from ((link.get("href") or "", "link rel=canonical") for link in canonical)


def _language(page: _Page) -> Said:
    return _first(
        (page.tree.get("lang") or page.tree.get("xml:lang") or "", "html lang"),
        *page.named(("og:locale", "content-language")),
        (linked.string(page.article.get("inLanguage")), "JSON-LD inLanguage"),
    )


def _sites(page: _Page) -> dict[str, None]:
    said = (value for value, _ in page.named(("og:site_name", "application-name")))
    return dict.fromkeys(filter(None, (*said, *linked.sites(page.nodes))))


def _carded(meta: dict[str, list[str]]) -> Iterator[str]:
    """Yield who wrote an article as cards for Twitter say it: a label and, in another element, its value."""
    for number in "12":
        cards = [label.casefold() for label in meta.get(f"twitter:label{number}", ())]
        if "written by" in cards:
            yield from meta.get(f"twitter:data{number}", ())


def _scripted(tree: "HtmlElement") -> Iterator[str]:
    """Yield the dates of pages that write them by script, as WeChat's do."""
    for script in tree.iter("script"):
        yield from (found[1] for found in islice(_WECHAT.finditer(script.text or ""), 1))


def _pictures(value: object) -> Iterator[str]:
    for entry in linked.listed(value)[:_MANY]:
        yield linked.string(entry.get("url") if isinstance(entry, dict) else entry)


def _said(*pairs: tuple[str, str]) -> tuple[Said, ...]:
    return tuple(Said(value.strip(), origin) for value, origin in pairs if value and value.strip())


def _first(*pairs: tuple[str, str]) -> Said:
    return next(iter(_said(*pairs)), Said("", ""))
