"""The articles of an edition by the numbers that the index knows them by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from feedsvc.model import Article
from feedsvc.store import LATEST, Edition, ListKey
from feedsvc.store.slots import Slots
from feedsvc.topics.looks import Look
from feedsvc.topics.rules import AllOf, AnyOf, Not, Rule, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one edition shows; what was withdrawn or is hidden has no number here."""

    edition: Edition

    @property
    def numbers(self) -> frozenset[int]:
        """All numbers of articles."""
        return frozenset(number for number, id_ in enumerate(self._slots, 1) if id_)

    def articles(self, numbers: Iterable[int]) -> Iterator[Article]:
        """Yield the articles that are shown."""
        slots, articles = self._slots, self.edition.articles
        count = len(slots)
        for number in numbers:
            if number <= count and (id_ := slots[number - 1]):
                yield articles[id_]

    def newest(self, count: int) -> list[Article]:
        """Return those that came last."""
        found = []
        for id_ in reversed(self._slots):
            if id_:
                found.append(self.edition.articles[id_])
                if len(found) == count:
                    break
        return found

    def where(self, holds: Callable[[Article], bool]) -> frozenset[int]:
        """Return the numbers of articles of which something holds."""
        return frozenset(each.sequence for each in self.edition.articles.values() if holds(each))

    def in_list(self, key: ListKey) -> frozenset[int]:
        """Return the numbers of the articles in a list; none where there is no such list."""
        found = self.edition.lists.get(key)
        articles = self.edition.articles
        return frozenset(articles[id_].sequence for id_ in found.ids) if found else frozenset()

    def look(self, article: Article) -> Look:
        """Return what a rule sees of an article; its tags are all topics that it is filed under."""
        return Look.of(article, frozenset(assignment.slug for assignment in article.topics))

    def meant(self, rule: Rule) -> Rule:
        """Return a rule with the slugs of topics for all that they are called."""
        match rule:
            case Term(field="#", text=name):
                return Term(field="#", text=self._topic(name))
            case Not(part=part):
                return Not(part=self.meant(part))
            case AllOf(parts=parts):
                return AllOf(parts=tuple(map(self.meant, parts)))
            case AnyOf(parts=parts):
                return AnyOf(parts=tuple(map(self.meant, parts)))
        return rule

    def _topic(self, name: str) -> str:
        return self.edition.registry.find(name).slug or name

    @property
    def _slots(self) -> Slots:
        return self.edition.lists[LATEST].slots


def by_arrival(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield articles, those that came last first."""
    return iter(sorted(articles, key=lambda each: each.sequence, reverse=True))


def by_date(articles: Iterable[Article], first: int) -> Iterator[Article]:
    """Yield articles by date of publication, newest first, those of one moment by id.

    Of many, only the `first` are put in order before somebody asks for more.
    """
    pool = list(articles)
    if len(pool) > 2 * first:
        head = nlargest(first, pool, key=_published)
        earliest = head[-1].published
        # Those of its moment may be more than there was room for.
        yield from _sorted(each for each in pool if each.published >= earliest)
        pool = [each for each in pool if each.published < earliest]
    yield from _sorted(pool)


def _published(article: Article) -> datetime:
    return article.published


def _sorted(articles: Iterable[Article]) -> list[Article]:
    return sorted(sorted(articles, key=lambda each: each.id), key=_published, reverse=True)
