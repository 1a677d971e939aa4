"""An article's blocks out of a page: two extractors vote, the page's own blocks are chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.extract import blocks, boilerplate, edges, readability, region, titles, votes
from feedsvc.extract.blocks import Block
from feedsvc.extract.region import Voted

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 0.8  # of an article's letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """All blocks of a page, those of its article, its title, and whose choice they are."""

    page: tuple[Block, ...] = ()
    kept: tuple[Block, ...] = ()
    title: Block | None = None
    """What names the article close above it."""
    origin: str = ""
    problems: tuple[str, ...] = ()


def choose(tree: "HtmlElement", title: str) -> Choice:
    """Choose the blocks of an article; changes the tree only by wrapping loose text."""
    if much := boilerplate.too_much(tree):
        return Choice(problems=(f"read as plain lines, {much}",))
    problems: list[str] = []
    opinions = [_opinion(extractor, tree, problems) for extractor in (boilerplate.lines, readability.lines)]
    page = blocks.divide(tree)
    written = [block.text for block in page]
    first, second = (votes.taken(written, lines) for lines in opinions)
    voted = [Voted(*each) for each in zip(page, first, second, strict=True)]
    chosen = region.choose(voted, titles.letters(title))
    kept = edges.trim([each.block for each in chosen], title)
    return Choice(
        page=tuple(page),
        kept=tuple(kept),
        title=edges.title_above(page, kept, title),
        origin=_whose(chosen),
        problems=tuple(problems),
    )


def _opinion(
    extractor: "Callable[[HtmlElement], list[str]]", tree: "HtmlElement", problems: list[str]
) -> list[str]:
    try:
        return extractor(tree)
    except Exception as error:  # noqa: BLE001 - a bug in a library on one page; the other one remains
        problems.append(f"{extractor.__module__.rpartition('.')[2]} failed, {type(error).__name__}")
        return []


def _whose(chosen: Sequence[Voted]) -> str:
    """Say whose choice an article's blocks are, by letters."""
    letters = sum(len(each.block.text) for each in chosen) * _MOST
    if sum(len(each.block.text) for each in chosen if each.votes == region.BOTH) > letters:
        return "trafilatura and readability agree"
    first = sum(len(each.block.text) for each in chosen if each.first)
    second = sum(len(each.block.text) for each in chosen if each.second)
    if max(first, second) < letters:
        return "prose of the page"
    return "trafilatura" if first >= second else "readability"
