"""Links as a feed can carry them: absolute, http or https, ASCII."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc import beside, text
from feedsvc.weburl import absolute, encoded

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["BESIDE", "Place", "absolute", "base_of", "mail"]

BESIDE = "https://beside.invalid/"
"""Stands for where an article is served until its id is known; no host is so called (RFC 6761)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document stands, which its references are read from."""

    base: str | None = None
    beside: frozenset[str] = frozenset()
    """Pictures near it, as paths from its directory."""

    def resolve(self, href: str | None) -> str | None:
        """Return a reference as an absolute web address, or as one below `BESIDE` for a picture near it."""
        if self.beside and (name := beside.named(text.clean(href or ""))) in self.beside:
            return BESIDE + beside.spelled(name or "")
        return absolute(href, self.base)


def base_of(tree: "HtmlElement", address: str | None) -> str | None:
    """Return what a page's references are read from: the first `base` that says so, else its address.

    HTML 2.4.3 and 4.2.3. What a page calls canonical is no base.
    """
    told = (absolute(each.get("href"), address) for each in tree.iter("base"))
    return next(filter(None, told), address)


def mail(href: str) -> str | None:
    """Return a mailto reference, or None for anything else."""
    written = text.clean(href).strip()
    return encoded(written) if written.lower().startswith("mailto:") else None
