"""The in-memory store that requests are answered from, and the journal that remembers."""

from feedsvc.store.edition import LATEST, Edition
from feedsvc.store.follow import Follower
from feedsvc.store.journal import CLAIM_SECONDS, RENEW_SECONDS, Claim, Journal
from feedsvc.store.lists import PAGE, ArticleList, Choice
from feedsvc.store.rows import NEVER, ListKey
from feedsvc.store.sqlite import MEMORY, SqliteJournal
from feedsvc.store.store import JOURNAL, Store
from feedsvc.store.window import Limits, Window

__all__ = [
    "CLAIM_SECONDS",
    "JOURNAL",
    "LATEST",
    "MEMORY",
    "NEVER",
    "PAGE",
    "RENEW_SECONDS",
    "ArticleList",
    "Choice",
    "Claim",
    "Edition",
    "Follower",
    "Journal",
    "Limits",
    "ListKey",
    "SqliteJournal",
    "Store",
    "Window",
]
