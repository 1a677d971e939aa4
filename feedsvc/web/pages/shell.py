"""What all pages share: the language, the links, the frame around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Response, current_app, make_response, render_template, request

from feedsvc.feeds import FORMATS, Site, article_path, encoded, rfc3339
from feedsvc.store import ListKey
from feedsvc.web.addresses import OPML_PATH, list_path
from feedsvc.web.words import LANGUAGES, TAGS, Words, fallback, understood

SEARCH = "search"
"""The endpoint of the search; pages show its box once there is one."""
VARY = "Accept-Language"
LONGEST = 300
"""Characters of what somebody typed that a page repeats: more than that makes sense nowhere."""
_encoded = lru_cache(1 << 12)(encoded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed of a list in one format."""

    name: str
    suffix: str
    url: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The frame of one answer; made anew for each request."""

    site: Site
    words: Words
    asked: str
    """The language that the address itself names; "" where the browser's wish decides."""

    @cached_property
    def root(self) -> str:
        """Return the path prefix that a proxy strips; links in pages need it."""
        return urlsplit(self.site.base_url).path

    def link(self, path: str, **query: object) -> str:
        """Return the link to a path of ours within this host, in the language that was asked for."""
        if not query and not self.asked:
            return self.root + _encoded(path)
        asked = {"lang": self.asked} if self.asked else {}
        written = {**{name: value for name, value in query.items() if value not in {"", None}}, **asked}
        spelled = f"?{urlencode(written)}" if written else ""
        return self.root + _encoded(path) + spelled

    def plain(self, path: str) -> str:
        """Return the link to something that has no language: a feed, a file."""
        return self.root + encoded(path)

    def offers(self, key: ListKey) -> list[Offer]:
        """Return a list's feeds."""
        path = list_path(key)
        return [
            Offer(
                name=form.name,
                suffix=suffix,
                url=self.site.link(f"{path}.{suffix}"),
                media_type=form.media_type,
            )
            for suffix, form in FORMATS.items()
        ]

    def render(self, template: str, offers: list[Offer], /, **more: object) -> Response:
        """Render a page that offers feeds."""
        response = make_response(render_template(template, **self._context(offers), **more))
        response.vary.add(VARY)
        response.content_language.add(self.words.tag)
        return response

    def _context(self, offers: list[Offer]) -> Mapping[str, object]:
        return {
            "site": self.site,
            "root": self.root,
            "w": self.words,
            "link": self.link,
            "plain": self.plain,
            "languages": self._languages(),
            "asked": self.asked,
            "offers": offers,
            "opml": self.site.link(OPML_PATH),
            "article_path": article_path,
            "rfc3339": rfc3339,
            "searchable": SEARCH in current_app.view_functions,
        }

    def _languages(self) -> list[tuple[str, str, str]]:
        """Return name, tag and link of every other language of this page; a link keeps the path by itself."""
        query = [(name, value[:LONGEST]) for name, value in request.args.items(multi=True) if name != "lang"]
        query = query if request.url_rule else []  # nobody has to read back what leads nowhere
        others = [code for code in LANGUAGES if code != self.words.language]
        return [(LANGUAGES[code], TAGS[code], f"?{urlencode([*query, ('lang', code)])}") for code in others]


def shell(site: Site, language: str, zone: ZoneInfo) -> Shell:
    """Return the frame for the request: `?lang=` wins over Accept-Language, which wins over the site's."""
    asked = understood(request.args.get("lang"))
    wished = (understood(tag) for tag, weight in request.accept_languages if weight > 0)  # 0: not that one
    chosen = asked or next(filter(None, wished), None) or fallback(language)
    return Shell(site=site, words=Words(language=chosen, zone=zone), asked=asked or "")
