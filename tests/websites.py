"""A small web on loopback for sources: lists that grow, and pages that move, go, fail or lie."""

import gzip
import hashlib
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from feedsvc.errors import FetchError, ForbiddenError
from feedsvc.fetch import NO_VALIDATORS, Answer, Asker, Fetcher, Guard, Limits, Turns, Validators
from feedsvc.model import Known
from feedsvc.sources import Scan
from tests.builders import Value
from tests.sites import Behaviour, Hours, Pages, answered, site

FIRST_DAY = datetime(2024, 4, 1, 8, tzinfo=UTC)
NAMES = ("ferry", "library", "orchard", "lantern", "quarry", "granary", "weir", "chapel", "tannery", "mill")


def story(name: str, number: int, *, edition: int = 1, charset: str = "utf-8", dated: bool = True) -> bytes:
    """Return a page with one article of its own words."""
    when = FIRST_DAY + timedelta(days=number)
    stamp = f'<meta property="article:published_time" content="{when.isoformat()}">' if dated else ""
    words = [NAMES[int(digit, 16) % 10] for digit in hashlib.sha256(f"{name}{number}".encode()).hexdigest()]
    prose = "".join(
        f"<p>In week {number} the {words[i]} of {name} was opened near the old {words[i + 1]}, where the "
        f"{words[i + 2]} keeper counted {number + i} visitors in edition {edition}, more than ever.</p>"
        for i in range(6)
    )
    page = (
        f"<!doctype html><html><head><meta charset={charset}><title>{title(name, number)}</title>{stamp}"
        f"</head><body><nav><a href=/>Home</a></nav><article><h1>{title(name, number)}</h1>{prose}</article>"
        "</body></html>"
    )
    return page.encode(charset)


def title(name: str, number: int) -> str:
    return f"The {NAMES[number % 10]} of {name}, report number {number}"


def listing(name: str, numbers: Iterator[int] | range, charset: str = "utf-8") -> bytes:
    """Return a page that leads to stories, the newest first, and to what is none."""
    rows = "".join(
        f'<li><h3><a href="/{name}/{number}.html">{title(name, number)}</a></h3>'
        f"<time>{FIRST_DAY + timedelta(days=number):%Y-%m-%d}</time></li>"
        for number in sorted(numbers, reverse=True)
    )
    page = (
        f"<html><head><meta charset={charset}><title>{name}</title></head><body><nav><a href=/>Home</a>"
        f"<a href=/about>About</a></nav><ul class=news>{rows}</ul></body></html>"
    )
    return page.encode(charset)


def atom(name: str, numbers: range, following: str = "", link: str = "/{name}/{number}.html") -> bytes:
    entries = "".join(
        f"<entry><id>tag:{name},2024:{number}</id><title>{title(name, number)}</title>"
        f'<link href="{link.format(name=name, number=number)}"/>'
        f"<published>{(FIRST_DAY + timedelta(days=number)).isoformat()}</published>"
        f"<updated>{(FIRST_DAY + timedelta(days=number)).isoformat()}</updated>"
        f'<category term="{name} news"/><author><name>Ann Vale</name></author>'
        f'<content type="html">&lt;p&gt;Word number {number} from {name}, told at length here.&lt;/p&gt;'
        "&lt;script&gt;alert(1)&lt;/script&gt;</content></entry>"
        for number in sorted(numbers, reverse=True)
    )
    more = f'<link rel="next" href="{following}"/>' if following else ""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:{name},2024:feed</id><title>{name}</title>{more}'
        f"<updated>2024-05-01T00:00:00Z</updated>{entries}</feed>"
    ).encode()


