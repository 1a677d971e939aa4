"""The views of the directory of topics and of the builder that combines them."""

from dataclasses import dataclass, replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from feedsvc.store import Edition
from feedsvc.web.addresses import list_path
from feedsvc.web.pages.combining import WITH, WITHOUT, Builder, chosen, combined, typed
from feedsvc.web.pages.directory import KINDS
from feedsvc.web.pages.pages import Pages
from feedsvc.web.pages.paging import asked_page, last_page, sliced
from feedsvc.web.pages.shell import VARY, Shell

OF_A_KIND = 24
ON_A_PAGE = 48
SUGGESTED = 100
"""Topics that the builder offers by name; any other may be typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Shows which topics there are, and what comes of several."""

    pages: Pages

    def directory(self) -> ResponseReturnValue:
        """Show the topics by kind, or all of one kind in pages, and the builder of combinations."""
        edition, frame, page = self.pages.store.edition, self.pages.shell(), asked_page()
        kinds = self.pages.directory.kinds(edition)
        kind = next((each for each in KINDS if each == request.args.get("kind")), None)
        those = kinds.get(kind, ()) if kind else ()
        shown = sliced(those, page, ON_A_PAGE)
        return self.pages.show(
            "topics.html",
            edition,
            groups={kind: shown} if kind else {each: some[:OF_A_KIND] for each, some in kinds.items()},
            counts={each: len(some) for each, some in kinds.items()},
            kind=kind,
            page=page,
            last=last_page(those, ON_A_PAGE),
            builder=self._builder(edition, frame),
        )

    def combine(self) -> ResponseReturnValue:
        """Return what a choice of topics leads to, for the script of the builder."""
        frame = self.pages.shell()
        built, words = self._builder(self.pages.store.edition, frame), frame.words
        feeds = [
            {
                "name": each.name,
                "url": each.url,
                "what": words("copy what", feed=words(f"feed {each.suffix}")),
            }
            for each in built.offers
        ]
        response = jsonify({"path": built.path, "link": built.link, "told": built.told, "feeds": feeds})
        response.vary.add(VARY)
        return response

    def _builder(self, edition: Edition, frame: Shell) -> Builder:
        directory = self.pages.directory
        choice = chosen(request.args, directory.slugs(edition))
        built = Builder(
            wanted=typed(request.args, "with", WITH),
            unwanted=typed(request.args, "without", WITHOUT),
            either=choice.either,
            names=[
                frame.words.topic(each.slug, each.name) for each in directory.entries(edition)[:SUGGESTED]
            ],
        )
        found = combined(choice, edition, self.pages.catalogue)
        if isinstance(found, str):
            return replace(built, told=frame.words(found))
        path = list_path(found.key)
        return replace(
            built,
            path=path,
            link=frame.link(path),
            told=frame.words("articles", n=directory.activity(edition, found.key, found.articles).count),
            offers=frame.offers(found.key),
        )
