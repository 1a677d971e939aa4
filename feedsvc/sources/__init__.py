"""Where documents are: each kind of source tells what changed and hands over bytes."""

from collections.abc import Callable, Mapping

from feedsvc.sources.base import Found, Scan, Source, digest
from feedsvc.sources.folder import Folder

KINDS: Mapping[str, Callable[..., Source]] = {"folder": Folder}
"""The constructor of every kind of source, by the word the configuration uses."""

__all__ = ["KINDS", "Folder", "Found", "Scan", "Source", "digest"]
