"""Pictures on other hosts, which no page fetches unasked."""

from dataclasses import replace

import pytest
from lxml import html

from feedsvc.extract.sanitise import sanitise
from feedsvc.feeds import article_path
from feedsvc.web.pages.elsewhere import hosts, named
from tests.builders import article, town

LAMP = "https://pictures.example.net/lamp.jpg"


def test_a_picture_elsewhere_is_named_with_its_host_and_one_of_ours_stays() -> None:
    ours = '<img src="/articles/1/files/map.png" alt="A map">'
    body = f'<p>Light. <img src="{LAMP}" alt="A lamp" width="9"> {ours}</p>'
    assert named(body) == (
        f'<p>Light. <span class="picture">A lamp <small>pictures.example.net</small></span> {ours}</p>'
    )
    assert hosts(body) == ("pictures.example.net",)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        (f'<img alt="a &gt; b" src="{LAMP}">', "pictures.example.net"),
        ('<img src="HTTPS://Pictures.example.net/x">', "Pictures.example.net"),
        ('<img src="http://own.example@other.example:81/x.png">', "other.example:81"),
        ("<img src='https://h.example/?a=&quot;&lt;b&gt;'>", "h.example"),
    ],
)
def test_no_spelling_of_a_picture_is_fetched(written: str, host: str) -> None:
    shown = named(sanitise(f"<p>{written}</p>"))
    assert "<img" not in shown
    assert f"<small>{host}</small>" in shown


@pytest.mark.parametrize(
    "written", ['<img alt="none">', '<img src="mailto:a@b.example">', "<p>no picture</p>"]
)
def test_what_is_not_fetched_anyway_is_left_alone(written: str) -> None:
    assert (named(written), hosts(written)) == (written, ())


def test_what_a_picture_says_runs_nothing() -> None:
    shown = named(sanitise(f'<img src="{LAMP}" alt="&lt;script&gt;alert(1)&lt;/script&gt;">'))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_a_reader_may_ask_for_the_pictures_of_an_article_and_of_no_other() -> None:
    place = town()
    pictured = replace(article(1), html=f'<p>Light.</p><p><img src="{LAMP}" alt="A lamp"></p>')
    place.tick(pictured, article(2))
    client, path = place.web.test_client(), article_path(pictured)
    before = client.get(path)
    assert "http" not in before.headers["Content-Security-Policy"]
    shown = html.document_fromstring(before.data)
    assert shown.xpath("//main//img") == []
    after = client.get(str(shown.xpath("string(//p[@class='note']/a/@href)")))
    assert "img-src 'self' http: https:;" in after.headers["Content-Security-Policy"]
    assert html.document_fromstring(after.data).xpath("//main//img/@src") == [LAMP]
    assert html.document_fromstring(after.data).xpath("//p[@class='note']") == []
    assert (
        html.document_fromstring(client.get(article_path(article(2))).data).xpath("//p[@class='note']") == []
    )
