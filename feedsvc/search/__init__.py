"""Full-text search over the articles of an edition, by the index in its journal."""

from feedsvc.search.excerpt import Excerpt, Piece, excerpt
from feedsvc.search.indexing import Indexing
from feedsvc.search.query import LENGTH, Query, read_query
from feedsvc.search.search import Found, Order, Search
from feedsvc.search.words import preparation

__all__ = [
    "LENGTH",
    "Excerpt",
    "Found",
    "Indexing",
    "Order",
    "Piece",
    "Query",
    "Search",
    "excerpt",
    "preparation",
    "read_query",
]
