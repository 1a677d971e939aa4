import json
from typing import Any

import pytest

from feedsvc.feeds import FORMATS, Site, placed, write
from feedsvc.model import Article
from tests.builders import SITE, article, feed

PLAIN = article()
HERE = f"/articles/{PLAIN.id.removeprefix('urn:uuid:')}/files/"
LAKE = f"{HERE}the%20lake.png"


def pictured(**changes: Any) -> Article:  # noqa: ANN401
    html = f'<p>At {LAKE}: <img src="{LAKE}" alt="ice"> <a href="{LAKE}">large</a></p>'
    return article(html=html, images=(LAKE, "https://example.org/x.png"), files=("the lake.png",), **changes)


def test_pictures_get_the_whole_address_and_words_stay() -> None:
    told = placed(pictured(), "https://example.org/news")
    lake = f"https://example.org/news{LAKE}"
    assert told.html == f'<p>At {LAKE}: <img src="{lake}" alt="ice"> <a href="{lake}">large</a></p>'
    assert told.images == (lake, "https://example.org/x.png")


def test_an_article_without_pictures_here_is_as_it_was() -> None:
    assert placed(PLAIN, "https://example.org") is PLAIN
    assert placed(told := pictured(), "") is told


@pytest.mark.parametrize("suffix", FORMATS)
def test_feeds_link_pictures_below_the_base_url(suffix: str) -> None:
    site = Site(title="Town", base_url="https://example.org/news", id="feedsvc")
    content = write(suffix, feed(pictured()), site).decode()
    assert content.count(f"https://example.org/news{LAKE}") == 3
    assert content.count(LAKE) == 4  # and once as words


def test_json_feed_leads_with_the_picture() -> None:
    item = json.loads(write("json", feed(pictured()), SITE))["items"][0]
    assert item["image"] == f"{SITE.base_url}{LAKE}"
