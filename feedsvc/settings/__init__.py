"""What the user configured: a file, the environment, the command line. Nothing else reads the environment."""

from feedsvc.settings.load import load
from feedsvc.settings.origin import is_address
from feedsvc.settings.resolve import require_address
from feedsvc.settings.schema import FeedsSection, Settings, SourceSection, TopicSection, duration

__all__ = [
    "FeedsSection",
    "Settings",
    "SourceSection",
    "TopicSection",
    "duration",
    "is_address",
    "load",
    "require_address",
]
