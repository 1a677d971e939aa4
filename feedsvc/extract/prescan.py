"""A linear look at HTML before any parser: what would stall one is refused."""

import re
from collections import Counter

MAX_LENGTH = 5 << 20
_MAX_DEPTH = 512  # parsers are quadratic in depth; pages people write stay under 100
_MAX_ATTRIBUTES = 1000
_MAX_OPENINGS = 300_000
_VALUE = re.compile(r""" "[^"]*(?:"|$)|'[^']*(?:'|$)""", re.VERBOSE)
_OPENING = re.compile(r"<(?:(!--)|(/?)([A-Za-z][^\s/<>]{0,40}))")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# Their end tags may be left out, and parsers end them by themselves.
_IMPLIED = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "rt", "rp"}
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noembed"})


def refusal(html: str) -> str | None:
    """Return why a page must not be parsed, or None. One pass, whatever the page."""
    if len(html) > MAX_LENGTH:
        return f"HTML of more than {MAX_LENGTH >> 20} million characters"
    depth: list[str] = []
    opened: Counter[str] = Counter()
    position = count = 0
    while match := _OPENING.search(html, position):
        count += 1
        comment, closing, written = match.groups()
        end = html.find("-->" if comment else ">", match.end())
        if count > _MAX_OPENINGS or end < 0:
            return _at_the_end(html, match.end(), count)
        position = end + 1
        if comment:
            continue
        name = written.lower()
        if closing:
            _close(name, depth, opened)
        elif _attributes(html[match.end() : end]) > _MAX_ATTRIBUTES:
            return f"a tag with more than {_MAX_ATTRIBUTES} attributes"
        elif name in _RAW:
            position = _after_raw(html, end, name)
        elif name not in _VOID and name not in _IMPLIED and html[end - 1] != "/":
            depth.append(name)
            opened[name] += 1
            if len(depth) > _MAX_DEPTH:
                return f"elements nested more than {_MAX_DEPTH} deep"
    return None


def _close(name: str, depth: list[str], opened: Counter[str]) -> None:
    if opened[name]:
        while (last := depth.pop()) != name:
            opened[last] -= 1
        opened[name] -= 1


def _after_raw(html: str, start: int, name: str) -> int:
    found = re.compile(f"</{re.escape(name)}", re.IGNORECASE).search(html, start)
    return found.start() if found else len(html)


def _at_the_end(html: str, start: int, count: int) -> str | None:
    """Judge a tag or comment that never ends: to a parser the rest is one token, with attributes perhaps."""
    if count > _MAX_OPENINGS:
        return f"more than {_MAX_OPENINGS:,} tags"
    many = _attributes(html[start:]) > _MAX_ATTRIBUTES
    return f"a tag with more than {_MAX_ATTRIBUTES} attributes that never ends" if many else None


def _attributes(tag: str) -> int:
    """Count a tag's attributes; the words within their values are none."""
    return len(_VALUE.sub("", tag).split()) if len(tag) > _MAX_ATTRIBUTES else 0
