"""The in-memory store that requests are answered from."""

from feedsvc.store.edition import LATEST, NEVER, ArticleList, Edition, ListKey
from feedsvc.store.store import Store

__all__ = ["LATEST", "NEVER", "ArticleList", "Edition", "ListKey", "Store"]
