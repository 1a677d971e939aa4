from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ConfigurationError
from feedsvc.fetch import Guard
from feedsvc.settings import Settings, load
from feedsvc.settings.fetching import fetch_faults
from feedsvc.settings.schema import FetchSection


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(toml: str = "", environ: dict[str, str] | None = None) -> Settings:
    Path("feedsvc.toml").write_text(toml, encoding="utf-8")
    return load(environ or {})


def refusal(toml: str = "", environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        configured(toml, environ)
    return str(caught.value)


def test_by_default_only_the_public_web_is_read() -> None:
    section = configured().fetch
    assert section == FetchSection()
    assert (section.allow_private, section.allow_ports) == ((), (80, 443))
    assert (section.headers, section.user_agent) == ({}, "")


def test_everything_can_be_said() -> None:
    section = configured(
        '[fetch]\nallow_private = ["10.0.0.0/8", "fd00::/8", "127.0.0.1", "wiki", "Wiki.example.org."]\n'
        'allow_ports = [8080]\nuser_agent = "Reader/1.0 (+https://example.org/about)"\n'
        '[fetch.headers."https://news.example.org"]\nAuthorization = "Bearer word"\n'
        '[fetch.headers."http://[::1]:8080"]\nX-Key = ""\n'
        '[fetch.headers."http://10.0.0.1"]\n'
    ).fetch
    assert section.allow_private == ("10.0.0.0/8", "fd00::/8", "127.0.0.1", "wiki", "Wiki.example.org.")
    assert section.headers["https://news.example.org"] == {"Authorization": "Bearer word"}
    assert section.headers["http://[::1]:8080"] == {"X-Key": ""}
    assert section.allow_ports == (8080,)


def test_the_environment_says_it_in_json() -> None:
    environ = {
        "FEEDSVC_FETCH__ALLOW_PRIVATE": '["10.0.0.0/8"]',
        "FEEDSVC_FETCH__ALLOW_PORTS": "[80, 8080]",
        "FEEDSVC_FETCH__HEADERS": '{"https://news.example.org": {"X-Key": "word"}}',
        "FEEDSVC_FETCH__USER_AGENT": "Reader/1",
    }
    section = configured(environ=environ).fetch
    assert (section.allow_private, section.allow_ports) == (("10.0.0.0/8",), (80, 8080))
    assert section.headers == {"https://news.example.org": {"X-Key": "word"}}
    assert section.user_agent == "Reader/1"


@pytest.mark.parametrize(
    ("toml", "line", "problem", "right"),
    [
        ('[fetch]\nallow_private = "10.0.0.0/8"', 2, "Expected `array`", "a list of networks"),
        ('[fetch]\nallow_private = [\n"10.0.0.1/8"]', 2, "did you mean '10.0.0.0/8'?", "networks and hosts"),
        (
            '[fetch]\nallow_private = ["wiki", "a b"]',
            2,
            "allow_private[1]: no network, and no host",
            "such as",
        ),
        ('[fetch]\nallow_private = ["http://wiki/"]', 2, "no host in ASCII: 'http://wiki/'", "networks"),
        ('[fetch]\nallow_private = ["wiki:80"]', 2, "no host in ASCII", "networks"),
        ('[fetch]\nallow_private = ["10.0.0"]', 2, "no host in ASCII", "networks"),
        ('[fetch]\nallow_private = [""]', 2, "no host in ASCII", "networks"),
        ('[fetch]\nallow_private = ["维基"]', 2, "no host in ASCII", "networks"),
        ('[fetch]\nallow_private = ["::ffff:10.0.0.0/104"]', 2, "carries addresses of IPv4; name those", ""),
        ('[fetch]\nallow_private = ["64:ff9b::/96"]', 2, "carries addresses of IPv4; name those", ""),
        ("[fetch]\nallow_ports = [0]", 2, "Expected `int` >= 1", "a list of ports"),
        ("[fetch]\nallow_ports = []", 2, "length >= 1", "a list of ports"),
        ('[fetch]\nuser_agent = "7"', 2, "no name of a program: '7'", "a product with a contact"),
        ('[fetch]\nuser_agent = "Leser/1 (für uns)"', 2, "no name of a program", "in ASCII"),
        ('[fetch]\nuser_agent = "Reader\\nX: 1"', 2, "no name of a program", "in ASCII"),
        ('[fetch]\nheaders = ["X: 1"]', 2, "Expected `object`, got `array`", "a table for an origin"),
        (
            '[fetch.headers]\n"https://news.example.org" = "X"',
            1,
            "Expected `object`",
            "a table for an origin",
        ),
        (
            '[fetch.headers."https://a.example"]\nX = 1',
            1,
            "Expected `str`, got `int`",
            "a table for an origin",
        ),
        (
            '[fetch.headers."https://a.example/"]\nX = "1"',
            1,
            "'https://a.example/' is no origin",
            "write it like",
        ),
        ('[fetch.headers."https://a.example:443"]', 1, "is no origin", "https://news.example.org"),
        ('[fetch.headers."https://A.example"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."a.example"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."ftp://a.example"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."https://a@b.example"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."https://10.1"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."https://[::1"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."https://a.example:x"]', 1, "is no origin", "without a path"),
        ('[fetch.headers."https://a.example"]\n\n"X Y" = "1"', 1, "'X Y' is no name of a header", ""),
        ('[fetch.headers."https://a.example"]\n\nHost = "b"', 3, "Host is not yours to set here", ""),
        ('[fetch.headers."https://a.example"]\n\nX = "夏"', 3, "a value of printable ASCII", ""),
        ('[fetch]\nallow = ["a"]', 2, "unknown key 'allow'", "did you mean 'allow_ports'?"),
    ],
)
def test_a_wrong_value_stops_with_its_line_and_what_would_be_right(
    toml: str, line: int, problem: str, right: str
) -> None:
    message = refusal(toml)
    assert message.startswith(f"feedsvc.toml:{line}: ")
    assert problem in message
    assert right in message


@pytest.mark.parametrize("value", ["secret\\n", " secret", "secret\\u0000", "sécret"])
def test_a_value_that_may_be_a_password_is_not_shown(value: str) -> None:
    message = refusal(f'[fetch.headers."https://a.example"]\nX = "{value}"')
    assert "cret" not in message


def test_what_the_environment_says_wrong_is_told() -> None:
    said = refusal(environ={"FEEDSVC_FETCH__HEADERS": "X: 1"})
    assert said.startswith("environment variable FEEDSVC_FETCH__HEADERS: expected a JSON object")


@given(
    st.lists(
        st.text(max_size=20) | st.ip_addresses().map(str) | st.from_regex(r"[0-9a-f:.]{1,12}/[0-9]{1,3}")
    )
)
def test_what_is_accepted_can_be_opened(entries: list[str]) -> None:
    section = FetchSection(allow_private=tuple(entries))
    if not list(fetch_faults(section)):
        Guard(section.allow_private, section.allow_ports)
