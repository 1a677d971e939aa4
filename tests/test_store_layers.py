import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.store import layers
from feedsvc.store.layers import Layers, layered

KEYS = st.text("abcdefgh", min_size=1, max_size=1)
CHANGES = st.lists(st.dictionaries(KEYS, st.none() | st.integers()), max_size=12)


@given(before=st.dictionaries(KEYS, st.integers()), changes=CHANGES, thin=st.integers(0, 5))
def test_layers_hold_what_a_mapping_would_and_what_came_before_stays(
    before: dict[str, int], changes: list[dict[str, int | None]], thin: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "THIN", thin)
        expected, found = dict(before), Layers(before)
        for change in changes:
            earlier, copy = found, dict(found)
            found = found.changed(change)
            expected = {key: value for key, value in {**expected, **change}.items() if value is not None}
            assert dict(found) == expected
            assert len(found) == len(expected)
            assert all((key in found) == (key in expected) for key in "abcdefgh")
            assert [found.get(key) for key in "abcdefgh"] == [expected.get(key) for key in "abcdefgh"]
            assert dict(earlier) == copy


def test_what_was_deleted_is_missing() -> None:
    with pytest.raises(KeyError):
        Layers({"a": 1}, {"a": None})["a"]


def test_without_changes_a_mapping_stays_the_same_object() -> None:
    plain = {"a": 1}
    assert layered(plain, {}) is plain
    over = layered(plain, {"b": 2})
    assert layered(over, {}) is over
    assert layered(over, {"a": None}) == {"b": 2}
