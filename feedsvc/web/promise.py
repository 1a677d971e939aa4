"""What a feed promises to whoever polls it, in words."""

from datetime import timedelta

from feedsvc.store import ArticleList, Limits, ListKey
from feedsvc.web.combined import is_combination
from feedsvc.web.words import Words

_HOUR, _MINUTE, _SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def promise(key: ListKey, articles: ArticleList, limits: Limits, words: Words) -> str:
    """Say how often a reader has to look at a feed to miss nothing."""
    covered = articles.window.covered
    often = _spelled(covered, words)
    if not limits.time:
        return words("promise count", n=len(articles.shown))
    if covered >= limits.time:
        return words("promise kept", often=often)
    older = words(_older(key, articles))
    if covered < _MINUTE:
        return words("promise burst", n=len(articles.shown), older=older)
    return words("promise cut", often=often, older=older)


def _older(key: ListKey, articles: ArticleList) -> str:
    """Return the phrase that says where what a window leaves out is found."""
    if is_combination(key):
        return "older nowhere"
    return "older there" if articles.last_page else "older later"


def _spelled(time: timedelta, words: Words) -> str:
    """Return a length of time, rounded down: a promise must hold."""
    if time >= _HOUR:
        return words("hours", n=time // _HOUR)
    return words("minutes", n=time // _MINUTE) if time >= _MINUTE else words("seconds", n=time // _SECOND)
