from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import Article, Assignment, Label, TopicOrigin
from feedsvc.text import slug
from feedsvc.topics import TopicRule, Topics, parse
from feedsvc.topics.entries import Census, Entry
from feedsvc.topics.naming import identity
from feedsvc.topics.registry import AUTOMATIC_ACTIVE, QUIET, Registry
from tests import builders
from tests.builders import Value

WHEN = datetime(2024, 5, 1, tzinfo=UTC)
PLAIN = Topics(origins=frozenset({"explicit", "rules", "entities"}))


def assignment(name: str, source: TopicOrigin = "explicit", matched: str = "front matter") -> Assignment:
    return Assignment(slug=slug(name), name=name, source=source, matched=matched)


def article(number: int, *topics: Assignment) -> Article:
    return builders.article(number, topics=topics)


def named(*names: str, source: TopicOrigin = "explicit", start: int = 1) -> list[Article]:
    return [article(number, assignment(name, source)) for number, name in enumerate(names, start)]


def taken(articles: Iterable[Article], at: datetime = WHEN) -> list[Article]:
    """Return articles as a store acknowledges them."""
    return [replace(each, acknowledged=at) for each in articles]


def admitted(articles: Iterable[Article], registry: Registry | None = None, at: datetime = WHEN) -> Registry:
    return (Registry() if registry is None else registry).admit(taken(articles, at))[0]


def reviewed(articles: Iterable[Article], min_docs: int = 3) -> tuple[Registry, tuple[str, ...]]:
    registry, all_of_them = Registry().admit(taken(articles))
    return registry.review(Census.of(all_of_them), min_docs)


def rule(slug: str, match: str | None = None, **more: Value) -> TopicRule:
    return TopicRule(**{"slug": slug, "name": slug, "match": parse(match) if match else None, **more})


def listed(registry: Registry) -> tuple[Entry, ...]:
    """Return the topics that are neither hidden nor quiet, by slug."""
    return tuple(each for each in registry.answering if not each.hidden and not registry.is_quiet(each.slug))


def test_a_label_is_a_topic_with_its_first_article() -> None:
    registry = admitted(named("Open Data"))
    assert registry.find("open-data").status == 200
    assert [entry.name for entry in listed(registry)] == ["Open Data"]


@pytest.mark.parametrize("name", ["Open Data", "OPEN-DATA", "open data", "ＯＰＥＮ-ＤＡＴＡ"])
def test_every_spelling_of_a_name_leads_to_its_slug(name: str) -> None:
    verdict = admitted(named("Open Data")).find(name)
    assert (verdict.status, verdict.slug) == (308, "open-data")


def test_the_first_name_and_slug_stay_whatever_comes_later() -> None:
    registry, articles = Registry().admit(taken(named("Open Data", "OPEN data!")))
    assert {(each.topics[0].slug, each.topics[0].name) for each in articles} == {("open-data", "Open Data")}
    assert list(registry.entries) == ["open-data"]


def test_of_two_names_with_one_slug_the_later_gets_its_own() -> None:
    registry, articles = Registry().admit(taken([article(1, assignment("C"), assignment("C#"))]))
    assert [topic.slug for topic in articles[0].topics] == ["c", "c-951a4d"]
    again, _ = registry.admit(taken(named("c#", "C")))
    assert again.entries == registry.entries


@pytest.mark.parametrize("names", list(permutations(("C", "C++", "C#"))))
def test_names_with_one_slug_are_parted_however_documents_fall_into_commits(names: tuple[str, ...]) -> None:
    together, at_once = Registry().admit(taken(named(*names)))
    registry, apart = Registry(), list[Article]()
    for each in named(*names):
        registry, admitted_ = Registry(entries=registry.entries).admit(taken([each]))
        apart += admitted_
    assert (apart, registry.entries) == (list(at_once), together.entries)
    assert [[topic.name for topic in each.topics] for each in apart] == [[name] for name in names]
    assert len(registry.entries) == 3


def test_a_name_is_found_before_the_address_of_a_topic_that_is_called_otherwise() -> None:
    registry = admitted(named("Disney+"))
    assert [registry.find(name).slug for name in ("disney", "Disney", "Disney+")] == ["disney"] * 3
    registry = admitted(named("Disney"), registry)
    assert registry.find("disney") == replace(registry.find("disney"), status=200, slug="disney")
    assert registry.entries[registry.find("Disney").slug].name == "Disney"


def test_a_name_that_others_are_merged_into_is_not_what_shares_its_slug() -> None:
    topics = Topics(rules=(rule("old", merge_into="C++"),))
    registry, articles = Registry().configured(topics).admit(taken(named("C", "C++")))
    assert [each.topics[0].name for each in articles] == ["C", "C++"]
    assert registry.find("old").slug == articles[1].topics[0].slug == "c"


