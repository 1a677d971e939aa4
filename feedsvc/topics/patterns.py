"""Regular expressions that take linear time, by google-re2, which comes with the extra `regex`.

Python's own engine backtracks: one pattern of a user could stall a tick for good.
"""

from functools import lru_cache
from typing import Any

from feedsvc.topics.folding import simplified_pattern

MEMORY = 1 << 20
"""Bytes that one compiled pattern may take."""
_MISSING = "regular expressions need the extra: pip install 'feedsvc[regex]'"
_COMPILED = 2_000


def refused(pattern: str) -> str:
    """Say why a pattern cannot be used; "" where it can."""
    try:
        _compiled(pattern)
    except ImportError:
        return _MISSING
    except ValueError as error:
        return f"not a regular expression: {error}"
    return ""


def found(pattern: str, folded: str) -> bool:
    """Tell whether a pattern matches in a folded text; `^` and `$` are the ends of its lines."""
    return _compiled(pattern).search(folded) is not None


@lru_cache(maxsize=_COMPILED)
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - re2 has no types
    import re2  # noqa: PLC0415 - an extra, and most rules need none

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(f"(?m){simplified_pattern(pattern)}", options)
    except re2.error as error:
        reason = error.args[0]
        raise ValueError(reason.decode() if isinstance(reason, bytes) else reason) from error
