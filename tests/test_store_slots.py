import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.store import slots as room
from feedsvc.store.slots import Slots

IDS = st.lists(st.sampled_from("abcdefghij"), max_size=12)
INDEX = st.none() | st.integers(-30, 30)


@pytest.fixture(autouse=True, scope="module")
def short_chunks() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "CHUNK", 3)
        yield


@given(st.lists(IDS, max_size=5), st.frozensets(st.sampled_from("abcdefghij")), INDEX, INDEX)
def test_slots_are_a_sequence_like_any_other(
    parts: list[list[str]], leaving: frozenset[str], start: int | None, stop: int | None
) -> None:
    slots, expected = Slots(), list[str | None]()
    for part in parts:
        slots, expected = slots.joined(tuple(part)), expected + list(part)
    slots = slots.emptied(leaving)
    expected = [None if id_ in leaving else id_ for id_ in expected]
    assert list(slots) == expected
    assert len(slots) == len(expected)
    assert list(reversed(slots)) == expected[::-1]
    assert list(slots[start:stop]) == expected[start:stop]
    assert [slots[at] for at in range(-len(expected), len(expected))] == expected * 2
    assert slots == Slots.of(expected)
    assert hash(slots) == hash(Slots.of(expected))


@given(IDS, IDS, st.frozensets(st.sampled_from("abcdefghij")))
def test_what_is_new_patches_the_old_to_the_new(
    ids: list[str], more: list[str], leaving: frozenset[str]
) -> None:
    before = Slots.of(ids)
    after = before.emptied(leaving).joined(tuple(more))
    assert before.patched(dict(after.news(before))) == after
    assert dict(after.news(Slots())) == dict(enumerate(after._chunks))  # noqa: SLF001 (all of them)


def test_a_change_leaves_other_chunks_alone_and_a_chunk_may_go() -> None:
    before = Slots.of("abcdefgh")
    assert [number for number, _ in before.emptied(frozenset("e")).news(before)] == [1]
    assert [number for number, _ in before.joined(("i", "j")).news(before)] == [2, 3]
    assert before.patched({}) is before
    assert before.joined(()) is before
    assert before.emptied(frozenset()) is before
    assert list(before.patched({2: None})) == list("abcdef")
    assert before != ("a",)


def test_an_index_past_the_end_is_an_error() -> None:
    with pytest.raises(IndexError):
        Slots.of("abc")[3]
