"""What is wrong with where a `[[source]]` is, beyond what its types tell."""

import re
from collections.abc import Iterator

from feedsvc.settings.schema import SourceSection
from feedsvc.weburl import key

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Tell whether a SOURCE argument is an address on the web, not a path."""
    return bool(_ADDRESS.match(source))


def source_faults(index: int, source: SourceSection) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one source: (path, problem)."""
    at = f"source[{index}]"
    if not (source.path or source.url):
        yield f"{at}.path", "is missing, and so is url"
    elif source.path and source.url:
        yield f"{at}.url", "a source has a path or a url, not both"
    elif source.url:
        yield from _web_faults(at, source)
    else:
        yield from _folder_faults(at, source)


def _folder_faults(at: str, source: SourceSection) -> Iterator[tuple[str, str]]:
    if is_address(source.path):
        yield f"{at}.path", f"an address: write url = {source.path!r}"
    if source.kind not in {None, "folder"}:
        yield f"{at}.kind", f"a {source.kind} has a url, not a path"
    if source.items:
        yield f"{at}.items", "only a listing has items"
    if source.full_text:
        yield f"{at}.full_text", "only a feed has full_text"


def _web_faults(at: str, source: SourceSection) -> Iterator[tuple[str, str]]:
    if key(source.url) is None:
        yield f"{at}.url", f"no address on the web: {source.url!r}"
    if source.kind == "folder":
        yield f"{at}.kind", "a folder has a path, not a url"
    if source.items and source.kind not in {None, "listing"}:
        yield f"{at}.items", f"a {source.kind} has no items, a listing has"
    if source.full_text and (source.items or source.kind not in {None, "feed"}):
        yield f"{at}.full_text", "only a feed has full_text"
    for name in ("include", "exclude"):
        if getattr(source, name):
            yield f"{at}.{name}", "only a folder has patterns"
