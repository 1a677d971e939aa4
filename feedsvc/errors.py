"""What can go wrong, as one tree.

    FeedsvcError
    ├── ConfigurationError   the start stops: file, line and what would be right
    │   └── RuleError        a topic rule that does not parse, with a caret under the fault
    ├── SourceError          a source could not be read; its articles stay, an incident opens
    │   ├── AbsentError      there is nothing at a source's address
    │   │   └── EndedError   nor will there ever be again: it is not asked any more
    │   └── BarredError      a source's address may not be asked
    ├── JournalError         the journal cannot be read or written; what is served stays
    │   ├── BehindError      others committed since: catch up and decide again
    │   ├── StaleClaimError  another process has the source by now; what this one brings is refused
    │   ├── UnfitError       no journal can be kept there: another program's file, or a folder to read only
    │   └── UnreadableError  what the journal holds makes no sense
    ├── SearchError          a search cannot be answered now, or not so broad
    ├── FetchError           an address on the web gave no answer
    │   ├── BusyError        it was not asked now: its host is to be left alone
    │   └── ForbiddenError   it may not be asked: its robots.txt says so, or it is none to ask
    ├── RefusedError         no connection may go there
    └── ServeError           the server cannot start (an occupied port)

A document that gives no article is no error but a value: `model.Skipped`.
"""

import datetime as dt


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
    """A source as a whole could not be read; `retry_after` is for how long it wants to be left alone."""

    def __init__(self, source: str, message: str, retry_after: dt.timedelta | None = None) -> None:
        self.source, self.message, self.retry_after = source, message, retry_after
        super().__init__(f"source {source!r}: {message}")


class AbsentError(SourceError):
    """There is nothing at the source's address (RFC 9110 15.5.5)."""


class EndedError(AbsentError):
    """There never will be again (RFC 9110 15.5.11)."""


class BarredError(SourceError):
    """The source's address may not be asked (`ForbiddenError`)."""


class JournalError(FeedsvcError):
    """The journal cannot be read or written."""


class BehindError(JournalError):
    """The journal is at another generation than the one a commit was decided on."""

    def __init__(self, base: int, generation: int) -> None:
        super().__init__(f"decided on generation {base}, but the journal is at {generation}")


class StaleClaimError(JournalError):
    """A source was taken over while its owner was away."""

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__(f"another process has taken over source {source!r}")


class UnfitError(JournalError):
    """There can be no journal at this path, however often it is tried."""


class UnreadableError(JournalError):
    """A row, or the whole journal, makes no sense."""


class SearchError(FeedsvcError):
    """A search cannot be answered; `wait` seconds may help, 0 where only another search does."""

    def __init__(self, message: str, *, wait: int = 0) -> None:
        self.wait = wait
        super().__init__(message)


class FetchError(FeedsvcError):
    """An address on the web gave no answer; `reason` says why without naming it.

    `retry_after` is for how long it should not be asked again, None where nobody said so.
    """

    def __init__(self, url: str, reason: str, retry_after: dt.timedelta | None = None) -> None:
        self.url, self.reason, self.retry_after = url, reason, retry_after
        super().__init__(f"{url}: {reason}")


class BusyError(FetchError):
    """An address was not asked: its host is to be left alone for `retry_after`."""


class ForbiddenError(FetchError):
    """An address may not be asked: its robots.txt says so (RFC 9309), or it is none to ask."""


class RefusedError(FeedsvcError, PermissionError):
    """No connection may go to an address, and trying again will not help; `strerror` says why."""


class ServeError(FeedsvcError):
    """The server cannot start."""
