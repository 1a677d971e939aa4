"""The configuration as records: every section and key, its default and what is right for it."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from feedsvc.model import TopicOrigin

DEFAULT_PORT = 8000
DURATION = re.compile(r"^([0-9]{1,6})([smhd])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Duration = Annotated[str, Meta(pattern=DURATION.pattern)]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Slug = Annotated[str, Meta(min_length=1, max_length=64)]
SourceKind = Literal["folder", "page", "listing", "sitemap", "feed"]

RIGHT = {
    "title": "a text of 1 to 200 characters",
    "id": "a text of 1 to 200 characters that never changes",
    "language": 'a language tag such as "zh-Hans", "zh-CN" or "en"',
    "interval": 'a duration such as "90s", "5m" or "1h", at least 1s',
    "timezone": 'an IANA time zone such as "Asia/Shanghai" or "UTC"',
    "base_url": 'the public address such as "https://feeds.example.org" or "https://example.org/feeds"',
    "port": "a port number, 1 to 65535",
    "window": "how many articles a feed shows, 1 to 500",
    "window_time": 'how long an article stays in a feed at least, such as "48h", at most ten years',
    "max_bytes": "how large a feed may get, 10000 to 5000000 bytes",
    "max_per_source": "how many articles of one source a feed of several shows at most, 1 to 500",
    "aliases": 'a list of other spellings that lead to the topic, such as ["old-name"]',
    "kind": 'one of "folder", "page", "listing", "sitemap", "feed"',
    "pages_for_browsers": "true or false",
    "host": 'an address to listen on such as "127.0.0.1" or "0.0.0.0"',
    "path": "a folder, from where the configuration file stands",
    "url": 'an address such as "https://news.example.org/"',
    "items": 'a CSS selector such as "main article h2 a", for kind = "listing"',
    "full_text": 'true or false, for kind = "feed"',
    "shared": 'an address such as "redis://cache.example.org:6379/0", or "rediss://…" for TLS',
    "state.path": 'a file such as "feedsvc.db", from where the configuration file stands, or ":memory:"',
    "include": 'a list of patterns such as ["*.md", "news/**"]',
    "exclude": 'a list of patterns such as ["drafts/**"]',
    "topics": 'a list of topic names such as ["Library", "社区"]',
    "sources": 'a list of "explicit", "rules", "subjects", "entities"',
    "min_docs": "how many documents share a place or body before it has a feed, 1 to 1000",
    "name": "a name with a letter or digit in it",
    "slug": 'a spelling for URLs such as "local-news", another for every topic',
    "hubs": 'a list of addresses such as ["https://hub.example.org/"], in ASCII, each of them once',
    "allow_private": 'a list of networks and hosts of yours such as ["10.0.0.0/8", "wiki.example.org"]',
    "allow_ports": "a list of ports such as [80, 443, 8080], each of 1 to 65535",
    "headers": 'a table for an origin such as [fetch.headers."https://news.example.org"]',
    "user_agent": 'a product with a contact such as "Reader/1.0 (+https://example.org/about)", in ASCII',
    "match": "a rule such as '(税务 OR tax) !招聘'",
    "hide": "true or false",
    "merge_into": "the name or slug of another topic, which takes its place",
}
"""By key: what would be right, for the message of an error."""


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the sections have in common: immutable, by name, strict."""


class SiteSection(Section, frozen=True, kw_only=True):
    """`[site]`: what the feeds say of themselves."""

    title: Text = "feedsvc"
    base_url: str = ""
    """Without a trailing slash; "" where it cannot be known, which `serve` refuses."""
    language: Language = "en"
    timezone: str = "UTC"
    id: Text = "feedsvc"


class ServerSection(Section, frozen=True, kw_only=True):
    """`[server]`: where to listen."""

    host: str = ""
    port: Port = DEFAULT_PORT
    pages_for_browsers: bool = True
    """Whether a person who opens a feed's address in a browser is shown its page."""


