from datetime import date

import pytest

from feedsvc.extract import frontmatter


def test_yaml_and_toml_are_parted_from_the_body() -> None:
    for file in (
        "---\nTitle: A\n---\nbody",
        "---\ntitle: A\n...\nbody",
        '+++\ntitle = "A"\n+++\nbody',
        "\ufeff--- \ntitle: A\n--- \nbody",
    ):
        front = frontmatter.split(file)
        assert (front.first("title"), front.body, front.problem) == ("A", "body", None)


@pytest.mark.parametrize("file", ["no front matter", "---\nnever closed", "", "----\na: b\n----\n"])
def test_a_file_without_front_matter_is_all_body(file: str) -> None:
    assert frontmatter.split(file) == frontmatter.FrontMatter(body=file)


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("a: [", "could not be read"),
        ("a: &x [1]\nb: *x", "aliases are not allowed"),
        ("a: " + "[" * 9000, "could not be read"),
        ("- a\n- b", "no table"),
        ("a: " + "x" * 20000, "too long"),
        ("? [a]\n: b", "could not be read"),
        ("a: !!python/object/apply:os.getcwd []\n  - b", "could not be read"),
    ],
)
def test_broken_front_matter_is_a_problem_and_the_body_stays(block: str, problem: str) -> None:
    front = frontmatter.split(f"---\n{block}\n---\nbody")
    assert front.body == "body"
    assert front.fields == {}
    assert problem in (front.problem or "")


def test_empty_front_matter_is_no_problem() -> None:
    assert frontmatter.split("---\n---\nbody").problem is None


def test_words_stay_words() -> None:
    front = frontmatter.split("---\ntitle: Yes\ntime: 10:30\ndate: 2024-01-02\nnothing: ~\nempty: []\n---\n")
    assert (front.first("title"), front.first("time"), front.first("date")) == ("Yes", "10:30", "2024-01-02")
    assert front.first("nothing", "empty", "missing") is None


def test_any_field_can_be_read_as_strings() -> None:
    assert frontmatter.strings(["a", {"name": "b"}, 3, ["deep"], None, {}]) == ("a", "b", "3")
    assert frontmatter.strings(date(2024, 1, 2)) == ("2024-01-02",)
