import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article
from feedsvc.sources.merging import Index, Merged, merge
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


def merged(*articles: Article) -> Merged:
    return merge(map(trace, articles), ORDER)


def test_articles_at_one_address_are_the_same() -> None:
    other = replace(
        OTHER, url="http://www.osk.example/1/?utm_source=town#x", title="Else", text="Other words."
    )
    assert merged(other, ONE).instead == {"urn:uuid:2": "urn:uuid:1"}
    assert merged(other, ONE).via == {}


def test_articles_with_equal_titles_texts_and_days_are_the_same() -> None:
    other = replace(OTHER, title="FERRY  resumes!", text=ONE.text.upper(), published=DAY + timedelta(hours=9))
    found = merged(ONE, other)
    assert found.instead == {"urn:uuid:2": "urn:uuid:1"}
    assert found.via == {"urn:uuid:1": ("https://vell.example/a/2",)}
    assert found.near == ()


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
    assert merged(ONE, other).instead == {}


def test_a_date_that_is_not_the_documents_own_differs_from_none() -> None:
    seen = replace(OTHER, published=DAY + timedelta(days=9), published_from="first seen")
    assert merged(ONE, seen).instead == {"urn:uuid:2": "urn:uuid:1"}
    short = [replace(each, text="No news today.", published_from="file time") for each in (ONE, OTHER)]
    assert merged(*short).instead == {}
    assert merged(*(replace(each, published_from="byline") for each in short)).instead != {}


def test_the_earliest_id_stays_and_within_a_tick_the_first_source_decides() -> None:
    third = replace(ONE, id="urn:uuid:3", source="farms", key="3", url=None)
    assert set(merged(third, OTHER, ONE).instead.values()) == {"urn:uuid:1"}
    late = (replace(ONE, sequence=9), replace(OTHER, sequence=7), third)
    found = merged(*late)
    assert found.instead == {"urn:uuid:1": "urn:uuid:2", "urn:uuid:3": "urn:uuid:2"}
    assert found.via == {"urn:uuid:2": ("https://osk.example/1",)}
    unknown = replace(OTHER, source="unnamed")
    assert merged(unknown, third).instead == {"urn:uuid:2": "urn:uuid:3"}


def test_articles_nearly_alike_are_noted_and_not_merged() -> None:
    long = " ".join(f"word{number} of the harbour" for number in range(200))
    near = replace(OTHER, text=f"{long} and so on")
    found = merged(near, replace(ONE, text=long))
    assert (found.instead, found.near) == ({}, (("urn:uuid:1", "urn:uuid:2"),))
    same_source = replace(near, source="sea")
    assert merged(replace(ONE, text=long), same_source).near == ()
    different = replace(OTHER, text=" ".join(f"wave{number} at the mill" for number in range(200)))
    assert merged(replace(ONE, text=long), different).near == ()


def test_likeness_is_the_share_of_what_two_texts_have_in_common() -> None:
    assert likeness(b"", b"") == 0
    sketch = trace(ONE).sketch
    assert likeness(sketch, sketch) == 1
    chinese = trace(replace(ONE, text="渡轮修理九天后恢复通航，港务长说。")).sketch
    assert likeness(chinese, sketch) == 0
    assert len(chinese) > 0


def test_an_article_without_words_or_address_is_the_same_as_none() -> None:
    empty = [replace(each, text="…", url=None) for each in (ONE, OTHER)]
    assert merged(*empty) == Merged()


def test_what_a_gone_article_stood_for_comes_out_again() -> None:
    index = Index()
    for each in (ONE, OTHER):
        assert index.add(trace(each)) == ()
    third = trace(replace(ONE, id="urn:uuid:3", source="farms"))
    index.add(third)
    assert index.remove("urn:uuid:3") == ()
    assert index.instead() == {"urn:uuid:2": "urn:uuid:1"}
    (left,) = index.remove("urn:uuid:1")
    assert left == trace(OTHER)
    assert (index.instead(), index.remove("urn:uuid:1")) == ({}, ())
    index.add(left)
    index.add(trace(ONE))
    assert index.instead() == {"urn:uuid:1": "urn:uuid:2"}


def test_an_article_that_changed_leaves_its_group() -> None:
    index = Index()
    for each in (ONE, OTHER, replace(OTHER, title="Ferry stops")):
        index.add(trace(each))
    assert index.instead() == {}


TRACES = st.builds(
    lambda number, source, address, said, sequence: Trace(
        id=f"urn:uuid:{number}",
        source=source,
        key=str(number),
        canonical=address,
        url=address and f"https://{address}",
        said=said,
        sequence=sequence,
    ),
    st.integers(0, 30),
    st.sampled_from(ORDER),
    st.sampled_from([None, "a.example/1", "a.example/2"]),
    st.sampled_from([None, b"x", b"y"]),
    st.sampled_from([0, 0, 1, 2]),
)


@given(st.lists(TRACES, unique_by=lambda each: each.id, max_size=12), st.permutations(range(12)))
def test_groups_depend_on_no_order_and_never_join_a_source_to_itself(
    traces: list[Trace], order: list[int]
) -> None:
    found = merge(traces, ORDER)
    assert merge((traces[place] for place in order if place < len(traces)), ORDER) == found
    known = {each.id: each for each in traces}
    for id_, leader in found.instead.items():
        assert leader not in found.instead
        assert known[id_].source != known[leader].source
        assert (known[leader].sequence or 9) <= (known[id_].sequence or 9)
    groups: dict[str, Counter[str]] = {}
    for each in traces:
        groups.setdefault(found.instead.get(each.id, each.id), Counter())[each.source] += 1
    assert all(max(group.values()) == 1 for group in groups.values())
    assert set(found.via) <= set(found.instead.values())


def test_a_hundred_thousand_articles_take_seconds() -> None:
    traces = [
        Trace(
            id=str(number),
            source=ORDER[number % 3],
            key=str(number),
            canonical=f"osk.example/{number // 2}",
            said=(number // 3 % 40_000).to_bytes(4, "big") if number % 2 else b"the same notice",
            sketch=(number % 50_000).to_bytes(4, "little") * 4,
        )
        for number in range(100_000)
    ]
    begun = time.process_time()
    merge(traces, ORDER)
    assert time.process_time() - begun < 60  # watched, on a busy machine; three seconds alone
