import pickle
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import ConfigurationError
from feedsvc.settings import Settings, SourceSection, duration, load, require_address


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(toml: str, environ: dict[str, str] | None = None) -> Settings:
    Path("feedsvc.toml").write_text(toml, encoding="utf-8")
    return load(environ or {})


def refusal(toml: str = "", environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        configured(toml, environ)
    return str(caught.value)


def paths(settings: Settings) -> list[str]:
    return [source.path for source in settings.source]


def names(settings: Settings) -> list[str]:
    return [source.name for source in settings.source]


@pytest.mark.parametrize(
    ("toml", "line", "problem", "right"),
    [
        ('[site]\ntitel = "x"', 2, "unknown key 'titel'", "did you mean 'title'?"),
        ("[site]\nzzz = 1", 2, "unknown key 'zzz'", "known here: title, base_url, language, timezone, id"),
        ("[sites]", 1, "unknown key 'sites'", "did you mean 'site'?"),
        ("where = 1", 1, "unknown key 'where'", "known here: site,"),
        ('\n[[source]]\npath = "a"\nlanguag = "en"', 4, "unknown key 'languag'", "did you mean 'language'?"),
        ('[[topic]]\nnam = "a"', 2, "unknown key 'nam'", "did you mean 'name'?"),
        ("[site]\ntitle = 5", 2, "Expected `str`, got `int`", "a text of 1 to 200 characters"),
        ('[site]\ntitle = ""', 2, "length >= 1", "a text of 1 to 200 characters"),
        ('[site]\ntitle = " "', 2, "no readable text", "a text"),
        ('[site]\ntitle = "a\\u0008b"', 2, "no readable text: 'a\\x08b'", "a text"),
        ('[site]\nid = "a\\uFFFEb"', 2, "no readable text", "that never changes"),
        ('[site]\nlanguage = "english please"', 2, "matching regex", 'such as "zh-Hans"'),
        ('[site]\nlanguage = "en\\n"', 2, "matching regex", 'such as "zh-Hans"'),
        ('[site]\ntimezone = "Asia/Xikou"', 2, "no such time zone: 'Asia/Xikou'", "Asia/Shanghai"),
        ('[site]\ntimezone = "Asia"', 2, "no such time zone", "Asia/Shanghai"),
        ('[site]\ntimezone = ""', 2, "no such time zone", "Asia/Shanghai"),
        ('[site]\ntimezone = "../etc/passwd"', 2, "no such time zone", "Asia/Shanghai"),
        ("site = 3", 1, "Expected `object`, got `int`", "a table: [site]"),
        ('site = {title = "x", titel = "x"}', 1, "unknown key 'titel'", "did you mean 'title'?"),
        ("[server]\nport = 0", 2, "Expected `int` >= 1", "1 to 65535"),
        ('[server]\nport = "http"', 2, "Expected `int`, got `str`", "1 to 65535"),
        ("[server]\nport = true", 2, "got `bool`", "1 to 65535"),
        ("[server]\nhost = 1", 2, "got `int`", "127.0.0.1"),
        ("[feeds]\nwindow = 501", 2, "<= 500", "1 to 500"),
        ('[feeds]\nwindow_time = "2 days"', 2, "matching regex", 'at least, such as "48h"'),
        ("[feeds]\nmax_bytes = 9999", 2, ">= 10000", "10000 to 5000000 bytes"),
        ("[feeds]\nmax_bytes = 5000001", 2, "<= 5000000", "10000 to 5000000 bytes"),
        ("[feeds]\nmax_per_source = 0", 2, ">= 1", "1 to 500"),
        (
            '[[topic]]\nname = "News"\naliases = ["!!"]',
            3,
            "topic[0].aliases: an alias needs a letter or digit",
            'such as ["old-name"]',
        ),
        (
            '[[topic]]\nname = "News"\n[[topic]]\nname = "Arts"\naliases = ["NEWS"]',
            5,
            "topic[1].aliases: 'news' means topic[0] already",
            'such as ["old-name"]',
        ),
        (
            '[[topic]]\nname = "News"\naliases = ["x", "arts"]\n[[topic]]\nname = "Arts"',
            3,
            "topic[0].aliases: 'arts' means topic[1] already",
            'such as ["old-name"]',
        ),
        ("[ingest]\ninterval = 300", 2, "Expected `str`, got `int`", 'a duration such as "90s"'),
        ('[ingest]\ninterval = "5 minutes"', 2, "matching regex", 'a duration such as "90s"'),
        ('[ingest]\ninterval = "５m"', 2, "matching regex", 'a duration such as "90s"'),
        ('[ingest]\ninterval = "0s"', 2, "too short: '0s'", "at least 1s"),
        ('[[source]]\npath = "a"\ninterval = "0m"', 3, "too short: '0m'", "at least 1s"),
        ('[[source]]\npath = "a"\n\n[[source]]\npath = "b"\ntimezone = "X/Y"', 6, "no such time zone", "UTC"),
        ('[[source]]\npath = "a"\nkind = "ftp"', 3, "Invalid enum value 'ftp'", 'one of "folder"'),
        ('[[source]]\npath = "a"\ninclude = "*.md"', 3, "Expected `array`", 'such as ["*.md", "news/**"]'),
        ('[[source]]\npath = "a"\ninclude = [\n  "a",\n  1,\n]', 3, "got `int`", "a list of patterns"),
        (
            '[[source]]\npath = "a"\ntopics = ["News", "!!!"]',
            3,
            "source[0].topics: no letter or digit in '!!!'",
            'a list of topic names such as ["Library"',
        ),
        (
            '[[source]]\npath = "a"\n[[source]]\npath = "b"\ntopics = [\n  " ",\n]',
            5,
            "source[1].topics",
            "a list",
        ),
        ('[[source]]\nname = "a"', 1, "source[0].path: is missing", "a folder"),
        ('[source]\npath = "a"', 1, "Expected `array`, got `object`", "a table: [[source]]"),
        ('topics = ["a"]', 1, "Expected `object`", "a table: [topics]"),
        ('[topics]\nsources = ["rule"]', 2, "Invalid enum value 'rule'", '"explicit", "rules"'),
        (
            '[websub]\nhubs = "https://hub.example.org/"',
            2,
            "Expected `array`, got `str`",
            "a list of addresses",
        ),
        ("[websub]\nhub = []", 2, "unknown key 'hub'", "did you mean 'hubs'?"),
        (
            '[websub]\nhubs = [\n  "https://hub.example.org/",\n  "hub.example.org",\n]',
            2,
            "websub.hubs[1]: no address of a hub: 'hub.example.org'",
            'such as ["https://hub.example.org/"]',
        ),
        (
            '[websub]\nhubs = ["https://a.example/", "https://b.example/", "https://a.example/"]',
            2,
            "websub.hubs[2]: named twice: 'https://a.example/'",
            "each of them once",
        ),
        ("[topics]\nmin_docs = 0", 2, "topics.min_docs: Expected `int` >= 1", "share a place"),
        ('[[topic]]\nname = "a"\nhide = "maybe"', 3, "topic[0].hide: Expected `bool`", "true or false"),
        ('[[topic]]\nname = "a"\nmerge_into = "!"', 3, "no letter or digit in '!'", "another topic"),
        (
            '[[topic]]\nname = "a"\nhide = true\nmerge_into = "b"',
            4,
            "topic[0].merge_into: hidden and merged",
            "another topic",
        ),
        ('[[topic]]\nname = "a"\nmerge_into = "A"', 3, "merges 'a' into itself", "another topic"),
        (
            '[[topic]]\nname = "a"\nmerge_into = "b"\n[[topic]]\nname = "b"\nmerge_into = "a"',
            3,
            "merges 'a' into itself",
            "another topic",
        ),
        ('[[topic]]\nmatch = "tax"', 1, "a topic needs a name", "a letter or digit"),
        ('[[topic]]\nname = "!!!"', 2, "a topic needs a name", "a letter or digit"),
        ('[[topic]]\nname = "a\\u0000"', 2, "no readable text", "a letter or digit"),
        (
            '[[topic]]\nname = "Tax"\n[[topic]]\nname = "TAX"',
            3,
            "same slug 'tax' as topic[0]",
            "another for every",
        ),
        (
            '[[topic]]\nname = "Tax"\n[[topic]]\nname = "b"\nslug = "tax"',
            5,
            "same slug 'tax'",
            "another for every",
        ),
        ('phrase = """\nx\n"""\n', 1, "unknown key 'phrase'", "known here"),
        ('[[topic]]\nname = "a"\nmatch = """\nx\n"""\nslog = "x"', 6, "unknown key 'slog'", "'slug'"),
        ("[site]\ntitle = Example", 2, "not valid TOML", "Invalid value"),
        ('[site]\ntitle = "a', 2, "not valid TOML", ""),
        ("[site]\n\ntitle =", 3, "not valid TOML", "Invalid value"),
        ('"(at line 7, column 1)" = 1\n' * 2, 2, "not valid TOML", "Cannot overwrite"),
    ],
)
def test_a_wrong_value_stops_with_its_line_and_what_would_be_right(
    toml: str, line: int, problem: str, right: str
) -> None:
    message = refusal(toml)
    assert message.startswith(f"feedsvc.toml:{line}: ")
    assert problem in message
    assert right in message


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/?a=b",
        "https://example.org/#top",
        "https://user@example.org",
        "https://example.org:http",
        "https://example.org:99999",
        "https://exa mple.org",
        "https://exa\\nmple.org",
        "https://example.org/a b",
        " https://example.org",
        "https://[::1",
        "https://a..b",
        f"https://{'a' * 64}.org",
        "https://exa<mple.org",
        "https:\\\\\\\\example.org",
    ],
)
def test_an_address_that_links_cannot_start_with_is_refused(url: str) -> None:
    message = refusal(f'[site]\nbase_url = "{url}"')
    assert message.startswith("feedsvc.toml:2: site.base_url: not an address")
    assert "https://example.org/feeds" in message


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/", "https://example.org"),
        ("https://example.org/feeds//", "https://example.org/feeds"),
        ("http://example.org:8080/a/b", "http://example.org:8080/a/b"),
        ("https://新闻.中国/资讯", "https://xn--efvy88h.xn--fiqs8s/%E8%B5%84%E8%AE%AF"),
        ("https://example.org/a%20b/~me", "https://example.org/a%20b/~me"),
        ('https://example.org/\\">', "https://example.org/%22%3E"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_a_base_url_is_spelled_so_that_every_link_is_valid(url: str, right: str) -> None:
    assert configured(f'[site]\nbase_url = "{url}"').site.base_url == right


def required(settings: Settings) -> str:
    """Return the public address that a site must have to be served."""
    require_address(settings)
    return settings.site.base_url


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"^missing\.toml: cannot be read: .*No such file"):
        load({}, config=Path("missing.toml"))
    with pytest.raises(ConfigurationError, match=r"^missing\.toml: cannot be read"):
        load({"FEEDSVC_CONFIG": "missing.toml"})
    Path("latin.toml").write_bytes('[site]\ntitle = "Müller"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"^latin\.toml: cannot be read: .*utf-8"):
        load({}, config=Path("latin.toml"))


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert configured('\ufeff[site]\ntitle = "News"').site.title == "News"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("FEEDSVC_SITE_TITLE", "x", "no such setting; write FEEDSVC_SECTION__KEY"),
        ("FEEDSVC_SIT__TITLE", "x", "no such setting"),
        ("FEEDSVC_SOURCE__PATH", "x", "no such setting"),
        ("FEEDSVC_WHERE__PATH", "x", "no such setting"),
        ("FEEDSVC_SITE__", "x", "no such setting"),
        ("FEEDSVC_SITE__TITEL", "x", "unknown key 'titel'; did you mean 'title'?"),
        ("FEEDSVC_SITE__TITLE", "caf\udce9", "no readable text"),
        ("FEEDSVC_FEEDS__WINDOW", "many", "a feed shows, 1 to 500"),
        ("FEEDSVC_INGEST__INTERVAL", "soon", 'a duration such as "90s"'),
        ("FEEDSVC_TOPICS__SOURCES", "explicit", 'expected a JSON list such as ["a", "b"]'),
        ("FEEDSVC_TOPICS__SOURCES", '"explicit"', "Expected `array`, got `str`"),
        ("FEEDSVC_TOPICS__SOURCES", '["rulez"]', 'a list of "explicit", "rules"'),
        ("FEEDSVC_SITE__BASE_URL", "nowhere", "not an address: 'nowhere'"),
        ("PORT", "http", "a port number, 1 to 65535"),
    ],
)
def test_a_wrong_environment_variable_stops_and_is_named(name: str, value: str, problem: str) -> None:
    message = refusal('[site]\ntitle = "from the file"\n[feeds]\n', {name: value})
    assert message.startswith(f"environment variable {name}: ")
    assert problem in message


