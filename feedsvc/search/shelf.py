"""The articles of an edition by the numbers that the index knows them by."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter

from feedsvc.model import Article
from feedsvc.store import LATEST, Edition, ListKey
from feedsvc.topics.folding import fold
from feedsvc.topics.looks import Look
from feedsvc.topics.rules import AllOf, AnyOf, Not, Rule, Term

_SAMPLE = 100
_MANY = 2_000
"""Of more articles than these, the first are found sooner by going through all that there are, in order."""
_published = attrgetter("published")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What one edition shows; what was withdrawn or is hidden has no number here.

    What searches ask for again is made when one first does: for 100,000 articles, the numbers in 10 ms, and
    what needs to look at each in 50.
    """

    edition: Edition

    @cached_property
    def _ids(self) -> tuple[str | None, ...]:
        """Return the ids of articles at their numbers."""
        return None, *self.edition.lists[LATEST].slots

    @cached_property
    def _by_date(self) -> list[Article]:
        return sorted(self.latest(), key=_published, reverse=True)

    @cached_property
    def _languages(self) -> dict[str, frozenset[int]]:
        """Return the numbers of the articles in each language."""
        found = defaultdict(list)
        for article in self.edition.articles.values():
            found[article.language or ""].append(article.sequence)
        return {language: frozenset(numbers) for language, numbers in found.items()}

    @cached_property
    def sample(self) -> tuple[tuple[str, str], ...]:
        """Return titles and bodies of the newest articles: a hundred packed bodies take milliseconds."""
        return tuple((each.title, each.text) for each in islice(self.latest(), _SAMPLE))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All numbers of articles."""
        return frozenset(number for number, id_ in enumerate(self._ids) if id_)

    def articles(self, numbers: Iterable[int]) -> Iterator[Article]:
        """Yield the articles that are shown."""
        ids, articles, count = self._ids, self.edition.articles, len(self._ids)
        return (articles[id_] for number in numbers if number < count and (id_ := ids[number]))

    def latest(self, numbers: Collection[int] | None = None) -> Iterator[Article]:
        """Yield articles, or all of them, those that came last first."""
        return self.articles(
            range(len(self._ids) - 1, 0, -1) if numbers is None else sorted(numbers, reverse=True)
        )

    def newest(self, numbers: Collection[int] | None = None) -> Iterator[Article]:
        """Yield articles, or all of them, by date of publication, newest first, those of one moment by id."""
        if numbers is None:
            ordered: Iterable[Article] = self._by_date
        elif len(numbers) > _MANY:
            ordered = (each for each in self._by_date if each.sequence in numbers)
        else:
            ordered = sorted(self.articles(numbers), key=_published, reverse=True)
        for _, moment in groupby(ordered, key=_published):
            yield from sorted(moment, key=attrgetter("id"))

    def where(self, holds: Callable[[Article], bool]) -> frozenset[int]:
        """Return the numbers of articles of which something holds."""
        return frozenset(each.sequence for each in self.edition.articles.values() if holds(each))

    def speaking(self, wanted: str) -> frozenset[int]:
        """Return the numbers of articles in a language, or a variety of it."""
        found = (
            numbers
            for language, numbers in self._languages.items()
            if f"{fold(language)}-".startswith(f"{wanted}-")
        )
        return frozenset().union(*found)

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