def test_a_place_has_no_feed_before_enough_documents_name_it() -> None:
    registry, articles = Registry().admit(taken(named("溪口区", "溪口区", source="entities")))
    registry, active = registry.review(Census.of([*articles, *named(*"abcdef", start=5)]), 3)
    assert (active, registry.find("溪口区").status, listed(registry)) == ((), 404, ())
    assert registry.shown(articles[0].topics) == ()


def test_a_place_that_enough_documents_name_has_them_all() -> None:
    articles = [*named("溪口区", "溪口区", "溪口区", source="entities"), *named(*"abcde", start=4)]
    registry, active = reviewed(articles)
    assert (active, registry.find("溪口区").status) == (("溪口区",), 200)
    assert all(registry.shown(each.topics) for each in articles)


def test_a_place_that_most_documents_name_is_no_topic() -> None:
    names = [*named("溪口区", "溪口区", "溪口区", source="entities"), *named(*"abcd", start=4)]
    assert reviewed(names)[1] == ()


def test_a_word_written_for_search_engines_takes_several_documents_however_common() -> None:
    one, two, three = (article(n, assignment("News", matched="meta keywords")) for n in (1, 2, 3))
    assert reviewed([one, two])[1] == ()
    registry, active = reviewed([one, two, three])
    assert active == ("news",)
    assert not registry.entries["news"].automatic


def test_a_candidate_that_a_document_asks_for_is_a_topic_at_once() -> None:
    registry = admitted(named("溪口区"), admitted(named("溪口区", source="entities")))
    assert registry.find("溪口区").status == 200


def test_only_so_many_automatic_topics_are_active_the_most_frequent_first() -> None:
    places = [f"溪{number}区" for number in range(AUTOMATIC_ACTIVE + 2)]
    assignments = tuple(assignment(name, "entities") for name in places)
    documents = [article(number, *assignments) for number in (1, 2)]
    documents += [article(3, assignments[-1]), *named(*"abcdef", start=4)]
    registry, active = reviewed(documents, min_docs=2)
    assert len(active) == AUTOMATIC_ACTIVE
    assert places[-1] in active
    assert registry.review(Census.of(documents), 2)[1] == ()


def test_a_topic_goes_quiet_counted_from_the_newest_article_of_all() -> None:
    registry = admitted(named("old"))
    assert not registry.is_quiet("old")
    at_the_edge = admitted(named("new"), registry, WHEN + QUIET)
    assert not at_the_edge.is_quiet("old")
    later = admitted(named("new"), registry, WHEN + QUIET + timedelta(seconds=1))
    assert (later.is_quiet("old"), later.find("old").status) == (True, 200)
    assert [entry.slug for entry in listed(later)] == ["new"]
    back = admitted(named("old"), later, WHEN + QUIET * 2)
    assert [entry.slug for entry in listed(back)] == ["new", "old"]


def test_a_commit_that_brings_nothing_changes_nothing() -> None:
    registry = admitted(named("old"))
    assert admitted([], registry, WHEN + QUIET * 9) == registry


def test_a_merged_topic_leads_to_the_other_and_its_articles_move() -> None:
    registry, articles = Registry().admit(taken(named("a", "b", "c")))
    merged = registry.merge("a", "b").merge("b", "c")
    assert (merged.find("a").status, merged.find("a").slug) == (308, "c")
    assert [merged.shown(each.topics)[0].slug for each in articles] == ["c", "c", "c"]
    _, later = merged.admit(taken(named("A")))
    assert later[0].topics[0].slug == "c"


def test_a_document_by_itself_shows_its_places_and_no_word_for_search_engines() -> None:
    topics = Topics(rules=(rule("old", merge_into="C"), rule("secret", hide=True)))
    registry = Registry().configured(topics).delete("society")
    asked = [assignment(name) for name in ("C", "C#", "old", "c", "secret", "Society")]
    asked += [assignment("溪口区", "entities"), assignment("News", matched="meta keywords")]
    assert [each.slug for each in registry.foreseen(asked)] == ["c", "c-951a4d", "溪口区"]


def test_a_slug_is_never_another_topics_name() -> None:
    topics = Topics(rules=(rule("revenue", name="Tax"), rule("tax", name="Duties")))
    registry = Registry().configured(topics)
    label = topics.assign(builders.article(labels=(Label(name="Revenue", origin="front matter"),)))
    assert [each.slug for each in registry.admit(taken([label]))[1][0].topics] == ["revenue"]
    assert [registry.find(name).slug for name in ("Tax", "Duties", "Revenue")] == ["tax", "tax", "revenue"]


