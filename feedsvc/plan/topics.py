"""What the configuration says of topics, compared: which are new, hidden, called otherwise, or led from."""

from collections.abc import Iterator, Mapping

from feedsvc.plan.case import Case
from feedsvc.plan.fates import STANDS
from feedsvc.plan.plan import Consequence
from feedsvc.plan.said import SaidTopic
from feedsvc.topics import TopicRule, Topics
from feedsvc.web.addresses import list_path


def topics(case: Case) -> Iterator[Consequence]:
    """Yield which topics are new, no longer configured, called otherwise, or known by other names, too."""
    details = (*_configured(case), *_left(case), *_aliased(case)) if case.before else ()
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


def led_before(case: Case) -> Mapping[str, str]:
    """Return where aliases and merged topics led, by slug, as the configuration before would have it."""
    if case.before is None:
        return {}
    said = case.before.topics
    rules = tuple(
        TopicRule(slug=each.slug, name=each.name, aliases=each.aliases, merge_into=each.merge_into)
        for each in said
    )
    before = Topics(rules=rules, language=case.before.site.language)
    heirs = {each: before.filed(each.slug)[0] for each in said}
    merged = {each.slug: heir for each, heir in heirs.items() if each.merge_into}
    return merged | {alias: heir for each, heir in heirs.items() for alias in each.aliases}


def _configured(case: Case) -> Iterator[str]:
    was = {topic.slug: topic for topic in case.before.topics} if case.before else {}
    for topic in case.now.topics:
        before, path = was.get(topic.slug), list_path(("topic", topic.slug))
        if told := _told(case, before, topic):
            yield f"{path} {told}"
        if before and before.name != topic.name:
            yield f"{path} is called {topic.name!r} instead of {before.name!r}"


def _told(case: Case, before: SaidTopic | None, topic: SaidTopic) -> str:
    """Return what becomes of the feed of a topic; "" where that stays as it is, or is told elsewhere."""
    key = ("topic", topic.slug)
    fate, had = case.fates[key], key in case.addresses
    if not isinstance(fate, int):  # of a feed there was, `redirected` tells
        return "" if had else f"leads to {list_path(fate)}"
    if topic.hide:
        return _hidden(before, stands=fate == STANDS)
    if before is None or (before.hide and not had):
        return "stays, and is configured now" if had else "is new"
    if before.hide:
        return "is hidden no longer: documents are filed there again"
    return "has a feed of its own again" if before.merge_into else ""


def _hidden(before: SaidTopic | None, *, stands: bool) -> str:
    if before and before.hide:
        return ""
    if stands:
        return "is hidden: it stays with what it has, and nothing more is filed there"
    return "is hidden, and gets no feed"


def _left(case: Case) -> Iterator[str]:
    """Yield the topics that have no section any more, and a feed still."""
    named = {name for topic in case.now.topics for name in (topic.slug, *topic.aliases)}
    for topic in case.before.topics if case.before else ():
        key = ("topic", topic.slug)
        if topic.slug in named or key not in case.addresses or case.fates[key] != STANDS:
            continue
        if topic.hide:
            yield f"{list_path(key)} is hidden no longer: documents that name it are filed there again"
        else:
            yield f"{list_path(key)} stays; documents that name it still go there, no rule files others"


def _aliased(case: Case) -> Iterator[str]:
    was = led_before(case)
    for topic in case.now.topics:
        for alias in topic.aliases:
            path, target = list_path(("topic", alias)), list_path(("topic", topic.slug))
            if alias not in was and ("topic", alias) not in case.addresses:
                yield f"{path} leads to {target}"
