import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text import slug
from feedsvc.topics.naming import identity, slug_beside

NAMES = st.text(st.sampled_from("aBＣ#+-. é税稅1"), max_size=9) | st.text(max_size=80)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Open Data", "open-data"),
        ("ＯＰＥＮ　ＤＡＴＡ", "Open  Data!"),
        ("溪口區", "溪口区"),
        ("É", "e\u0301"),
        ("“News”", "news"),
    ],
)
def test_spellings_of_a_name_are_one_topic(one: str, other: str) -> None:
    assert identity(one) == identity(other) != ""


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C++", "C#"), ("AT&T", "AT T"), ("税", "务")])
def test_names_that_symbols_tell_apart_are_two_topics(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@pytest.mark.parametrize("name", ["", "!!!", "++", "\x00", "🎉"])
def test_a_name_without_letters_is_no_topics(name: str) -> None:
    assert identity(name) == ""


@given(NAMES)
def test_a_name_has_an_identity_where_it_has_a_slug(name: str) -> None:
    assert bool(identity(name)) == bool(slug(name))
    assert identity(identity(name)) == identity(name)


def test_the_later_of_two_names_with_one_slug_gets_a_hash_of_its_name() -> None:
    assert slug_beside("C", {}) == "c"
    assert slug_beside("C#", {"c"}) == "c-951a4d"
    assert slug_beside("c#", {"c"}) == "c-951a4d"


def test_a_hash_that_is_taken_too_grows() -> None:
    assert slug_beside("C#", {"c", "c-951a4d"}).startswith("c-951a4d")
    assert len(slug_beside("C#", {"c", "c-951a4d"})) == len("c-951a4d") + 1


@given(NAMES.filter(slug), st.sets(NAMES, max_size=4))
def test_a_slug_beside_others_is_canonical_and_no_others(name: str, others: set[str]) -> None:
    taken = {slug(name), *map(slug, others)}
    beside = slug_beside(name, taken)
    assert beside not in taken
    assert slug(beside) == beside
    assert len(beside) <= 64
