"""Where documents are: each kind of source tells what changed and hands over bytes."""

from feedsvc.sources.base import Arrivals, Found, Picture, Scan, Source, Watchable, digest
from feedsvc.sources.folder import Folder
from feedsvc.sources.watch import Watch

__all__ = ["Arrivals", "Folder", "Found", "Picture", "Scan", "Source", "Watch", "Watchable", "digest"]
