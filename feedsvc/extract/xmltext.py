"""XML as text that is safe to parse: decoded by us, without a document type and all that one can declare."""

import re
from dataclasses import dataclass
from html import escape
from html.entities import html5

from feedsvc.extract import charset

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>")
_PASSED = (("<?", "?>"), ("<!--", "-->"))
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[\]<>]{0,1000}>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]{1,100}:)?([\w.-]{1,100})")
_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:(?!\]\]>).)*+"
    r"|&(?:(?P<own>(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)|(?P<name>[A-Za-z]\w{1,30});)?",
    re.DOTALL,
)
_VALUE = re.compile(r"=\s*[\"']")
_TAGS = 1_000_000
_ATTRIBUTES = 1_000  # of a tag; between two `<` there is one tag, or none
_NAMESPACE = re.compile(r"\bxmlns(?::[\w.-]{1,100})?\s*=\s*(?:\"[^\"]{200}|'[^']{200})")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why bytes are not parsed as XML."""

    reason: str


def readable(content: bytes, declared: str | None = None) -> str | Refused:
    """Return XML as text without its declaration and document type, or why it is refused. One pass.

    Decoding comes first: UTF-16 and UTF-7 hide from a search what the parser would see. A document type
    that only names one (RSS 0.91) is cut out; one that declares anything is no feed's.
    """
    decoded = charset.decode(content, declared)
    if decoded is None:
        return Refused("binary, not text")
    written = _DECLARATION.sub("", decoded.text, count=1) if "<?xml" in decoded.text[:1000] else decoded.text
    written = _NOT_XML.sub("", written).lstrip("\ufeff \t\r\n")
    start = _prolog(written)
    if not written.startswith("<!", start):
        return written
    doctype = _DOCTYPE.match(written, start)
    if doctype is None:
        return Refused("a document type that declares entities or elements")
    rest = written[doctype.end() :]
    return Refused("a second document type") if rest.startswith("<!", _prolog(rest)) else rest


def too_much(written: str) -> str:
    """Return what of XML takes parsers too long, "" where nothing does: they square a tag's attributes."""
    if written.count("<") > _TAGS:
        return f"more than {_TAGS:,} tags"
    if _NAMESPACE.search(written):
        return "a namespace of more than 200 characters"
    many = any(len(_VALUE.findall(piece)) > _ATTRIBUTES for piece in written.split("<"))
    return f"a tag with more than {_ATTRIBUTES:,} attributes" if many else ""


def mended(written: str) -> str:
    """Return XML with no other references than XML's own: HTML's as characters, a stray `&` as text.

    Recovering parsers drop what they do not know, and an address loses its middle.
    """
    return _REFERENCE.sub(_mended, written) if "&" in written else written


def _mended(found: re.Match[str]) -> str:
    if not found[0].startswith("&") or found["own"]:
        return found[0]
    named = html5.get(f"{found['name']};")
    return escape(named) if named else f"&amp;{found[0][1:]}"


def root(written: str) -> str:
    """Return the name of the first element of readable XML, without its prefix; "" where there is none."""
    found = _ROOT.match(written, _prolog(written))
    return found[1] if found else ""


def _prolog(written: str) -> int:
    """Return where the comments and instructions before the first element or document type end."""
    position, end = 0, len(written)
    while position < end:
        if written[position].isspace():
            position += 1
            continue
        opening = next((pair for pair in _PASSED if written.startswith(pair[0], position)), None)
        if opening is None:
            return position
        found = written.find(opening[1], position + len(opening[0]))
        position = end if found < 0 else found + len(opening[1])
    return end
