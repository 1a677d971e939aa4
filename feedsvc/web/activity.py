"""How busy each list is: counted once per change of that list, not per request."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from feedsvc.feeds.lru import LeastUsed
from feedsvc.model import Article
from feedsvc.store import ArticleList, Edition, ListKey
from feedsvc.web.charts import spark

DAYS = 30
"""How far back a chart of activity goes."""
KEPT = 64
"""Lists that the store does not keep, of which the activity is remembered; each holds on to its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a list holds, and how much of it each day brought."""

    count: int
    days: tuple[int, ...]
    """Articles by day of publication (UTC), the oldest day first; the last is that of the newest commit."""

    chart: str = ""
    """Them as the path of a sparkline."""

    @property
    def recent(self) -> int:
        """Articles of all these days."""
        return sum(self.days)


_Known = tuple[ArticleList, date, Activity]


class Survey:
    """Remembers the activity of lists while they stay the same object."""

    def __init__(self) -> None:
        self._kept: tuple[Edition | None, Mapping[ListKey, _Known]] = (None, {})
        self._others = LeastUsed[_Known](KEPT, lambda _: 1)

    def of(self, edition: Edition) -> Mapping[ListKey, _Known]:
        """Return what is known of every list of an edition; two threads that ask at once do the same work."""
        newest, known = self._kept
        if edition is not newest:
            today, before = edition.acknowledged.date(), known
            known = {
                key: _kept(before.get(key), articles, today, edition.articles)
                for key, articles in edition.lists.items()
            }
            self._kept = edition, known  # at once, for threads that ask meanwhile
        return known

    def activity(self, edition: Edition, key: ListKey, articles: ArticleList) -> Activity:
        """Return how busy a list is; one that the store does not keep is counted when asked for."""
        if kept := self.of(edition).get(key):
            return kept[2]
        other = _kept(self._others.get(key), articles, edition.acknowledged.date(), edition.articles)
        self._others.put(key, other)
        return other[2]


def counted(articles: ArticleList, today: date, by_id: Mapping[str, Article]) -> Activity:
    """Count a list. All of it is read: an old article may have joined it lately."""
    first = today - timedelta(days=DAYS - 1)
    horizon = datetime(first.year, first.month, first.day, tzinfo=UTC)
    published = (by_id[id_].published for id_ in articles.slots if id_ is not None)
    days = Counter(min((moment.date() - first).days, DAYS - 1) for moment in published if moment >= horizon)
    count = len(articles.slots) - articles.slots.count(None)
    daily = tuple(days[day] for day in range(DAYS))
    return Activity(count=count, days=daily, chart=spark(daily))


def _kept(before: _Known | None, articles: ArticleList, today: date, by_id: Mapping[str, Article]) -> _Known:
    if before and before[0] is articles and before[1] == today:
        return before
    return articles, today, counted(articles, today, by_id)
