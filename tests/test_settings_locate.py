import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.settings.locate import locate

FILE = '''\
# a comment = here
title = "top"

[site]
base_url = "https://example.org"  # timezone = "no key"
"timezone" = "UTC"
server.port = 1

[[source]]
path = "a"
include = [
    "*.md",
    "b.txt",
]

  [[ source ]]  # the second
  path = "b"
[source.headers]
accept = "x"
[source.headers.more]
deep = 1

[[topic]]
match = """
[feeds]
window = 3
[[topic]]
"""
name = 'three """ quotes'
slug = """one line"""
[[topic]]
match = \'\'\'
name = "no key"\'\'\'
name = "it is not \'\'\' open"

[feeds.inner]
window = 4
'''


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("title", 'title = "top"'),
        ("site", "[site]"),
        ("site.base_url", "base_url"),
        ("site.timezone", '"timezone"'),
        ("site.server.port", "server.port"),
        ("source[0]", "[[source]]"),
        ("source[0].path", 'path = "a"'),
        ("source[0].include", "include"),
        ("source[1]", "  [[ source ]]"),
        ("source[1].path", '  path = "b"'),
        ("source[1].headers", "[source.headers]"),
        ("source[1].headers.accept", "accept"),
        ("source[1].headers.more.deep", "deep"),
        ("topic[0].match", 'match = """'),
        ("topic[0].name", "name = 'three"),
        ("topic[0].slug", "slug"),
        ("topic[1].match", "match = '''"),
        ("topic[1].name", 'name = "it is not'),
        ("feeds.inner.window", "window = 4"),
    ],
)
def test_a_key_is_found_on_the_line_that_sets_it(key: str, text: str) -> None:
    tomllib.loads(FILE)
    assert FILE.split("\n")[locate(FILE)[key] - 1].startswith(text)


def test_what_stands_in_strings_and_comments_is_no_key() -> None:
    assert not locate(FILE).keys() & {"feeds", "feeds.window", "source[1].timezone", "topic[2]", "site.title"}


def test_only_a_line_feed_ends_a_line() -> None:
    toml = 'title = "a\u2028b\x85c"\nid = "x"\n'
    tomllib.loads(toml)
    assert locate(toml) == {"title": 1, "id": 2}


@given(st.text(st.sampled_from("[]=\"'.\n a#\\")))
def test_no_text_makes_it_stumble(toml: str) -> None:
    assert all(1 <= line <= toml.count("\n") + 1 for line in locate(toml).values())
