import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article
from feedsvc.sources.merging import Index
from feedsvc.sources.traces import Trace, likeness, trace

DAY = datetime(2026, 11, 3, tzinfo=UTC)
WORDS = "The ferry to Vell Island runs again after nine days of repairs at the yard in Osk, it is said. "
ONE = Article(
    id="urn:uuid:1",
    source="sea",
    key="1",
    title="Ferry resumes",
    text=WORDS * 3,
    html="",
    summary="",
    published=DAY,
    published_from="byline",
    updated=DAY,
    url="https://osk.example/1",
)
OTHER = replace(ONE, id="urn:uuid:2", source="town", key="2", url="https://vell.example/a/2")
ORDER = ("sea", "town", "farms")


def together(*traces: Trace) -> tuple[Index, list[tuple[str, str]]]:
    """Return an index of articles that came in this order, and which of them are nearly alike."""
    index = Index()
    return index, [(other, each.id) for each in traces for other in index.add(each)]


def instead(index: Index) -> dict[str, str]:
    """Return, by id, the article that stands for each that does not stand for itself."""
    return {id_: index.leader(id_) for id_ in index if index.leader(id_) != id_}


def same(*articles: Article) -> dict[str, str]:
    return instead(together(*map(trace, articles))[0])


def near(*articles: Article) -> list[tuple[str, str]]:
    return together(*map(trace, articles))[1]


def test_articles_at_one_address_are_the_same() -> None:
    other = replace(
        OTHER, url="http://www.osk.example/1/?utm_source=town#x", title="Else", text="Other words."
    )
    assert same(ONE, other) == {"urn:uuid:2": "urn:uuid:1"}
    assert same(other, ONE) == {"urn:uuid:1": "urn:uuid:2"}, "the first that came stays"


def test_an_address_that_several_articles_of_a_source_share_tells_nothing() -> None:
    page = "https://osk.example/status"
    here = [
        replace(ONE, id=f"urn:uuid:1{n}", title=f"Here {n}", text=f"{n} {WORDS}", url=page) for n in range(3)
    ]
    there = [replace(each, id=f"{each.id}0", source="town", title=f"There {each.id}") for each in here]
    assert same(*here, *there) == {}


def test_a_copy_stays_one_when_its_first_gets_company_at_its_address() -> None:
    copy = replace(OTHER, url=ONE.url, text="Other words.")
    index, _ = together(trace(ONE), trace(copy))
    index.add(trace(replace(ONE, id="urn:uuid:3", title="Else", text="Else.")))
    index.add(trace(replace(copy, title="Edited")))
    assert instead(index) == {"urn:uuid:2": "urn:uuid:1"}
    index.add(trace(replace(copy, id="urn:uuid:4", source="farms")))
    assert index.leader("urn:uuid:4") != "urn:uuid:1"


def test_articles_with_equal_titles_texts_and_days_are_the_same() -> None:
    other = replace(OTHER, title="FERRY  resumes!", text=ONE.text.upper(), published=DAY + timedelta(hours=9))
    assert same(ONE, other) == {"urn:uuid:2": "urn:uuid:1"}
    assert near(ONE, other) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, title="Ferry stops"),
        replace(OTHER, published=DAY + timedelta(days=1)),
        replace(OTHER, text=ONE.text + "Still."),
        replace(OTHER, source="sea"),
        replace(OTHER, source="sea", url=ONE.url),
    ],
    ids=["title", "day", "text", "source", "source and address"],
)
def test_others_are_not(other: Article) -> None:
    assert same(ONE, other) == {}


def test_a_date_that_is_not_the_documents_own_differs_from_none() -> None:
    seen = replace(OTHER, published=DAY + timedelta(days=9), published_from="first seen")
    assert same(ONE, seen) == {"urn:uuid:2": "urn:uuid:1"}
    short = [replace(each, text="No news today.", published_from="file time") for each in (ONE, OTHER)]
    assert same(*short) == {}
    assert same(*(replace(each, published_from="byline") for each in short)) != {}


