"""The in-memory store that requests are answered from."""

from feedsvc.store.edition import LATEST, Edition, ListKey
from feedsvc.store.lists import NEVER, PAGE, ArticleList
from feedsvc.store.store import Store
from feedsvc.store.window import Limits, Window, weight

__all__ = [
    "LATEST",
    "NEVER",
    "PAGE",
    "ArticleList",
    "Edition",
    "Limits",
    "ListKey",
    "Store",
    "Window",
    "weight",
]