@pytest.mark.parametrize(
    "environ", [{"PORT": "80"}, {"FEEDSVC_SERVER__PORT": "80"}, {"FEEDSVC_SERVER__HOST": "::"}]
)
def test_the_environment_never_hides_that_a_section_of_the_file_is_no_table(environ: dict[str, str]) -> None:
    assert refusal("\nserver = 3", environ).startswith("feedsvc.toml:2: server: Expected `object`")


def test_the_command_line_never_hides_that_a_section_of_the_file_is_no_table() -> None:
    Path("feedsvc.toml").write_text("server = 3", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^feedsvc\.toml:1: server: Expected `object`"):
        load({}, overrides={"server": {"port": 80}})


def test_a_wrong_value_of_the_file_is_not_blamed_on_a_variable_of_the_same_section() -> None:
    message = refusal("[site]\ntitle = 5", {"FEEDSVC_SITE__ID": "x"})
    assert message.startswith("feedsvc.toml:2: ")


def test_the_command_line_wins_over_the_environment_which_wins_over_the_file() -> None:
    Path("feedsvc.toml").write_text(
        "[server]\nport = 1\n[feeds]\nwindow = 1\n[site]\nid = 'f'", encoding="utf-8"
    )
    environ = {"FEEDSVC_SERVER__PORT": "2", "FEEDSVC_FEEDS__WINDOW": "2"}
    settings = load(environ, overrides={"server": {"port": 3}})
    assert (settings.server.port, settings.feeds.window, settings.site.id) == (3, 2, "f")
    assert settings.where["server.port"] == "command line"
    assert settings.where["feeds.window"] == "environment variable FEEDSVC_FEEDS__WINDOW"
    assert settings.where["site.id"] == "feedsvc.toml:6"


def test_a_wrong_value_of_the_command_line_says_so() -> None:
    with pytest.raises(ConfigurationError, match=r"^command line: site\.timezone: no such time zone: 'Mars'"):
        load({}, overrides={"site": {"timezone": "Mars"}})


def test_the_port_of_the_command_line_wins_over_that_of_the_platform() -> None:
    settings = load({"PORT": "5000"}, overrides={"server": {"port": 6000}})
    assert (settings.server.port, settings.server.host) == (6000, "0.0.0.0")  # noqa: S104


def test_variables_that_others_set_for_a_service_of_our_name_are_let_be() -> None:
    theirs = {"FEEDSVC_SERVICE_HOST": "10.0.0.1", "FEEDSVC_PORT": "tcp://10.0.0.1:80"}
    assert load(theirs).server == load({}).server


def test_a_topic_merged_into_one_that_is_merged_elsewhere_is_right() -> None:
    Path("feedsvc.toml").write_text(
        '[[topic]]\nname = "a"\nmerge_into = "b"\n[[topic]]\nname = "b"\nmerge_into = "c"', encoding="utf-8"
    )
    assert [topic.merge_into for topic in load({}).topic] == ["b", "c"]


def test_every_origin_of_topics_is_on_and_three_documents_make_a_place_unless_configured() -> None:
    assert load({}).topics.sources == ("explicit", "rules", "subjects", "entities")
    assert load({}).topics.min_docs == 3
    assert load({"FEEDSVC_TOPICS__MIN_DOCS": "5"}).topics.min_docs == 5


def test_lists_in_the_environment_are_json_and_all_else_is_text() -> None:
    settings = load({"FEEDSVC_TOPICS__SOURCES": '["rules"]', "FEEDSVC_SITE__TITLE": "[1]", "HOME": "/"})
    assert settings.topics.sources == ("rules",)
    assert settings.site.title == "[1]"


def test_the_configuration_file_is_the_option_then_the_variable_then_the_one_here() -> None:
    for name in ("option", "variable", "feedsvc"):
        Path(f"{name}.toml").write_text(f'[site]\ntitle = "{name}"', encoding="utf-8")
    variable = {"FEEDSVC_CONFIG": "variable.toml"}
    assert load(variable, config=Path("option.toml")).site.title == "option"
    assert load(variable).site.title == "variable"
    assert load({"FEEDSVC_CONFIG": ""}).site.title == "feedsvc"


def test_without_configuration_everything_has_its_default() -> None:
    settings = load({})
    assert (settings.site.title, settings.site.id, settings.site.timezone) == ("feedsvc", "feedsvc", "UTC")
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert required(settings) == "http://127.0.0.1:8000"
    assert (settings.ingest.interval, settings.feeds.window, settings.source) == ("5m", 50, ())


@pytest.mark.parametrize(
    ("host", "url"),
    [("::1", "http://[::1]:8000"), ("localhost", "http://localhost:8000"), ("", "http://127.0.0.1:8000")],
)
def test_a_loopback_address_is_its_own_base_url(host: str, url: str) -> None:
    assert required(load({"FEEDSVC_SERVER__HOST": host})) == url


def test_a_port_of_the_platform_binds_everywhere_and_needs_a_base_url() -> None:
    settings = load({"PORT": "5000"})
    assert (settings.server.host, settings.server.port) == ("0.0.0.0", 5000)  # noqa: S104
    with pytest.raises(
        ConfigurationError, match=r"^environment variable PORT: links would point nowhere"
    ) as caught:
        require_address(settings)
    assert len(str(caught.value).splitlines()) == 1
    assert "FEEDSVC_SITE__BASE_URL" in str(caught.value)


def test_a_host_for_everyone_needs_a_base_url_too() -> None:
    settings = configured('[server]\nhost = "0.0.0.0"')
    with pytest.raises(ConfigurationError, match=r"^feedsvc\.toml:2: links would point nowhere"):
        require_address(settings)


def test_a_configured_host_stays_when_the_platform_names_the_port() -> None:
    assert configured('server = {host = "::1"}', {"PORT": "80"}).server.host == "::1"


@pytest.mark.parametrize(
    ("name", "value", "url"),
    [
        ("RENDER_EXTERNAL_URL", "https://news.onrender.com", "https://news.onrender.com"),
        ("RAILWAY_PUBLIC_DOMAIN", "news.up.railway.app", "https://news.up.railway.app"),
        ("KOYEB_PUBLIC_DOMAIN", "news.koyeb.app", "https://news.koyeb.app"),
        ("HEROKU_APP_DEFAULT_DOMAIN_NAME", "news.herokuapp.com", "https://news.herokuapp.com"),
        ("FLY_APP_NAME", "news", "https://news.fly.dev"),
        ("WEBSITE_HOSTNAME", "news.azurewebsites.net", "https://news.azurewebsites.net"),
    ],
)
def test_a_platform_that_sets_the_port_may_name_the_address(name: str, value: str, url: str) -> None:
    assert required(load({"PORT": "5000", name: value})) == url
    for port in ({}, {"PORT": ""}):
        assert required(load({name: value, **port})) == "http://127.0.0.1:8000"


def test_a_host_for_everyone_is_not_routed_to_by_a_platform_that_sets_no_port() -> None:
    settings = load({"FLY_APP_NAME": "news", "FEEDSVC_SERVER__HOST": "0.0.0.0"})  # noqa: S104
    with pytest.raises(ConfigurationError, match="links would point nowhere"):
        require_address(settings)


def test_a_configured_address_wins_over_that_of_the_platform() -> None:
    environ = {"PORT": "80", "FLY_APP_NAME": "news", "FEEDSVC_SITE__BASE_URL": "https://example.org"}
    assert load(environ).site.base_url == "https://example.org"


def test_what_a_platform_names_wrongly_is_no_address() -> None:
    assert load({"PORT": "80", "FLY_APP_NAME": "two words"}).site.base_url == ""


def test_seeds_are_read_only_when_no_source_is_configured() -> None:
    assert load({}).source == ()
    Path("seeds").mkdir()
    assert paths(load({})) == ["seeds"]
    assert names(load({"FEEDSVC_SITE__TITLE": "x"})) == ["seeds"]
    assert paths(load({}, sources=["elsewhere"])) == ["elsewhere"]
    assert paths(configured('[[source]]\npath = "docs"')) == ["docs"]


def test_source_arguments_replace_the_configured_sources_and_lie_below_the_working_folder() -> None:
    Path("conf").mkdir()
    toml = Path("conf/feedsvc.toml")
    toml.write_text('[site]\ntitle = "x"\n[[source]]\npath = 5', encoding="utf-8")
    settings = load({}, config=toml, sources=["docs/Local News", "/srv/b"])
    assert paths(settings) == ["docs/Local News", "/srv/b"]
    assert names(settings) == ["local-news", "b"]
    assert settings.site.title == "x"
    assert settings.where["source[1]"] == "command line"
    assert "source[0].path" not in settings.where


def test_configured_paths_lie_below_the_folder_of_the_configuration_file() -> None:
    Path("conf").mkdir()
    toml = Path("conf/feedsvc.toml")
    toml.write_text(
        '[[source]]\npath = "../docs"\nname = "Town"\n[[source]]\npath = "/srv"', encoding="utf-8"
    )
    settings = load({}, config=toml)
    assert paths(settings) == ["conf/../docs", "/srv"]
    assert names(settings) == ["town", "srv"]


def test_a_folder_named_by_a_dot_is_called_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "Local News").mkdir()
    assert names(load({}, sources=["Local News/."])) == ["local-news"]


