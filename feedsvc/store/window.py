"""Which articles of a list its feed shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape

from feedsvc.model import Article
from feedsvc.weight import LEAST, weight

_ANY = datetime.min.replace(tzinfo=UTC)
"""When an acknowledgement was of which only its articles are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a feed shows: the newest `count` or those of the last `time`, whichever is more."""

    count: int = 50
    time: timedelta = timedelta(hours=48)
    size: int = 1_000_000
    """Bytes of a feed in any format, at most."""
    per_source: int | None = None
    """Articles of one source in a feed of several, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a feed shows of a list."""

    articles: tuple[Article, ...] = ()
    """By date of publication, newest first; those of one moment by id."""
    covered: timedelta
    """Whoever looks at least this often misses nothing; zero where not even one commit fits in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What a window is chosen from."""

    recent: tuple[str, ...]
    """Ids taken or revised within the time, the newest last."""
    slots: Sequence[str | None]
    """Ids in order of sequence."""
    unarchived: int
    """How many of the last slots no archive page holds yet: they are shown however few `count` allows."""


def choose(
    candidates: Candidates, articles: Mapping[str, Article], limits: Limits, newest: datetime
) -> Window:
    """Return the window of a list whose newest acknowledgement was at `newest`.

    Nothing here asks what time it is now, so that two processes choose alike (DESIGN promise 2).
    """
    shown: list[Article] = []
    sources: Counter[str] = Counter()
    covered, room = limits.time, limits.size
    for id_ in _newest_first(candidates, limits.count):
        article, size = fitting(articles[id_], limits.size)
        if limits.per_source and sources[article.source] >= limits.per_source:
            covered = min(covered, newest - _taken(article))
            continue
        room -= size
        if room < 0 and shown:
            covered = min(covered, newest - _taken(article))
            break
        sources[article.source] += 1
        shown.append(article)
    return Window(articles=newest_first(shown), covered=max(covered, timedelta(0)))


def newest_fitting(
    slots: Sequence[str | None], articles: Mapping[str, Article], count: int, size: int
) -> tuple[Article, ...]:
    """Return the newest `count` articles of some, ids in order of sequence; fewer where they get too big."""
    candidates = Candidates(recent=(), slots=slots, unarchived=0)
    limits = Limits(count=count, time=timedelta(0), size=size)
    return choose(candidates, articles, limits, _ANY).articles


def needed(limits: Limits) -> int | None:
    """Return how many articles a window can show because they are recent; None where nothing bounds them.

    Of a source that has its share already, any number may stand between those shown.
    """
    return None if limits.per_source else limits.size // LEAST + 1


def newest_first(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Return articles in the order shown: by date of publication, those of one moment by id."""
    by_id = sorted(articles, key=lambda article: article.id)
    return tuple(sorted(by_id, key=lambda article: article.published, reverse=True))


def _newest_first(candidates: Candidates, count: int) -> Iterator[str]:
    """Yield ids: those of the last hours, then those that only `count` or no archive page brings in."""
    yield from reversed(candidates.recent)
    recent = frozenset(candidates.recent)
    seen = 0
    for position, id_ in enumerate(reversed(candidates.slots)):
        if seen >= count and position >= candidates.unarchived:
            return
        if id_ is not None:
            seen += 1
            if id_ not in recent:
                yield id_


def fitting(article: Article, size: int) -> tuple[Article, int]:
    """Return an article that fits into a feed, the summary alone of one that would not, and its weight."""
    whole = article.weight or weight(article)
    if whole <= size:
        return article, whole
    summary = f"<p>{escape(article.summary, quote=False)}</p>"
    abridged = replace(article, text=article.summary, html=summary)
    return abridged, weight(abridged)


def _taken(article: Article) -> datetime:
    assert article.revised is not None, "the store sets it"  # noqa: S101
    return article.revised