def sitemap(base: str, entries: Mapping[str, str]) -> bytes:
    rows = "".join(
        f"<url><loc>{base}{path}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</url>"
        for path, when in entries.items()
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def sitemap_index(base: str, entries: Mapping[str, str]) -> bytes:
    rows = "".join(
        f"<sitemap><loc>{base}{path}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</sitemap>"
        for path, when in entries.items()
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'.encode()


@dataclass
class Web:
    """What stands at each path; answers 304 to whoever has it already, unless a page has no validators."""

    port: int
    pages: Pages
    hours: Hours = field(default_factory=Hours)
    wordless: set[str] = field(default_factory=set)
    """Paths that are answered without validators."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: bytes, kind: str = "text/html", **head: str) -> None:
        etag = "" if path in self.wordless else f'"{hashlib.sha256(body).hexdigest()[:12]}"'

        def behave(line: socket.socket) -> None:
            asked = [each for where, each in self.pages.asked if where == path][-1]
            same = etag and asked.get("If-None-Match") == etag
            answer = (
                answered(304, ETag=etag)
                if same
                else answered(200, body, ETag=etag, Content_Type=kind, **head)
            )
            answer(line)

        self.pages.pages[path] = behave

    def behave(self, path: str, behaviour: Behaviour) -> None:
        self.pages.pages[path] = behaviour

    def move(self, path: str, to: str, code: int = 301) -> None:
        self.behave(path, answered(code, Location=to))

    def count(self, path: str) -> int:
        return self.pages.paths.count(path)

    def fetcher(self, now: Callable[[], datetime], **limits: float) -> Fetcher:
        """Return a client that may ask this web and waits its turns on a clock of its own."""
        allowed = Limits(**{"connect": 2, "read": 2, "total": 5, "size": 10 << 20, **limits})  # type: ignore[arg-type]
        return Fetcher(
            Asker(agent="feedsvc-test (+https://feeds.example.org)", limits=allowed),
            Guard(["127.0.0.1/32"], [self.port]),
            Turns(self.hours.pause, self.hours.now),
            now,
        )


@contextmanager
def web() -> Iterator[Web]:
    pages = Pages()
    with site(pages, secure=True) as served:  # it reads requests itself
        yield Web(port=served.port, pages=pages)


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@dataclass
class Answers:
    """A web without connections: answers by address, and what was asked with which validators."""

    pages: dict[str, Answer | FetchError] = field(default_factory=dict)
    maps: tuple[str, ...] | FetchError = ()
    asked: list[tuple[str, Validators]] = field(default_factory=list)

    def put(self, url: str, content: bytes | str = b"", **changes: Value) -> Answer:
        body = content.encode() if isinstance(content, str) else content
        plain = Answer(
            url=url,
            final=url,
            moved=None,
            status=200,
            content=body,
            media_type="text/html",
            charset=None,
            validators=Validators(etag=f'"{hashlib.sha256(body).hexdigest()[:8]}"'),
            fresh_for=None,
            retry_after=None,
        )
        self.pages[url] = answer = replace(plain, **changes)
        return answer

    def fail(self, url: str, reason: str, retry_after: timedelta | None = None) -> None:
        self.pages[url] = FetchError(url, reason, retry_after)

    def forbid(self, url: str) -> None:
        self.pages[url] = ForbiddenError(url, "robots.txt forbids it")

    def refuse(self, url: str, status: int, **changes: Value) -> None:
        self.pages[url] = replace(self.put(url, status=status, **changes), content=None)

    def get(self, url: str, *, validators: Validators = NO_VALIDATORS) -> Answer:
        self.asked.append((url, validators))
        answer = self.pages.get(url) or FetchError(url, "no such host")
        if isinstance(answer, FetchError):
            raise answer
        if validators and validators == answer.validators:
            return replace(answer, status=304, content=None)
        return answer

    def sitemaps(self, _url: str) -> tuple[str, ...]:
        if isinstance(self.maps, FetchError):
            raise self.maps
        return self.maps

    @property
    def urls(self) -> list[str]:
        """Return what was asked for, and forget it."""
        urls, self.asked = [url for url, _ in self.asked], []
        return urls


def remembered(known: Mapping[str, Known], scan: Scan) -> dict[str, Known]:
    """Return what is known after a scan whose documents were all read."""
    read = {
        each.key: Known(version=each.version, digest="d", article=f"urn:{each.key}") for each in scan.found
    }
    return {**known, **scan.notes, **read}
