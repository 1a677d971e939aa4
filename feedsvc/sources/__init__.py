"""Where documents are: each kind of source tells what changed and hands over bytes."""

from feedsvc.sources.asking import Web
from feedsvc.sources.base import Arrivals, Found, Picture, Scan, Source, Watchable, digest
from feedsvc.sources.feed import Feed
from feedsvc.sources.folder import Folder
from feedsvc.sources.listing import Listing
from feedsvc.sources.page import Page
from feedsvc.sources.sitemap import Sitemap
from feedsvc.sources.watch import Watch

__all__ = [
    "Arrivals",
    "Feed",
    "Folder",
    "Found",
    "Listing",
    "Page",
    "Picture",
    "Scan",
    "Sitemap",
    "Source",
    "Watch",
    "Watchable",
    "Web",
    "digest",
]
