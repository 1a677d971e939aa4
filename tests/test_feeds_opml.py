"""The list of feeds, as readers import it."""

from collections.abc import Iterator

from lxml import etree

from feedsvc.feeds import OPML_TYPE, Outline, write_opml
from tests.builders import SITE

SAFE = etree.XMLParser(no_network=True, resolve_entities=False)
LATEST = Outline(title="Town news", path="/latest")
TOPIC = Outline(title="社区 – <Town> & “news”", path="/topics/社区")


def imported(content: bytes) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield folders, title and address of each feed, as a reader walks the outlines."""
    yield from walk((), etree.fromstring(content, SAFE).find("body"))


def walk(
    folders: tuple[str, ...], parent: etree._Element | None
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    assert parent is not None
    for outline in parent:
        assert outline.tag == "outline"
        name = outline.get("text")
        assert name  # OPML 2.0 asks for it of every outline
        if outline.get("type") == "rss":
            yield folders, outline.get("title") or name, outline.get("xmlUrl") or ""
        else:
            yield from walk((*folders, name), outline)


def test_a_reader_finds_every_feed_in_its_folder() -> None:
    content = write_opml([("", [LATEST]), ("Topics", [TOPIC])], SITE)
    assert list(imported(content)) == [
        ((), "Town news", "https://feeds.example.org/latest.atom"),
        (
            ("Topics",),
            "社区 – <Town> & “news”",
            "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.atom",
        ),
    ]


def test_each_feed_is_listed_once_with_its_page() -> None:
    root = etree.fromstring(write_opml([("", [LATEST])], SITE), SAFE)
    (outline,) = root.iter("outline")
    assert dict(outline.items()) == {
        "type": "rss",
        "text": "Town news",
        "title": "Town news",
        "xmlUrl": "https://feeds.example.org/latest.atom",
        "htmlUrl": "https://feeds.example.org/latest",
    }


def test_the_file_is_opml_2_and_says_whose_feeds_these_are() -> None:
    content = write_opml([], SITE)
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<opml version=\"2.0\">")
    root = etree.fromstring(content, SAFE)
    assert [each.tag for each in root] == ["head", "body"]
    assert root.findtext("head/title") == "Town news"
    assert OPML_TYPE.startswith("text/x-opml;")


def test_the_same_feeds_give_the_same_bytes() -> None:
    groups = [("", [LATEST]), ("Topics", [TOPIC])]
    assert write_opml(groups, SITE) == write_opml(groups, SITE)


def test_an_empty_group_is_an_empty_folder() -> None:
    assert list(imported(write_opml([("", []), ("Topics", [])], SITE))) == []