def test_two_sources_of_one_name_stop_and_the_message_says_how_to_name_them() -> None:
    message = refusal('[[source]]\npath = "a/news"\n\n[[source]]\npath = "b/News"')
    assert message.startswith("feedsvc.toml:4: two sources are named 'news': a/news and b/News")
    assert "give each [[source]] a name" in message
    with pytest.raises(ConfigurationError, match=r"^command line: two sources are named 'news'"):
        load({}, sources=["a/news", "b/news"])


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('[[source]]\npath = "/"', "source '/' needs a name with a letter or digit"),
        ('[[source]]\npath = "a"\nname = "?"', "source 'a' needs a name"),
        ('[[source]]\npath = "~nobody-here/news"', "source '~nobody-here/news': Could not determine home"),
        ('[[source]]\npath = "a\\u0000b"', "null"),
    ],
)
def test_a_source_without_a_usable_name_or_path_stops(toml: str, problem: str) -> None:
    message = refusal(toml)
    assert message.startswith("feedsvc.toml:1: ")
    assert problem in message


def test_settings_can_be_handed_to_another_process() -> None:
    settings = configured(
        '[[source]]\npath = "a"\ninclude = ["*.md"]\n[[topic]]\nname = "Tax"\nmatch = "tax"'
    )
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301
    assert settings.source == (SourceSection(path="a", name="a", kind="folder", include=("*.md",)),)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("1h", 3600), ("2d", 172_800)])
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5m", "5m\n", "1w", "1.5h"])
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


