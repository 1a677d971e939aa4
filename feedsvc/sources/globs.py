"""Choose paths by patterns as in a .gitignore.

`*` and `?` stay within one name, `[…]` is a set of characters (`[*]` is a star), `**` spans folders.
A pattern without a slash matches a name at any depth, one with a slash starts at the root, one that ends in a
slash matches folders. What matches a folder matches everything in it. There is no `!`: say `include` or
`exclude`. Capitals matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from feedsvc.errors import ConfigurationError

_PIECE = re.compile(
    r"(?P<spans>(?:(?<=/)|^)\*\*(?:/|$))|(?P<run>\*+)|(?P<one>\?)|(?P<set>\[[!^]?+\]?+[^\]/]*\])"
)
_MEMBER = re.compile("(?P<first>.)-(?P<last>.)|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which paths below a root are wanted; a path is its names joined by `/`."""

    include: re.Pattern[str] | None
    exclude: re.Pattern[str] | None

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str]) -> Self:
        """Compile the patterns; no `include` means everything."""
        return cls(include=_compiled(include), exclude=_compiled(exclude))

    def takes(self, path: str) -> bool:
        """Tell whether a file is wanted."""
        return self.allows(path) and (self.include is None or self.include.fullmatch(path) is not None)

    def allows(self, path: str) -> bool:
        """Tell whether a path is not excluded."""
        return self.exclude is None or self.exclude.fullmatch(path) is None

    def enters(self, folder: str) -> bool:
        """Tell whether anything in a folder may be wanted."""
        return self.allows(f"{folder}/")


def _compiled(patterns: Iterable[str]) -> re.Pattern[str] | None:
    parts = [_translated(pattern) for pattern in patterns]
    return re.compile("|".join(parts), re.DOTALL) if parts else None


def _translated(pattern: str) -> str:
    """Return a regular expression for the pattern and for everything in a folder that it matches."""
    if not pattern.strip("/"):
        raise ConfigurationError(
            f"the pattern {pattern!r} names nothing: write one such as '*.md' or 'drafts/'"
        )
    if pattern.startswith("!"):
        raise ConfigurationError(
            f"the pattern {pattern!r} begins with '!': use `include` and `exclude` instead"
        )
    body = pattern.strip("/")
    anchored = "/" in pattern.rstrip("/")
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    return ("" if anchored else "(?:.*/)?") + _names(body) + below


def _names(body: str) -> str:
    """Translate the pieces of a pattern, everything else standing for itself."""
    expression, end = [], 0
    for piece in _PIECE.finditer(body):
        expression += [re.escape(body[end : piece.start()]), _expression(piece)]
        end = piece.end()
    return "".join([*expression, re.escape(body[end:])])


def _expression(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "spans":
            return "(?:.*/)?" if piece[0].endswith("/") else ".*"
        case "run":
            return "[^/]*"
        case "one":
            return "[^/]"
        case _:
            return _set(piece[0])


def _set(text: str) -> str:
    """Translate `[…]`; it never matches a slash, though a range such as `[.-0]` spans it."""
    negated = text[1] in "!^"
    members = _MEMBER.sub(_member, text[2:-1] if negated else text[1:-1])
    return f"(?!/)[{'^' * negated}{members}]"


def _member(piece: re.Match[str]) -> str:
    """Translate one character or range; a range that runs backwards is three characters."""
    first, last = piece["first"], piece["last"]
    if first and first <= last:
        return f"{re.escape(first)}-{re.escape(last)}"
    return re.escape(piece[0])
