"""What feed readers that others wrote see of a served feed: everything, and all of them the same."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.builders import FLATTENED, Server, note
from tests.conftest import child_environ, serving
from tests.readers import READERS, FeedReader, Seen

HOSTILE = """---
title: '5 < 6 & ]]> 结束'
date: 2024-05-07T10:00:00+08:00
updated: 2024-05-09
authors: [林见鹿, Nora Whitlock]
tags: [社区, R&D]
url: https://example.org/a?b=1&c=2
---
5 < 6 & ]]> 结束 😀 a\u00a0\u00a0b, “quoted”, back\\\\slash \\\\n.

```
one
  two\t three &amp; <b>

   four
```

Nothing stands after <b>this</b>.
"""
KITES = """---
title: "Kites 🪁 over\u00a0the\u00a0lake — “today” & tomorrow 👩‍👩‍👧"
date: 2024-05-06
tags: [社区]
---
The kites flew, the 𠮷 one too. `a < b && c > d`

| Ward | Kites |
|---|---|
| North | 5 |
"""
MILL = """<!DOCTYPE html><html lang="en"><head><title>The mill &amp; its wheel &lt;new&gt;</title>
<meta property="article:published_time" content="2024-05-05T08:30:00Z"></head>
<body><article><h1>The mill &amp; its wheel &lt;new&gt;</h1>
<p>The mill at Farrow Bridge ground its first flour in ninety years, and half the valley came to see it.</p>
<p>5 &lt; 6 &amp; ]]&gt; &#128512;</p><ul><li>oats</li><li>rye</li></ul></article></body></html>"""
DOCUMENTS = {
    "hostile.md": HOSTILE,
    "kites.md": KITES,
    "mill.html": MILL,
    "shelves.txt": FLATTENED,
    "twin one.md": note("One of two of a day", 3),
    "twin two.md": note("The other of that day", 3, tags="[社区]"),
}
TITLES = {
    "5 < 6 & ]]> 结束",
    "Kites 🪁 over the lake — “today” & tomorrow 👩‍👩‍👧",
    "The mill & its wheel <new>",
    "溪口区18个社区书屋全部开门迎客",
    "One of two of a day",
    "The other of that day",
}
BODY = """<p>5 &lt; 6 &amp; ]]&gt; 结束 😀 a&nbsp;&nbsp;b, “quoted”, back\\slash \\n.</p>
<pre><code>one
  two\t three &amp;amp; &lt;b&gt;

   four
</code></pre>
<p>Nothing stands after <b>this</b>.</p>"""
LISTS = ("/latest", "/topics/社区", "/sources/town")

cases = pytest.mark.parametrize(
    ("reader", "suffix"),
    [
        pytest.param(
            reader,
            suffix,
            id=f"{reader.name}-{suffix}",
            marks=pytest.mark.skipif(
                bool(reader.command) and not shutil.which(reader.command),
                reason=f"{reader.name} is not installed",
            ),
        )
        for reader in READERS
        for suffix in reader.suffixes
    ],
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server of documents that feeds tend to break on."""
    folder = tmp_path_factory.mktemp("readers")
    fill(folder / "town")
    with serving(folder, child_environ()) as start:
        yield start("town").wait_until_ready()


def fill(town: Path) -> None:
    town.mkdir()
    for name, content in DOCUMENTS.items():
        (town / name).write_text(content, encoding="utf-8")


def told(server: Server, page: str, *, by_change: bool = False) -> list[Seen]:
    """Return what JSON Feed, which has the least to decode, tells of a list."""
    items = json.loads(server.get(f"{quote(page)}.json").body)["items"]
    return [
        Seen(
            id=item["id"],
            title=item["title"],
            link=item["url"],
            published=item["date_modified" if by_change else "date_published"],
            body=item["content_html"],
        )
        for item in items
    ]


def without_bodies(items: list[Seen], *, in_order: bool) -> list[Seen]:
    bare = [replace(item, body="") for item in items]
    return bare if in_order else sorted(bare, key=lambda item: item.id)


def test_the_documents_are_told_as_they_were_written(server: Server) -> None:
    items = told(server, "/latest")
    assert {item.title for item in items} == TITLES
    assert len(items) == len(TITLES)
    assert (items[0].body, items[0].link) == (BODY, "https://example.org/a?b=1&c=2")
    assert [len(told(server, page)) for page in LISTS] == [6, 3, 6]


@cases
def test_every_reader_sees_the_same_items_titles_links_and_dates(
    reader: FeedReader, suffix: str, server: Server
) -> None:
    for page in LISTS:
        expected = told(server, page, by_change=reader.dates_by_change)
        seen = reader.read(server, f"{quote(page)}.{suffix}")
        in_order = reader.keeps_order
        assert without_bodies(seen, in_order=in_order) == without_bodies(expected, in_order=in_order)


@cases
def test_every_body_comes_back_byte_equal(reader: FeedReader, suffix: str, server: Server) -> None:
    bodies = {item.id: item.body for item in reader.read(server, f"/latest.{suffix}")}
    for item in told(server, "/latest"):
        if reader.frames_body:
            assert item.body in bodies[item.id]
        else:
            assert bodies[item.id] == item.body


@cases
def test_no_reader_stumbles_over_an_empty_feed(reader: FeedReader, suffix: str, server: Server) -> None:
    assert reader.read(server, f"/status.{suffix}") == []
