"""What the page of a search shows; whoever searches fills it in."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.model import Article
from feedsvc.search import Excerpt, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found, and where the words stand in it."""

    article: Article
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of what a search found."""

    query: str
    """As it was typed; "" before anything was."""
    hits: Sequence[Hit] = ()
    count: int = 0
    """How many there are on all pages."""
    at_least: bool = False
    """Whether there may be more than `count`: nobody read all of them."""
    order: Order = "relevance"
    page: int = 1
    last_page: int = 1
    problem: str = ""
    """Why the search is not answered, in words."""
    pointed: str = ""
    """The search, and on a second line a caret under the fault."""
    wait: int = 0
    """Seconds after which it may be answered; 0 where only another search is."""
