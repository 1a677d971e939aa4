"""A cache that is bounded by what its values weigh."""

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.feeds.lru import LeastUsed


def kept(cache: LeastUsed[str], keys: str) -> str:
    return "".join(key for key in keys if cache.get(key) is not None)


def test_what_was_put_is_found_and_what_was_not_is_none() -> None:
    cache = LeastUsed[str](10, len)
    assert cache.get("a") is None
    cache.put("a", "aaa")
    assert cache.get("a") == "aaa"


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = LeastUsed[str](9, len)
    for key in "abc":
        cache.put(key, key * 3)
    assert cache.get("a")
    cache.put("d", "d")
    assert kept(cache, "abcd") == "acd"


def test_a_heavy_value_takes_the_place_of_several() -> None:
    cache = LeastUsed[str](9, len)
    for key in "abc":
        cache.put(key, key * 3)
    cache.put("d", "d" * 5)
    assert kept(cache, "abcd") == "cd"


def test_a_value_that_fits_to_the_byte_stays() -> None:
    cache = LeastUsed[str](3, len)
    cache.put("a", "aaa")
    assert cache.get("a") == "aaa"


def test_a_value_too_heavy_for_all_of_the_room_is_not_kept_and_room_is_left_for_the_next() -> None:
    cache = LeastUsed[str](3, len)
    cache.put("a", "a")
    cache.put("b", "b" * 4)
    assert kept(cache, "ab") == ""
    cache.put("c", "ccc")
    assert kept(cache, "c") == "c"


def test_a_new_value_under_an_old_key_weighs_in_its_place() -> None:
    cache = LeastUsed[str](4, len)
    cache.put("a", "aaa")
    cache.put("a", "aa")
    cache.put("b", "bb")
    assert (cache.get("a"), cache.get("b")) == ("aa", "bb")


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 12)), max_size=40), st.integers(0, 20))
def test_all_that_is_kept_never_weighs_more_than_the_budget(puts: list[tuple[str, int]], budget: int) -> None:
    cache = LeastUsed[str](budget, len)
    for key, weight in puts:
        cache.put(key, key * weight)
        values = [value for each in "abcdef" if (value := cache.get(each)) is not None]
        assert sum(map(len, values)) <= budget
        assert (cache.get(key) is not None) == (weight <= budget)
