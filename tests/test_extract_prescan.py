import pytest

from feedsvc.extract import prescan


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>" * 513, "nested"),
        ("<b>" * 513, "nested"),
        ("<p " + "a=1 " * 1001 + ">", "attributes"),
        ("<p " + "a " * 1001, "never ends"),
        ("<br>" * 300_002, "tags"),
        ("<i></i>" * 150_001 + "<", "tags"),
        ("x" * (prescan.MAX_LENGTH + 1), "million characters"),
    ],
)
def test_what_would_stall_a_parser_is_refused(html: str, words: str) -> None:
    assert words in (prescan.refusal(html) or "")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<div></div>" * 5000,
        "<p>a<br>" * 5000,
        "<ul>" + "<li>x" * 5000 + "</ul>",
        "<div><b><i>" * 100 + "</div>" * 100,
        "</x>" * 5000,
        "<!--" * 5000,
        "<!-- <div> -->" * 600,
        "<script>" + "'<div>'" * 600 + "</script>",
        "<script>" + "<div>" * 600,
        "<svg/>" * 600,
        f"<p title='{'words ' * 2000}' class=\"{'more ' * 2000}\">",
        "<p title='never closed",
    ],
)
def test_what_people_write_passes(html: str) -> None:
    assert prescan.refusal(html) is None
