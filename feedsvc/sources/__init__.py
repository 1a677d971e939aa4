"""Where documents are: each kind of source tells what changed and hands over bytes."""

from feedsvc.sources.base import Found, Picture, Scan, Source, digest
from feedsvc.sources.folder import Folder

__all__ = ["Folder", "Found", "Picture", "Scan", "Source", "digest"]
