"""One look at one source, from what its scan found to the change that the store commits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from msgspec import structs

from feedsvc.extract.batch import Job
from feedsvc.ingest.decide import after_success, gone, revised
from feedsvc.ingest.report import SourceReport
from feedsvc.ingest.same import Same
from feedsvc.ingest.sample import Sample, learnt, newest, read_ahead
from feedsvc.listed import ENTRY_ALONE, ENTRY_ORIGIN
from feedsvc.model import Article, Change, Document, Health, Hints, Known, Skipped
from feedsvc.sources import Arrivals, Found, Scan, Source, digest
from feedsvc.sources.base import NEVER_MET, NOTE

TRIES = 3
"""How often a document is extracted whose extraction is cut short."""
SKIPPED = 1_000
"""Documents without an article that a source's health tells of: a site may have more dead links."""
UNSETTLED = ""
"""A version that no document has: the next look finds the document changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A source with what the configuration says of it."""

    source: Source
    hints: Hints
    interval: timedelta
    topics: tuple[str, ...] = ()
    remote: bool = False
    """Whether others run what is asked: in threads, and the longer the wait the more often it fails."""
    arrivals: Callable[[], Arrivals] = Arrivals
    """What tells which of its documents are finished, where something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is remembered of a source when a look at it begins."""

    health: Health
    known: Mapping[str, Known]
    missing: Mapping[str, datetime]
    sample: Sample
    articles: Mapping[str, Article]
    """Of all sources, by id."""
    notes: Mapping[str, Known] = field(default_factory=dict)
    """What is remembered besides that is no document."""
    anew: bool = False
    """Whether all documents are to be read again, whatever is known of them."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """Gathers the outcomes of one look; `change` and `report` say what came of it."""

    intake: Intake
    same: Same
    before: Before
    scan: Scan
    now: datetime
    planned: datetime
    """When the next look is due."""
    arrived: dict[str, Article] = field(default_factory=dict)
    joined: dict[str, Article] = field(default_factory=dict)
    """Articles of other sources that stand for one of this."""
    withdrawn: set[str] = field(default_factory=set)
    known: dict[str, Known] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    sample: Sample = field(default_factory=dict)
    new: int = 0

    def __post_init__(self) -> None:
        self.sample = self.before.sample
        if self.before.anew:  # what cannot be read by now stays so
            self.known = dict(self.before.known)

    def jobs(self) -> Iterator[Job]:
        """Read what the scan found, and yield what is more than touched."""
        ahead = read_ahead(self.intake.source, self.scan.found)
        self.sample = newest(self.before.sample, ahead.values())
        hints = replace(self.intake.hints, repeated=learnt(self.sample))
        refused = {skipped.key for skipped in self.before.health.skipped}
        for found in self.scan.found:
            document = ahead.pop(found.key, None) or self.intake.source.read(found)
            if isinstance(document, Skipped):
                self._miss(document)
            elif (
                self._changed(found, digest(document.content + document.entry, document.beside))
                or found.key in refused
            ):
                yield Job(document=document, hints=hints, now=self.now, topics=self.intake.topics)

    def take(self, document: Document, outcome: Article | Skipped) -> None:
        """Take the outcome of one document in; an article comes filed under its topics."""
        met = self.known[document.key]
        if isinstance(outcome, Article) and self._is_worse(outcome, met.article):
            outcome = Skipped(key=document.key, reason=outcome.problems[-1])  # its last good article stays
        if isinstance(outcome, Article) and (holder := self._holder(outcome)):
            outcome = Skipped(key=document.key, reason=f"same id as {holder}", retry=True)  # until it is free
            self.known[document.key] = structs.replace(met, version=UNSETTLED)
        elif isinstance(outcome, Skipped) and outcome.retry:
            self.known[document.key] = tried = _tried(met)
            outcome = replace(outcome, retry=tried.version == UNSETTLED)
        if isinstance(outcome, Skipped):
            self.skipped.append(outcome)
            if outcome.expected:  # the document asks for it: a draft again
                self._withdraw(document.key, met.article)
                self.known[document.key] = structs.replace(met, article=None)
            return
        placed = self.same.place(outcome)
        article = placed.article
        self.known[document.key] = structs.replace(met, article=article.id, tries=0)
        if met.article and met.article != article.id:
            self._withdraw(document.key, met.article)
        if placed.is_itself:
            self._publish(article)
        else:
            self.joined[article.id] = article
            reason = f"the same article as {article.id} ({article.source})"
            self.skipped.append(Skipped(key=document.key, reason=reason, expected=True))

    def _is_worse(self, new: Article, id_: str | None) -> bool:
        """Tell whether an article is what a feed says, where one of the page itself is published."""
        old = self.before.articles.get(id_ or "")
        if old is None or old.source != self._source:
            return False
        return _is_entry_alone(new) and not _is_said_by_feed(old)

    def change(self) -> Change:
        """Return what the store is to commit."""
        confirmed, missing = self._gone()
        for key in confirmed:
            self._withdraw(key, self.before.known[key].article)
        new = sum(key not in self.before.known and _is_met(each) for key, each in self.known.items())
        health = replace(
            self._looked_at(),
            documents=len(self.before.known) + new - len(confirmed),
            missing=len(missing),
            basis=self.intake.hints.basis,
            skipped=self._told((*self._still_skipped(confirmed), *self._left_out)),
        )
        sample = {key: lines for key, lines in self.sample.items() if key not in confirmed}
        return Change(
            health=health,
            articles=(*self.arrived.values(), *self._newly_joined()),
            withdrawn=tuple(sorted(self.withdrawn - self.arrived.keys())),
            known={**self.scan.notes, **self.known},
            missing=missing,
            forgotten=tuple(sorted(confirmed)),
            sample=None if sample == self.before.sample else sample,
        )

    def report(self, change: Change) -> SourceReport:
        """Return what people are told."""
        arrived = {article.key for article in self.arrived.values()}
        skipped = {skip.key for skip in self._left_out}
        return SourceReport(
            source=self.intake.source.name,
            new=self.new,
            changed=len(self.arrived) - self.new,
            unchanged=len(self.before.known)
            - len(self.before.known.keys() & (arrived | skipped | self.scan.missing)),
            missing=len(change.missing),
            removed=len(change.withdrawn),
            skipped=self._left_out,
        )

    def _gone(self) -> tuple[frozenset[str], dict[str, datetime]]:
        """Return the keys that are gone for good, and since when others have been missing."""
        if self.scan.whole:
            return gone(self.before.known, self.before.missing, self.scan.missing, self.now)
        back = self.known.keys()
        return frozenset(), {key: since for key, since in self.before.missing.items() if key not in back}

    def _looked_at(self) -> Health:
        """Return the source's health after a look; one at some documents only says nothing of the whole."""
        if not self.scan.whole:
            return self.before.health
        after = after_success(self.before.health, self.now, self.planned)
        return replace(after, place=self.scan.place, moved=self.scan.moved)

    @property
    def _left_out(self) -> tuple[Skipped, ...]:
        """What this look left out, by its stat or for its content."""
        return (*self.scan.skipped, *self.skipped)

    def _changed(self, found: Found, content_digest: str) -> bool:
        """Remember the version met; return False where only the version moved, not the content."""
        old = self.before.known.get(found.key)
        if old and old.digest == content_digest and self._holds(found.key, old.article):
            self.known[found.key] = structs.replace(old, version=found.version)
            return False
        # Until it is taken, and if it cannot be, its last good article stays.
        last_good = old.article if old else None
        self.known[found.key] = Known(version=found.version, digest=content_digest, article=last_good)
        return True

    def _holds(self, key: str, id_: str | None) -> bool:
        """Tell whether the article that a document gave is still its own; None is always."""
        holder = self.before.articles.get(id_ or "")
        return id_ is None or (holder is not None and (holder.source, holder.key) == (self._source, key))

    def _holder(self, article: Article) -> str | None:
        """Return the key of another document of the source that gives an article with the same id."""
        holder = self.arrived.get(article.id) or self.before.articles.get(article.id)
        if (
            holder is None
            or holder.source != self._source
            or holder.key == article.key
            or holder.key in self.scan.missing
        ):
            return None
        held = self.known.get(holder.key) or self.before.known.get(holder.key)
        return holder.key if held and held.article == article.id else None

    def _miss(self, skipped: Skipped) -> None:
        """Remember what a source says of a document that could not be had, and drop one that is gone."""
        self.skipped.append(skipped)
        old = self.before.known.get(skipped.key, NEVER_MET)
        if skipped.gone:
            self._withdraw(skipped.key, old.article)
            old = structs.replace(old, article=None, digest="")
        if skipped.version:
            self.known[skipped.key] = structs.replace(old, version=skipped.version)

    def _told(self, skipped: tuple[Skipped, ...]) -> tuple[Skipped, ...]:
        return skipped[-SKIPPED:] if self.intake.remote else skipped

    def _newly_joined(self) -> Iterator[Article]:
        """Yield the articles of other sources of which more is known by now."""
        for id_, article in self.joined.items():
            if self.before.articles.get(id_) != article:
                yield article

    @property
    def _source(self) -> str:
        return self.intake.source.name

    def _publish(self, article: Article) -> None:
        old = self.before.articles.get(article.id)
        fresh = revised(old, article, self.now)
        if fresh is not None:
            self.arrived[article.id] = fresh
            self.new += old is None

    def _withdraw(self, key: str, id_: str | None) -> None:
        """Withdraw an article unless another document gives it now."""
        if id_ is not None and self._holds(key, id_):
            self.withdrawn.add(id_)

    def _still_skipped(self, confirmed: frozenset[str]) -> Iterator[Skipped]:
        """Yield what an earlier look skipped for its content and this one had no reason to read again."""
        anew = {*self.known, *confirmed, *(skip.key for skip in self._left_out)}
        for skip in self.before.health.skipped:
            left = skip.key in self.before.known or skip.key in self.before.notes or not self.scan.whole
            if skip.key not in anew and left and not (skip.retry and self.scan.whole):
                yield skip


def split(known: Mapping[str, Known]) -> tuple[dict[str, Known], dict[str, Known]]:
    """Return what is known of documents that were read, and of all else."""
    met = {key: each for key, each in known.items() if not key.startswith(NOTE) and _is_met(each)}
    return met, {key: each for key, each in known.items() if key not in met}


def _is_entry_alone(article: Article) -> bool:
    return any(problem.startswith(ENTRY_ALONE) for problem in article.problems)


def _is_said_by_feed(article: Article) -> bool:
    return any(each.field == "body" and each.origin == ENTRY_ORIGIN for each in article.provenance)


def _is_met(known: Known) -> bool:
    """Tell whether a document was ever read."""
    return bool(known.digest or known.article)


def forgetful(known: Mapping[str, Known]) -> Mapping[str, Known]:
    """Return what is known, such that each document is found changed, whatever it was."""
    return {key: structs.replace(each, version=UNSETTLED, digest="") for key, each in known.items()}


def _tried(met: Known) -> Known:
    """Return what to remember of a document whose extraction was cut short.

    The next looks find it again, but not for ever: it may be what ends the process.
    """
    tries = met.tries + 1
    return structs.replace(met, tries=tries, version=UNSETTLED if tries < TRIES else met.version)
