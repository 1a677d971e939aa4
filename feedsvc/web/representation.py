"""A body made a prepared response: compressed, tagged, its headers written once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import formatdate

from feedsvc.feeds import FORMATS, Feed, Link, Site, Writer
from feedsvc.web.coding import CODINGS, IDENTITY
from feedsvc.web.conditional import Headers, Prepared, Variant

FEED_POLICY = "default-src 'none'; sandbox"
VARY = "Accept-Encoding, Sec-Fetch-Dest"
"""What an answer depends on: browsers that are shown a page instead share caches with readers."""
STALE_IF_ERROR = 86_400
"""Seconds for which a cache may answer with what it has while we do not (RFC 5861 section 4)."""
_OWN = frozenset({"Content-Length", "ETag"})  # headers that each variant has of its own
# Links that change change the body and its tag, so a 304 need not repeat them (RFC 9110 15.4.5).
_ON_304 = frozenset({"Cache-Control", "ETag", "Last-Modified", "Vary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What is to be sent, before anybody asks for it."""

    body: bytes
    content_type: str
    modified: int
    """Seconds since the epoch."""
    max_age: int
    links: tuple[Link, ...] = ()
    form: str = ""
    """The format, for whoever counts."""

    def prepared(self, now: float) -> Prepared:
        """Return the response as it is; compressed variants may follow."""
        tag = hashlib.sha256(self.body).hexdigest()[:32]
        plain = _variant(IDENTITY, self.body, f'"{tag}"', self._headers(now))
        return Prepared(
            variants={IDENTITY: plain}, offered=(IDENTITY,), modified=self.modified, form=self.form
        )

    def _headers(self, now: float) -> Headers:
        stale = f"stale-while-revalidate={self.max_age}, stale-if-error={STALE_IF_ERROR}"
        return [
            ("Content-Type", self.content_type),
            ("Cache-Control", f"max-age={self.max_age}, {stale}"),
            # Never later than Date (RFC 9110 8.8.2.1), as it would be where the clock went back.
            ("Last-Modified", formatdate(min(self.modified, int(now)), usegmt=True)),
            ("Vary", VARY),
            *(("Link", _spelled(link)) for link in self.links),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", FEED_POLICY),
            ("Access-Control-Allow-Origin", "*"),  # public already; readers in browsers may have it too
        ]


def squeezed(plain: Prepared) -> Prepared:
    """Return a response in every content coding that makes it smaller, too."""
    identity = plain.identity
    shared = [header for header in identity.headers if header[0] not in _OWN]
    bodies = {name: squeeze(identity.body) for name, squeeze in CODINGS.items()}
    smaller = {name: body for name, body in bodies.items() if len(body) < len(identity.body)}
    variants = {
        name: _variant(name, body, f'{identity.etag[:-1]}-{name}"', shared)
        for name, body in sorted(smaller.items(), key=lambda pair: len(pair[1]))
    }
    variants[IDENTITY] = identity
    return replace(plain, variants=variants, offered=tuple(variants))


def represented(feed: Feed, suffix: str, modified: datetime, writer: Writer) -> Representation:
    """Return a feed in a format."""
    return Representation(
        body=writer.write(suffix, feed),
        content_type=FORMATS[suffix].content_type,
        modified=int(modified.timestamp()),
        max_age=feed.ttl,
        links=tuple(feed_links(feed, suffix, writer.site)),
        form=suffix,
    )


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
