import pickle
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article, Assignment, Headline, Label, TopicOrigin
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, matched, parse
from feedsvc.topics.naming import identity

WHEN = datetime(2024, 5, 1, tzinfo=UTC)


def article(*labels: str, title: str = "税务局发布减税通知", body: str = "", **more: Any) -> Article:  # noqa: ANN401
    plain = Article(
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
    return replace(plain, **more)


def rule(slug: str, match: str | None = None, name: str = "", **more: Any) -> TopicRule:  # noqa: ANN401 - a field's
    return TopicRule(slug=slug, name=name or slug, match=parse(match) if match else None, **more)


def topics(*rules: TopicRule, origins: tuple[TopicOrigin, ...] = ("explicit", "rules")) -> Topics:
    """Return topics that nothing decides on but configuration and documents."""
    return Topics(rules=rules, origins=frozenset(origins))


def slugs(topics: Topics, of: Article, configured: tuple[str, ...] = ()) -> list[str]:
    return [topic.slug for topic in topics.assign(of, configured).topics]


def test_topics_come_from_configuration_then_document_then_rules() -> None:
    ours = topics(rule("tax", "税务 减税 !招聘", name="Taxes"))
    assert ours.assign(article("Budget 2024"), ("溪口",)).topics == (
        Assignment(slug="溪口", name="溪口", source="explicit", matched="configuration"),
        Assignment(slug="budget-2024", name="Budget 2024", source="explicit", matched="front matter"),
        Assignment(slug="tax", name="Taxes", source="rules", matched="税务, 减税"),
    )


def test_an_article_that_nothing_claims_has_no_topics() -> None:
    ours = topics(rule("police", "公安"), rule("fire"))
    assert ours.assign(article()).topics == ()


def test_only_topics_change_and_only_once() -> None:
    ours = topics(rule("tax", "税务"))
    before = article("Budget")
    after = ours.assign(before, ("Town",))
    assert replace(after, topics=()) == before
    assert ours.assign(after, ("Town",)) == after


def test_names_of_one_slug_are_one_topic_and_the_first_names_it() -> None:
    assert topics_of("Open Data", "open-data", "ＯＰＥＮ　ＤＡＴＡ", "Open  Data!") == [
        ("open-data", "Open Data")
    ]


def topics_of(*labels: str) -> list[tuple[str, str]]:
    return [(topic.slug, topic.name) for topic in topics().assign(article(*labels)).topics]


def test_a_configured_name_is_first_where_document_and_rule_agree() -> None:
    ours = topics(rule("tax", "税务"))
    (topic,) = ours.assign(article("TAX"), ("Tax",)).topics
    assert (topic.source, topic.matched) == ("explicit", "configuration")


@pytest.mark.parametrize("label", ["tax", "TAX", "Taxes and duties", "taxes AND duties!", "税务", "Revenue"])
def test_a_label_files_under_the_configured_topic_it_names(label: str) -> None:
    ours = topics(rule("tax", name="Taxes and Duties", aliases=("税务", "revenue")))
    (topic,) = ours.assign(article(label)).topics
    assert (topic.slug, topic.name) == ("tax", "Taxes and Duties")


def test_a_slug_is_not_another_topics_name() -> None:
    ours = topics(rule("revenue", name="Tax"), rule("tax", name="Duties"))
    assert slugs(ours, article("Tax", "Duties", "Revenue")) == ["tax", "revenue"]


@pytest.mark.parametrize("label", ["", "  ", "!!!", "\u200b", "\x00"])
def test_a_label_without_letters_is_dropped(label: str) -> None:
    ours = topics(rule("odd", name="???"))
    assert slugs(ours, article(label), (label,)) == []


def test_a_labels_name_is_one_clean_line_of_bounded_length() -> None:
    assert topics_of("Open\n\x00 Data") == [("open-data", "Open Data")]
    ((long_slug, name),) = topics_of("word " * 10_000)
    assert (len(long_slug) <= 64, len(name) <= 128) == (True, True)


def test_a_purely_negative_rule_says_what_it_did_not_find() -> None:
    (topic,) = topics(rule("rest", "!公安")).assign(article()).topics
    assert topic.matched == "!公安"


@pytest.mark.parametrize(("title", "body"), [("税务", ""), ("", "税务")])
def test_rules_look_at_title_and_body_only(title: str, body: str) -> None:
    ours = topics(rule("tax", "税务"), rule("police", "公安"), rule("fire", "消防"))
    other = replace(article(title=title, body=body), summary="公安", html="公安", authors=("消防",))
    assert slugs(ours, replace(other, related=(Headline(title="公安"),))) == ["tax"]


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (frozenset({"explicit"}), ["budget"]),
        (frozenset({"rules"}), ["tax"]),
        (frozenset({"subjects"}), ["economy"]),
        (frozenset({"entities"}), ["税务局"]),
        (frozenset(), []),
    ],
)
def test_an_origin_can_be_switched_off(origins: frozenset[TopicOrigin], expected: list[str]) -> None:
    ours = Topics(rules=(rule("tax", "税务"),), origins=origins)
    assert slugs(ours, article("Budget", language="zh")) == expected


def test_topics_travel_between_processes() -> None:
    ours = topics(rule("tax", '税务 !"招聘 公告"'))
    copy: Topics = pickle.loads(pickle.dumps(ours))  # noqa: S301 - our own bytes
    assert copy == ours
    assert copy.assign(article("TAX")) == ours.assign(article("TAX"))


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)).map(tuple))
def test_every_assigned_slug_is_canonical_and_every_name_there_once(
    labels: list[str], configured: tuple[str, ...]
) -> None:
    assigned = topics().assign(article(*labels), configured).topics
    names = dict.fromkeys(filter(None, map(identity, (*configured, *labels))))
    assert [identity(topic.name) for topic in assigned] == list(names)
    assert all(topic.slug == slug(topic.name) for topic in assigned)


