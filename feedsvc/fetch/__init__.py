"""Asking the web: one HTTP client for everything, polite and safe; nothing else opens a connection to it."""

from feedsvc.fetch.addresses import Guard
from feedsvc.fetch.answer import NO_VALIDATORS, Answer, Validators
from feedsvc.fetch.client import Client
from feedsvc.fetch.deadline import Limits
from feedsvc.fetch.fetcher import Asker, Fetcher, build
from feedsvc.fetch.turns import Turns

__all__ = [
    "NO_VALIDATORS",
    "Answer",
    "Asker",
    "Client",
    "Fetcher",
    "Guard",
    "Limits",
    "Turns",
    "Validators",
    "build",
]
