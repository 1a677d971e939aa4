import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ConfigurationError
from feedsvc.sources.globs import Choice

NAMES = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=8)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("pattern", "wanted", "others"),
    [
        ("*.md", ["a.md", "x/y/a.md", ".md", "a\nb.md", "x.md/inside.txt"], ["a.mdx", "md", "a.MD"]),
        ("archive", ["archive", "archive/a", "x/archive/b/c"], ["archives", "my-archive/a"]),
        ("archive/", ["archive/a", "x/archive/b/c"], ["archive", "x/archive"]),
        ("archive/**", ["archive/a", "archive/b/c"], ["archive", "x/archive/a"]),
        ("/a.md", ["a.md"], ["x/a.md"]),
        ("news/*.md", ["news/a.md"], ["a.md", "news/x/a.md", "x/news/a.md"]),
        ("news/**/*.md", ["news/a.md", "news/x/y/a.md"], ["a.md", "x/news/a.md"]),
        ("**/drafts", ["drafts", "x/drafts/a"], ["x/draft"]),
        ("**/drafts/*.md", ["drafts/a.md", "x/y/drafts/a.md"], ["drafts/x/a.md"]),
        ("**", ["a", "a/b"], []),
        ("**/", ["a/b", "a/b/c"], ["a"]),
        ("a**b", ["ab", "axxb"], ["a/b"]),
        ("?.txt", ["a.txt", "税.txt", "x/a.txt"], ["ab.txt", ".txt"]),
        ("[a-c].txt", ["a.txt", "c.txt"], ["d.txt", "-.txt"]),
        ("[!a-c].txt", ["d.txt"], ["a.txt"]),
        ("[^a].txt", ["b.txt"], ["a.txt"]),
        ("x[!a]y", ["xby"], ["x/y"]),
        ("x[.-0]y", ["x.y", "x0y"], ["x/y"]),
        ("[]].txt", ["].txt"], ["a.txt"]),
        ("[c-a].txt", ["c.txt", "-.txt"], ["b.txt"]),
        ("[a--b].txt", ["a.txt", "b.txt", "-.txt"], ["c.txt"]),
        ("[*]", ["*"], ["a"]),
        ("[", ["["], ["a"]),
        ("[]", ["[]"], ["a"]),
        ("[!]", ["[!]"], ["a"]),
        ("a+(b).txt", ["a+(b).txt"], ["aab.txt"]),
        ("a\\b", ["a\\b"], ["ab"]),
    ],
)
def test_a_pattern_matches_as_in_a_gitignore(pattern: str, wanted: list[str], others: list[str]) -> None:
    choice = Choice.of([pattern], [])
    assert [path for path in wanted + others if choice.takes(path)] == wanted


@pytest.mark.parametrize("path", ["a.md", "x/a.txt"])
def test_without_patterns_everything_is_wanted(path: str) -> None:
    assert Choice.of([], []).takes(path)


def test_any_pattern_suffices_and_exclusion_wins() -> None:
    choice = Choice.of(["*.md", "*.txt"], ["secret.*", "old/"])
    paths = ["a.md", "a.txt", "a.html", "secret.md", "old/a.md"]
    assert [path for path in paths if choice.takes(path)] == ["a.md", "a.txt"]


@pytest.mark.parametrize(
    ("pattern", "entered"),
    [
        ("old", False),
        ("old/", False),
        ("old/**", False),
        ("old/*", False),
        ("*", False),
        ("o*", False),
        ("old/*.md", True),
        ("old/drafts", True),
        ("*.md", True),
        ("older", True),
    ],
)
def test_a_folder_is_entered_unless_all_in_it_is_excluded(pattern: str, entered: bool) -> None:  # noqa: FBT001 - a column of the table
    assert Choice.of([], [pattern]).enters("old") is entered


@pytest.mark.parametrize("pattern", ["", "/", "//", "!a.md"])
def test_a_pattern_that_says_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigurationError, match=f"the pattern {re.escape(repr(pattern))} "):
        Choice.of([pattern], [])


@given(st.text(st.sampled_from("*?[]!^-ab/.\\(税"), min_size=1, max_size=12), PATHS, NAMES)
def test_whatever_is_in_a_folder_not_entered_is_excluded(pattern: str, folder: str, name: str) -> None:
    try:
        choice = Choice.of([], [pattern])
    except ConfigurationError:
        return
    assert choice.enters(folder) or not choice.allows(f"{folder}/{name}")


@given(PATHS)
def test_a_path_without_signs_matches_itself(path: str) -> None:
    plain = re.sub(r"[*?\[!]", "x", path)
    assert Choice.of([plain], []).takes(plain)