@pytest.mark.parametrize("host", ["0", "example.org", "127.0.0.1:80", "::g"])
def test_a_host_that_is_no_address_to_listen_on_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match=r"server\.host: no IP address") as caught:
        load({"FEEDSVC_SERVER__HOST": host})
    assert str(caught.value).startswith("environment variable FEEDSVC_SERVER__HOST: ")


def test_localhost_is_listened_on_by_its_address() -> None:
    assert load({"FEEDSVC_SERVER__HOST": "localhost"}).server.host == "127.0.0.1"


def test_an_unknown_table_in_double_brackets_is_told_with_its_line() -> None:
    assert refusal("[site]\n\n[[sources]]\npath = 'x'\n").startswith("feedsvc.toml:3: sources: unknown key")


@pytest.mark.parametrize(
    "hub",
    [
        "",
        "ftp://hub.example.org/",
        "https://",
        "https://hub.example.org/#top",
        "https://hub.example.org/?key=1#top",
        "https://user:secret@hub.example.org/",
        "https://hub.example.org:port/",
        "https://hub.example.org/a b",
        "https://hub.example.org/\\n",
        'https://hub.example.org/\\"',
        "https://hub.example.org/>; rel=self, <https://elsewhere.example/",
        "https://hub.example.org/村",
        "https://枢纽.example.org/",
    ],
)
def test_a_hub_that_cannot_be_told_or_linked_to_is_refused(hub: str) -> None:
    message = refusal(f'[websub]\nhubs = ["{hub}"]')
    assert message.startswith("feedsvc.toml:2: websub.hubs[0]: no address of a hub")


