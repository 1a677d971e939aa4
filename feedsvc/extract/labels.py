"""What a page files itself under: its section, the breadcrumb that leads to it, its tags, its keywords."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import linked

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Written = tuple[str, str]
"""A name and where it stood."""
KEYWORDS = "meta keywords"
"""Written for search engines: names of this origin need several documents to be a topic."""
_COMMAS = re.compile(r"\s*[,，;；、]\s*")
_CRUMBS = re.compile(r"\b(?:bread-?crumbs?|crumbs?)\b|面包屑|当前位置", re.IGNORECASE)
# Where every trail begins, and what some end with instead of the title.
_NO_SECTION = {"home", "article", "articles", "post", "posts", "blog", "news", "首页", "正文", "详情", "新闻"}
_MANY = 20  # names of one origin that are looked at
_LONGEST = 64  # characters of a name; a longer one is a sentence
_TRAIL = 12  # crumbs


def labels(
    tree: "HtmlElement", found: tuple[linked.Node, ...], meta: Mapping[str, Sequence[str]], title: str
) -> Iterator[Written]:
    """Yield the labels of a page, the most trusted first; `title` ends some breadcrumbs."""
    article = linked.article(found)
    sections = [
        *map(linked.string, linked.listed(article.get("articleSection"))),
        *meta.get("article:section", ()),
    ]
    yield from ((name, "articleSection") for name in dict.fromkeys(filter(None, sections)))
    if crumb := _last(_crumbs(tree, found), title):
        yield crumb, "breadcrumb"
    yield from ((name, "article:tag") for name in meta.get("article:tag", ()))
    yield from ((name, "rel=tag") for name in _tags(tree))
    told = (*map(linked.string, linked.listed(article.get("keywords"))), *meta.get("news_keywords", ()))
    yield from ((name, "keywords") for name in _words(told))
    yield from ((name, KEYWORDS) for name in _words(meta.get("keywords", ())))


def _words(written: Iterable[str]) -> list[str]:
    names = (name for line in written for name in _COMMAS.split(line))
    return [name for name in names if name and len(name) <= _LONGEST][:_MANY]


def _tags(tree: "HtmlElement") -> list[str]:
    """Return the texts of links that say that they are tags (rel-tag)."""
    links = (link for link in tree.iter("a") if "tag" in (link.get("rel") or "").lower().split())
    names = (_text(link).lstrip("#") for link in links)
    return [name for name in dict.fromkeys(names) if name and len(name) <= _LONGEST][:_MANY]


def _last(trail: Sequence[str], title: str) -> str:
    """Return the crumb that names the section: the last that is neither the start nor the page itself."""
    here = text.fold(title)
    inner = [name for name in trail[1:] if text.fold(name) not in {*_NO_SECTION, here}]
    return inner[-1] if inner and len(inner[-1]) <= _LONGEST else ""


def _crumbs(tree: "HtmlElement", found: Iterable[linked.Node]) -> list[str]:
    """Return the names of a page's breadcrumb, from the start on."""
    for node in found:
        if "breadcrumblist" in linked.types(node):
            return _listed(node)
    for element in tree.iter("nav", "ol", "ul", "div", "p"):
        told = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}"
        if _CRUMBS.search(told.replace("_", "-")):
            links = [_text(link) for link in element.iter("a")][:_TRAIL]
            return list(filter(None, links))
    return []


def _listed(node: linked.Node) -> list[str]:
    """Return the names of a BreadcrumbList by their position."""
    entries = [each for each in linked.listed(node.get("itemListElement"))[:_TRAIL] if isinstance(each, dict)]
    entries.sort(key=lambda each: str(each.get("position") or "").zfill(3))
    return list(filter(None, map(_name, entries)))


def _name(entry: linked.Node) -> str:
    item = entry.get("item")
    return linked.string(entry.get("name")) or linked.string(
        item.get("name") if isinstance(item, dict) else ""
    )


def _text(element: "HtmlElement") -> str:
    return text.one_line("".join(element.itertext()))
