"""What can go wrong, as one tree.

    FeedsvcError
    ├── ConfigurationError   the start stops: file, line and what would be right
    │   └── RuleError        a topic rule that does not parse, with a caret under the fault
    ├── SourceError          a source could not be read; its articles stay, an incident opens
    └── ServeError           the server cannot start (an occupied port)

A document that gives no article is no error but a value: `model.Skipped`.
"""

from unicodedata import category, east_asian_width


class FeedsvcError(Exception):
    """The root: a message a person can act on."""


class ConfigurationError(FeedsvcError):
    """A configuration value is wrong; says where it stands and what would be right."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)


class RuleError(ConfigurationError):
    """A topic rule does not parse; `position` is the index of the offending character in `rule`."""

    def __init__(self, message: str, *, rule: str, position: int, where: str = "") -> None:
        self.message, self.rule, self.position = message, rule, position
        super().__init__(f"{message}\n{_pointed(rule, position)}", where=where)


class SourceError(FeedsvcError):
    """A source as a whole could not be read."""

    def __init__(self, source: str, message: str) -> None:
        self.source, self.message = source, message
        super().__init__(f"source {source!r}: {message}")


class ServeError(FeedsvcError):
    """The server cannot start."""


def caret_column(text: str, position: int) -> int:
    """Return the terminal column of a character: East Asian wide ones before it take two, marks none."""
    return sum(map(_columns, text[:position]))


def _columns(char: str) -> int:
    if category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def _pointed(rule: str, position: int) -> str:
    """Return the line of a rule that holds a character, and a caret under it."""
    before = rule[:position]
    start = before.rfind("\n") + 1
    line = rule[start:].partition("\n")[0].replace("\t", " ")
    return f"    {line}\n    {' ' * caret_column(line, position - start)}^"
