import pytest

from feedsvc.extract import urls


@pytest.mark.parametrize(
    ("href", "base", "expected"),
    [
        ("https://example.org/a b?q=ü#x", None, "https://example.org/a%20b?q=%C3%BC#x"),
        (" http://Example.org:8080/ ", None, "http://example.org:8080/"),
        ("http://bücher.example/", None, "http://xn--bcher-kva.example/"),
        ("http://[::1]/", None, "http://[::1]/"),
        ("/a", "https://example.org/b/c", "https://example.org/a"),
        ("//cdn.example/a", "https://example.org/", "https://cdn.example/a"),
        ("/a", None, None),
        ("javascript:alert(1)", "https://example.org/", None),
        ("data:text/html,x", None, None),
        ("ftp://example.org/", None, None),
        ("http://user:pw@example.org/", None, None),
        ("http://[x", None, None),
        ("http://example.org:99999/", None, None),
        ("http://", None, None),
        ("http://a b/", None, None),
        ("", "https://example.org/", None),
        (None, None, None),
        ("https://example.org/" + "a" * 5000, None, None),
    ],
)
def test_a_link_is_an_absolute_web_address_or_none(
    href: str | None, base: str | None, expected: str | None
) -> None:
    assert urls.absolute(href, base) == expected


def test_only_mailto_is_mail() -> None:
    assert urls.mail("mailto:a@example.org") == "mailto:a@example.org"
    assert urls.mail("https://example.org") is None