class IngestSection(Section, frozen=True, kw_only=True):
    """`[ingest]`: when sources are read."""

    interval: Duration = "5m"


class FeedsSection(Section, frozen=True, kw_only=True):
    """`[feeds]`: what a feed holds."""

    window: Annotated[int, Meta(ge=1, le=500)] = 50
    window_time: Duration = "48h"
    max_bytes: Annotated[int, Meta(ge=10_000, le=5_000_000)] = 1_000_000
    max_per_source: Annotated[int, Meta(ge=1, le=500)] | None = None


class SourceSection(Section, frozen=True, kw_only=True):
    """`[[source]]`: one place to read from; None takes the site's value."""

    path: str = ""
    url: str = ""
    """Instead of a path, for what is on the web."""
    name: str = ""
    kind: SourceKind | None = None
    """None for a URL of which nobody said what it is: it is asked before anything starts."""
    items: str = ""
    full_text: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    interval: Duration | None = None
    timezone: str | None = None
    language: Language | None = None
    topics: tuple[Text, ...] = ()

    @property
    def known_kind(self) -> SourceKind:
        """Return the kind; before anything starts, whoever asks has it guessed (`guessing`)."""
        return self.kind or "page"

    @property
    def location(self) -> str:
        """Return the path or the URL."""
        return self.url or self.path


class FetchSection(Section, frozen=True, kw_only=True):
    """`[fetch]`: how the web is asked."""

    allow_private: tuple[str, ...] = ()
    """Networks, and hosts by name, that are read although they are not on the public web."""
    allow_ports: Annotated[tuple[Port, ...], Meta(min_length=1)] = (80, 443)
    headers: dict[str, dict[str, str]] = {}
    """By origin, such as "https://news.example.org": fields sent there and nowhere else."""
    user_agent: str = ""
    """In place of our own name; "" for that."""


class TopicsSection(Section, frozen=True, kw_only=True):
    """`[topics]`: which origins of topics are on, in order of trust."""

    sources: tuple[TopicOrigin, ...] = ("explicit", "rules", "subjects", "entities")
    min_docs: Annotated[int, Meta(ge=1, le=1000)] = 3


class TopicSection(Section, frozen=True, kw_only=True):
    """`[[topic]]`: a topic of the user's own."""

    name: str = ""
    slug: str = ""
    match: str = ""
    aliases: tuple[Slug, ...] = ()
    hide: bool = False
    merge_into: str = ""


class StateSection(Section, frozen=True, kw_only=True):
    """`[state]`: where what was acknowledged is remembered."""

    path: Annotated[str, Meta(min_length=1)] = "feedsvc.db"
    """A file, or ":memory:" to forget everything at the end."""
    shared: str = ""
    """Where machines keep their journals alike, over the Redis protocol; "" for one machine alone."""


class WebSubSection(Section, frozen=True, kw_only=True):
    """`[websub]`: who is told at once when a feed changes."""

    hubs: tuple[str, ...] = ()


class Settings(Section, frozen=True, kw_only=True):
    """All of it. `where` maps a key's path ("feeds.window", "topic[0].match") to where it was set."""

    site: SiteSection = SiteSection()
    server: ServerSection = ServerSection()
    ingest: IngestSection = IngestSection()
    feeds: FeedsSection = FeedsSection()
    source: tuple[SourceSection, ...] = ()
    fetch: FetchSection = FetchSection()
    topics: TopicsSection = TopicsSection()
    topic: tuple[TopicSection, ...] = ()
    state: StateSection = StateSection()
    websub: WebSubSection = WebSubSection()
    where: dict[str, str] = field(default_factory=dict, name=" ")  # no key of a file is spelled so


def duration(text: str) -> timedelta:
    """Return the length of a duration such as "90s"; the schema has checked its form."""
    match = DURATION.match(text)
    if match is None:
        message = f"not a duration: {text!r}"
        raise ValueError(message)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
