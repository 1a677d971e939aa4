"""What a feed promises to whoever polls it, in words."""

from datetime import timedelta

from feedsvc.store import ArticleList, Limits

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def promise(articles: ArticleList, limits: Limits) -> str:
    """Say how often a reader has to look at a feed to miss nothing."""
    covered = articles.window.covered
    often = _spelled(covered)
    if not limits.time:
        return f"The feed holds the newest {len(articles.shown)} articles."
    if covered >= limits.time:
        return f"A reader that polls at least every {often} misses nothing."
    cut = "More arrived lately than the feed may hold"
    older = "the archive has the rest" if articles.last_page else "the rest follows in its archive"
    if covered < _MINUTE:
        return f"{cut}: it shows {len(articles.shown)} of them, {older}."
    return f"{cut}: only a reader that polls at least every {often} misses nothing, {older}."


def _spelled(time: timedelta) -> str:
    """Return a length of time, rounded down: a promise must hold."""
    if time >= _HOUR:
        return f"{time // _HOUR} h"
    return f"{time // _MINUTE} min" if time >= _MINUTE else f"{time // timedelta(seconds=1)} s"
