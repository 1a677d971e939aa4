import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import weburl


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTTP://EXAMPLE.org:80", "http://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://[::1]:443/", "https://[::1]/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../a/..", "https://example.org/"),
        ("https://example.org/a/.", "https://example.org/a/"),
        ("https://example.org/%7euser%2fa%e4", "https://example.org/~user%2Fa%E4"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&b=%41&fbclid=1&gclid=2", "https://example.org/a?b=A"),
        ("https://example.org/a?utm_source=x", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://www.example.org/a/", "https://www.example.org/a/"),
        (
            "https://example.org/a.do;JSESSIONID=9F.n1?id=3&phpsessid=7&x=1",
            "https://example.org/a.do?id=3&x=1",
        ),
        ("https://example.org/a/..;jsessionid=9", "https://example.org/"),
        ("https://example.org/a?sid=7", "https://example.org/a?sid=7"),
        ("ftp://example.org/a", None),
        ("/a", None),
        ("", None),
        (None, None),
    ],
)
def test_a_key_is_the_same_for_all_spellings_of_an_address(written: str | None, expected: str | None) -> None:
    assert weburl.key(written) == expected


def test_a_relative_reference_is_read_from_its_base() -> None:
    assert weburl.key("b?c=1#d", "https://example.org/x/a") == "https://example.org/x/b?c=1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a/", "https://www.example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a?utm_medium=mail", "https://example.org/a#b"),
    ],
)
def test_the_same_page_of_a_site_has_one_canonical_form(one: str, other: str) -> None:
    assert weburl.canonical(one) == weburl.canonical(other) is not None


@pytest.mark.parametrize(
    "other", ["https://example.org/b", "https://example.org/a?b=1", "https://a.example/a"]
)
def test_another_page_has_another_canonical_form(other: str) -> None:
    assert weburl.canonical("https://example.org/a") != weburl.canonical(other)
    assert weburl.canonical("mailto:a@example.org") is None


@pytest.mark.parametrize(
    ("final", "asked", "expected"),
    [
        ("https://osk.example/", "https://osk.example/news/1.html", True),
        ("https://www.osk.example/", "http://osk.example/", False),
        ("https://osk.example/login.html?next=/news/1.html", "https://osk.example/news/1.html", True),
        ("https://osk.example/users/sign_in/", "https://osk.example/news/1.html", True),
        ("https://consent.example/collect?session=3", "https://osk.example/news/1.html", True),
        ("https://osk.example/404", "https://osk.example/news/1.html", True),
        ("https://osk.example/PageNotFound.aspx", "https://osk.example/news/1.html", True),
        ("https://osk.example/2026/11/new-login-for-all", "https://osk.example/?p=1", False),
        ("https://osk.example/2026/1.html", "https://osk.example/news/1.html", False),
        ("https://osk.example/login", "https://osk.example/login?utm_source=rss", False),
        ("https://osk.example/wiki/Consent/", "http://osk.example/wiki/Consent", False),
        ("https://osk.example/archives/404", "https://osk.example/?p=404", False),
        ("https://osk.example/2026/login", "https://osk.example/news/login", False),
        ("https://login.osk.example/policy/2", "https://login.osk.example/policy", False),
        ("https://launch.example/", "https://osk.example/r/1", False),
        ("https://osk.example/", "https://osk.example/index.html", False),
    ],
)
def test_a_page_that_leads_to_one_in_the_way_of_any_is_told(
    final: str, asked: str, *, expected: bool
) -> None:
    assert weburl.is_detour(final, asked) is expected


def test_a_site_is_its_host_without_www() -> None:
    assert weburl.site("https://www.example.org:8443/a") == "example.org"
    assert weburl.site("") == ""


@given(st.text(st.sampled_from("aB%4e7E./?&=#:~ü@[]\\ "), max_size=30))
def test_a_key_of_a_key_is_itself(tail: str) -> None:
    named = weburl.key(f"https://example.org/{tail}")
    assert named is None or (weburl.key(named) == named and named.isascii())


def test_an_address_that_is_longer_than_any_server_takes_is_none() -> None:
    assert weburl.absolute("https://osk.example/" + "村" * 400)
    assert weburl.absolute("https://osk.example/" + "村" * 1000) is None
    assert weburl.absolute("https://osk.example/" + "a" * 5000) is None


def test_an_address_before_a_move_is_the_same_on_the_site_as_it_was() -> None:
    now, once = "https://www.osk.example/news/", "http://OSK.example/"
    assert weburl.before_move("https://www.osk.example/a?b=1", now, once) == "http://osk.example/a?b=1"
    assert weburl.before_move("https://www.osk.example/a#v1", now, once) == "http://osk.example/a#v1"
    assert weburl.before_move("https://other.example/a", now, once) is None
    assert weburl.before_move("https://www.osk.example/a", now, now) is None
    assert weburl.before_move("https://[", now, once) is None
