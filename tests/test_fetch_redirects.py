import pytest

from feedsvc.fetch.redirects import Redirect, redirect
from feedsvc.fetch.transport import Reply

PAGE = "https://news.example.org/a/page?x=1"


def led(status: int, location: str | None, url: str = PAGE) -> Redirect | None:
    headers = {} if location is None else {"Location": location}
    return redirect(Reply(url=url, status=status, headers=headers, content=None))


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://other.example.org/", "https://other.example.org/"),
        ("../b", "https://news.example.org/b"),
        ("?y", "https://news.example.org/a/page?y"),
        ("//other.example.org/c#part", "https://other.example.org/c"),
        ("/\u00e5\u00a4\u008f", "https://news.example.org/夏"),
        ("/\u00e5", "https://news.example.org/\u00e5"),
        ("file:///etc/passwd", "file:///etc/passwd"),
    ],
)
def test_a_redirect_leads_from_where_it_stands(location: str, url: str) -> None:
    step = led(302, location)
    assert step is not None
    assert step.url == url


@pytest.mark.parametrize(
    ("status", "permanent"), [(301, True), (302, False), (303, False), (307, False), (308, True)]
)
def test_some_redirects_are_for_good(status: int, permanent: bool) -> None:  # noqa: FBT001
    assert led(status, "/b") == Redirect(url="https://news.example.org/b", permanent=permanent)


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 404])
def test_other_answers_lead_nowhere(status: int) -> None:
    assert led(status, "/b") is None


def test_a_redirect_may_lead_to_https_but_never_back() -> None:
    assert led(301, "https://news.example.org/", "http://news.example.org/")
    with pytest.raises(ValueError, match="from https to http"):
        led(301, "HTTP://news.example.org/")


@pytest.mark.parametrize("location", [None, "", "  "])
def test_a_redirect_to_nowhere_is_told(location: str | None) -> None:
    with pytest.raises(ValueError, match="answered 301 and not where to"):
        led(301, location)


def test_a_redirect_to_what_is_no_address_is_told() -> None:
    with pytest.raises(ValueError, match="leads to what is no address"):
        led(301, "http://[::1")
