import time

import pytest

from feedsvc.extract import prescan

pytestmark = pytest.mark.real_time

MANY = " ".join(f"x{number}=1" for number in range(1001))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>" * 513, "nested"),
        ("<b>" * 513, "nested"),
        ("<div/>" * 513, "nested"),
        ("<svg></svg>" + "<div/>" * 513, "nested"),
        ("<p " + "a=1 " * 1001 + ">", "attributes"),
        ("<p " + "a " * 1001, "attributes"),
        ("</p " + "a " * 1001, "attributes"),
        (f'<div a=">" {MANY}>', "attributes"),
        (f"<div a='>' {MANY}>", "attributes"),
        (f'<div a = ">" {MANY}>', "attributes"),
        (f"<div a=b'>c' {MANY}>", "nothing"),
        (f"<div/{MANY}>", "attributes"),
        (f'<div "{MANY}>', "attributes"),
        (f"<div =>{MANY}>", "nothing"),
        ("<div " + 'a=""' * 1001 + ">", "attributes"),
        (f"<!--><p {MANY}>", "attributes"),
        (f"<!---><p {MANY}>", "attributes"),
        (f"<!-- --!><p {MANY}>", "attributes"),
        (f"<!x '><p {MANY}>'>", "attributes"),
        (f"<?x '><p {MANY}>'>", "attributes"),
        (f"</ '><p {MANY}>'>", "attributes"),
        (f"<script/><p {MANY}>", "attributes"),
        (f'<script><!-- <script> \'</script> "<p {MANY}>" --></script><p {MANY}>', "attributes"),
        (f"<script><!--><script></script><p {MANY}>", "attributes"),
        (f"<style></styles></STYLE ><p {MANY}>", "attributes"),
        ("<br>" * 300_001, "tags"),
        (("<p " + "a " * 999 + ">") * 301, "tags"),
        ("x" * (prescan.MAX_LENGTH + 1), "million characters"),
    ],
    ids=lambda value: value[:40],
)
def test_what_would_stall_a_parser_is_refused(html: str, words: str) -> None:
    assert words in (prescan.refusal(html) or "nothing")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<div></div>" * 5000,
        "<p>a<br>" * 5000,
        "<br/><img src=x />" * 5000,
        "<ul>" + "<li>x" * 5000 + "</ul>",
        "<div><b><i>" * 100 + "</div>" * 100,
        "</x>" * 5000,
        "<!--" * 5000,
        "<!-- <div> -->" * 600,
        "<script>" + "'<div>'" * 600 + "</script>",
        "<script>" + "<div>" * 600,
        "<script><!-- <script>" + "</script>" + "<div>" * 600 + "--></script>",
        "<style>" + "<div>" * 600,
        "<title>" + "<div>" * 600 + "</title>",
        "<plaintext>" + "<div>" * 600,
        "</plaintext>",
        "<svg/>" * 600,
        "<svg>" + "<path d='M0 0'/>" * 600 + "</svg>",
        "<math>" + "<mi/>" * 600 + "</math>",
        '<?xml version="1.0"?><html>' + "<a id='x'/>" * 600,
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">' + "<td/><a/>" * 600,
        f"<p title='{'words ' * 2000}' class=\"{'more ' * 2000}\">",
        "<p title='never closed",
    ],
    ids=lambda html: html[:40],
)
def test_what_people_write_passes(html: str) -> None:
    assert prescan.refusal(html) is None


def test_a_tag_ends_where_a_parser_ends_it() -> None:
    html = "<a b='>' c>d</a ><e/><f g=h/><!-- <i> --><j k=\"l"
    found = [(tag.name, tag.attributes, tag.closing, tag.closed) for tag in prescan.tags(html)]
    assert found == [
        ("a", 2, False, False),
        ("a", 0, True, False),
        ("e", 0, False, True),
        ("f", 1, False, False),
        ("j", 1, False, False),
    ]


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<!--", "<a ", "<a b='", '<a b="', "<a b=", "<a\n/", "<script>", "<script><!--", "</"),
        *("<script><!--<script></script>", "<style>", "<style></style", "<title></titl", "<a b='>\">", "<!x"),
        *("<div/>", "</div>", "<svg><path/>", "<b><i></b>", "<a = '", "=", "-->", "<a b", "<a>", "--!"),
    ],
)
def test_a_page_twice_as_long_takes_twice_as_long(piece: str) -> None:
    def seconds(times: int) -> float:
        html = piece * times
        begun = time.process_time()
        for tag in prescan.tags(html):
            assert tag.start < tag.end <= len(html)
        return time.process_time() - begun

    ratios = []
    for _ in range(5):  # a busy machine spoils a measurement; a square gives 16 each time
        ratios.append(seconds(20_000) / max(seconds(5_000), 0.001))
        if ratios[-1] < 9:
            break
    assert min(ratios) < 9


@pytest.mark.parametrize(
    "piece", ["<a b='>' c>", "<a b='", "<!-- <a> -->x", "<script><a></script>", "<a <b "]
)
def test_no_character_is_in_two_tags(piece: str) -> None:
    end = 0
    for tag in prescan.tags(piece * 100):
        assert end <= tag.start < tag.end
        end = tag.end
