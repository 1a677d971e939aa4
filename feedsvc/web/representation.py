"""A body made a prepared response: compressed, tagged, its headers written once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate

from feedsvc.feeds import FORMATS, Feed, Link, Site
from feedsvc.web.coding import CODINGS, IDENTITY
from feedsvc.web.conditional import Headers, Prepared, Variant

FEED_POLICY = "default-src 'none'; sandbox"
STALE_IF_ERROR = 86_400
"""Seconds for which a cache may answer with what it has while we do not (RFC 5861 section 4)."""
_ON_304 = frozenset({"Cache-Control", "ETag", "Last-Modified", "Link", "Vary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What is to be sent, before anybody asks for it."""

    body: bytes
    content_type: str
    modified: int
    """Seconds since the epoch."""
    max_age: int
    links: tuple[Link, ...] = ()

    def prepared(self, now: float) -> Prepared:
        """Return the response in every content coding that makes it smaller."""
        tag = hashlib.sha256(self.body).hexdigest()[:32]
        shared = self._headers(now)
        bodies = {name: squeeze(self.body) for name, squeeze in CODINGS.items()}
        smaller = {name: body for name, body in bodies.items() if len(body) < len(self.body)}
        variants = {
            name: _variant(name, body, f'"{tag}-{name}"', shared)
            for name, body in sorted(smaller.items(), key=lambda pair: len(pair[1]))
        }
        variants[IDENTITY] = _variant(IDENTITY, self.body, f'"{tag}"', shared)
        return Prepared(variants=variants, offered=tuple(variants), modified=self.modified)

    def _headers(self, now: float) -> Headers:
        stale = f"stale-while-revalidate={self.max_age}, stale-if-error={STALE_IF_ERROR}"
        return [
            ("Content-Type", self.content_type),
            ("Cache-Control", f"max-age={self.max_age}, {stale}"),
            # Never later than Date (RFC 9110 8.8.2.1), as it would be where the clock went back.
            ("Last-Modified", formatdate(min(self.modified, int(now)), usegmt=True)),
            ("Vary", "Accept-Encoding"),
            *(("Link", _spelled(link)) for link in self.links),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", FEED_POLICY),
            ("Access-Control-Allow-Origin", "*"),  # public already; readers in browsers may have it too
        ]


def feed_links(feed: Feed, suffix: str, site: Site) -> Iterator[Link]:
    """Yield what a feed's headers say of its neighbours (RFC 8288; WebSub section 4)."""
    yield Link(rel="self", href=site.document_link(feed, suffix))
    yield from (Link(rel="hub", href=hub) for hub in site.hubs_of(feed))
    yield Link(rel="alternate", href=site.page_link(feed), type="text/html")
    for other, form in FORMATS.items():
        if other != suffix:
            yield Link(rel="alternate", href=site.document_link(feed, other), type=form.media_type)
    yield from site.neighbours(feed, suffix)


def _variant(coding: str, body: bytes, etag: str, shared: Headers) -> Variant:
    encoding = [] if coding == IDENTITY else [("Content-Encoding", coding)]
    headers = [*shared, *encoding, ("Content-Length", str(len(body))), ("ETag", etag)]
    kept = [header for header in headers if header[0] in _ON_304]
    return Variant(body=body, etag=etag, headers=headers, headers_304=kept)


def _spelled(link: Link) -> str:
    kind = f'; type="{link.type}"' if link.type else ""
    return f'<{link.href}>; rel="{link.rel}"{kind}'
