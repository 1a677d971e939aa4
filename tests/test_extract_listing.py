import json
import time

import pytest

from feedsvc.extract import prescan
from feedsvc.extract.listing import links, selector_problem
from feedsvc.extract.listing.anchors import MOST

BASE = "https://osk.example/news"
TITLES = ["Ferry resumes after the repairs", "Council buys electric ploughs", "Old mill reopens as library"]


def rows(count: int = 3, mark_up: str = '<li><a href="/n/{0}">{1} no. {0}</a></li>') -> str:
    return "<ul>" + "".join(mark_up.format(number, TITLES[number % 3]) for number in range(count)) + "</ul>"


def urls(html: str, items: str = "", base: str | None = BASE) -> list[str]:
    return [item.url for item in links(html.encode(), base, items=items).items]


def test_a_selector_names_exactly_the_items() -> None:
    html = (
        f'<nav>{rows(2)}</nav><p class="x"><b>see</b> <a href="/b#c">B</a> <a href="/c">C</a></p>'
        '<a class="x" href="/d"><i class="x">D</i></a>'
    )
    assert urls(html, items=".x") == ["https://osk.example/b", "https://osk.example/d"]
    assert urls(html, items="p a") == ["https://osk.example/b", "https://osk.example/c"]
    assert urls(html, items="nav a") == ["https://osk.example/n/0", "https://osk.example/n/1"]


def test_a_selector_that_names_no_link_or_is_none_is_a_problem() -> None:
    assert links(b"<p>x</p>", BASE, items="p").problem == "items = 'p' names no link"
    assert links(b"<p>x</p>", BASE, items="p[").problem.startswith("items = 'p[': Expected")
    assert selector_problem("li > a.title:not(.ad)") is None
    assert selector_problem("a::before") is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        (b"", "no links"),
        (b"<!-- -->", "no links"),
        (b"<p>No links here</p>", "no links found that look like articles"),
        (b"<div>" * 600, "nested"),
        (
            b"<a href='/x'>1</a><a href='#y'>Down this page</a><a href='mailto:a@osk.example'>Write</a>",
            "no links",
        ),
    ],
)
def test_a_page_without_items_says_why(content: bytes, words: str) -> None:
    found = links(content, BASE)
    assert found.items == ()
    assert words in found.problem


def test_links_to_itself_to_the_first_page_to_pictures_and_to_tags_are_no_items() -> None:
    no = ["/", "/news#x", "http://www.osk.example/news/", "/a.jpg", "javascript:go()", "/x.css"]
    extra = "".join(f'<li><a href="{href}">{TITLES[0]} indeed</a></li>' for href in no)
    extra += f'<li><a rel="tag" href="/boats">{TITLES[1]} tagged</a></li>'
    assert urls(rows().replace("</ul>", f"{extra}</ul>")) == [f"https://osk.example/n/{n}" for n in range(3)]


def test_a_page_of_menus_only_is_read_as_they_are() -> None:
    assert urls(f"<nav>{rows()}</nav>") == [f"https://osk.example/n/{number}" for number in range(3)]


def test_a_list_whose_name_misleads_is_a_list_where_there_is_no_better() -> None:
    assert len(urls(f'<div class="sidebarList">{rows()}</div>')) == 3
    assert (
        len(urls(f'<div class="popular">{rows(2)}</div><main>{rows(4)}</main>'.replace("/n/1", "/n/x1"))) == 4
    )


@pytest.mark.parametrize(
    ("link", "title"),
    [
        (
            '<a href="/a" title="青禾区启动春耕服务第10批点位">青禾区启动春耕服务第10…</a>',
            "青禾区启动春耕服务第10批点位",
        ),
        (
            '<a href="/a" title="Old mill reopens as library">Old mill re ...</a>',
            "Old mill reopens as library",
        ),
        ('<a href="/a" title="To the story">Old mill reopens...</a>', "Old mill reopens..."),
        ('<a href="/a" title="Old mill reopens as library">Old mill reopens</a>', "Old mill reopens"),
        ('<a href="/a" title="A tale">…</a>', "A tale"),
    ],
)
def test_a_title_that_is_cut_short_is_taken_whole_from_its_attribute(link: str, title: str) -> None:
    assert [item.title for item in links(link.encode(), BASE, items="a").items] == [title]


def test_a_header_of_a_story_is_not_the_sites() -> None:
    story = '<article><header><h2><a href="/n/{0}">{1}</a></h2></header></article>'
    assert len(urls(rows(3, story))) == 3
    assert (
        len(
            urls(f"<x-nav>{rows(9)}</x-nav><header>{rows(9)}</header>" + rows(3, story.replace("/n/", "/m/")))
        )
        == 3
    )


