"""Pictures that lie beside a document: how it refers to them, and where an article serves them."""

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import quote, unquote

_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
"""Not SVG, which is a program."""
OPENINGS = ('<img src="', '<a href="')
"""What stands before an address in the HTML of an article, whose tags have it first."""
_LENGTH = 1_000  # characters of a reference
_MOST = 1_000  # references that are looked at
_ENDS = re.compile(rf"(?:{'|'.join(map(re.escape, _SUFFIXES))})(?!\w)", re.IGNORECASE)
_BEFORE = ("\"'<>\n", "()=", " \t")
"""What may stand before a reference: of a name with anything in it, with spaces, of any other."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark 2.4
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UP = "~up"
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
BEGINNING = 64
"""Bytes of a picture that say what it is."""
_AVIF = (b"avif", b"avis")


def named(reference: str) -> str | None:
    """Return the picture's path from a document's directory that a relative reference names, else None."""
    written = reference.strip()
    if not written or len(written) > _LENGTH or written[0] in "/\\" or _SCHEME.match(written):
        return None
    decoded = unquote(re.split("[?#]", written, maxsplit=1)[0]).replace("\\", "/")
    path = posixpath.normpath(decoded)
    hidden = any(part.startswith(".") and part != ".." for part in path.split("/"))
    if hidden or path.startswith("/") or not path.isprintable():
        return None
    return path if is_picture(path) else None


def is_picture(path: str) -> bool:
    """Tell whether a path ends like a picture that browsers show and that runs nothing."""
    return path.lower().endswith(_SUFFIXES)


def references(text: str) -> Iterator[str]:
    """Yield what may name pictures beside a document of HTML or Markdown, without reading it as either.

    What is only taken for a reference names nothing that exists, and is bounded like the others.
    """
    met: dict[str, None] = {}
    for end in islice(_ENDS.finditer(text), _MOST):
        window = text[max(0, end.start() - _LENGTH) : end.end()]
        for characters in _BEFORE:
            window = window[max(map(window.rfind, characters)) + 1 :]
            written = unescape(window)
            for reference in dict.fromkeys((written, _ESCAPE.sub(r"\1", written))):
                if name := named(reference):
                    met.setdefault(name)
    yield from islice(met, _MOST)


def served(name: str) -> str:
    """Return a picture's path as the end of the path that serves it; `..` would be taken away there."""
    return "/".join(_UP if part == ".." else part for part in name.split("/"))


def spelled(name: str) -> str:
    """Return a picture's path as the end of an address, percent-encoded."""
    return quote(served(name), safe="/~")


def files_path(article_id: str) -> str:
    """Return the path below which an article's pictures are served."""
    return f"/articles/{article_id.removeprefix('urn:uuid:')}/files/"


def readdressed(html: str, old: str, new: str) -> str:
    """Return sanitised HTML with its pictures and links below one address below another.

    Nothing else can read like a tag there: `<` is escaped in text and in attributes.
    """
    for opening in OPENINGS:
        html = html.replace(opening + old, opening + new)
    return html


def sniffed(content: bytes) -> str | None:
    """Return the media type that a picture's first bytes say, or None for what is no picture."""
    for magic, media_type in _MAGIC.items():
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    brands = content[
        8 : min(int.from_bytes(content[:4]), BEGINNING)
    ]  # ISO/IEC 14496-12 4.3: major, version, others
    if content[4:8] == b"ftyp" and any(brands[at : at + 4] in _AVIF for at in range(0, len(brands), 4)):
        return "image/avif"
    return None
