"""The article among a page's blocks: where it stands, and which blocks there belong to it.

Two extractors vote for blocks. Each errs in its own way: one takes a section for the article, the other a
teaser, and on some pages both see next to nothing. The page's own prose is the third witness.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.extract import titles
from feedsvc.extract.blocks import HEADINGS, Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHARE = 0.7  # of the evidence stands in the article's element; the rest is teasers and comments
_HALF = 0.5
_WORDS = 25  # characters; less says nothing
_PROSE = 100  # characters of a paragraph that speaks for itself
_UNSEEN = 0.5  # a witness no extractor backs, in votes
_BUTTON = 80  # characters; a shorter `div` is a label or a button
_LEAD = 15  # blocks between a title and its article
_LINKS = 0.6  # of a block's text make it a link
_SOME_LINKS = 0.3
BOTH = 2
_PAGE = frozenset({"nav", "footer", "form"})
_BESIDE = frozenset({"aside"})
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus|related\w*|recommend\w*|recirc\w*|share|sharing|sharedaddy"
    r"|footer|promo\w*|newsletter\w*|subscri\w*|advert\w*|ads?|sponsor\w*|breadcrumbs?|byline|authors?|bio"
    r"|tags|nav|navigation|menu|cookies?|toc|credits?|popular|trending|signup|disclaimer|modal|banner"
    r"|pagination|pager|login)(?=$|[\s_-])",
    re.IGNORECASE,
)  # of classes and ids
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|(?:photo|image|picture)[-_]?credit)(?=$|[\s_-])", re.IGNORECASE
)
_CLOSE = 3  # elements around a block whose class may call it a caption
_HIDDEN = re.compile(r"display:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Voted:
    """A block and the extractors that took it."""

    block: Block
    first: bool
    second: bool

    @property
    def votes(self) -> int:
        """Return how many extractors took the block."""
        return self.first + self.second


def choose(page: Sequence[Voted], title: str = "") -> list[Voted]:
    """Return the blocks of a page's article, in order; none where nothing speaks for one."""
    evidence = [_evidence(each) for each in page]
    refused = _refused(page, evidence)
    evidence = [
        0.0 if why == "page" or (why and each.votes < BOTH) else weight
        for each, weight, why in zip(page, evidence, refused, strict=True)
    ]
    told = [index for index, weight in enumerate(evidence) if weight]
    if not told:
        return []
    root = _root(page, evidence)
    inside = [root in each.block.above for each in page]
    span = range(*_span([index for index in told if inside[index]]))
    lead = range(_below(page, title, span.start), span.start)
    kept = {
        index
        for index, each in enumerate(page)
        if (inside[index] and _belongs(each, refused[index], between=index in span))
        or (not refused[index] and index in lead and _leads(each))
    }
    kept |= {
        index - 1
        for index in kept
        if index and inside[index - 1] and not refused[index - 1] and _heads(page[index - 1].block)
    }
    return [page[index] for index in sorted(kept)]


def _heads(block: Block) -> bool:
    """Tell whether a block is the heading of the one below it."""
    return block.tag in HEADINGS and block.link_share <= _LINKS


def _below(page: Sequence[Voted], title: str, start: int) -> int:
    """Return where the blocks below the title begin, `start` where it does not stand close above."""
    near = range(max(0, start - _LEAD), start)
    return next(
        (index + 1 for index in reversed(near) if titles.letters(page[index].block.text) == title), start
    )


def _leads(each: Voted) -> bool:
    """Tell whether a block between title and article is its first paragraph, set apart by its design."""
    block = each.block
    return (
        bool(each.votes)
        and block.tag == "p"
        and len(block.text) >= _BUTTON
        and block.link_share < _SOME_LINKS
        and not is_caption(block)
    )


def _span(indexes: Sequence[int]) -> tuple[int, int]:
    return (indexes[0], indexes[-1] + 1) if indexes else (0, 0)


def _evidence(each: Voted) -> float:
    """Return how much a block says of where the article is, in characters and votes."""
    weight = max(0, len(each.block.text) - 2 * each.block.linked)
    if len(each.block.text) < _WORDS or (weight < _PROSE and not each.votes):
        return 0.0
    return weight * (_UNSEEN + each.votes)


def _sums(page: Sequence[Voted], evidence: Sequence[float]) -> "dict[HtmlElement, float]":
    """Return the evidence within each element."""
    sums: dict[HtmlElement, float] = defaultdict(float)
    for each, weight in zip(page, evidence, strict=True):
        if weight:
            for element in each.block.above:
                sums[element] += weight
    return sums


def _root(page: Sequence[Voted], evidence: Sequence[float]) -> "HtmlElement":
    """Return the innermost element with most of the evidence."""
    sums, wanted = _sums(page, evidence), _SHARE * sum(evidence)
    first = next(each for each, weight in zip(page, evidence, strict=True) if weight)
    root = first.block.above[-1]
    while inner := [child for child in root if sums.get(child, 0.0) >= wanted]:
        root = inner[0]
    return root


def _refused(page: Sequence[Voted], evidence: Sequence[float]) -> list[str]:
    """Return of each block why it is none of the article's: "page", "beside", or "" where nothing says so.

    What an element is called counts only while it does not hold half of what speaks for the article.
    """
    sums, half = _sums(page, evidence), _HALF * sum(evidence)
    known: dict[HtmlElement, str] = {}
    for each in page:
        verdict = ""
        for element in reversed(each.block.above):
            if element not in known:
                known[element] = verdict or ("" if sums.get(element, 0.0) > half else called(element))
            verdict = known[element]
    return [known[each.block.element] for each in page]


def called(element: "HtmlElement") -> str:
    """Say whether an element is by its name the page's ("page") or beside the text ("beside")."""
    if element.tag in _PAGE:
        return "page"
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    hidden = _HIDDEN.search(element.get("style") or "")
    return "beside" if element.tag in _BESIDE or hidden or _NAMES.search(named) else ""


def _belongs(each: Voted, refused: str, *, between: bool) -> bool:
    block = each.block
    if refused == "page" or is_caption(block):
        return False
    if each.votes == BOTH or refused:
        return each.votes == BOTH
    linked = block.link_share > _LINKS
    if each.votes:
        return not (block.tag == "div" and len(block.text) < _BUTTON) and not (
            block.tag == "p" and linked and not each.first
        )
    prose = len(block.text) >= _PROSE and block.link_share < _SOME_LINKS
    return between and (prose or _heads(block) or block.within("blockquote"))


def is_caption(block: Block) -> bool:
    """Tell whether a block belongs to a picture instead of the text."""
    if block.within("figure", "figcaption"):
        return not block.within("table", "pre", "blockquote", "ul", "ol")
    return any(_CAPTION.search(element.get("class") or "") for element in block.above[:_CLOSE])
