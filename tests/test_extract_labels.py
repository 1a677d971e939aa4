"""What a page files itself under."""

import pytest
from lxml.html import document_fromstring

from feedsvc.extract import linked
from feedsvc.extract.labels import labels


def found(head: str = "", body: str = "", title: str = "The lake froze") -> list[tuple[str, str]]:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    meta = {element.get("name", ""): [element.get("content", "")] for element in tree.iter("meta")}
    return list(labels(tree, linked.nodes(tree), meta, title))


CRUMBS = """{"@type": "BreadcrumbList", "itemListElement": [
  {"position": 3, "name": "The Lake froze"}, {"position": 1, "name": "Millbrook Post"}, "broken",
  {"position": 2, "item": {"name": "Nature"}}, {"position": 4}]}"""


def test_a_breadcrumb_in_json_ld_names_the_section_before_the_page_itself() -> None:
    assert found(f'<script type="application/ld+json">{CRUMBS}</script>') == [("Nature", "breadcrumb")]


@pytest.mark.parametrize(
    ("trail", "section"),
    [
        ('<nav aria-label="Breadcrumb"><a>Home</a> <a>Town</a> <a>Harbour</a></nav>', "Harbour"),
        ('<div class="bread_crumb"><a>首页</a> <a>社区</a> <a>正文</a></div>', "社区"),
        ('<ul class="crumbs"><li><a>Sport</a></li></ul>', ""),
        (f'<ul class="crumbs"><li><a>Home</a> <a>{"long " * 20}</a></li></ul>', ""),
        ('<div class="crumble"><a>Home</a> <a>Town</a></div>', ""),
    ],
)
def test_a_breadcrumb_in_the_page_names_its_last_section(trail: str, section: str) -> None:
    assert found(body=trail) == ([(section, "breadcrumb")] if section else [])


def test_links_that_say_so_are_tags() -> None:
    body = (
        '<a rel="tag">#ice</a> <a rel="nofollow tag">Lake</a> <a rel="tag"></a> <a rel="tag">ice</a> <a>x</a>'
    )
    assert found(body=body) == [("ice", "rel=tag"), ("Lake", "rel=tag")]


def test_keywords_for_search_engines_are_told_from_those_for_news() -> None:
    head = '<meta name="news_keywords" content="ice, lake"><meta name="keywords" content="湖泊、冰;cold">'
    assert found(head) == [
        ("ice", "keywords"),
        ("lake", "keywords"),
        ("湖泊", "meta keywords"),
        ("冰", "meta keywords"),
        ("cold", "meta keywords"),
    ]
