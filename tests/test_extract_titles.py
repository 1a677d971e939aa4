import pytest

from feedsvc.extract import titles


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mill opens again - The Gazette", "Mill opens again"),
        ("Mill opens again | News | Gazette", "Mill opens again"),
        ("云溪镇新图书馆开馆_云溪在线", "云溪镇新图书馆开馆"),
        ("Gazette - Mill opens again after winter", "Gazette - Mill opens again after winter"),
        ("A - B", "A - B"),
        ("Well-known", "Well-known"),
    ],
)
def test_the_site_s_name_goes(title: str, expected: str) -> None:
    assert titles.without_site(title) == expected


def test_a_missing_title_is_made_from_body_or_file() -> None:
    assert titles.fallback("First words.\nSecond line.", "x.txt") == "First words."
    assert titles.fallback("", "/docs/old-mill.txt") == "old-mill"
    assert titles.fallback("", "") == "Untitled"