def test_what_was_admitted_is_admitted_as_it_is() -> None:
    registry, articles = Registry().admit(taken([article(1, assignment("C"), assignment("C#"))]))
    assert registry.admit(articles) == (registry, articles)


def test_merging_the_other_way_round_undoes_a_merger() -> None:
    registry = admitted(named("a", "b")).merge("a", "b").merge("b", "a")
    assert [registry.find(name).status for name in "ab"] == [200, 308]
    assert registry.merge("a", "a") == registry


def test_what_is_merged_into_a_merged_topic_ends_where_that_does() -> None:
    registry = admitted(named("a", "b", "c")).merge("b", "c").merge("a", "b")
    assert [registry.find(name).slug for name in "abc"] == ["c", "c", "c"]


def test_only_a_deleted_topic_is_gone() -> None:
    registry, articles = Registry().admit(taken(named("a", "b")))
    deleted = registry.merge("b", "a").delete("a")
    assert [deleted.find(name).status for name in ("a", "b", "c")] == [410, 410, 404]
    assert deleted.shown(articles[0].topics) == ()
    assert admitted(named("a"), deleted).find("a").status == 410


def test_subjects_and_configured_topics_answer_before_their_first_article() -> None:
    registry = Registry().configured(Topics(rules=(rule("tax", name="Taxes", aliases=("税务",)),)))
    assert registry.find("tax").status == registry.find("society").status == 200
    assert [entry.slug for entry in listed(registry)] == ["tax"]


@pytest.mark.parametrize("name", ["Society", "社会", "medtop:14000000", "SOCIETY", "medtop-14000000"])
def test_labels_and_codes_of_subjects_lead_to_their_slugs(name: str) -> None:
    verdict = Registry().configured(Topics()).find(name)
    assert (verdict.status, verdict.slug) == (308, "society")


def test_the_configuration_may_name_a_subject() -> None:
    topics = Topics(rules=(rule("society", name="Our town"),))
    entry = Registry().configured(topics).entries["society"]
    assert (entry.name, entry.code) == ("Our town", "medtop:14000000")
    assert Registry().configured(topics).find("medtop:14000000").slug == "society"


def test_a_deleted_subject_stays_gone_and_a_configured_topic_comes_back() -> None:
    topics = Topics(rules=(rule("tax"),))
    registry = Registry().configured(topics).delete("society").delete("tax").configured(topics)
    assert [registry.find(name).status for name in ("society", "tax")] == [410, 200]


def test_a_topic_keeps_its_address_when_the_configuration_forgets_it() -> None:
    registry = Registry().configured(Topics(rules=(rule("tax"),))).configured(PLAIN)
    assert (registry.find("tax").status, registry.is_quiet("tax")) == (200, True)


def test_a_hidden_topic_has_no_feed_that_it_never_had_and_loses_none() -> None:
    hiding = Topics(rules=(rule("溪口区", hide=True), rule("tax", hide=True)))
    registry = admitted(named("tax")).configured(hiding)
    assert [registry.find(name).status for name in ("tax", "溪口区")] == [200, 404]
    assert listed(registry) == ()
    assert registry.shown([assignment("tax")]) == ()
    articles = [*named("溪口区", "溪口区", source="entities"), *named(*"abcdef", start=4)]
    registry, admitted_ = registry.admit(taken(articles))
    registry, active = registry.review(Census.of(admitted_), 2)
    assert (active, registry.find("溪口区").status) == ((), 404)
    assert registry.configured(PLAIN).review(Census.of(admitted_), 2)[1] == ("溪口区",)


def test_a_topic_merged_by_the_configuration_leads_to_the_other() -> None:
    topics = Topics(rules=(rule("old", merge_into="Tax office"), rule("fees", merge_into="old")))
    registry = admitted(named("old")).configured(topics)
    assert {registry.find(name).slug for name in ("old", "fees", "Tax office")} == {"tax-office"}
    assert registry.find("tax-office").status == 200
    assert registry.configured(topics) == registry


def test_a_topic_merged_into_a_hidden_one_stays() -> None:
    topics = Topics(rules=(rule("old", merge_into="tax"), rule("tax", hide=True)))
    assert Registry().configured(topics).find("old").status == 200


def test_a_name_that_becomes_an_alias_takes_its_feed_along() -> None:
    registry = admitted(named("国税局"), admitted(named("地税局", source="entities")))
    topics = Topics(rules=(rule("tax", aliases=("国税局", "地税局")),))
    after = registry.configured(topics)
    assert [(after.find(name).status, after.find(name).slug) for name in ("国税局", "地税局")] == [
        (308, "tax")
    ] * 2


