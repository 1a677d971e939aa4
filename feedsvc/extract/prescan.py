"""A linear look at HTML before any parser: what would stall one is refused.

Tags, comments and raw text end where the tokenizer of the HTML standard (13.2.5) ends them; otherwise a `>`
in quotes would hide from us what the parser sees.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_LENGTH = 5 << 20
_MAX_DEPTH = 512  # parsers are quadratic in depth; pages people write stay under 100
_MAX_ATTRIBUTES = 1000  # of one tag; the parser takes the square of them
_MAX_TAGS = 300_000
_SPACE = "[ \t\n\f\r]"
_MARK = re.compile(r"<(?:(!--)|([!?]|/(?![A-Za-z]))|(/?)([A-Za-z][^ \t\n\f\r/>]*+))")
_ATTRIBUTE = re.compile(
    rf"[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"""(?:{_SPACE}*+={_SPACE}*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>]*+))?"""
)
_TAG_END = re.compile(r"[ \t\n\f\r/]*+(?:>|\Z)")
_COMMENT_END = re.compile("--!?>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# Their end tags may be left out, and parsers end them by themselves.
_IMPLIED = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "rt", "rp"}
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_FOREIGN = ("svg", "math")  # within them, as in XHTML, `/>` ends an element
_XHTML = re.compile(r"<\?xml\b|<!DOCTYPE[^>]{0,80}\bXHTML\b", re.IGNORECASE)
_XHTML_HEAD = 1000
_SCRIPT_MARK = re.compile(rf"<!--|-->|</?script(?={_SPACE}|[/>])", re.IGNORECASE)
# A script may hold a commented script; the standard's two escaped states, and what leads from one to another.
_SCRIPT_STATES = {
    ("plain", "<!--"): "escaped", ("escaped", "-->"): "plain", ("escaped", "<script"): "double",
    ("double", "</script"): "escaped", ("double", "-->"): "plain",
    ("plain", "</script"): "ended", ("escaped", "</script"): "ended",
}  # fmt: skip


class Tag(NamedTuple):
    """One tag of a page."""

    name: str
    closing: bool
    attributes: int
    closed: bool
    """Written with `/>`."""
    start: int
    end: int


@dataclass(slots=True)
class _Nesting:
    """The elements that are open, innermost last."""

    xhtml: bool
    names: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, tag: Tag) -> None:
        """Open or close what a tag opens or closes."""
        if tag.closing:
            self._close(tag.name)
        elif tag.name not in _VOID | _IMPLIED | _RAW and not (tag.closed and self._may_close(tag.name)):
            self.names.append(tag.name)
            self.counts[tag.name] += 1

    def _close(self, name: str) -> None:
        if self.counts[name]:
            while (last := self.names.pop()) != name:
                self.counts[last] -= 1
            self.counts[name] -= 1

    def _may_close(self, name: str) -> bool:
        return self.xhtml or name in _FOREIGN or any(self.counts[foreign] for foreign in _FOREIGN)


def refusal(html: str) -> str | None:
    """Return why a page must not be parsed, or None. One pass, whatever the page."""
    if len(html) > MAX_LENGTH:
        return f"HTML of more than {MAX_LENGTH >> 20} million characters"
    nesting = _Nesting(xhtml=bool(_XHTML.search(html[:_XHTML_HEAD])))
    count = 0
    for tag in tags(html):
        nesting.take(tag)
        count += 1 + tag.attributes
        if count > _MAX_TAGS:
            return f"more than {_MAX_TAGS:,} tags and attributes"
        if tag.attributes > _MAX_ATTRIBUTES:
            return f"a tag with more than {_MAX_ATTRIBUTES} attributes"
        if len(nesting.names) > _MAX_DEPTH:
            return f"elements nested more than {_MAX_DEPTH} deep"
    return None


def tags(html: str) -> Iterator[Tag]:
    """Yield a page's tags in order, none within comments or raw text; the last may have no end."""
    position = 0
    while mark := _MARK.search(html, position):
        comment, bogus, closing, written = mark.groups()
        if comment:
            position = _after_comment(html, mark.end())
        elif bogus:
            position = _after(html, ">", mark.end())
        else:
            tag = _tag(html, mark, written.lower(), closing=bool(closing))
            yield tag
            raw = tag.name in _RAW and not tag.closing and not tag.closed
            position = _after_raw(html, tag.end, tag.name) if raw else tag.end
            if tag.name == "plaintext" and not tag.closing:
                return


def _tag(html: str, mark: re.Match[str], name: str, *, closing: bool) -> Tag:
    attributes, position = 0, mark.end()
    while found := _ATTRIBUTE.match(html, position):
        attributes, position = attributes + 1, found.end()
    end = _TAG_END.match(html, position)
    after = end.end() if end else len(html)
    closed = html.endswith("/>", position, after)
    return Tag(name, closing, attributes, closed, mark.start(), after)


def _after_comment(html: str, start: int) -> int:
    for empty in (">", "->"):
        if html.startswith(empty, start):
            return start + len(empty)
    end = _COMMENT_END.search(html, start)
    return end.end() if end else len(html)


def _after(html: str, wanted: str, start: int) -> int:
    found = html.find(wanted, start)
    return len(html) if found < 0 else found + len(wanted)


def _after_raw(html: str, start: int, name: str) -> int:
    """Return where the end tag of raw text is, the end of the page where it has none."""
    if name == "script":
        return _after_script(html, start)
    found = re.compile(f"</{name}(?={_SPACE}|[/>])", re.IGNORECASE).search(html, start)
    return found.start() if found else len(html)


def _after_script(html: str, start: int) -> int:
    state, position = "plain", start
    while mark := _SCRIPT_MARK.search(html, position):
        said = mark[0].lower()
        state = _SCRIPT_STATES.get((state, said), state)
        if state == "ended":
            return mark.start()
        position = mark.start() + 2 if said == "<!--" else mark.end()  # `<!-->` begins and ends
    return len(html)
