"""Work out a plan from a case, one kind of consequence after the other; touches nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import asdict

from feedsvc.extract import article_id
from feedsvc.model import Article
from feedsvc.plan.case import Case, Past
from feedsvc.plan.feeds import elsewhere, redirected, vanished
from feedsvc.plan.plan import Consequence, Plan, articles
from feedsvc.plan.topics import rules, topics
from feedsvc.settings import Settings
from feedsvc.sources import Scan

SAMPLE = 2_000
"""How many ids are derived before 100,000 are: each takes four microseconds."""


def decide(past: Past, settings: Settings, looks: Mapping[str, Scan]) -> Plan:
    """Return what a configuration would do; `looks` are at the folders that it reads (`Case.of`)."""
    case = Case.of(past, settings, looks)
    found = (consequence for kind in KINDS for consequence in kind(case))
    return Plan(
        generation=past.edition.generation,
        articles=case.articles,
        feeds=len(case.addresses),
        consequences=tuple(found) if past.edition.generation else (),
    )


def _new_ids(case: Case) -> Iterator[Consequence]:
    """Yield that ids change, which hang on site.id and the source's name."""
    again, why = _of_another_site(case)
    reasons = [why] if again else []
    for old, new in case.renamed.items():
        again += case.published[old]
        reasons.append(f"source {old!r} is called {new!r}: {articles(case.published[old])}")
    if again:
        says = f"{again} of {case.articles} articles get new ids: everyone sees them unread"
        yield Consequence(kind="new ids", count=again, says=says, details=tuple(reasons))


def _of_another_site(case: Case) -> tuple[int, str]:
    """Return how many articles change their id with site.id, and why."""
    site, before = case.now.site.id, case.before
    if before is not None and before.site.id == site:
        return 0, ""
    staying = tuple(case.staying())
    derived = _derived(staying, site)
    if before is not None:  # those that have the new id already were read under it long ago
        return len(
            staying
        ) - derived, f"site.id is {site!r} instead of {before.site.id!r}, once they are read again"
    unsure = 0 if derived else len(staying)  # one is enough: the others have ids of their own
    return unsure, f"none of their ids follows from site.id {site!r}: was it another one?"


def _derived(articles: Sequence[Article], site: str) -> int:
    """Return how many ids follow from site.id and key; 0 where none of a sample does, to be quick."""
    sample = articles[:: len(articles) // SAMPLE + 1]
    if not any(_follows(article, site) for article in sample):
        return 0
    return sum(_follows(article, site) for article in articles)


def _follows(article: Article, site: str) -> bool:
    return article_id(site, article.source, article.key) == article.id


def _places(case: Case) -> Iterator[Consequence]:
    """Yield that sources read another place under their name."""
    moved = [each for each in case.moved if each.articles]
    if moved:
        count = sum(len(each.articles) for each in moved)
        says = f"{count} of {case.articles} articles are not where their source will read"
        details = tuple(f"source {each.source!r} reads {each.reads}" for each in moved)
        yield Consequence(kind="places", count=count, says=says, details=details)


def _unseen(case: Case) -> Iterator[Consequence]:
    """Yield that it cannot be told what sources would read: a disk that is not mounted is no news."""
    unseen = [each for each in case.moved if not each.articles]
    if unseen:
        says = f"what {len(unseen)} {'source' if len(unseen) == 1 else 'sources'} would read cannot be told"
        details = tuple(f"source {each.source!r} reads {each.reads}" for each in unseen)
        yield Consequence(kind="unseen", count=len(unseen), says=says, details=details)


def _hidden(case: Case) -> Iterator[Consequence]:
    gone = {
        name: count
        for name, count in case.published.items()
        if count and name not in case.now.sources and name not in case.renamed
    }
    if gone:
        says = f"{sum(gone.values())} of {case.articles} articles are hidden: their source is not configured"
        details = (f"source {name!r}: {articles(count)}" for name, count in gone.items())
        yield Consequence(kind="hidden", count=sum(gone.values()), says=says, details=tuple(details))


def _withdrawn(case: Case) -> Iterator[Consequence]:
    count = sum(map(len, case.left_out.values()))
    if count:
        says = f"{count} of {case.articles} articles are withdrawn: include and exclude leave them out"
        details = (f"source {name!r}: {articles(len(ids))}" for name, ids in case.left_out.items())
        yield Consequence(kind="withdrawn", count=count, says=says, details=tuple(details))


def _sources(case: Case) -> Iterator[Consequence]:
    known = {*case.published, *case.renamed.values()}
    new = [name for name in case.now.sources if name not in known]
    if new:
        read = {name for name in new if case.edition.health[name].last_success}
        details = (
            f"source {name!r} {'comes back with what it had' if name in read else 'is read'}" for name in new
        )
        says = f"{len(new)} {'source is' if len(new) == 1 else 'sources are'} new"
        yield Consequence(kind="sources", count=len(new), says=says, details=tuple(details))


def _windows(case: Case) -> Iterator[Consequence]:
    was = asdict(case.before.feeds) if case.before else {}
    now = asdict(case.now.feeds)
    details = [
        f"feeds.{key} is {now[key]} instead of {value}" for key, value in was.items() if now[key] != value
    ]
    if details:
        says = "feeds show more or fewer of their articles"
        yield Consequence(kind="windows", count=len(details), says=says, details=tuple(details))


def _unknown(case: Case) -> Iterator[Consequence]:
    if case.before is None and case.edition.fingerprint:
        says = "another version wrote the feeds: topics, windows and addresses cannot be compared"
        yield Consequence(kind="unknown", count=1, says=says)


KINDS: tuple[Callable[[Case], Iterator[Consequence]], ...] = (
    _new_ids,
    _places,
    _hidden,
    _withdrawn,
    vanished,
    elsewhere,
    redirected,
    topics,
    rules,
    _sources,
    _unseen,
    _windows,
    _unknown,
)
"""What there is to say, the worst first; each yields one consequence or none."""
