from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from feedsvc.errors import ConfigurationError
from feedsvc.fetch import Fetcher
from feedsvc.guessing import guessed, outlines
from feedsvc.settings import Settings, SourceSection
from tests.websites import Answers, atom, listing

URL = "https://osk.example/news/"
OPML = (
    '<opml version="2.0"><body><outline text="Town"><outline text="Log" xmlUrl="https://a.example/log"/>'
    '<outline text="News" xmlUrl="https://b.example/1"/></outline>'
    '<outline text="News" xmlUrl="https://c.example/2"/><outline text="" xmlUrl="https://d.example/"/>'
    "</body></opml>"
)


@pytest.fixture
def web() -> Answers:
    return Answers()


def told(web: Answers, *sources: SourceSection) -> tuple[list[tuple[str, str, str | None]], tuple[str, ...]]:
    found = guessed(Settings(source=sources, where={"source[0]": "f:1"}), lambda _: cast("Fetcher", web))
    return [(each.name, each.location, each.kind) for each in found.settings.source], found.told


def at(url: str = URL, **changes: object) -> SourceSection:
    return replace(SourceSection(url=url, name="osk"), **changes)


def test_an_address_is_asked_what_it_is_and_the_guess_is_told(web: Answers) -> None:
    web.put(URL, atom("osk", range(2)), media_type="application/atom+xml")
    assert told(web, at()) == ([("osk", URL, "feed")], (f"{URL} is taken for a feed: <feed>",))
    page = listing("osk", range(9)).replace(
        b"<title>", b'<link rel=alternate type=application/atom+xml href="/own.atom"><title>'
    )
    web.put(URL, page, charset="utf-8")
    sources, lines = told(web, at())
    assert sources == [("osk", URL, "listing")]
    assert lines[1] == "  it names a feed of its own: https://osk.example/own.atom"


def test_nobody_is_asked_where_the_kind_is_known(web: Answers) -> None:
    folder = SourceSection(path="town", name="town", kind="folder")
    assert told(web, folder, at(kind="page")) == ([("town", "town", "folder"), ("osk", URL, "page")], ())
    assert web.asked == []


@pytest.mark.parametrize("status", [0, 404])
def test_an_address_that_does_not_answer_stops_and_says_how_to_go_on(web: Answers, status: int) -> None:
    if status:
        web.refuse(URL, status)
    with pytest.raises(ConfigurationError, match=r"^f:1: https://osk.example/news/.*name its kind"):
        told(web, at())


def test_the_feeds_of_an_outline_are_sources_named_by_address(tmp_path: Path) -> None:
    (tmp_path / "subs.OPML").write_text(OPML, encoding="utf-8")
    section = SourceSection(path=str(tmp_path / "subs.OPML"), name="subs", kind="folder", topics=("Mine",))
    found = outlines(Settings(source=(section,)))
    assert [(each.name, each.url, each.kind) for each in found.settings.source] == [
        ("a-example-log-1bcf2c", "https://a.example/log", "feed"),
        ("b-example-1-ae20a6", "https://b.example/1", "feed"),
        ("c-example-2-a91319", "https://c.example/2", "feed"),
        ("d-example-413675", "https://d.example/", "feed"),
    ]
    assert found.settings.source[0].topics == ("Mine", "Town")
    assert found.told == (f"{section.path} is taken for a list of feeds (4)",)


def test_the_name_of_a_feed_is_its_own_whatever_else_the_outline_holds(tmp_path: Path) -> None:
    long = "https://a.example/" + "news/" * 20
    path = tmp_path / "a.opml"
    path.write_text(f'<opml><body><outline xmlUrl="{long}1"/><outline xmlUrl="{long}2"/></body></opml>')
    names = [
        each.name for each in outlines(Settings(source=(SourceSection(path=str(path)),))).settings.source
    ]
    assert len(set(names)) == 2
    assert all(name.startswith("a-example-news-news") and len(name) <= 64 for name in names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tag/c/feed", "tag/c++/feed"),
        ("feed", "Feed"),
        ("a/feed", "@a/feed"),
        ("f/a", "f-a"),
        ("f/a", "f.a"),
        ("f/a/b", "f?a=b"),
        ("f/a", "f//a"),
    ],
)
def test_no_two_addresses_have_one_name(one: str, other: str, tmp_path: Path) -> None:
    def names(*urls: str) -> list[str]:
        path = tmp_path / "a.opml"
        path.write_text(f"<opml><body>{''.join(f'<outline xmlUrl={url!r}/>' for url in urls)}</body></opml>")
        return [
            each.name for each in outlines(Settings(source=(SourceSection(path=str(path)),))).settings.source
        ]

    first, second = f"https://a.example/{one}", f"https://a.example/{other}"
    assert len(set(names(first, second))) == 2
    assert names(first, second)[::-1] == names(second, first) == [*names(second), *names(first)]


def test_a_feed_that_outlines_and_the_configuration_name_is_read_once(tmp_path: Path) -> None:
    for name in ("a.opml", "b.opml"):
        (tmp_path / name).write_text(OPML, encoding="utf-8")
    sections = [SourceSection(path=str(tmp_path / name), name=name[0]) for name in ("a.opml", "b.opml")]
    own = at("https://b.example/1", kind="feed", topics=("Mine",))
    found = outlines(Settings(source=(*sections, own))).settings.source
    assert [each.name for each in found] == [
        "a-example-log-1bcf2c",
        "c-example-2-a91319",
        "d-example-413675",
        "osk",
    ]
    assert found[-1] == own


def test_an_outline_on_the_web_is_its_feeds_as_well(web: Answers) -> None:
    web.put(URL, OPML, media_type="text/x-opml")
    assert len(told(web, at())[0]) == 4


def test_an_outline_that_names_no_feeds_or_cannot_be_read_stops(tmp_path: Path) -> None:
    path = tmp_path / "a.opml"
    section = SourceSection(path=str(path), name="a", kind="folder")
    with pytest.raises(ConfigurationError, match="No such file"):
        outlines(Settings(source=(section,)))
    path.write_text("<opml><body/></opml>", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="names no feeds"):
        outlines(Settings(source=(section,)))
    path.write_text("<html/>", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no OPML"):
        outlines(Settings(source=(section,)))
