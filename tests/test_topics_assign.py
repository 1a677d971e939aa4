import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article, Assignment, Headline, Label, Topic, TopicOrigin
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse

WHEN = datetime(2024, 5, 1, tzinfo=UTC)


def article(*labels: str, title: str = "税务局发布减税通知", body: str = "") -> Article:
    return Article(
        id="urn:uuid:0",
        source="town",
        key="a.txt",
        title=title,
        text=body,
        html="",
        summary="",
        published=WHEN,
        published_from="byline",
        updated=WHEN,
        labels=tuple(Label(name=label, origin="front matter") for label in labels),
    )


def rule(slug: str, match: str | None = None, name: str = "", aliases: tuple[str, ...] = ()) -> TopicRule:
    return TopicRule(slug=slug, name=name or slug, match=parse(match) if match else None, aliases=aliases)


def slugs(topics: Topics, of: Article, configured: tuple[str, ...] = ()) -> list[str]:
    return [topic.slug for topic in topics.assign(of, configured).topics]


def test_topics_come_from_configuration_then_document_then_rules() -> None:
    topics = Topics(rules=(rule("tax", "税务 减税 !招聘", name="Taxes"),))
    assert topics.assign(article("Budget 2024"), ("溪口",)).topics == (
        Assignment(slug="溪口", name="溪口", source="explicit", matched="configuration"),
        Assignment(slug="budget-2024", name="Budget 2024", source="explicit", matched="front matter"),
        Assignment(slug="tax", name="Taxes", source="rules", matched="税务, 减税"),
    )


def test_an_article_that_nothing_claims_has_no_topics() -> None:
    topics = Topics(rules=(rule("police", "公安"), rule("fire")))
    assert topics.assign(article()).topics == ()


def test_only_topics_change_and_only_once() -> None:
    topics = Topics(rules=(rule("tax", "税务"),))
    before = article("Budget")
    after = topics.assign(before, ("Town",))
    assert replace(after, topics=()) == before
    assert topics.assign(after, ("Town",)) == after


def test_names_of_one_slug_are_one_topic_and_the_first_names_it() -> None:
    assert topics_of("Open Data", "open-data", "ＯＰＥＮ　ＤＡＴＡ", "Open  Data!") == [
        ("open-data", "Open Data")
    ]


def topics_of(*labels: str) -> list[tuple[str, str]]:
    return [(topic.slug, topic.name) for topic in Topics().assign(article(*labels)).topics]


def test_a_configured_name_is_first_where_document_and_rule_agree() -> None:
    topics = Topics(rules=(rule("tax", "税务"),))
    (topic,) = topics.assign(article("TAX"), ("Tax",)).topics
    assert (topic.source, topic.matched) == ("explicit", "configuration")


@pytest.mark.parametrize("label", ["tax", "TAX", "Taxes and duties", "taxes AND duties!", "税务", "Revenue"])
def test_a_label_files_under_the_configured_topic_it_names(label: str) -> None:
    topics = Topics(rules=(rule("tax", name="Taxes and Duties", aliases=("税务", "revenue")),))
    (topic,) = topics.assign(article(label)).topics
    assert (topic.slug, topic.name) == ("tax", "Taxes and Duties")


def test_a_slug_is_not_another_topics_name() -> None:
    topics = Topics(rules=(rule("revenue", name="Tax"), rule("tax", name="Duties")))
    assert slugs(topics, article("Tax", "Duties", "Revenue")) == ["tax", "revenue"]


@pytest.mark.parametrize("label", ["", "  ", "!!!", "\u200b", "\x00"])
def test_a_label_without_letters_is_dropped(label: str) -> None:
    topics = Topics(rules=(rule("odd", name="???"),))
    assert slugs(topics, article(label), (label,)) == []


def test_a_labels_name_is_one_clean_line_of_bounded_length() -> None:
    assert topics_of("Open\n\x00 Data") == [("open-data", "Open Data")]
    ((long_slug, name),) = topics_of("word " * 10_000)
    assert (len(long_slug) <= 64, len(name) <= 128) == (True, True)


def test_a_purely_negative_rule_says_what_it_did_not_find() -> None:
    (topic,) = Topics(rules=(rule("rest", "!公安"),)).assign(article()).topics
    assert topic.matched == "!公安"


@pytest.mark.parametrize(("title", "body"), [("税务", ""), ("", "税务")])
def test_rules_look_at_title_and_body_only(title: str, body: str) -> None:
    topics = Topics(rules=(rule("tax", "税务"), rule("police", "公安"), rule("fire", "消防")))
    other = replace(article(title=title, body=body), summary="公安", html="公安", authors=("消防",))
    assert slugs(topics, replace(other, related=(Headline(title="公安"),))) == ["tax"]


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (frozenset({"explicit"}), ["budget"]),
        (frozenset({"rules"}), ["tax"]),
        (frozenset({"subjects", "entities"}), []),
        (frozenset(), []),
    ],
)
def test_an_origin_can_be_switched_off(origins: frozenset[TopicOrigin], expected: list[str]) -> None:
    topics = Topics(rules=(rule("tax", "税务"),), origins=origins)
    assert slugs(topics, article("Budget")) == expected


def test_configured_topics_exist_before_their_first_article() -> None:
    topics = Topics(rules=(rule("tax", "税务", name="Taxes"), rule("fire")))
    assert topics.configured == (
        Topic(slug="tax", name="Taxes", configured=True),
        Topic(slug="fire", name="fire", configured=True),
    )


def test_topics_travel_between_processes() -> None:
    topics = Topics(rules=(rule("tax", '税务 !"招聘 公告"'),))
    copy: Topics = pickle.loads(pickle.dumps(topics))  # noqa: S301 - our own bytes
    assert copy == topics
    assert copy.assign(article("TAX")) == topics.assign(article("TAX"))


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)).map(tuple))
def test_every_assigned_slug_is_canonical_and_there_once(
    labels: list[str], configured: tuple[str, ...]
) -> None:
    assigned = slugs(Topics(), article(*labels), configured)
    assert assigned == list(dict.fromkeys(filter(None, map(slug, (*configured, *labels)))))
