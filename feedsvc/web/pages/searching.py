"""What the page of a search shows; whoever searches fills it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from feedsvc.model import Article

Order = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of text, marked where it is what was searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found, and where the words stand in it."""

    article: Article
    title: Sequence[Piece]
    """Together the article's title."""
    excerpt: Sequence[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of what a search found."""

    query: str
    """As it was typed; "" before anything was."""
    hits: Sequence[Hit] = ()
    count: int = 0
    """How many there are on all pages."""
    order: Order = "relevance"
    page: int = 1
    last_page: int = 1
    problem: str = ""
    """What is wrong with the query, in words."""