def test_hubs_come_from_the_file_or_the_environment() -> None:
    assert load({}).websub.hubs == ()
    hubs = ("https://hub.example.org/", "http://127.0.0.1:8080/hub?key=a%20b&c=1")
    assert configured(f"[websub]\nhubs = {list(hubs)}").websub.hubs == hubs
    environ = {"FEEDSVC_WEBSUB__HUBS": '["https://[::1]/hub"]'}
    assert configured(f"[websub]\nhubs = {list(hubs)}", environ).websub.hubs == ("https://[::1]/hub",)
    environ = {"FEEDSVC_WEBSUB__HUBS": '["hub"]'}
    assert refusal("", environ).startswith("environment variable FEEDSVC_WEBSUB__HUBS: websub.hubs[0]")
    environ = {"FEEDSVC_WEBSUB__HUBS": "https://hub.example.org/"}
    assert "expected a JSON list" in refusal("", environ)


def test_a_platform_that_offers_a_redis_names_it_and_the_user_overrules_it() -> None:
    assert load({}).state.shared == ""
    assert load({"REDIS_URL": "redis://theirs:6379"}).state.shared == "redis://theirs:6379"
    ours = {"REDIS_URL": "redis://theirs:6379", "FEEDSVC_STATE__SHARED": "rediss://ours:6380/1"}
    assert load(ours).state.shared == "rediss://ours:6380/1"
    assert configured('[state]\nshared = "unix:///run/redis.sock"').state.shared == "unix:///run/redis.sock"


def test_an_address_of_no_redis_is_refused_and_its_password_never_shown() -> None:
    said = refusal(environ={"REDIS_URL": "http://user:secret@cache.example.org"})
    assert said.startswith("environment variable REDIS_URL: state.shared: no address of a Redis or Valkey")
    assert '"redis://cache.example.org:6379/0"' in said
    assert "secret" not in said
