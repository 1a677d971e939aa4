"""Feed readers that others wrote, each as a function from a served feed to what it shows of it."""

import email.policy
import mailbox
import os
import shutil
import sqlite3
import subprocess
import tempfile
from calendar import timegm
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from time import struct_time
from typing import Any

import atoma
import fastfeedparser
import feedparser
from reader import make_reader

from feedsvc.feeds import rfc3339
from tests.builders import Server

Parsed = Any
"""What parsers without types give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One item as a reader shows it."""

    id: str
    title: str
    link: str
    published: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReader:
    """A reader and what may be asked of it."""

    name: str
    read: Callable[[Server, str], list[Seen]]
    suffixes: tuple[str, ...] = ("rss", "atom")
    keeps_order: bool = True
    """False where it sorts by rules of its own."""
    command: str = ""
    """What must be installed; "" for a package of the test extra."""
    frames_body: bool = False
    """True where the body stands within a page of the reader's own."""
    dates_by_change: bool = False
    """True where it shows when an article was changed, not when it was published."""


def _address(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def _feedparser(server: Server, path: str) -> list[Seen]:
    answer = server.get(path)
    kind = {"content-type": answer.headers["content-type"]}
    parsed: Parsed = feedparser.parse(
        BytesIO(answer.body), response_headers=kind, sanitize_html=False, resolve_relative_uris=False
    )
    assert not parsed.bozo, parsed.bozo_exception
    return [
        Seen(
            id=each.id,
            title=each.title,
            link=each.link,
            published=_moment(each.published_parsed),
            body=each.content[0].value,
        )
        for each in parsed.entries
    ]


def _fastfeedparser(server: Server, path: str) -> list[Seen]:
    parsed: Parsed = fastfeedparser.parse(server.get(path).body)
    return [
        Seen(
            id=each.id,
            title=each.title,
            link=each.link,
            published=_moment(datetime.fromisoformat(each.published)),
            body=each.content[0]["value"],
        )
        for each in parsed.entries
    ]


def _atoma(server: Server, path: str) -> list[Seen]:
    content = server.get(path).body
    return _atoma_rss(content) if path.endswith(".rss") else _atoma_atom(content)


def _atoma_rss(content: bytes) -> list[Seen]:
    items: Parsed = atoma.parse_rss_bytes(content).items
    return [
        Seen(
            id=each.guid,
            title=each.title,
            link=each.link,
            published=_moment(each.pub_date),
            body=each.content_encoded,
        )
        for each in items
    ]


def _atoma_atom(content: bytes) -> list[Seen]:
    entries: Parsed = atoma.parse_atom_bytes(content).entries
    return [
        Seen(
            id=each.id_,
            title=each.title.value,
            link=next(link.href for link in each.links if link.rel == "alternate"),
            published=_moment(each.published),
            body=each.content.value,
        )
        for each in entries
    ]


def _reader(server: Server, path: str) -> list[Seen]:
    address = _address(server, path)
    with make_reader(":memory:") as library:
        library.add_feed(address)
        library.update_feed(address)
        entries: Parsed = list(library.get_entries(feed=address))
    return [
        Seen(
            id=each.id,
            title=each.title,
            link=each.link,
            published=_moment(each.published),
            body=next(content.value for content in each.content if content.type == "text/html"),
        )
        for each in entries
    ]


def _sfeed(server: Server, path: str) -> list[Seen]:
    """Read its lines: moment, title, link, body, kind of body, id and more, parted by tabs."""
    line = [_found("sfeed"), _address(server, path)]
    run = subprocess.run(line, input=server.get(path).body, capture_output=True, timeout=60, check=True)
    rows = [row.split("\t") for row in run.stdout.decode().split("\n") if row]
    escapes = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}
    return [
        Seen(
            id=row[5],
            title=row[1],
            link=row[2],
            published=_moment(datetime.fromtimestamp(int(row[0]), UTC)),
            body=_replaced(row[3], escapes),
        )
        for row in rows
    ]


