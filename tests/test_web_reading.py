"""What stands beside an article."""

import json
from dataclasses import replace
from datetime import timedelta

from lxml import html

from feedsvc.extract.sanitise import sanitise
from feedsvc.feeds import article_path
from feedsvc.web.pages.reading import neighbours, news_article, scrollable
from tests.builders import SITE, START, Town, Value, article, rich, town

HOUR = timedelta(hours=1)


def beside(place: Town, number: int) -> tuple[str | None, str | None]:
    edition = place.store.edition
    earlier, later = neighbours(edition, edition.articles[article(number).id])
    return (earlier.title if earlier else None), (later.title if later else None)


def test_neighbours_are_what_was_taken_before_and_after() -> None:
    place = town()
    place.tick(article(2), article(3))
    place.tick(article(1), at=START + HOUR)  # it is older and came later
    assert beside(place, 2) == (None, "Story 3")
    assert beside(place, 3) == ("Story 2", "Story 1")
    assert beside(place, 1) == ("Story 3", None)


def test_what_is_wider_than_the_page_can_be_scrolled_by_keyboard() -> None:
    body = sanitise("<pre>long</pre><table><tbody><tr><td>wide &lt;pre&gt;</td></tr></tbody></table>")
    assert scrollable(body) == body.replace("<pre>", '<pre tabindex="0">', 1).replace(
        "<table>", '<table tabindex="0">'
    )


def test_a_title_and_a_text_run_the_way_their_script_does() -> None:
    place = town()
    place.tick(replace(article(1), title="المجلس البلدي", language="ar"), article(2))
    client = place.web.test_client()
    for path, tags in [
        (article_path(article(1)), ["h1", "div"]),
        ("/latest", ["h2", "p"]),
        (article_path(article(2)), ["b"]),
        (article_path(article(1)) + "/explain", ["h1"]),
    ]:
        page = html.document_fromstring(client.get(path).data)
        for tag in tags:
            assert page.xpath(f"//main//{tag}[@dir='auto']"), (path, tag)


def test_what_was_withdrawn_is_nobodys_neighbour() -> None:
    place = town()
    place.tick(*(article(number) for number in range(1, 10)))
    place.tick(withdrawn=[article(number).id for number in (1, 4, 5, 6, 9)], at=START + HOUR)
    assert beside(place, 2) == (None, "Story 3")
    assert beside(place, 3) == ("Story 2", "Story 7")
    assert beside(place, 7) == ("Story 3", "Story 8")
    assert beside(place, 8) == ("Story 7", None)


def test_every_article_of_many_finds_its_place() -> None:
    place = town()
    place.tick(*(article(number) for number in range(1, 40)))
    place.tick(withdrawn=[article(number).id for number in range(5, 30)], at=START + HOUR)
    place.tick(article(7), at=START + 2 * HOUR)
    assert beside(place, 4) == ("Story 3", "Story 30")
    assert beside(place, 7) == ("Story 39", None)


def test_an_article_alone_has_no_neighbours() -> None:
    place = town()
    place.tick(article(1))
    assert beside(place, 1) == (None, None)


def test_machines_are_told_what_people_read() -> None:
    told = news_article(rich(2), SITE)
    assert told["@type"] == "NewsArticle"
    assert told["headline"] == rich(2).title
    assert told["datePublished"] == "2024-03-04T14:00:00Z"
    assert told["mainEntityOfPage"] == rich(2).url
    assert [each["name"] for each in told["author"]] == ["林见鹿", "Ann O'Hara & Sons"]
    assert told["articleSection"] == ["社区", "R&D"]
    assert told["image"] == list(rich(2).images)


def test_a_date_that_only_says_when_we_met_it_is_not_told_to_machines() -> None:
    told = news_article(article(1, published_from="first seen"), SITE)
    assert not {"datePublished", "dateModified", "author", "image"} & told.keys()


def test_a_picture_here_has_an_absolute_address() -> None:
    pictured = article(1, images=("/articles/1/files/lake.png",))
    assert news_article(pictured, SITE)["image"] == [f"{SITE.base_url}/articles/1/files/lake.png"]


def test_the_page_carries_it_where_no_document_can_break_out_of_it() -> None:
    place = town()
    hostile = replace(rich(2), title="</script><script>alert(1)</script> & 结束")
    place.tick(hostile, article(3))
    shown = html.document_fromstring(place.web.test_client().get(article_path(hostile)).data)
    scripts: Value = shown.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(scripts[0])["headline"] == hostile.title
    properties = {each.get("property"): each.get("content") for each in shown.iter("meta")}
    assert properties["og:title"] == hostile.title
    assert properties["og:image"] == rich(2).images[0]
    assert properties["article:published_time"] == "2024-03-04T14:00:00Z"
    assert shown.xpath("//a[@rel='next']/@href") == [article_path(article(3))]
