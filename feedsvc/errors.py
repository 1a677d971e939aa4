"""What can go wrong, as one tree.

    FeedsvcError
    ├── ConfigurationError   the start stops: file, line and what would be right
    │   └── RuleError        a topic rule that does not parse, with a caret under the fault
    ├── SourceError          a source could not be read; its articles stay, an incident opens
    ├── FetchError           an address on the web gave no answer
    └── ServeError           the server cannot start (an occupied port)

A document that gives no article is no error but a value: `model.Skipped`.
"""


class FeedsvcError(Exception):
    """The root: a message a person can act on."""


class ConfigurationError(FeedsvcError):
    """A configuration value is wrong; says where it stands and what would be right."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)


class RuleError(ConfigurationError):
    """A topic rule does not parse; `pointed` is the rule and, on a second line, a caret under the fault."""

    def __init__(self, message: str, *, pointed: str, where: str = "") -> None:
        self.message, self.pointed = message, pointed
        super().__init__(f"{message}\n{pointed}", where=where)


class SourceError(FeedsvcError):
    """A source as a whole could not be read."""

    def __init__(self, source: str, message: str) -> None:
        self.source, self.message = source, message
        super().__init__(f"source {source!r}: {message}")


class FetchError(FeedsvcError):
    """An address on the web gave no answer; `reason` says why without naming it."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{url}: {reason}")


class ServeError(FeedsvcError):
    """The server cannot start."""