EVERY = Topics(rules=(rule("tax", "税务 OR tax", name="Taxes"),), language="zh")


def test_topics_stand_in_the_order_in_which_they_are_trusted() -> None:
    body = "溪口区税务局减税降费。\n\n溪口区纳税人"
    filed = EVERY.assign(article("Budget", title="溪口区税务局减税", body=body, language="zh"), ("Town",))
    assert [(topic.slug, topic.source, topic.matched) for topic in filed.topics] == [
        ("town", "explicit", "configuration"),
        ("budget", "explicit", "front matter"),
        ("tax", "rules", "税务"),
        ("economy", "subjects", "税务局, 减税, 减税降费, 纳税人"),
        ("溪口区", "entities", "溪口区"),
        ("溪口区税务局", "entities", "溪口区税务局"),
        ("税务局", "entities", "税务局"),
    ]
    assert [topic.code for topic in filed.topics] == [None, None, None, "medtop:04000000", None, None, None]
    assert filed.topics[3].name == "经济"


def test_no_more_than_five_topics_are_found_by_themselves() -> None:
    body = "、".join(f"溪{char}镇" for char in "东南西北前后左右")
    filed = Topics().assign(article("a", "b", title="税务局减税", body=body, language="zh"))
    assert [topic.source for topic in filed.topics] == ["explicit"] * 2 + ["subjects"] + ["entities"] * 4


@pytest.mark.parametrize("language", ["fr", None])
def test_a_text_without_a_lexicon_has_neither_subjects_nor_entities(language: str | None) -> None:
    assert slugs(Topics(), article(language=language)) == []


@pytest.mark.parametrize("name", ["健康", "Health", "health", "medtop:07000000"])
def test_a_label_that_names_a_subject_is_filed_there(name: str) -> None:
    (topic,) = Topics().assign(article(name, title="…")).topics
    assert (topic.slug, topic.name, topic.source) == ("health", "Health", "explicit")
    assert topic.code == "medtop:07000000"


def test_words_written_for_search_engines_do_not_decide_on_subjects() -> None:
    keywords = tuple(Label(name=name, origin="meta keywords") for name in ("健康", "溪口"))
    assert slugs(Topics(), article(title="…", labels=keywords)) == ["溪口"]
    assert slugs(topics(), article(title="…", labels=keywords)) == ["健康", "溪口"]


def test_the_configuration_names_a_subject_by_its_slug_only() -> None:
    ours = Topics(rules=(rule("economy", name="Money"), rule("wealth", name="经济")))
    filed = ours.assign(article("经济", language="zh"))
    assert [(topic.slug, topic.name) for topic in filed.topics][:2] == [
        ("wealth", "经济"),
        ("economy", "Money"),
    ]


def test_places_are_filed_under_the_configured_topic_they_name() -> None:
    ours = Topics(rules=(rule("tax-office", name="Tax office", aliases=("税务局",)),))
    filed = ours.assign(article(language="zh"))
    assert [topic.slug for topic in filed.topics] == ["economy", "tax-office"]


def test_nothing_is_filed_under_a_hidden_topic() -> None:
    hidden = (rule("税务局", hide=True), rule("economy", hide=True), rule("tax", "税务", hide=True))
    assert slugs(Topics(rules=hidden), article("tax", language="zh"), ("Economy",)) == []


def test_a_merged_topic_is_filed_under_what_takes_its_place() -> None:
    merged = (rule("a", "税务", merge_into="B"), rule("b", merge_into="Tax"), rule("law", merge_into="tax"))
    assert slugs(Topics(rules=merged), article("a", "b", title="民警抓获嫌疑人", language="zh")) == ["tax"]


def test_mergers_in_a_circle_end() -> None:
    circle = (rule("a", merge_into="b"), rule("b", merge_into="a"))
    assert slugs(topics(*circle), article("a")) == ["a"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("news/2024/a.txt", ["news"]),
        ("a.txt", []),
        ("/a.txt", []),
        ("https://example.org/a/b", []),
        ("tag:example.org,2024:a/b", []),
    ],
)
def test_a_folder_is_a_topic_named_like_its_first_directory(key: str, expected: list[str]) -> None:
    assert slugs(topics(), article(key=key)) == expected


def test_a_rule_can_ask_for_what_other_origins_found() -> None:
    ours = Topics(rules=(rule("both", "#经济 #Budget #税务局 !#社会"), rule("never", "#both OR #word")))
    keywords = (Label(name="Budget", origin="front matter"), Label(name="word", origin="meta keywords"))
    assert "both" in slugs(ours, article(labels=keywords, language="zh"))
    assert "never" not in slugs(ours, article(labels=keywords, language="zh"))


def test_a_rule_is_tried_on_what_it_would_see() -> None:
    look = Topics().look(article("Budget", language="zh"), ("Town",))
    assert {"budget", "town", "economy", "税务局"} <= look.tags
    assert matched(parse("#town intitle:税务"), look.holds) == ("#town", "intitle:税务")


def test_names_that_share_a_slug_both_stand_for_the_registry_to_tell_apart() -> None:
    assert topics_of("C", "C#", "c#") == [("c", "C"), ("c", "C#")]
