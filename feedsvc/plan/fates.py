"""What the addresses of feeds will answer: the catalogue is asked, as it will be asked then."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from feedsvc.feeds import Site
from feedsvc.plan.said import Said
from feedsvc.store import LATEST, NEVER, Edition, ListKey
from feedsvc.web import Catalogue
from feedsvc.web.catalogue import Absence, Moved

Fate = int | ListKey
"""A status, or the list that an address leads to (308)."""
STANDS = 200
LOST = frozenset({404, 410})

_ANSWERS = {Absence.GONE: 410, Absence.UNKNOWN: 404}


def addresses(edition: Edition, before: Said | None, sources: Iterable[str]) -> tuple[ListKey, ...]:
    """Return where feeds stood before, or led on from; the three formats of one are one."""
    known, sources = before.topics if before else (), tuple(sources)
    gave = {key[1]: each for key, each in edition.lists.items() if key[0] == "topic"}
    stood = (slug for slug, each in gave.items() if each.ids or slug in edition.topics)
    slugs = {slug for slug in stood if not gave[slug].sources.isdisjoint(sources)}
    slugs |= {slug for topic in known if not topic.hide for slug in (topic.slug, *topic.aliases)}
    topics = (("topic", slug) for slug in sorted(slugs))
    return (LATEST, *(("source", name) for name in sources), *topics)


def fates(edition: Edition, now: Said, keys: Iterable[ListKey]) -> Mapping[ListKey, Fate]:
    """Return what addresses answer once every source was read."""
    read = {
        name: replace(each, last_success=each.last_success or NEVER) for name, each in edition.health.items()
    }
    settled = replace(edition, finished=True, health=read)
    site = Site(title=now.site.title, base_url=now.site.base_url, id=now.site.id)
    catalogue = Catalogue(site=site, language=now.site.language, intervals={})
    return {key: _fate(catalogue, settled, key) for key in keys}


def _fate(catalogue: Catalogue, edition: Edition, key: ListKey) -> Fate:
    found = catalogue.find(edition, key)
    if isinstance(found, Moved):
        return found.key
    return _ANSWERS[found] if isinstance(found, Absence) else STANDS
