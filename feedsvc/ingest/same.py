"""The same article from several sources: the first that came stays, and says where else it was published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter

from msgspec import structs

from feedsvc import weburl
from feedsvc.kept import altered
from feedsvc.model import Article, Known
from feedsvc.sources.merging import Index
from feedsvc.sources.traces import trace

REMEMBERED = 20_000
"""Of the articles acknowledged last, that a new one is compared with: a trace takes 0.3 ms."""
_AGAIN = "again"
"""A digest that no content has."""
_NEARLY = "nearly the same as "
_SEQUENCE = attrgetter("sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What becomes of an article that was read."""

    article: Article
    """To be published: itself, or the one that stands for it, with where else it was published by now."""
    is_itself: bool = True


class Same:
    """Knows the articles of all sources again. Of one thread.

    With one source there is nothing to compare, and no article is.
    """

    def __init__(
        self, sources: int, published: Callable[[], Mapping[str, Article]], remembered: int = REMEMBERED
    ) -> None:
        self._several = sources > 1
        self._remembered = remembered
        self._published = published
        self._index = Index()
        self._placed: dict[str, Article] = {}
        """What this tick brings, which may not be acknowledged yet."""
        self._behind = True
        self._taken = 0
        """The sequence up to which acknowledged articles are in the index, as far as they are remembered."""

    def begin(self) -> None:
        """Begin a tick."""
        self._placed, self._behind = {}, True

    def place(self, new: Article) -> Placed:
        """Return what becomes of an article; one that has readers stays, whatever it is like by now."""
        if not self._several:
            return Placed(article=new)
        self._catch_up()
        if old := self._known(new.id):
            nearly = tuple(each for each in old.problems if each.startswith(_NEARLY))
            return self._itself(altered(new, via=old.via, problems=(*new.problems, *nearly), weight=0))
        near = self._index.add(trace(new))
        while (leader := self._index.leader(new.id)) != new.id:
            if stays := self._known(leader):
                self._placed[leader] = joined = _joined(stays, new)
                return Placed(article=joined, is_itself=False)
            self._index.remove(leader)  # it left its source since
            near = self._index.add(trace(new))
        alike = filter(None, map(self._known, near))
        told = tuple(f"{_NEARLY}{each.id} ({each.source})" for each in alike)
        return self._itself(altered(new, problems=(*new.problems, *told)))

    def orphaned(self, known: Mapping[str, Known]) -> Mapping[str, Known]:
        """Return what is known, such that documents are read again whose article has left its source.

        With one source, too: the article may be of one that is configured no more. It is forgotten, so that
        a document that cannot be read is not asked for at every look.
        """
        articles = self._published()
        left = {key for key, each in known.items() if each.article and each.article not in articles}
        again = {key: structs.replace(known[key], version="", digest=_AGAIN, article=None) for key in left}
        return {**known, **again} if again else known

    def _itself(self, article: Article) -> Placed:
        self._placed[article.id] = article
        return Placed(article=article)

    def _known(self, id_: str) -> Article | None:
        return self._placed.get(id_) or self._published().get(id_)

    def _catch_up(self) -> None:
        """Take in what was acknowledged since the last tick, by this process or another."""
        if not self._behind:
            return
        self._behind = False
        published = self._published().values()
        if max(map(_SEQUENCE, published), default=0) < self._taken:  # another journal's, which counts anew
            self._taken = 0
        new = [each for each in published if each.sequence > self._taken]
        for each in reversed(nlargest(self._remembered, new, key=_SEQUENCE)):
            if each.id not in self._index:
                self._index.add(trace(each))
        self._taken = max(map(_SEQUENCE, new), default=self._taken)
        if len(self._index) > 2 * self._remembered:
            self._forget()

    def _forget(self) -> None:
        """Take out of the index what is not published any more, or was long ago."""
        stay = {each.id for each in nlargest(self._remembered, self._published().values(), key=_SEQUENCE)}
        for id_ in [id_ for id_ in self._index if id_ not in stay]:
            for stood_for in self._index.remove(id_):
                self._index.add(stood_for)


def _joined(leader: Article, other: Article) -> Article:
    """Return an article that names where another copy of it stands, if that is another page."""
    pages = {weburl.canonical(url) for url in (leader.url, *leader.via) if url}
    if other.url is None or weburl.canonical(other.url) in pages:
        return leader
    return altered(leader, via=(*leader.via, other.url), weight=0)
