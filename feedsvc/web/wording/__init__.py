"""The table behind `words`: each phrase in English and in Chinese; `one|many` where English needs both."""

from collections.abc import Mapping

from feedsvc.web.wording.reading import READING
from feedsvc.web.wording.running import RUNNING

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


TABLE: Mapping[str, tuple[str, str]] = {**READING, **RUNNING}
"""English first, Chinese second."""
