import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract import urls
from feedsvc.extract.markup import body_of
from feedsvc.extract.sanitise import sanitise

PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<svg onload=x>",
            "<math>",
            "<style>",
            "</style>",
            "<iframe src=x>",
            "<form action=x>",
        ),
        *(
            "<a href='java\tscript:x'>",
            "<a href='&#106;avascript:x'>",
            "<img src=x onerror=x>",
            "<p style='x'>",
            "<o:p>",
        ),
        *(
            "<a href='//x'>",
            "<template>",
            "<noscript>",
            "<textarea>",
            "<title>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "'",
            '"',
            "<",
            ">",
            "&lt;",
        ),
        *("<table>", "<td>", "<p>", "text", "\x00", "&#1;"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_nothing_that_runs_survives(html: str) -> None:
    for safe in (sanitise(html), body_of(html, urls.Place(base="https://example.org/")).html):
        tags = re.findall(r"<(/?[a-zA-Z:]+)([^>]*)>", safe)
        assert {name.strip("/") for name, _ in tags} <= {"a", "img", "p", "table", "tbody", "tr", "td"}
        attributes = " ".join(rest for _, rest in tags)
        assert not re.search(r"\b(?:on\w+|style|action)=|javascript", attributes)


@pytest.mark.parametrize("hidden", ["script", "style", "svg", "math", "form", "iframe", "template", "select"])
def test_hidden_elements_leave_no_text(hidden: str) -> None:
    body = body_of(f"<p>a</p><{hidden}>gone</{hidden}><p>b</p>", urls.Place())
    assert (body.text, "gone" in body.html) == ("a\n\nb", False)


def test_structure_stays() -> None:
    table = "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    html = f"<h2>T</h2><ul><li>x</li></ul>{table}<blockquote>q</blockquote>"
    body = body_of(html, urls.Place())
    assert body.html == html
    assert body.text == "T\n\nx\n\n1 2\n\nq"


@pytest.mark.parametrize("odd", ['{"x":', "{", "}", "x:y:z", '"'])
def test_attributes_that_nobody_could_set_are_dropped(odd: str) -> None:
    body = body_of(
        f"<p><img alt=m {odd} src=/m.png><a {odd} href=/x>y</a></p>", urls.Place(base="https://e.org/")
    )
    assert body.html == '<p><img src="https://e.org/m.png" alt="m"><a href="https://e.org/x">y</a></p>'


def test_an_empty_fragment_is_an_empty_body() -> None:
    assert body_of("", urls.Place()).text == ""


def test_an_enormous_body_is_plain_paragraphs() -> None:
    body = body_of("<p><b>" + "&" * 300_000 + "</b></p><p>end", urls.Place())
    assert body.html.endswith("&amp;</p>\n<p>end</p>")
