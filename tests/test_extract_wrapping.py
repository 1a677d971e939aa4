import pytest

from feedsvc.extract import lines, wrapping

HALF = "The mill by the river opened again on Monday, and"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            [HALF, "nobody in the village noticed until noon."],
            [f"{HALF} nobody in the village noticed until noon."],
        ),
        (["The mill", ", which is old,", "opened"], ["The mill, which is old,", "opened"]),
        (["新图书馆", "，上个月开馆"], ["新图书馆，上个月开馆"]),
        (["home", "news", "sport"], ["home", "news", "sport"]),
        (
            [HALF + ".", "nobody in the village noticed until noon."],
            [HALF + ".", "nobody in the village noticed until noon."],
        ),
        (["value_of_the_first_row_in_the_table = next(rows)", "print(value_of_it) # or so"], None),
        (["Read on", "..."], None),
        (["Read on", ")"], None),
        ([], None),
    ],
)
def test_what_a_tag_parted_is_joined_again(written: list[str], expected: list[str] | None) -> None:
    assert wrapping.gathered(written) == (written if expected is None else expected)


def test_a_dump_s_margin_is_undone_before() -> None:
    page = f"{'x' * 60}\n{'y' * 60}\n{'z' * 60}\nThe end\n, as they say."
    assert lines.written(page) == [f"{'x' * 60} {'y' * 60} {'z' * 60} The end, as they say."]
