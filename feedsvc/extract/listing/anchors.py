"""The links of a page, one for each document they lead to, with the words that name it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc import text, weburl
from feedsvc.extract import vocabulary
from feedsvc.extract.listing.chrome import NOT, trust

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST = 5_000
"""Links of a page that are looked at."""
_STRINGS = 200  # of an element's text; links may stand in each other and hold a page
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|headline|subject|heading)|[a-z](?:Title|Headline)", re.IGNORECASE)
_LONGEST = 300  # characters of a title, and of a class
_UP = 3  # elements between a link and the heading it stands in
_CARD = 5  # elements between a button and the heading beside it
_FILES = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|zip|exe|dmg)$", re.IGNORECASE)
_RELATIONS = frozenset({"tag", "author", "prev", "next", "license", "search", "sponsored", "alternate"})
_LABEL = re.compile(
    r"\W*(?:(?:read|learn|see|view|show|load|find out|continue|discover)\s(?:more|all|full|reading|article|"
    r"story|post|details|this|the (?:full|whole|rest))\b.{0,40}|more|mehr|weiterlesen|weiter|mehr lesen|"
    r"lire la suite|lire plus|leer más|ler mais|leggi tutto|rss|atom|home|details?|permalink|link|reply|"
    r"(?:next|prev(?:ious)?|older|newer)(?: (?:page|posts|entries|articles))?|"
    r"阅读全文|查看详情|查看更多|查看全部|更多|更多内容|详细|详情|全文|下一页|上一页|尾页|末页|"
    r"\d{0,4}|\d+\s(?:comments?|replies|views|votes|points|kommentare))\W*|#\w+",
    re.IGNORECASE,
)
"""What says what to do or counts something, and names no document."""
_RECURRING = 3  # documents that the same words lead to: such words name none of them


@dataclass(frozen=True, slots=True)
class Anchor:
    """The link of a document that names it best."""

    element: "HtmlElement"
    url: str
    """Normalised."""
    title: str
    """"" where nothing names the document."""
    headed: bool
    """True where the title is a heading, or an element that is called a title."""
    trust: float
    """As `chrome.trust` says of the least trusted element around it."""


def collect(tree: "HtmlElement", base: str) -> list[Anchor]:
    """Return the links of a page that may lead to documents, each document once, in order."""
    found = [(link, url) for link in islice(tree.iter("a"), MOST) if (url := _target(link, base))]
    labels = _recurring((_words(link), url) for link, url in found)
    trusted = _trusted([link for link, _ in found])
    best: dict[str, Anchor] = {}
    for link, url in found:
        anchor = _titled(link, url, labels, trusted[link])
        if url not in best or _rank(anchor) > _rank(best[url]):
            best[url] = anchor
    return _with_headings(list(best.values()))


def within(elements: "Sequence[HtmlElement]", base: str) -> list[Anchor]:
    """Return the links that these elements are, hold or stand in, each document once, in order."""
    found: dict[str, Anchor] = {}
    for element in elements[:MOST]:
        inside = [*islice(element.iter("a"), 1), *islice(element.iterancestors("a"), 1)]
        for link, url in [(link, url) for link in inside[:1] if (url := _target(link, base))]:
            found.setdefault(url, _titled(link, url, frozenset(), NOT))
    return _with_headings(list(found.values()))


def _target(link: "HtmlElement", base: str) -> str | None:
    """Return what a link leads to; None for this page, the site's first page, and what is no document."""
    href = (link.get("href") or "").strip()
    relations = (link.get("rel") or "").lower().split()
    if not href or href.startswith("#") or not _RELATIONS.isdisjoint(relations):
        return None
    named = weburl.key(href, base)
    if named is None or _FILES.search(named.partition("?")[0]):
        return None
    parts = urlsplit(named)
    home = parts.path == "/" and not parts.query and weburl.site(named) == weburl.site(base)
    return None if home or weburl.canonical(named) == weburl.canonical(base) else named


def _recurring(named: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the words, folded, with which a page leads to several documents, such as "pdf"."""
    counted = Counter(words for words, _ in {(text.fold(words), url) for words, url in named if words})
    return frozenset(words for words, count in counted.items() if count >= _RECURRING)


def _trusted(links: "Sequence[HtmlElement]") -> "dict[HtmlElement, float]":
    """Return how far the links, and the elements around them, are trusted to be the list's."""
    known: dict[HtmlElement, float] = {}
    for link in links:
        path = []
        element: HtmlElement | None = link
        while element is not None and element not in known:
            path.append(element)
            element = element.getparent()
        least = NOT if element is None else known[element]
        for each in reversed(path):
            least = known[each] = min(least, trust(each))
    return known


def _titled(link: "HtmlElement", url: str, labels: frozenset[str], trusted: float) -> Anchor:
    """Return a link with what it calls its document, "" where it only says what to do."""
    within = islice(link.iterdescendants(), _STRINGS)
    inner = next((words for each in within if _is_title(each) and (words := _words(each))), "")
    headed = bool(inner) or _is_title(link) or any(map(_is_title, islice(link.iterancestors(), _UP)))
    spoken = text.one_line(link.get("title") or link.get("aria-label") or "")
    title = _whole(inner or _words(link), spoken)[:_LONGEST]
    folded = text.fold(title)
    names = not (folded in labels or folded in vocabulary.LABELS or _LABEL.fullmatch(folded))
    return Anchor(link, url, title if names else "", headed, trusted)


def _whole(words: str, spoken: str) -> str:
    """Return what a link shows, or what it says beside that where it shows nothing or only the beginning."""
    begun = words.rstrip("….").rstrip() if words.endswith(("…", "...")) else words
    return spoken if len(begun) < len(words) and spoken.startswith(begun) else words or spoken


def _with_headings(found: list[Anchor]) -> list[Anchor]:
    """Return links with the headings that stand beside those which name nothing themselves ("Read more")."""
    named = [anchor if anchor.title else _beside(anchor) for anchor in found]
    headings = _recurring((anchor.title, anchor.url) for anchor in named)
    return [old if text.fold(new.title) in headings else new for old, new in zip(found, named, strict=True)]


def _beside(anchor: Anchor) -> Anchor:
    for above in islice(anchor.element.iterancestors(), _CARD):
        heading = next(above.iter(*_HEADINGS), None)
        if heading is not None:
            linked = next(heading.iter("a"), None) is not None
            return anchor if linked else replace(anchor, title=_words(heading)[:_LONGEST], headed=True)
    return anchor


def _is_title(element: "HtmlElement") -> bool:
    return element.tag in _HEADINGS or bool(_TITLE.search((element.get("class") or "")[:_LONGEST]))


def _words(element: "HtmlElement") -> str:
    return text.one_line("".join(islice(element.itertext(), _STRINGS)))


def _rank(anchor: Anchor) -> tuple[float, bool, bool, int]:
    """Rank the links to one document: those of the list, that name it, as a title, in more words."""
    return (anchor.trust, bool(anchor.title), anchor.headed, len(anchor.title))
