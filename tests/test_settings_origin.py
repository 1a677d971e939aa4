import pytest

from feedsvc.errors import ConfigurationError
from feedsvc.settings import is_address, load


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    monkeypatch.chdir(tmp_path)


def sources(toml: str) -> list[tuple[str, str, str | None]]:
    with open("feedsvc.toml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(toml)
    return [(each.name, each.location, each.kind) for each in load({}).source]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("", None),
        ('kind = "sitemap"', "sitemap"),
        ('items = "h2 a"', "listing"),
        ("full_text = true", "feed"),
    ],
)
def test_a_source_on_the_web_is_named_after_its_host_and_some_keys_say_its_kind(
    lines: str, kind: str | None
) -> None:
    toml = f'[[source]]\nurl = "HTTPS://www.Osk.example:443/News?utm_source=x#top"\n{lines}'
    assert sources(toml) == [("osk-example", "https://www.osk.example/News", kind)]


def test_an_argument_that_is_an_address_is_a_url() -> None:
    settings = load({}, sources=["https://osk.example/", "town", "HTTP://b.example/x"])
    assert [each.url for each in settings.source] == ["https://osk.example/", "", "http://b.example/x"]
    assert not is_address("town/https:/x")


@pytest.mark.parametrize(
    ("toml", "line", "problem"),
    [
        ('name = "a"', 1, "source[0].path: is missing, and so is url"),
        ('path = "a"\nurl = "https://a.example"', 3, "a path or a url, not both"),
        ('path = "https://a.example"', 2, "write url = 'https://a.example'"),
        ('path = "a"\nkind = "feed"', 3, "a feed has a url, not a path"),
        ('path = "a"\nitems = "a"', 3, "only a listing has items"),
        ('path = "a"\nfull_text = true', 3, "only a feed has full_text"),
        ('url = "ftp://a.example"', 2, "no address on the web: 'ftp://a.example'"),
        ('url = "https://a.example"\nkind = "folder"', 3, "a folder has a path, not a url"),
        ('url = "https://a.example"\nkind = "page"\nitems = "a"', 4, "a page has no items, a listing has"),
        ('url = "https://a.example"\nitems = "a"\nfull_text = true', 4, "only a feed has full_text"),
        ('url = "https://a.example"\ninclude = ["*"]', 3, "only a folder has patterns"),
    ],
)
def test_what_does_not_fit_together_stops_with_its_line(toml: str, line: int, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        sources(f"[[source]]\n{toml}")
    assert str(caught.value).startswith(f"feedsvc.toml:{line}: ")
    assert problem in str(caught.value)
