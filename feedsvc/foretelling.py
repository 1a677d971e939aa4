"""What a configuration does to readers, told before it is live and when it goes live."""

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from feedsvc.errors import JournalError, SourceError
from feedsvc.opening import configured
from feedsvc.plan import Past, Plan, decide, said_by, spell
from feedsvc.sections import now
from feedsvc.settings import Settings
from feedsvc.sources import Folder, Scan
from feedsvc.store import MEMORY, Store
from feedsvc.store.edition import first_edition
from feedsvc.store.peek import kinds, remembered
from feedsvc.topics import Topics

logger = logging.getLogger(__name__)


def fingerprint(settings: Settings) -> str:
    """Return what differs whenever feeds of the same articles may; `plan` reads it again."""
    return spell(said_by(settings))


def plan(settings: Settings, topics: Topics, folders: Iterable[Folder]) -> Plan | None:
    """Return what a configuration would do to what its journal holds; None where there is no journal.

    Touches neither journal nor documents. Raises JournalError.
    """
    path = settings.state.path
    if path == MEMORY or not Path(path).exists():
        return None
    edition, memory = remembered(Path(path), first_edition(*configured(settings, topics)))
    past = Past(edition=edition, known=memory.known)
    return decide(past, settings, _looks(past, folders))


def remembered_kinds(settings: Settings) -> Mapping[str, str]:
    """Return what each source was when it was read last, by name, as far as a journal says so."""
    path = settings.state.path
    if path == MEMORY or not Path(path).exists():
        return {}
    with suppress(JournalError):  # whoever opens it will say what is wrong with it
        return kinds(Path(path))
    return {}


def warn(settings: Settings, store: Store, folders: Iterable[Folder]) -> None:
    """Say what the configuration changes for readers, now that it is about to."""
    known = {source.name: store.known(source.name) for source in settings.source}
    past = Past(edition=store.edition, known=known)
    for consequence in decide(past, settings, _looks(past, folders)).consequences:
        if consequence.kind != "unseen":  # of which the first look opens an incident, if it lasts
            logger.warning("changed configuration: %s", consequence)


def _looks(past: Past, folders: Iterable[Folder]) -> dict[str, Scan]:
    """Return what can be seen of each folder; only one that is another place than before is listed."""
    looks: dict[str, Scan] = {}
    for folder in folders:
        name, before = folder.name, past.edition.health[folder.name].place
        with suppress(SourceError):
            place = folder.place()
            known = past.known.get(name, {})
            elsewhere = known and place != before
            looks[name] = folder.scan(known, now()) if elsewhere else Scan(place=place, whole=False)
    return looks
