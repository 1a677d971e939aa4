"""What a page shows of an article that was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.search import Piece, excerpt, read_query
from feedsvc.search.excerpt import LENGTH
from tests.builders import article


def marked(pieces: tuple[Piece, ...]) -> str:
    """Return text with brackets around what is marked."""
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def body(written: str, text: str) -> str:
    return marked(excerpt(read_query(written).rule, article(text=text, summary="Summary.")).body)


def title(written: str, text: str) -> str:
    return marked(excerpt(read_query(written).rule, article(title=text)).title)


@pytest.mark.parametrize(
    ("written", "text", "shown"),
    [
        ("lake", "The Lake froze, lakes did not", "The [Lake] froze, lakes did not"),
        ("社区", "溪口區的社區书屋", "溪口區的[社區]书屋"),
        ("书屋 社区", "社区书屋 与书", "[社区书屋] 与书"),
        ('"the lake"', "over  the\tlake", "over [the lake]"),
        ("5g", "５Ｇ 网络", "[５Ｇ] 网络"),
        ("café", "un cafe\u0301 noir", "un [cafe\u0301] noir"),
        ("straße", "Die STRASSE", "Die [STRASSE]"),
        ("km", "a ㎞ b", "a [㎞] b"),
        ("가", "\u1100\u1161 b", "[\u1100\u1161] b"),
        ("lake", "ﬁ lake ½ ´", "ﬁ [lake] ½ ´"),
        ("none OR intext:lake", "lake", "lake"),
        ("intitle:lake", "lake", "[lake]"),
        ("!lake", "lake", "lake"),
        ('"…"', "a … b", "a [...] b".replace("...", "…")),
    ],
)
def test_what_was_looked_for_is_marked_in_the_words_of_the_article(
    written: str, text: str, shown: str
) -> None:
    assert title(written, text) == shown


def test_the_paragraph_that_holds_most_of_the_words_is_shown() -> None:
    text = "A lake.\n\nA lake and a house.\n\nA lake, a house."
    assert body("lake house", text) == "A [lake] and a [house]."
    assert body("intitle:lake", text) == "Summary."
    assert body("none", text) == "Summary."
    assert body("source:town", text) == "Summary."


def test_a_long_paragraph_is_shown_from_shortly_before_the_first_place() -> None:
    filler = "Words stand here. " * 20
    shown = body("lake", f"{filler}Then came the lake, {filler}")
    assert shown.startswith("…Then came the [lake], Words")
    assert shown.endswith("…")
    assert LENGTH * 0.6 < len(shown) < LENGTH + 5


def test_a_long_chinese_paragraph_is_cut_at_a_sign_or_between_characters() -> None:
    filler = "今年以来区里办了许多事" * 20
    shown = body("书屋", f"{filler}。新的书屋{filler}")
    assert shown.startswith("…新的[书屋]今年")
    assert len(shown) == LENGTH + 4
    assert body("书屋", f"{filler}书屋").startswith("…")
    assert body("书屋", f"{filler}书屋").endswith("[书屋]")


def test_a_place_that_the_end_of_the_excerpt_cuts_is_marked_as_far_as_it_is_shown() -> None:
    needle = "书" * 30
    text = "书屋" + "的" * (LENGTH - 12) + needle
    assert body(f"书屋 {needle}", text).endswith(f"[{'书' * 10}]…")


def test_where_places_cannot_be_carried_back_nothing_is_marked() -> None:
    # Reordered when composed: the marks of two letters trade places.
    odd = "lake \u0f71\u0f72 \u0344"
    assert title("lake", odd).replace("[", "").replace("]", "") == odd


@given(st.text(max_size=60), st.text(min_size=1, max_size=3))
def test_an_excerpt_holds_the_title_as_it_is(text: str, word: str) -> None:
    quoted = word.replace("\\", "").replace('"', "").strip()
    if not quoted:
        return
    pieces = excerpt(read_query(f'"{quoted}"').rule, article(title=text)).title
    assert "".join(piece.text for piece in pieces) == " ".join(text.split())
    assert all(piece.text for piece in pieces)


def test_a_place_near_the_end_of_a_long_paragraph_comes_with_the_words_before_it() -> None:
    before = "The quay was built of stone from the valley and has stood for ninety years. " * 5
    last = "The finance committee had recommended cuts to the tax rate."
    for text in (before + last, before.replace(". ", " and ") + last):
        shown = body("tax", text)
        assert shown.endswith("recommended cuts to the [tax] rate.")
        assert len(shown) > 100
