"""What a page's head says of its article: JSON-LD, meta elements, `<time>`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = frozenset({
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "techarticle", "scholarlyarticle",
    "opinionnewsarticle",
})  # fmt: skip
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
    "publication_date", "dc.date.issued", "dcterms.created", "dc.date", "sailthru.date", "parsely-pub-date",
    "date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "lastmod",
)  # fmt: skip
_COMMAS = re.compile(r"\s*[,，;；]\s*")
_NODES = 200  # of JSON-LD looked at
_LENGTH = 1 << 18  # characters of one JSON-LD block


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Strings as they are written, best first."""

    title: str = ""
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """Name and origin."""
    url: str = ""
    language: str = ""
    summary: str = ""


def read(tree: "HtmlElement") -> Metadata:
    """Collect a page's metadata."""
    meta = _meta(tree)
    linked = next((node for node in _linked_data(tree) if _ARTICLES & _types(node)), {})
    canonical = next(
        (
            link.get("href") or ""
            for link in tree.iter("link")
            if "canonical" in (link.get("rel") or "").lower().split()
        ),
        "",
    )
    times = [time.get("datetime") or "" for time in tree.iter("time") if time.get("datetime")]
    return Metadata(
        title=_string(linked.get("headline")),
        published=_filled(_string(linked.get("datePublished")), *_all(meta, _PUBLISHED), *times[:1]),
        updated=_filled(_string(linked.get("dateModified")), *_all(meta, _UPDATED)),
        authors=tuple(_names(linked.get("author"))) or tuple(meta.get("author", ())[:1]),
        labels=tuple(_labels(linked, meta)),
        url=canonical or next(iter(meta.get("og:url", ())), ""),
        language=tree.get("lang") or tree.get("xml:lang") or "",
        summary=next(
            iter(_filled(_string(linked.get("description")), *_all(meta, ("og:description", "description")))),
            "",
        ),
    )


def _meta(tree: "HtmlElement") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content := (element.get("content") or "").strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _linked_data(tree: "HtmlElement") -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a page's JSON-LD, outer ones first."""
    for script in tree.iter("script"):
        written = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(written) > _LENGTH:
            continue
        try:
            waiting = [json.loads(written, strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                yield node
                waiting += [value for value in node.values() if isinstance(value, list | dict)]


def _types(node: Mapping[str, Any]) -> set[str]:
    return {_string(name).lower() for name in _listed(node.get("@type"))}


def _names(author: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for entry in _listed(author):
        if name := _string(entry.get("name") if isinstance(entry, dict) else entry):
            yield name


def _labels(linked: Mapping[str, Any], meta: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    sections = [*map(_string, _listed(linked.get("articleSection"))), *meta.get("article:section", ())]
    yield from ((name, "articleSection") for name in dict.fromkeys(filter(None, sections)))
    yield from ((name, "article:tag") for name in meta.get("article:tag", ()))
    # Not `<meta name="keywords">`: written for search engines, it names whatever people might look for.
    for written in (*map(_string, _listed(linked.get("keywords"))), *meta.get("news_keywords", ())):
        yield from ((name, "keywords") for name in _COMMAS.split(written) if name)


def _all(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [content for name in names for content in meta.get(name, ())]


def _filled(*values: str) -> tuple[str, ...]:
    return tuple(filter(None, values))


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [value]


def _string(value: Any) -> str:  # noqa: ANN401 - JSON
    return value.strip() if isinstance(value, str) else ""