def test_links_are_absolute_from_base_elements_and_without_a_base_from_the_pages_own_address() -> None:
    relative = rows(3, '<li><a href="n{0}">{1}, {0}</a></li>')
    assert urls(f'<base href="/deep/">{relative}')[0] == "https://osk.example/deep/n0"
    canonical = '<link rel="canonical" href="https://vell.example/a/b">'
    assert urls(canonical + relative, base=None)[0] == "https://vell.example/a/n0"
    shared = '<meta property="og:url" content="https://fenn.example/">'
    assert urls(shared + relative, base=None)[0] == "https://fenn.example/n0"
    assert urls(relative, base=None) == []
    assert urls(relative + '<a href="https://tarn.example/">A mill in Tarn</a>', base=None) == [
        "https://tarn.example/"
    ]


def item_list(*entries: object) -> str:
    told = {"@type": "ItemList", "itemListElement": entries}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def test_an_item_list_speaks_where_the_page_shows_no_links() -> None:
    entries = [
        "/e/1",
        {"url": "/e/2"},
        {"item": {"@id": "/e/3", "headline": "Three"}},
        {"item": "/e/4"},
        {"item": 5},
        {"url": "x:y"},
    ]
    found = links(item_list(*entries).encode() + b"<p>x</p>", BASE)
    assert [item.url for item in found.items] == [f"https://osk.example/e/{number}" for number in range(1, 5)]
    assert [item.title for item in found.items] == ["", "", "Three", ""]


def test_an_item_list_confirms_what_the_page_shows() -> None:
    short = "".join(f'<p><a href="/e/{number}">Item {number}</a></p>' for number in range(3))
    long = "".join(f'<div><a href="/f/{number}">Offer number {number}</a></div>' for number in range(3))
    assert (
        urls(item_list(*(f"/e/{number}" for number in range(3))) + short + long)[0]
        == "https://osk.example/e/0"
    )
    assert urls(item_list("/e/0", "/e/1") + rows()) == [
        f"https://osk.example/n/{number}" for number in range(3)
    ]


def test_dates_are_those_of_the_rows_and_never_the_next_ones() -> None:
    html = rows(3, '<li><a href="/n/{0}">{1} {0}</a></li>').replace("</li>", " <i>2026-11-03</i></li>", 1)
    found = links(html.encode(), BASE).items
    assert [item.published and item.published.day for item in found] == [3, None, None]
    definition = '<dt><a href="/n/{0}">{1} {0}</a></dt><dd>5 May 2026</dd>'
    assert all(item.published for item in links(rows(3, definition).encode(), BASE).items)
    aged = '<li><a href="/n/{0}">{1} {0}</a><time>just now</time> 3 hours ago</li>'
    assert not any(item.published for item in links(rows(3, aged).encode(), BASE).items)
    long = '<li><a href="/n/{0}">{1} {0}</a><p>' + "It was in 2026-11-03 when " * 9 + "</p></li>"
    assert not any(item.published for item in links(rows(3, long).encode(), BASE).items)


def test_a_date_far_above_a_link_is_not_its_own() -> None:
    deep = "<li>3 May 2026" + "<div>" * 9 + '<a href="/n/{0}">{1} {0}</a>' + "</div>" * 9 + "</li>"
    assert not any(item.published for item in links(rows(3, deep).encode(), BASE).items)
    assert len(links(rows(3, deep).encode(), BASE).items) == 3


def test_a_heading_above_buttons_names_none_of_them() -> None:
    cards = "".join(f'<div><img><a href="/n/{number}">Read more</a></div>' for number in range(4))
    assert urls(f"<section><h2>What we did this year</h2>{cards}</section>") == []
    linked = '<div><h3><a href="/n/{0}">{1} {0}</a></h3><a href="/b/{0}">Read more</a></div>'
    assert urls(rows(3, linked)) == [f"https://osk.example/n/{number}" for number in range(3)]


def test_a_link_that_says_nothing_is_called_what_it_says_to_those_who_do_not_see() -> None:
    spoken = '<li><a href="/n/{0}" title="{1} {0}"><img></a></li>'
    assert links(rows(3, spoken).encode(), BASE).items[0].title == f"{TITLES[0]} 0"


def test_transport_says_the_charset() -> None:
    page = rows(3, '<li><a href="/n/{0}">渡轮修理后恢复通航第{0}号</a></li>').encode("gb18030")
    assert links(page, BASE, "gbk").items[0].title == "渡轮修理后恢复通航第0号"


@pytest.mark.parametrize(
    "html",
    [
        "<" * 1_000_000,
        "<a>" * 300_000,
        "<a href='/x'>" * 299_000,
        "<div><a href=/x>y" * 250,
        "<i>" * 400 + "".join(f"<a href='/x{number}'>some title {number}</a>" for number in range(MOST)),
        "".join(
            f"<div class='{'title-' * 50}'><a href='/x{number}'>title</a></div>" for number in range(MOST)
        ),
        "".join(f"<p><a href='/x{number}'>{'title ' * 200}</a></p>" for number in range(4_000)),
    ],
    ids=lambda html: html[:30],
)
def test_no_page_takes_long(html: str) -> None:
    assert len(html) <= prescan.MAX_LENGTH
    begun = time.process_time()
    links(html.encode(), BASE)
    assert time.process_time() - begun < 12  # watched, on a busy machine; half a second alone