def test_articles_nearly_alike_are_noted_and_not_merged() -> None:
    long = " ".join(f"word{number} of the harbour" for number in range(200))
    one, other = replace(ONE, text=long), replace(OTHER, text=f"{long} and so on")
    assert (same(one, other), near(one, other)) == ({}, [("urn:uuid:1", "urn:uuid:2")])
    assert near(one, replace(other, source="sea")) == []
    different = replace(OTHER, text=" ".join(f"wave{number} at the mill" for number in range(200)))
    assert near(one, different) == []


def test_likeness_is_the_share_of_what_two_texts_have_in_common() -> None:
    assert likeness(b"", b"") == 0
    sketch = trace(ONE).sketch
    assert likeness(sketch, sketch) == 1
    chinese = trace(replace(ONE, text="渡轮修理九天后恢复通航，港务长说。")).sketch
    assert likeness(chinese, sketch) == 0
    assert len(chinese) > 0


def test_an_article_without_words_or_address_is_the_same_as_none() -> None:
    empty = [replace(each, text="…", url=None) for each in (ONE, OTHER)]
    assert (same(*empty), near(*empty)) == ({}, [])


def test_what_a_gone_article_stood_for_comes_out_again() -> None:
    index = Index()
    for each in (ONE, OTHER):
        assert index.add(trace(each)) == ()
    third = trace(replace(ONE, id="urn:uuid:3", source="farms"))
    index.add(third)
    assert index.remove("urn:uuid:3") == ()
    assert instead(index) == {"urn:uuid:2": "urn:uuid:1"}
    (left,) = index.remove("urn:uuid:1")
    assert left == trace(OTHER)
    assert (instead(index), index.remove("urn:uuid:1")) == ({}, ())
    index.add(left)
    index.add(trace(ONE))
    assert instead(index) == {"urn:uuid:1": "urn:uuid:2"}


def test_an_article_that_changed_leaves_its_group() -> None:
    index = Index()
    for each in (ONE, OTHER, replace(OTHER, title="Ferry stops")):
        index.add(trace(each))
    assert instead(index) == {}


TRACES = st.builds(
    lambda number, source, address, said: Trace(
        id=f"urn:uuid:{number}",
        source=source,
        canonical=address,
        said=said,
    ),
    st.integers(0, 30),
    st.sampled_from(ORDER),
    st.sampled_from([None, "a.example/1", "a.example/2"]),
    st.sampled_from([None, b"x", b"y"]),
)


@given(st.lists(TRACES, unique_by=lambda each: each.id, max_size=12))
def test_groups_never_join_a_source_to_itself(traces: list[Trace]) -> None:
    found = instead(together(*traces)[0])
    known = {each.id: each for each in traces}
    groups: dict[str, Counter[str]] = {}
    for each in traces:
        leader = found.get(each.id, each.id)
        assert leader not in found
        assert traces.index(known[leader]) <= traces.index(each)
        groups.setdefault(leader, Counter())[each.source] += 1
    assert all(max(group.values()) == 1 for group in groups.values())


@given(st.lists(TRACES, unique_by=lambda each: each.id, max_size=12))
def test_nothing_is_left_of_what_was_taken_out(traces: list[Trace]) -> None:
    index = together(*traces)[0]
    assert sorted(index) == sorted(each.id for each in traces)
    while len(index):
        index.remove(next(iter(index)))
    assert not any(vars(index).values())


def test_a_hundred_thousand_articles_take_seconds() -> None:
    traces = [
        Trace(
            id=str(number),
            source=ORDER[number % 3],
            canonical=f"osk.example/{number // 2}",
            said=(number // 3 % 40_000).to_bytes(4, "big") if number % 2 else b"the same notice",
            sketch=(number % 50_000).to_bytes(4, "little") * 4,
        )
        for number in range(100_000)
    ]
    begun = time.process_time()
    together(*traces)
    assert time.process_time() - begun < 60  # watched, on a busy machine; three seconds alone
