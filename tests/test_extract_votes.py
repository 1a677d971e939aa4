from feedsvc.extract import votes

LONG = "The mill by the river opened again on Monday after a long winter, people said."


def test_a_block_is_taken_whose_words_stand_in_a_line() -> None:
    assert votes.taken(["Menu", LONG, "Imprint"], [LONG]) == [False, True, False]


def test_a_short_line_counts_only_where_it_follows() -> None:
    far = [f"Block number {number} of a page that is long enough to be far away." for number in range(60)]
    assert votes.taken([LONG, "Install", *far, "Usage"], [LONG, "Install", "Usage"])[:2] == [True, True]
    assert votes.taken([LONG, *far, "Usage"], [LONG, "Usage"])[-1] is False


def test_a_line_of_several_blocks_takes_them_all() -> None:
    assert votes.taken(
        ["One part of it,", "and the other part of it."], ["One part of it, and the other part of it."]
    ) == [
        True,
        True,
    ]


def test_a_line_that_was_changed_is_found_in_pieces() -> None:
    assert votes.taken([LONG * 3], [LONG * 2 + " Advertisement! " + LONG]) == [True]
    assert votes.taken(
        [LONG], ["Nothing of that stands in the page, however long one looks for it there."]
    ) == [False]


def test_an_extractor_may_go_back() -> None:
    other = LONG.replace("mill", "ferry").replace("river", "quay")
    assert votes.taken([LONG, other, "Short"], [other, LONG, "", "Short"]) == [True, True, True]


def test_after_many_lines_that_are_nowhere_only_what_comes_next_is_looked_for() -> None:
    lines = [f"This is line {number}, and it stands nowhere at all." for number in range(400)]
    filler = ["x" * 2000]
    assert votes.taken([*filler, LONG], [*lines, LONG]) == [False, False]
