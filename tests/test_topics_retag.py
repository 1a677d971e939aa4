from dataclasses import replace
from datetime import timedelta

from feedsvc.model import Article, Label
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.topics.entries import Census
from feedsvc.topics.registry import Registry
from feedsvc.topics.retag import Retagging, retag
from tests.builders import START, article

BEFORE = Topics(origins=frozenset({"explicit", "rules", "entities"}))
TAX = TopicRule(slug="tax", name="Taxes", match=parse("税务"))
AFTER = replace(BEFORE, rules=(TAX,))


def filed(topics: Topics, *articles: Article) -> tuple[Registry, tuple[Article, ...]]:
    """Return what a store holds that took an article an hour."""
    registry, held = Registry().configured(topics), list[Article]()
    for number, each in enumerate(articles):
        at = START + timedelta(hours=number)
        acknowledged = replace(topics.assign(each), sequence=number + 1, acknowledged=at)
        registry, (taken,) = registry.admit([acknowledged])
        held.append(taken)
    registry = registry.review(Census.of(held), 3)[0]
    return registry, tuple(map(registry.filed, held))


def anew(registry: Registry, held: tuple[Article, ...], topics: Topics) -> Retagging:
    return retag(held, topics, registry.configured(topics), {"town": ("Town",)})


def stories(*titles: str) -> list[Article]:
    return [
        article(number, title=title, text="", language="zh", source="away")
        for number, title in enumerate(titles, 1)
    ]


def test_a_new_rule_files_earlier_articles_and_says_how_many_feeds_change() -> None:
    registry, held = filed(BEFORE, *stories("税务局减税", "税务", "公安"))
    change = anew(registry, held, AFTER)
    assert (change.feeds, dict(change.gained), dict(change.lost)) == (("tax",), {"tax": 2}, {})
    assert [each.id for each in change.articles] == [held[0].id, held[1].id]
    assert change.registry.entries["tax"].newest == held[1].acknowledged


def test_what_is_as_it_was_changes_nothing() -> None:
    registry, held = filed(AFTER, *stories("税务局减税", "溪口区税务", "公安"))
    change = anew(registry, held, AFTER)
    assert (change.feeds, change.articles) == ((), ())
    assert change.registry == registry.configured(AFTER)


def test_names_that_share_a_slug_stay_parted() -> None:
    labelled = [(Label(name=name, origin="front matter"),) for name in ("C#", "C", "C++")]
    plain = replace(BEFORE, origins=frozenset({"explicit"}))
    registry, held = filed(plain, *[article(n, labels=labels) for n, labels in enumerate(labelled, 1)])
    change = retag(held, plain, registry, {})
    assert (change.articles, change.registry) == ((), registry)


def test_a_rule_that_is_gone_leaves_its_feed_empty_but_there() -> None:
    registry, held = filed(AFTER, *stories("税务局减税"))
    change = anew(registry, held, BEFORE)
    assert (change.feeds, dict(change.lost)) == (("tax",), {"tax": 1})
    assert change.registry.find("tax").status == 200


def test_topics_of_the_sources_configuration_are_assigned_anew() -> None:
    registry, held = filed(BEFORE, article(1, labels=(Label(name="News", origin="front matter"),)))
    change = anew(registry, held, BEFORE)
    assert (change.feeds, dict(change.gained)) == (("town",), {"town": 1})


def test_places_that_enough_documents_name_get_their_feed() -> None:
    without = replace(BEFORE, origins=frozenset({"explicit"}))
    registry, held = filed(without, *stories("溪口区", "走进溪口区", "在溪口区", *["公告"] * 5))
    change = anew(registry, held, BEFORE)
    assert dict(change.gained) == {"溪口区": 3}
    assert change.registry.find("溪口区").status == 200


def test_articles_that_no_store_acknowledged_are_newer_than_nothing() -> None:
    change = retag(stories("税务"), AFTER, Registry().configured(AFTER), {})
    assert change.feeds == ("tax",)
    assert change.registry.newest is None
