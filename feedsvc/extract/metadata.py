"""What a page says of its article apart from the article: JSON-LD, meta elements, microdata, RDFa."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import linked
from feedsvc.extract.labels import labels

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "published-date", "published_date", "pub_date",
    "publication_date", "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "firstpublishedtime", "date",
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
_MANY = 20  # elements of one name that are looked at
_SHORT = 200  # characters of an element that holds a name or a date


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
    labels: tuple[tuple[str, str], ...] = ()
    """Name and origin."""
    url: Said = Said("", "")
    language: Said = Said("", "")
    summary: Said = Said("", "")
    picture: Said = Said("", "")
    body: str = ""
    """The article's text as JSON-LD carries it."""


def read(tree: "HtmlElement") -> Metadata:
    """Collect a page's metadata."""
    meta = _meta(tree)
    found = linked.nodes(tree)
    article, page = linked.article(found), linked.page(found)
    named = _items(tree)
    written = tuple(linked.authors(article, found))
    headline = linked.string(article.get("headline")) or linked.string(article.get("name"))
    return Metadata(
        titles=_said(
            (headline, "JSON-LD headline"),
            *((meta.get(name, [""])[0], name) for name in ("og:title", "twitter:title")),
            (_first_text(tree, "title"), "title"),
        ),
        headings=tuple(
            filter(None, (_words(heading) for heading, _ in zip(tree.iter("h1"), range(_MANY), strict=False)))
        ),
        sites=tuple(_sites(meta, found)),
        published=_said(
            *((value, name) for name in _PUBLISHED[:1] for value in meta.get(name, ())),
            (linked.string(article.get("datePublished")), "JSON-LD datePublished"),
            *((value, name) for name in _PUBLISHED[1:] for value in meta.get(name, ())),
            *((_value(element), "itemprop datePublished") for element in named.get("datepublished", ())),
            *((value, "script") for value in _scripted(tree)),
        ),
        created=_said((linked.string(page.get("datePublished")), "JSON-LD datePublished of the page")),
        updated=tuple(
            said.value
            for said in _said(
                (linked.string(article.get("dateModified")), ""),
                *((value, name) for name in _UPDATED for value in meta.get(name, ())),
                *((_value(element), "") for element in named.get("datemodified", ())),
            )
        ),
        authors=_said(*((name, "JSON-LD author") for name, person in written if person)),
        credits=_said(
            *((value, f"meta {name}") for name in _AUTHORS for value in meta.get(name, ())),
            *((_name(element), "itemprop author") for element in named.get("author", ())),
            *((_words(element), "rel=author") for element in _links(tree, "author")),
            *((name, "JSON-LD author of the page") for name, person in linked.authors(page, found) if person),
            *((name, "JSON-LD author") for name, person in written if not person),
            *((name, "twitter:data") for name in _carded(meta)),
        ),
        labels=tuple(labels(tree, found, meta, headline or _first_text(tree, "h1"))),
        url=_first(
            *(
                (link.get("href") or "", "link rel=canonical")
                for link in tree.iter("link")
                if "canonical" in _rel(link)
            ),
            *((value, "og:url") for value in meta.get("og:url", ())),
        ),
        language=_first(
            (tree.get("lang") or tree.get("xml:lang") or "", "html lang"),
            *((value, name) for name in ("og:locale", "content-language") for value in meta.get(name, ())),
            (linked.string(article.get("inLanguage")), "JSON-LD inLanguage"),
        ),
        summary=_first(
            (linked.string(article.get("description")), "JSON-LD description"),
            *((value, name) for name in _SUMMARIES for value in meta.get(name, ())),
        ),
        picture=_first(
            *((value, name) for name in _PICTURES for value in meta.get(name, ())),
            *((value, "JSON-LD image") for value in _pictures(article.get("image"))),
        ),
        body=linked.string(article.get("articleBody")),
    )


def _sites(meta: dict[str, list[str]], found: tuple[linked.Node, ...]) -> dict[str, None]:
    names = (*meta.get("og:site_name", ()), *meta.get("application-name", ()), *linked.sites(found))
    return dict.fromkeys(filter(None, names))


def _meta(tree: "HtmlElement") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
            or ""
        )
        if content := (element.get("content") or "").strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


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


def _items(tree: "HtmlElement") -> "dict[str, list[HtmlElement]]":
    """Return the elements that microdata or RDFa name, by name in lower case without a prefix."""
    found: dict[str, list[HtmlElement]] = {}
    for element in tree.iter():
        named = element.get("itemprop") or (element.get("property") if element.tag != "meta" else "") or ""
        for name in named.lower().split():
            listed = found.setdefault(name.rpartition(":")[2].rpartition("/")[2], [])
            if len(listed) < _MANY:
                listed.append(element)
    return found


def _value(element: "HtmlElement") -> str:
    """Return what an element says to machines, else to people."""
    written = element.get("content") or element.get("datetime") or _words(element)
    return written if len(written) < _SHORT else ""


def _name(element: "HtmlElement") -> str:
    """Return the name within an element for a person."""
    named = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    return _value(named)


def _links(tree: "HtmlElement", relation: str) -> "list[HtmlElement]":
    return [link for link in tree.iter("a") if relation in _rel(link)][:_MANY]


def _rel(element: "HtmlElement") -> list[str]:
    return (element.get("rel") or "").lower().split()


def _words(element: "HtmlElement") -> str:
    return text.one_line("".join(element.itertext()))


def _first_text(tree: "HtmlElement", tag: str) -> str:
    return next((words for element in tree.iter(tag) if (words := _words(element))), "")


def _pictures(value: object) -> Iterator[str]:
    for entry in linked.listed(value)[:_MANY]:
        yield linked.string(entry.get("url") if isinstance(entry, dict) else entry)


def _said(*pairs: tuple[str, str]) -> tuple[Said, ...]:
    return tuple(Said(value.strip(), origin) for value, origin in pairs if value and value.strip())


def _first(*pairs: tuple[str, str]) -> Said:
    return next(iter(_said(*pairs)), Said("", ""))