def test_a_candidate_that_the_site_switches_on_as_a_subject_is_one() -> None:
    registry = admitted([article(1, assignment("Health", matched="meta keywords"))])
    assert registry.find("health").status == 404
    assert registry.configured(Topics()).find("health").status == 200
    hidden = Topics(rules=(rule("health", hide=True),))
    assert registry.configured(hidden).find("health").status == 404


def test_articles_of_rules_and_subjects_are_filed_by_slug() -> None:
    topics = Topics(rules=(rule("tax", "税务", name="Taxes"),))
    registry, (found,) = (
        Registry()
        .configured(topics)
        .admit(taken([topics.assign(builders.article(title="税务局减税降费", text="税务", language="zh"))]))
    )
    assert [(topic.slug, topic.source) for topic in found.topics][:2] == [
        ("tax", "rules"),
        ("economy", "subjects"),
    ]
    assert registry.entries["economy"].newest == WHEN


def test_headlines_of_a_district_give_feeds_of_its_places_and_of_no_verbs() -> None:
    topics = Topics()
    documents = [
        topics.assign(builders.article(number, title=line, text=line, language="zh"))
        for number, line in enumerate(builders.HEADLINES)
    ]
    registry, articles = Registry().configured(topics).admit(taken(documents))
    registry, active = registry.review(Census.of(articles), 3)
    assert active == ("南塘街道", "溪口区", "石埠镇", "禾浦区")
    for junk in ("召开", "工作", "会议", "开展", "推进", "活动", "社区", "望鹭湖社区"):
        assert registry.find(junk).status == 404


NAMES = ("C", "C#", "c", "C++", "Open Data", "open-data", "税务", "稅務", "溪口区")
COMMITS = st.lists(
    st.tuples(
        st.sampled_from(["explicit", "entities", "merge", "delete", "review"]),
        st.lists(st.sampled_from(NAMES), max_size=4),
    ),
    max_size=8,
)


def stepped(registry: Registry, what: str, names: list[str]) -> Registry:
    articles = named(*names, source="entities" if what == "entities" else "explicit")
    slugs = sorted(registry.entries)
    if what == "review":
        return registry.review(Census(documents=99, by_slug=dict.fromkeys(slugs, 3)), 3)[0]
    if what == "merge" and slugs:
        return registry.merge(slugs[0], slugs[-1])
    if what == "delete" and slugs:
        return registry.delete(slugs[len(names) % len(slugs)])
    return admitted(articles, registry)


@settings(max_examples=200)
@given(COMMITS)
def test_a_slug_once_given_stays_and_an_address_once_answered_never_turns_unknown(
    commits: list[tuple[str, list[str]]],
) -> None:
    registry = Registry()
    for what, names in commits:
        after = stepped(registry, what, names)
        assert list(after.entries)[: len(registry.entries)] == list(registry.entries)
        for known in registry.entries:
            before, now = registry.find(known).status, after.find(known).status
            assert now != 404 or before == 404
            assert now != 410 or before == 410 or what in {"delete", "merge"}
        assert all(
            after.find(name).status != 308 or after.find(after.find(name).slug).status == 200
            for name in NAMES
        )
        registry = after


@given(st.lists(st.text(max_size=70), max_size=6))
def test_every_slug_finds_itself_and_every_name_its_slug(names: list[str]) -> None:
    registry, articles = Registry().admit(taken([a for a in named(*names) if a.topics[0].slug]))
    for each in articles:
        assert registry.find(each.topics[0].slug).status == 200
        assert slug(each.topics[0].slug) == each.topics[0].slug
    for name in filter(identity, names):
        assert registry.find(name).status in {200, 308}


@given(st.permutations(range(6)))
def test_the_order_of_documents_changes_nothing_of_what_rules_and_subjects_assign(order: list[int]) -> None:
    topics = Topics(rules=(rule("tax", "税务 OR tax", name="Taxes"), rule("society", "社区")))
    texts = ["税务局减税", "社区养老", "The tax office", "足球联赛冠军", "医院疫苗接种", "C#"]
    documents = [
        topics.assign(builders.article(number, title=text, text=text, language="zh"), (text,))
        for number, text in enumerate(texts)
    ]
    straight = Registry().configured(topics).admit(taken(documents))[1]
    shuffled = Registry().configured(topics).admit(taken([documents[number] for number in order]))[1]

    def of(articles: Iterable[Article]) -> dict[str, list[Assignment]]:
        return {each.id: [t for t in each.topics if t.source in {"rules", "subjects"}] for each in articles}

    assert of(straight) == of(shuffled)
