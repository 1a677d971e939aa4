"""Files that belong to an article: recordings and other things to take along."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from mimetypes import MimeTypes
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc import text
from feedsvc.extract import markup, urls
from feedsvc.extract.frontmatter import FrontMatter
from feedsvc.model import Enclosure

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 10  # of an article
_LONGEST = 1 << 53  # bytes that JSON can say exactly
_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*", re.ASCII)
_MARKED = re.compile("<audio|<video|enclosure", re.IGNORECASE)
_PLAYED = ("audio/", "video/", "application/ogg")
_NEWER = {
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".m4v": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
}
"""What Python's own table lacks or says otherwise, by version; the system's tables differ by machine."""
_URL = ("url", "href", "src", "link", "file")
_TYPE = ("type", "mime_type", "media_type")
_LENGTH = ("length", "size", "size_in_bytes")


def in_front_matter(front: FrontMatter, base: str | None) -> tuple[tuple[Enclosure, ...], tuple[str, ...]]:
    """Return the enclosures that front matter names, and a problem for each that cannot be one."""
    found: list[Enclosure | None] = []
    problems = []
    for entry in _entries(front):
        made = _stated(entry, base)
        found.append(made)
        if made is None:
            problems.append(f"enclosure {_shown(entry)!r} has no web address or no media type")
    return distinct(found), tuple(problems)


def in_html(html: str, base: str | None) -> tuple[Enclosure, ...]:
    """Return the enclosures of readable HTML, which is parsed for them only where it may have some."""
    tree = markup.parse(html) if _MARKED.search(html) else None
    return () if tree is None else distinct(in_tree(tree, base))


def in_tree(tree: "HtmlElement", base: str | None) -> Iterator[Enclosure | None]:
    """Yield what a page, before anything is stripped from it, plays or gives to take along."""
    for player in tree.iter("audio", "video"):
        versions = [player, *player.iter("source")]  # the same recording in several formats
        made = (
            _made(each.get("src"), each.get("type"), base, title=player.get("title")) for each in versions
        )
        yield next(filter(None, made), None)
    for link in tree.iter("a", "link"):
        if "enclosure" in (link.get("rel") or "").lower().split():
            yield _made(link.get("href"), link.get("type"), base, title=link.get("title"))
    yield from _open_graph(tree, base)


def distinct(found: Iterable[Enclosure | None]) -> tuple[Enclosure, ...]:
    """Return the first of the enclosures, each address once."""
    by_url: dict[str, Enclosure] = {}
    for enclosure in filter(None, found):
        by_url.setdefault(enclosure.url, enclosure)
    return tuple(by_url.values())[:_MOST]


def _open_graph(tree: "HtmlElement", base: str | None) -> Iterator[Enclosure | None]:
    """Yield the recordings of `og:audio` and `og:video`; what is a player's page is none (ogp.me)."""
    stated: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        if name.startswith(("og:audio", "og:video")):
            stated.setdefault(name.removesuffix(":url"), element.get("content") or "")
    for kind in ("og:audio", "og:video"):
        address = stated.get(f"{kind}:secure_url") or stated.get(kind)
        made = _made(address, stated.get(f"{kind}:type"), base)
        yield made if made and made.media_type.startswith(_PLAYED) else None


def _entries(front: FrontMatter) -> Iterator[Any]:
    for field in ("enclosure", "enclosures", "attachment", "attachments"):
        value = front.first(field)
        yield from value if isinstance(value, list) else [] if value is None else [value]


def _stated(entry: object, base: str | None) -> Enclosure | None:
    """Return an entry of front matter, an address or a table, as an enclosure."""
    if isinstance(entry, str):
        return _made(entry.strip().partition("\n")[0], None, base)  # WordPress goes on with length and type
    if not isinstance(entry, Mapping):
        return None
    address, kind, length, title = (_first(entry, names) for names in (_URL, _TYPE, _LENGTH, ("title",)))
    return _made(address, kind, base, title=title, length=length)


def _first(entry: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((str(entry[name]) for name in names if isinstance(entry.get(name), str | int)), "")


def _shown(entry: object) -> str:
    return text.one_line(str(_first(entry, _URL) if isinstance(entry, Mapping) else entry))[:200]


def _made(
    href: str | None, kind: str | None, base: str | None, *, title: str | None = "", length: str = ""
) -> Enclosure | None:
    """Return an enclosure, or None where its address or its media type is not known: RSS needs both."""
    url = urls.absolute(href, base)
    written = (kind or "").partition(";")[0].strip().lower()
    media_type = written if _MEDIA_TYPE.fullmatch(written) else _guessed(url or "")
    if not url or not media_type:
        return None
    size = int(length) if length.isascii() and length.isdecimal() and len(length) < len(str(_LONGEST)) else 0
    return Enclosure(url=url, media_type=media_type, length=size, title=text.one_line(title or ""))


def _guessed(url: str) -> str:
    """Return the media type that an address ends like, "" where it does not say."""
    path = urlsplit(url).path
    suffix = f".{path.rpartition('.')[2].lower()}"
    return _NEWER.get(suffix) or _types().guess_type(f"x{suffix}")[0] or ""


@cache
def _types() -> MimeTypes:
    return MimeTypes()
