import pytest

from feedsvc.extract.keys import distinct, key
from feedsvc.listed import Entry


@pytest.mark.parametrize(
    ("id_", "link", "expected"),
    [
        ("tag:osk,1", "https://osk.example/a", "tag:osk,1"),
        ("", "https://OSK.example/a?utm_source=rss", "https://osk.example/a"),
        ("", "https://osk.example/a#comments", "https://osk.example/a"),
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


def linked(*links: str) -> list[Entry]:
    return [Entry(key=key("", link) or "", link=link) for link in links]


def test_entries_that_are_parts_of_one_page_are_called_by_their_parts() -> None:
    page = "https://osk.example/changes"
    found = distinct(linked(f"{page}#v2", f"{page}#v1", f"{page}#v1", page, "https://osk.example/a#x"))
    assert [entry.key for entry in found] == [f"{page}#v2", f"{page}#v1", page, "https://osk.example/a"]
    tracked = linked(f"{page}#utm_source=rss", f"{page}#utm_source=mail")
    assert [entry.key for entry in distinct(tracked)] == [page]


def test_entries_with_ids_are_called_by_them_whatever_page_they_are_parts_of() -> None:
    entries = [Entry(key=each, link="https://osk.example/changes#v1") for each in ("1", "2", "1")]
    assert [entry.key for entry in distinct(entries)] == ["1", "2"]
