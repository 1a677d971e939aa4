"""What happens to feeds: where they stand, and what their topics are called."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from feedsvc.plan.case import Case
from feedsvc.plan.fates import LOST, STANDS
from feedsvc.plan.plan import Consequence
from feedsvc.settings.resolve import LOOPBACK
from feedsvc.web.addresses import list_path


def vanished(case: Case) -> Iterator[Consequence]:
    """Yield that feeds are no longer where their subscribers ask."""
    gone = [(list_path(key), fate) for key in case.addresses if (fate := case.fates[key]) in LOST]
    if gone:
        says = f"{len(gone)} of {len(case.addresses)} feeds vanish"
        details = tuple(f"{path} answers {fate}" for path, fate in gone)
        yield Consequence(kind="vanished", count=len(gone), says=says, details=details)


def elsewhere(case: Case) -> Iterator[Consequence]:
    """Yield that everything stands at another address; who runs the old one may lead readers here."""
    was, now = (case.before.site.base_url if case.before else ""), case.now.site.base_url
    if now and was != now and not _is_local(was):
        count = sum(case.fates[key] not in LOST for key in case.addresses)
        says = f"all feeds and links move to {now}"
        details = (f"site.base_url was {was}: its readers stay there, unless it redirects them",)
        yield Consequence(kind="elsewhere", count=count, says=says, details=details)


def redirected(case: Case) -> Iterator[Consequence]:
    """Yield that feeds lead to others, where their subscribers follow."""
    led = {("topic", alias): ("topic", slug) for alias, slug in _aliases_before(case).items()}
    moved = [
        (list_path(key), list_path(fate))
        for key in case.addresses
        if not isinstance(fate := case.fates[key], int) and led.get(key) != fate
    ]
    if moved:
        says = f"{len(moved)} of {len(case.addresses)} feeds lead to another"
        details = tuple(f"{old} leads to {new}" for old, new in moved)
        yield Consequence(kind="redirected", count=len(moved), says=says, details=details)


def topics(case: Case) -> Iterator[Consequence]:
    """Yield which topics are new, no longer configured, called otherwise, or known by other names, too."""
    details = (*_renamed(case), *_aliased(case)) if case.before else ()
    if details:
        says = f"topics change in {len(details)} {'way' if len(details) == 1 else 'ways'}"
        yield Consequence(kind="topics", count=len(details), says=says, details=details)


def rules(case: Case) -> Iterator[Consequence]:
    """Yield that documents are filed otherwise than the articles that are there."""
    ruleset = case.edition.configuration.topics.digest
    if case.edition.articles and set(case.edition.rulesets) != {ruleset}:
        says = f"new articles are filed by other rules than some of the {len(case.edition.articles)} there"
        details = ("`feedsvc topics retag --dry-run` tells what filing these anew would change",)
        yield Consequence(kind="rules", count=len(case.edition.articles), says=says, details=details)


def _is_local(url: str) -> bool:
    """Tell whether only this machine could ask there, as before a base_url was set; "" is nowhere."""
    host = urlsplit(url).hostname
    return host in {None, LOOPBACK, "::1", "localhost"}


def _renamed(case: Case) -> Iterator[str]:
    was = {topic.slug: topic.name for topic in case.before.topics} if case.before else {}
    now = {topic.slug: topic.name for topic in case.now.topics}
    for slug, name in now.items():
        if slug not in was:
            yield f"{list_path(('topic', slug))} is new"
        elif was[slug] != name:
            yield f"{list_path(('topic', slug))} is called {name!r} instead of {was[slug]!r}"
    aliases = {alias for topic in case.now.topics for alias in topic.aliases}
    for slug in was:
        if slug not in now.keys() | aliases and case.fates["topic", slug] == STANDS:
            yield f"{list_path(('topic', slug))} stays with what it has; no rule files anything there"


def _aliased(case: Case) -> Iterator[str]:
    was = _aliases_before(case)
    for topic in case.now.topics:
        for alias in topic.aliases:
            path, target = list_path(("topic", alias)), list_path(("topic", topic.slug))
            if alias not in was and ("topic", alias) not in case.addresses:
                yield f"{path} leads to {target}"


def _aliases_before(case: Case) -> dict[str, str]:
    known = case.before.topics if case.before else ()
    return {alias: topic.slug for topic in known for alias in topic.aliases}