def _newsboat(server: Server, path: str) -> list[Seen]:
    """Have it fill a cache of its own for one feed: it keys articles by id over all feeds."""
    with tempfile.TemporaryDirectory() as home:
        urls, config, cache = (Path(home, name) for name in ("urls", "config", "cache.db"))
        urls.write_text(f"{_address(server, path)}\n", encoding="utf-8")
        config.write_text('user-agent "test"\n', encoding="utf-8")
        line: list[str | Path] = [
            _found("newsboat"),
            "-q",
            "-u",
            urls,
            "-C",
            config,
            "-c",
            cache,
            "-x",
            "reload",
        ]
        subprocess.run(line, env=_at_home(home), capture_output=True, timeout=60, check=True)
        connection = sqlite3.connect(cache)
        try:
            rows = connection.execute("SELECT guid, title, url, pubDate, content FROM rss_item").fetchall()
        finally:
            connection.close()
    return [
        Seen(
            id=guid,
            title=title,
            link=link,
            published=_moment(datetime.fromtimestamp(moment, UTC)),
            body=body,
        )
        for guid, title, link, moment, body in rows
    ]


_R2E = """
[DEFAULT]
to = reader@town.example
email-protocol = maildir
maildir-path = {home}
maildir-mailbox = post
html-mail = True
date-header = True
[feed.town]
url = {url}
"""


def _rss2email(server: Server, path: str) -> list[Seen]:
    """Have it put an e-mail for each article into a folder."""
    with tempfile.TemporaryDirectory() as home:
        post = mailbox.Maildir(Path(home, "post"))
        config = Path(home, "config")
        config.write_text(_R2E.format(home=home, url=_address(server, path)), encoding="utf-8")
        line: list[str | Path] = [_found("r2e"), "-c", config, "-d", Path(home, "seen"), "run"]
        subprocess.run(line, env=_at_home(home), capture_output=True, timeout=60, check=True)
        contents = [post.get_bytes(key) for key in post.keys()]  # noqa: SIM118 (a mailbox iterates over mails)
        post.close()
    return [_mailed(content) for content in contents]


def _mailed(content: bytes) -> Seen:
    message = message_from_bytes(content, policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    return Seen(
        id=str(message["X-RSS-ID"]),
        title=str(message["Subject"]),
        link=str(message["X-RSS-URL"]),
        published=_moment(parsedate_to_datetime(str(message["Date"]))),
        body=body.get_content(),
    )


def _moment(when: struct_time | datetime) -> str:
    if isinstance(when, struct_time):
        when = datetime.fromtimestamp(timegm(when), UTC)
    return rfc3339(when.astimezone(UTC))


def _replaced(text: str, escapes: Mapping[str, str]) -> str:
    """Return a text with its escapes of two characters undone, from left to right."""
    parts, rest = [], text
    while rest:
        width = 2 if rest[0] == "\\" else 1
        parts.append(escapes.get(rest[:width], rest[:width]))
        rest = rest[width:]
    return "".join(parts)


def _found(command: str) -> str:
    found = shutil.which(command)
    assert found, f"{command} is not installed"
    return found


def _at_home(home: str) -> dict[str, str]:
    return os.environ | {"HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


READERS = (
    FeedReader(name="feedparser", read=_feedparser),
    FeedReader(name="fastfeedparser", read=_fastfeedparser, suffixes=("rss", "atom", "json")),
    FeedReader(name="atoma", read=_atoma),
    FeedReader(name="reader", read=_reader, suffixes=("rss", "atom", "json"), keeps_order=False),
    FeedReader(name="sfeed", read=_sfeed, command="sfeed"),
    FeedReader(name="newsboat", read=_newsboat, command="newsboat", keeps_order=False),
    FeedReader(
        name="rss2email",
        read=_rss2email,
        command="r2e",
        keeps_order=False,
        frames_body=True,
        dates_by_change=True,
    ),
)
