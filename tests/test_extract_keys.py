import pytest

from feedsvc.extract.keys import key


@pytest.mark.parametrize(
    ("id_", "link", "expected"),
    [
        ("tag:osk,1", "https://osk.example/a", "tag:osk,1"),
        ("", "https://OSK.example/a?utm_source=rss", "https://osk.example/a"),
        ("", "https://osk.example/changes#v2", "https://osk.example/changes#v2"),
        ("", "https://osk.example/a#utm_source=rss", "https://osk.example/a"),
    ],
)
def test_an_entry_is_called_by_its_id_else_by_its_link(id_: str, link: str, expected: str) -> None:
    assert key(id_, link, "Title") == expected


def test_an_entry_with_neither_is_called_by_what_it_says() -> None:
    first, second = key("", None, "Title", "Monday"), key("", None, "Title", "Tuesday")
    assert first
    assert first.startswith("#")
    assert first != second
    assert key("", None, "Title", "Monday") == first
    assert key("", None, "", "") is None
