"""What an answer of the web is: a feed, a sitemap, an outline, a listing or one page, and why we think so."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc import text, weburl
from feedsvc.extract import (
    charset,
    dates,
    feed,
    jsonfeed,
    linked,
    listing,
    markup,
    opml,
    prescan,
    sitemap,
    xmltext,
)
from feedsvc.extract.blocks import divide
from feedsvc.extract.xmltext import Refused
from feedsvc.listed import Guess, Item, Kind, Subscription

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEAD = 1 << 16
"""Bytes of an answer whose beginning says what it is."""
_FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json")
"""Best first: Atom says most of an entry, and exactly."""
_FEW = 3  # items; fewer links are no list
_MANY = 8  # dated ones; articles seldom name so many others with their dates
_PARAGRAPH = 100  # columns
_LINKED = 0.3  # of a paragraph
_PROSE_AN_ITEM = 300  # columns; a listing says little more of an item than its title and a teaser
_ARTICLE = re.compile(r"(?:article|blogposting|report)\b")
_SUBJECT = re.compile(r"/(?:categor(?:y|ies)|tags?|topics?|sections?|archives?|authors?|forums?)/")
_CALLED: dict[Kind, str] = {"feed": "a feed", "sitemap": "a sitemap", "opml": "a list of feeds"}
_OPEN_GRAPH = frozenset({"article", "news", "blog"})
_SLUG = re.compile(r"(?:[^-_/]+[-_]){3,}[^-_/]+/?$|\d{5}[^/]*/?$")
_PARAMETER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def kind(content: bytes, url: str, content_type: str = "") -> Guess:
    """Return what the answer at `url` is, and the feeds that it names; `content_type` is its header."""
    declared = _charset(content_type)
    return _machine_readable(content, url, declared) or _page(content, url, declared)


def _machine_readable(content: bytes, url: str, declared: str | None) -> Guess | None:
    if jsonfeed.looks_so(content):
        return Guess(kind="feed", why="a feed: JSON Feed")
    if urlsplit(url).path == "/robots.txt" and (named := sitemap.named_in_robots(content)):
        return Guess(kind="sitemap", why=f"a robots.txt that names sitemaps ({len(named)})")
    if content.startswith(b"\x1f\x8b"):
        return Guess(kind="sitemap", why="a sitemap: packed by gzip")
    written = xmltext.readable(content[:_HEAD], declared)
    return None if isinstance(written, Refused) else _by_root(written)


def _by_root(written: str) -> Guess | None:
    """Return what XML is by its first element, or text without one by its lines."""
    root = xmltext.root(written)
    kinds: dict[Kind, bool] = {
        "feed": root in feed.ROOTS,
        "sitemap": root in sitemap.ROOTS,
        "opml": root.lower() == opml.ROOT,
    }
    found = next((name for name, fits in kinds.items() if fits), None)
    if found:
        return Guess(kind=found, why=f"{_CALLED[found]}: <{root}>")
    if not root and _only_addresses(written):
        return Guess(kind="sitemap", why="a sitemap: one address a line")
    return None


def _only_addresses(written: str) -> bool:
    lines = [line for line in written.splitlines()[:_FEW] if line.strip()]
    return bool(lines) and all(weburl.absolute(line) for line in lines)


def _page(content: bytes, url: str, declared: str | None) -> Guess:
    tree = _tree(content, declared)
    if tree is None:
        return Guess(kind="page", why="nothing that is a list or a feed")
    feeds = _named(tree, url)
    items = listing.links(content, url, declared).items
    is_list, why = _judged(tree, url, items)
    return Guess(kind="listing" if is_list else "page", why=why, feeds=feeds)


def _judged(tree: "HtmlElement", url: str, items: Sequence[Item]) -> tuple[bool, str]:
    """Return whether a page is a list, and what decided it; the surest signs come first."""
    count, dated = len(items), sum(item.published is not None for item in items)
    if count < _FEW:
        return False, f"a page: {count or 'no'} links that look like articles"
    if dated >= _MANY and dated * 2 >= count:
        return True, f"a listing: {dated} of {count} links that look like articles have dates"
    if urlsplit(url).path == "/":
        return True, f"a listing: the site's first page, with {count} links that look like articles"
    if said := _says_article(tree) or _named_like_one(url):
        return False, f"a page: {said}"
    if _prose(tree) < _PROSE_AN_ITEM * count:
        return True, f"a listing: {count} links that look like articles, and little text of its own"
    return False, f"a page: more text of its own than {count} links that look like articles announce"


def _named_like_one(url: str) -> str:
    path = urlsplit(url).path
    named = (dates.in_url(path) or _SLUG.search(path)) and not _SUBJECT.search(path)
    return "its address is like an article's" if named else ""


def _says_article(tree: "HtmlElement") -> str:
    """Return where a page's head says that it is an article; a list may describe several of its own."""
    types = (" ".join(linked.types(node)) for node in linked.nodes(tree))
    if 0 < sum(bool(_ARTICLE.search(each)) for each in types) < _FEW:
        return "its JSON-LD describes an article"
    kinds = [each.get("content") or "" for each in tree.iter("meta") if each.get("property") == "og:type"]
    return "its og:type is an article's" if any(each.lower() in _OPEN_GRAPH for each in kinds) else ""


def _prose(tree: "HtmlElement") -> int:
    """Return how many columns the page's own paragraphs have. Changes the tree."""
    markup.strip_hidden(tree)
    paragraphs = (each.text for each in divide(tree) if each.link_share < _LINKED)
    return sum(width for each in paragraphs if (width := text.columns(each)) >= _PARAGRAPH)


def _tree(content: bytes, declared: str | None) -> "HtmlElement | None":
    decoded = charset.decode(content, declared)
    written = markup.readable(decoded.text) if decoded else ""
    return None if prescan.refusal(written) else markup.parse(written)


def _named(tree: "HtmlElement", url: str) -> tuple[Subscription, ...]:
    found: dict[str, tuple[int, Subscription]] = {}
    for link in tree.iter("link"):
        media_type = (link.get("type") or "").partition(";")[0].strip().lower()
        address = weburl.absolute(link.get("href"), url)
        if address and media_type in _FEED_TYPES and "alternate" in (link.get("rel") or "").lower().split():
            named = Subscription(url=address, title=text.one_line(link.get("title") or ""))
            found.setdefault(address, (_FEED_TYPES.index(media_type), named))
    return tuple(named for _, named in sorted(found.values(), key=lambda each: each[0]))


def _charset(content_type: str) -> str | None:
    """Return the charset parameter of a header (RFC 9110 8.3.1)."""
    found = _PARAMETER.search(content_type)
    return found[1] if found else None
